/** Initials on a colour; people have no pictures here. */

import { h } from "./dom.js";
import { fullName, state } from "./state.js";

const SHADES = 8;
const COLOR = /^#[0-9a-f]{6}$/i;

/** Up to two initials of a name; what stands in brackets behind it, such as a company, has none. */
function initials(name) {
  const words = (name.replace(/\(.*?\)/gu, " ").trim() || name).split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...word][0] ?? "").join("").toUpperCase();
}

/** A stable shade per id, so that a person keeps their colour. */
function shade(id) {
  return [...String(id)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % SHADES;
}

/** A square avatar; decorative, because the name stands beside it. */
export function avatar(someone, size = "") {
  const bot = someone.is_bot || someone.id === state.bot?.id;
  const own = !bot && COLOR.test(someone.avatar_color ?? "") ? { "background-color": someone.avatar_color } : {};
  return h("span", { class: `avatar shade-${shade(someone.id)} ${size} ${bot ? "is-bot" : ""}`, style: own, "aria-hidden": "true" },
    initials(fullName(someone)));
}
