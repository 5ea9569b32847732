/** JSON in colours, as DOM nodes. */

import { h } from "./dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** Nodes for one pretty-printed text. */
function coloured(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, string, colon, word] = match;
    const kind = string ? (colon ? "json-key" : "json-string") : word ? "json-word" : "json-number";
    nodes.push(text.slice(end, match.index), h("span", { class: kind }, string ?? whole), colon ?? "");
    end = match.index + whole.length;
  }
  return [...nodes, text.slice(end)];
}

/** A value in a scrolling box; a text is shown as it is. */
export function jsonView(value, label) {
  const text = typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2);
  return h("pre", { class: "json", tabindex: "0", role: "region", "aria-label": label }, typeof value === "string" ? text : coloured(text));
}
