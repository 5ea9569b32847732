/** Rows of interactive elements: `actions` and `context_actions`. */

import { renderElement } from "../elements/index.js";
import { h } from "../dom.js";

/** Buttons, menus and pickers side by side. */
export function actions(block, surface) {
  return h("div", { class: "actions-row" }, (block.elements ?? []).map((element) => (
    renderElement(element, { surface, blockId: block.block_id, dispatch: true }))));
}

/** Small actions under an answer: feedback and icon buttons. */
export function contextActions(block, surface) {
  return h("div", { class: "actions-row context-actions" }, (block.elements ?? []).map((element) => (
    renderElement(element, { surface, blockId: block.block_id, dispatch: true }))));
}
