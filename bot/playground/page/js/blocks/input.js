/** `input`: a label, one element, a hint and a place for what is wrong with it. */

import { renderElement } from "../elements/index.js";
import { h, icon, uid } from "../dom.js";
import { plain } from "./text.js";

const GROUPS = new Set(["checkboxes", "radio_buttons"]);

/** One labelled field; errors are put into its `.field-error`. */
export function inputBlock(block, surface) {
  const ids = { label: uid("label"), hint: uid("hint"), error: uid("error") };
  const hint = plain(block.hint);
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const element = renderElement(block.element, {
    surface, blockId: block.block_id, labelledBy: ids.label,
    describedBy: [hint ? ids.hint : "", ids.error].filter(Boolean).join(" "),
    dispatch: block.dispatch_action === true, required: !block.optional,
  });
  const group = GROUPS.has(block.element?.type);
  return h("div", { class: "input-block", role: group ? "group" : undefined, "aria-labelledby": group ? ids.label : undefined },
    h("div", { class: "input-label", id: ids.label }, plain(block.label), optional),
    element,
    hint ? h("div", { class: "input-hint", id: ids.hint }, hint) : null,
    h("div", { class: "field-error", id: ids.error, "data-testid": "field-error" }));
}

/** Show or clear the error beside a block's field. Returns whether the block was found. */
export function showError(root, form, blockId, message) {
  const block = [...root.querySelectorAll("[data-block-id]")].find((node) => node.dataset.blockId === blockId);
  const place = block?.querySelector(".field-error");
  if (!place) return false;
  place.replaceChildren();
  if (message) place.append(icon("warn"), message);
  for (const field of form.of(blockId)) field.mark?.(Boolean(message));
  return true;
}
