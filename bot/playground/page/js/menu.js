/** A button that opens a menu: arrow keys move in it, Escape and Tab leave it, a choice closes it and gives the focus back. */

import { h } from "./dom.js";
import { popupFor } from "./elements/popup.js";

/** Move the focus among the items with the arrow keys. */
function arrows(event, items) {
  const here = items.indexOf(document.activeElement);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length].focus();
}

/** One entry. */
function item({ label, note, testid, choose }, done) {
  return h("button", {
    type: "button", role: "menuitem", class: "popup-item", tabindex: "-1", "data-testid": testid, on: { click: () => { done(); choose(); } },
  }, label, note ? h("span", { class: "muted" }, note) : null);
}

/** Give `button` a menu; `entries` are `{label, note, testid, choose}`, asked for each time it opens. Returns the menu's node. */
export function menuFor(button, entries) {
  const menu = h("div", { class: "popup", role: "menu", "aria-label": button.getAttribute("aria-label") ?? button.textContent });
  const popup = popupFor(menu, button, () => button.setAttribute("aria-expanded", "false"));
  const done = () => {
    popup.close();
    button.focus();
  };
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  menu.addEventListener("keydown", (event) => {
    arrows(event, [...menu.children]);
    if (event.key !== "Escape" && event.key !== "Tab") return;
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
    done();
  });
  button.addEventListener("click", () => {
    if (popup.isOpen()) return popup.close();
    menu.replaceChildren(...entries().map((one) => item(one, done)));
    popup.open();
    button.setAttribute("aria-expanded", "true");
    return menu.firstElementChild?.focus();
  });
  return menu;
}
