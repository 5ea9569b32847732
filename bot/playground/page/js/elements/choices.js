/** Checkboxes and radio buttons. */

import { textNodes } from "../blocks/text.js";
import { h, uid } from "../dom.js";

/** One choice with its label and description. */
function choice(type, name, option, chosen, ctx) {
  const note = option.description ? uid("note") : undefined;
  const box = h("input", { type, name, checked: chosen, "aria-describedby": note, "data-value": option.value });
  const row = h("div", { class: "choice" },
    h("label", {}, box, h("span", {}, textNodes(option.text))),
    note ? h("div", { class: "choice-note", id: note }, textNodes(option.description)) : null);
  return { box, row, option, ctx };
}

/** A group of choices that reads and dispatches together. */
function group(element, ctx, type, chosen, payload) {
  const name = uid(type);
  const rows = (element.options ?? []).map((option) => choice(type, name, option, chosen.has(option.value), ctx));
  const picked = () => rows.filter((row) => row.box.checked).map((row) => row.option);
  const node = h("div", {
    class: "choices", role: type === "radio" ? "radiogroup" : "group",
    "aria-labelledby": ctx.labelledBy, "aria-describedby": ctx.describedBy, "aria-label": ctx.labelledBy ? undefined : "Choices",
  }, rows.map((row) => row.row));
  if (ctx.dispatch) node.addEventListener("change", () => ctx.surface.act(ctx.blockId, element, payload(picked()), node));
  ctx.surface.form.add(ctx.blockId, element, {
    read: () => payload(picked()), empty: () => picked().length === 0, focus: () => rows[0]?.box.focus(),
    mark: (wrong) => rows.forEach((row) => row.box.setAttribute("aria-invalid", String(wrong))),
  });
  return node;
}

/** Any number of choices. */
export function checkboxes(element, ctx) {
  const start = ctx.surface.form.earlier(ctx.blockId, element)?.selected_options ?? element.initial_options ?? [];
  return group(element, ctx, "checkbox", new Set(start.map((option) => option.value)), (options) => ({ selected_options: options }));
}

/** Exactly one choice. */
export function radioButtons(element, ctx) {
  const earlier = ctx.surface.form.earlier(ctx.blockId, element);
  const start = earlier ? earlier.selected_option : element.initial_option;
  return group(element, ctx, "radio", new Set(start ? [start.value] : []), ([option]) => ({ selected_option: option ?? null }));
}
