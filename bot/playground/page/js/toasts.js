/** Short notices at the bottom of the page; errors stay until closed. */

import { h, icon } from "./dom.js";

const PLAIN_SECONDS = 6;

/** The notice area, moved into the topmost dialog so that it stays reachable while one is open. */
function region() {
  const area = document.getElementById("toasts");
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  const home = open ?? document.body;
  if (area.parentElement !== home) home.append(area);
  return area;
}

/** Put the notice area back before its dialog is removed. */
export function rescueToasts() {
  document.body.append(document.getElementById("toasts"));
}

/** Show a notice; `level` is `error` or `info`. */
export function toast(message, level = "info") {
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close this notice" }, icon("close"));
  const node = h("div", { class: `toast toast-${level}`, "data-testid": "toast" },
    level === "error" ? icon("warn") : null, h("p", {}, message), close);
  close.addEventListener("click", () => node.remove());
  region().append(node);
  if (level !== "error") window.setTimeout(() => node.remove(), PLAIN_SECONDS * 1000);
}

/** Show the sentence of a refused or failed answer; returns whether all went well. */
export function report(answer) {
  if (answer?.ok === false) toast(answer.message || `It did not work: ${answer.error ?? "unknown error"}.`, "error");
  return answer?.ok !== false;
}
