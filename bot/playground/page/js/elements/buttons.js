/** Buttons: plain, linking, feedback and icon. */

import { h, icon } from "../dom.js";
import { plain } from "../blocks/text.js";
import { state } from "../state.js";

const STYLES = { primary: "primary", danger: "danger" };

/** A button, or a link that also tells the bot that it was followed. */
export function button(element, { surface, blockId }) {
  const label = element.accessibility_label || undefined;
  const payload = element.value === undefined ? {} : { value: element.value };
  const className = `button ${STYLES[element.style] ?? ""}`;
  if (element.url) {
    return h("a", {
      class: className, href: safe(element.url), target: "_blank", rel: "noopener noreferrer", "aria-label": label,
      on: { click: () => surface.act(blockId, { ...element, confirm: undefined }, payload) },
    }, plain(element.text));
  }
  const node = h("button", { type: "button", class: className, "aria-label": label }, plain(element.text));
  node.addEventListener("click", () => surface.act(blockId, element, payload, node));
  return node;
}

/** Only web and mail addresses are followed. */
function safe(url) {
  return /^(https?:|mailto:)/i.test(url) ? url : "#";
}

/** What somebody has pressed where, so that it stays marked when the message is drawn anew. */
const pressed = new Map();

/** 👍 and 👎 under an answer; the pressed one stays marked. */
export function feedbackButtons(element, { surface, blockId }) {
  const place = JSON.stringify([state.me.id, surface.ids, blockId, element.action_id]);
  const sides = [["positive_button", "good"], ["negative_button", "bad"]];
  const nodes = sides.filter(([key]) => element[key]).map(([key, picture]) => {
    const one = element[key];
    const node = h("button", {
      type: "button", class: "button small feedback", "aria-pressed": String(pressed.get(place) === key), "data-side": key,
      "aria-label": one.accessibility_label || undefined,
    }, icon(picture), plain(one.text));
    node.addEventListener("click", async () => {
      // Marked before the bot hears of it: its answer may draw the message anew.
      const before = pressed.get(place);
      mark(key);
      if (!(await surface.act(blockId, element, { value: one.value, text: one.text }, node))) mark(before);
    });
    return node;
  });
  const mark = (key) => {
    pressed.set(place, key);
    for (const node of nodes) node.setAttribute("aria-pressed", String(node.dataset.side === key));
  };
  return h("span", { class: "feedback-pair", role: "group", "aria-label": "Was this helpful?" }, nodes);
}

/** An icon with a name for screen readers; can be limited to some people. */
export function iconButton(element, { surface, blockId }) {
  const seen = element.visible_to_user_ids;
  const hidden = seen?.length > 0 && !seen.includes(state.me.id);
  const node = h("button", {
    type: "button", class: "icon-button", hidden, title: plain(element.text),
    "aria-label": element.accessibility_label || plain(element.text),
  }, icon(element.icon));
  node.addEventListener("click", () => surface.act(blockId, element, { value: element.value }, node));
  return node;
}
