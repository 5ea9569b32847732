/** The overflow menu: a few actions behind “…”. */

import { plain } from "../blocks/text.js";
import { h, icon } from "../dom.js";
import { menuFor } from "../menu.js";

/** A button with a menu. */
export function overflow(element, { surface, blockId }) {
  const button = h("button", { type: "button", class: "icon-button", "aria-label": "More actions" }, icon("more"));
  const choose = (option) => {
    if (option.url) window.open(option.url, "_blank", "noopener");
    surface.act(blockId, element, { selected_option: option }, button);
  };
  const entries = () => (element.options ?? []).map((option) => ({
    label: plain(option.text), note: option.description && plain(option.description), choose: () => choose(option),
  }));
  return h("span", { class: "overflow" }, button, menuFor(button, entries));
}
