/** The workspace's clock: what time it is there, and a menu to move it forward. */

import { post } from "./api.js";
import { clockTime, fromLocalInput, isoDate, shortDay, toLocalInput } from "./dates.js";
import { fill, h, icon, uid } from "./dom.js";
import { menuFor } from "./menu.js";
import { now, state, zone } from "./state.js";
import { report, rescueToasts } from "./toasts.js";

const HOUR = 3600;
const SHOWN_AGAIN_MS = 5000;

/** The moment so many days later, at the same time of the wall clock or at `time`. */
function laterDay(days, time = clockTime(now())) {
  const [year, month, day] = isoDate(now()).split("-").map(Number);
  const date = new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10);
  return fromLocalInput(`${date}T${time}`);
}

/** The next Monday at nine in the person's zone. */
function nextMonday() {
  const weekday = new Date(`${isoDate(now())}T00:00Z`).getUTCDay();
  const today = weekday === 1 && laterDay(0, "09:00") > now();
  return laterDay(today ? 0 : ((8 - weekday) % 7) || 7, "09:00");
}

/** `Thu 26 Nov 09:12`. */
const moment = (unix) => `${shortDay(unix)} ${clockTime(unix)}`;

/** Ask the workspace to move; what it says goes through `live:clock`, so that every page shows it. */
async function move(to) {
  const answer = await post("/page/clock", { to });
  if (report(answer)) document.getElementById("announcer").textContent = `It is ${moment(now())} now.`;
}

/** Ask for a date and a time. */
function choose() {
  const [title, id] = [uid("clock"), uid("clock")];
  const input = h("input", { id, type: "datetime-local", class: "text-input", value: toLocalInput(laterDay(1, "09:00")), min: toLocalInput(now()), required: true, "data-testid": "clock-input" });
  const dialog = h("dialog", { class: "dialog confirm", "aria-labelledby": title },
    h("form", { method: "dialog" }, h("h2", { id: title }, "Move the clock forward"),
      h("div", { class: "confirm-text" }, h("label", { for: id, class: "input-label" }, `To (${zone()})`), input),
      h("div", { class: "dialog-actions" }, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel"),
        h("button", { type: "submit", class: "button primary", value: "yes", "data-testid": "clock-move" }, "Move"))));
  document.body.append(dialog);
  dialog.showModal();
  input.focus();
  dialog.addEventListener("close", () => {
    rescueToasts();
    dialog.remove();
    if (dialog.returnValue === "yes") move(fromLocalInput(input.value));
  });
}

/** Where time can be moved to; each says which time it would be. */
function entries() {
  const to = (label, testid, unix) => ({ label, note: moment(unix), testid, choose: () => move(unix) });
  return [to("+1 hour", "clock-hour", now() + HOUR), to("+1 day", "clock-day", laterDay(1)), to("To next Monday 9:00", "clock-monday", nextMonday()),
    { label: "Choose…", testid: "clock-choose", choose }];
}

const face = h("strong", { class: "clock-now" });
const doing = h("span", { class: "clock-doing muted", role: "status", "data-testid": "clock-doing" });
let node = null;

/** Write the time on the button, and what is being done while it moves. */
function write() {
  const text = moment(now());
  if (face.textContent !== text) fill(face, text);
  if (doing.textContent !== state.clock.doing) fill(doing, state.clock.doing);
  const button = node?.querySelector("button");
  button?.setAttribute("aria-label", `Now: ${text} (${zone()}). Move the clock forward`);
  button?.toggleAttribute("disabled", Boolean(state.clock.doing));
}

/** The control, made once; nothing where the clock cannot be moved. */
export function clock() {
  if (!state.clock.movable) return null;
  if (!node) {
    const button = h("button", { type: "button", class: "rail-entry", "data-testid": "clock" }, icon("clock"), h("span", { class: "rail-name" }, h("span", { class: "muted" }, "Now: "), face), icon("down"));
    node = h("div", { class: "clock" }, button, menuFor(button, entries), doing);
    window.setInterval(write, SHOWN_AGAIN_MS);
  }
  write();
  return node;
}

/** The workspace has told its time, or what it is about. */
export function clockMoved({ now: unix, movable, doing: text }) {
  state.skew = unix - Date.now() / 1000;
  const moving = Boolean(state.clock.doing);
  const had = document.activeElement === document.body || node?.contains(document.activeElement);
  state.clock = { movable, doing: text };
  write();
  // A control that is switched off loses the focus; it comes back with the control.
  if (moving && !text && had) node?.querySelector("button").focus();
  return moving && !text;
}
