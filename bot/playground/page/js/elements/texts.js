/** Text inputs: plain, e-mail, link, number and simple rich text. */

import { plain } from "../blocks/text.js";
import { h } from "../dom.js";

const TYPES = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "text" };
const PAUSE = 400;

/** The attributes that all text controls share. */
function attributes(element, ctx, start) {
  const placeholder = plain(element.placeholder);
  return {
    class: "text-input", value: start, placeholder,
    "aria-labelledby": ctx.labelledBy, "aria-label": ctx.labelledBy ? undefined : placeholder || "Text",
    "aria-describedby": ctx.describedBy || undefined, "aria-required": ctx.required ? "true" : undefined,
    autofocus: element.focus_on_load === true, autocomplete: "off", "data-1p-ignore": true,
  };
}

/** What is wrong with a text, in a sentence, or nothing. */
function wrong(element, text) {
  if (!text) return null;
  if (element.min_length && text.length < element.min_length) return `Write at least ${element.min_length} characters.`;
  if (element.max_length && text.length > element.max_length) return `Write at most ${element.max_length} characters.`;
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return "Write a whole e-mail address, such as ann@example.com.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/i.test(text)) return "Write a whole address, such as https://example.com.";
  return element.type === "number_input" ? wrongNumber(element, text) : null;
}

/** What is wrong with a number. */
function wrongNumber(element, text) {
  const pattern = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(text)) return element.is_decimal_allowed ? "Write a number." : "Write a whole number.";
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) return `Write ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(text) > Number(element.max_value)) return `Write ${element.max_value} or less.`;
  return null;
}

/** Send `block_actions` on Enter or while typing, as the element's dispatch configuration says. */
function dispatching(control, element, ctx, read) {
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  const send = () => ctx.surface.act(ctx.blockId, element, read());
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || element.multiline || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    send();
  });
  control.addEventListener("input", () => {
    window.clearTimeout(timer);
    if (when.includes("on_character_entered")) timer = window.setTimeout(send, PAUSE);
  });
}

/** A one-line or multi-line text. */
export function textInput(element, ctx) {
  const earlier = ctx.surface.form.earlier(ctx.blockId, element);
  const start = (earlier ? earlier.value : element.initial_value) ?? "";
  const shared = attributes(element, ctx, start);
  const control = element.multiline
    ? h("textarea", { ...shared, rows: 4 })
    : h("input", { ...shared, type: TYPES[element.type], inputmode: element.type === "number_input" ? "decimal" : undefined });
  if (element.max_length) control.setAttribute("maxlength", element.max_length);
  const read = () => ({ value: control.value === "" ? null : control.value });
  if (ctx.dispatch) dispatching(control, element, ctx, read);
  ctx.surface.form.add(ctx.blockId, element, {
    read, empty: () => control.value.trim() === "", problem: () => wrong(element, control.value.trim()),
    focus: () => control.focus(), mark: (bad) => control.setAttribute("aria-invalid", String(bad)),
  });
  return h("div", { class: "text-frame" }, control);
}

/** The letters of a rich text value, one line per section. */
function lettersOf(value) {
  return (value?.elements ?? []).map((part) => (part.elements ?? []).map((piece) => piece.text ?? piece.url ?? "").join("")).join("\n");
}

/** Text as a rich text value with one section. */
function asRichText(text) {
  const section = { type: "rich_text_section", elements: [{ type: "text", text }] };
  return text ? { type: "rich_text", elements: [section] } : null;
}

/** A multi-line text that is handed over as `rich_text_value`; without a formatting bar. */
export function richTextInput(element, ctx) {
  const earlier = ctx.surface.form.earlier(ctx.blockId, element);
  const start = earlier ? earlier.rich_text_value : element.initial_value;
  const control = h("textarea", { ...attributes(element, ctx, lettersOf(start)), rows: 4 });
  const read = () => ({ rich_text_value: asRichText(control.value) });
  ctx.surface.form.add(ctx.blockId, element, {
    read, empty: () => control.value.trim() === "", focus: () => control.focus(),
    mark: (bad) => control.setAttribute("aria-invalid", String(bad)),
  });
  return h("div", { class: "text-frame" }, control);
}
