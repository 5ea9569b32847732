/** Text objects: `plain_text` and `mrkdwn`. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { mrkdwn } from "../mrkdwn.js";

/** The letters of a plain text object, emoji names replaced unless it says `emoji: false`. */
export function plain(text) {
  if (text === undefined || text === null) return "";
  if (typeof text === "string") return text;
  const value = String(text.text ?? "");
  return text.emoji === false ? value : withEmoji(value);
}

/** A text object as nodes; line breaks of plain text are kept. */
export function textNodes(text) {
  if (text?.type === "mrkdwn") return mrkdwn(text.text);
  return plain(text).split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** A text object inside an element. */
export function textNode(tag, text, props = {}) {
  return h(tag, props, textNodes(text));
}
