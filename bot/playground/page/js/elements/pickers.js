/** Date, time, and date with time. A date is bare; a date with time is Unix seconds in the person's zone. */

import { fromLocalInput, toLocalInput } from "../dates.js";
import { plain } from "../blocks/text.js";
import { h } from "../dom.js";
import { zone } from "../state.js";

/** A native input of a type that knows how to pick. */
function picker(element, ctx, { type, key, initial, toInput, fromInput }) {
  const earlier = ctx.surface.form.earlier(ctx.blockId, element);
  const start = earlier ? earlier[key] : element[initial];
  const name = plain(element.placeholder) || { date: "Date", time: "Time", "datetime-local": `Date and time (${zone()})` }[type];
  const input = h("input", {
    type, class: "text-input picker", value: start ? toInput(start) : "", title: name,
    "aria-labelledby": ctx.labelledBy, "aria-label": ctx.labelledBy ? undefined : name, "aria-describedby": ctx.describedBy || undefined,
    "aria-required": ctx.required ? "true" : undefined, autofocus: element.focus_on_load === true,
  });
  const read = () => ({ [key]: input.value ? fromInput(input.value) : null });
  if (ctx.dispatch) input.addEventListener("change", () => ctx.surface.act(ctx.blockId, element, read(), input));
  ctx.surface.form.add(ctx.blockId, element, {
    read, empty: () => !input.value, focus: () => input.focus(),
    mark: (wrong) => input.setAttribute("aria-invalid", String(wrong)),
  });
  return h("div", { class: "picker-frame" }, input);
}

const same = (value) => value;

/** `selected_date`, ISO. */
export function datepicker(element, ctx) {
  return picker(element, ctx, { type: "date", key: "selected_date", initial: "initial_date", toInput: same, fromInput: same });
}

/** `selected_time`, HH:mm. */
export function timepicker(element, ctx) {
  return picker(element, ctx, { type: "time", key: "selected_time", initial: "initial_time", toInput: same, fromInput: same });
}

/** `selected_date_time`, Unix seconds. */
export function datetimepicker(element, ctx) {
  return picker(element, ctx, {
    type: "datetime-local", key: "selected_date_time", initial: "initial_date_time", toInput: toLocalInput, fromInput: fromLocalInput,
  });
}
