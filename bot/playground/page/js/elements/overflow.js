/** The overflow menu: a few actions behind “…”. */

import { plain } from "../blocks/text.js";
import { h, icon } from "../dom.js";
import { popupFor } from "./popup.js";

/** Move the focus among the items with the arrow keys. */
function arrows(event, items) {
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

/** A button with a menu. */
export function overflow(element, { surface, blockId }) {
  const button = h("button", { type: "button", class: "icon-button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions" }, icon("more"));
  const menu = h("div", { class: "popup", role: "menu" });
  const popup = popupFor(menu, button, () => button.setAttribute("aria-expanded", "false"));
  const items = (element.options ?? []).map((option) => h("button", {
    type: "button", role: "menuitem", class: "popup-item", tabindex: "-1",
    on: {
      click: () => {
        popup.close();
        button.focus();
        if (option.url) window.open(option.url, "_blank", "noopener");
        surface.act(blockId, element, { selected_option: option }, button);
      },
    },
  }, plain(option.text), option.description ? h("span", { class: "muted" }, plain(option.description)) : null));
  menu.append(...items);
  menu.addEventListener("keydown", (event) => {
    arrows(event, items);
    if (event.key !== "Escape" && event.key !== "Tab") return;
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
    popup.close();
    button.focus();
  });
  button.addEventListener("click", () => {
    if (popup.isOpen()) return popup.close();
    popup.open();
    button.setAttribute("aria-expanded", "true");
    return items[0]?.focus();
  });
  return h("span", { class: "overflow" }, button, menu);
}
