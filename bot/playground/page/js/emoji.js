/** Names of the emoji that bots use most; an unknown name stays as it was written. */

const NAMES = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", tada: "🎉", rocket: "🚀", eyes: "👀", fire: "🔥",
  pray: "🙏", clap: "👏", raised_hands: "🙌", muscle: "💪", point_right: "👉", point_left: "👈", point_up: "☝️", point_down: "👇",
  smile: "😄", smiley: "😃", grinning: "😀", slightly_smiling_face: "🙂", wink: "😉", blush: "😊", thinking_face: "🤔",
  sob: "😭", joy: "😂", sweat_smile: "😅", heart_eyes: "😍", sunglasses: "😎", zzz: "💤", sleeping: "😴", robot_face: "🤖",
  heart: "❤️", star: "⭐", sparkles: "✨", zap: "⚡", bulb: "💡", bell: "🔔", no_bell: "🔕", mega: "📣", loudspeaker: "📢",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", heavy_multiplication_x: "✖️",
  negative_squared_cross_mark: "❎", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫", question: "❓", exclamation: "❗",
  grey_question: "❔", information_source: "ℹ️", rotating_light: "🚨", construction: "🚧", hammer_and_wrench: "🛠️",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  large_purple_circle: "🟣", large_brown_circle: "🟤", white_circle: "⚪", black_circle: "⚫", large_red_square: "🟥",
  large_orange_square: "🟧", large_yellow_square: "🟨", large_green_square: "🟩", large_blue_square: "🟦",
  white_large_square: "⬜", black_large_square: "⬛", small_blue_diamond: "🔹", small_orange_diamond: "🔸",
  calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", clock1: "🕐", clock9: "🕘", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", stopwatch: "⏱️", alarm_clock: "⏰", bar_chart: "📊", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", clipboard: "📋", memo: "📝", pencil: "📝", pencil2: "✏️", mag: "🔍", mag_right: "🔎",
  link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑", closed_lock_with_key: "🔐", shield: "🛡️", gear: "⚙️", wrench: "🔧", package: "📦",
  inbox_tray: "📥", outbox_tray: "📤", file_folder: "📁", open_file_folder: "📂", page_facing_up: "📄", paperclip: "📎",
  floppy_disk: "💾", computer: "💻", desktop_computer: "🖥️", email: "📧", envelope: "✉️", speech_balloon: "💬", wastebasket: "🗑️",
  recycle: "♻️", arrows_counterclockwise: "🔄", repeat: "🔁", arrow_right: "➡️", arrow_left: "⬅️", arrow_up: "⬆️", arrow_down: "⬇️",
  arrow_up_small: "🔼", arrow_down_small: "🔽", fast_forward: "⏩", double_vertical_bar: "⏸️", arrow_forward: "▶️",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", office: "🏢", house: "🏠", moneybag: "💰", coin: "🪙", ticket: "🎫",
  seat: "💺", chair: "🪑", label: "🏷️", bookmark: "🔖", books: "📚", book: "📖", globe_with_meridians: "🌐", seedling: "🌱",
  new: "🆕", free: "🆓", ok: "🆗", one: "1️⃣", two: "2️⃣", three: "3️⃣", four: "4️⃣", five: "5️⃣", broken_heart: "💔", see_no_evil: "🙈",
};

/** The character of an emoji name, or undefined. */
export function emoji(name) {
  return Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
}

/** Replace `:name:` in plain text that asked for it. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => emoji(name) ?? whole);
}
