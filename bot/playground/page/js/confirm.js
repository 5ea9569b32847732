/** The small dialog that asks before an action is sent. */

import { plain, textNodes } from "./blocks/text.js";
import { h, uid } from "./dom.js";
import { rescueToasts } from "./toasts.js";

/** Show a confirm object; resolves to true when the person agrees. Escape and the second button mean no. */
export function confirmed(ask) {
  const title = uid("confirm");
  const yes = h("button", { type: "submit", value: "yes", class: `button ${ask.style === "danger" ? "danger" : "primary"}`, "data-testid": "confirm-yes" },
    plain(ask.confirm) || "Yes");
  const no = h("button", { type: "submit", value: "no", class: "button", "data-testid": "confirm-no" }, plain(ask.deny) || "Cancel");
  const dialog = h("dialog", { class: "dialog confirm", "aria-labelledby": title, "data-testid": "confirm" },
    h("form", { method: "dialog" },
      h("h2", { id: title }, plain(ask.title) || "Are you sure?"),
      h("div", { class: "confirm-text" }, textNodes(ask.text ?? "")),
      h("div", { class: "dialog-actions" }, no, yes)));
  document.body.append(dialog);
  dialog.showModal();
  (ask.style === "danger" ? no : yes).focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      rescueToasts();
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
