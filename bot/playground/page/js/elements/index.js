/** One renderer for every kind of interactive element. `ctx` is {surface, blockId, labelledBy, describedBy, dispatch, required}. */

import { h } from "../dom.js";
import { button, feedbackButtons, iconButton } from "./buttons.js";
import { checkboxes, radioButtons } from "./choices.js";
import { overflow } from "./overflow.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { select } from "./selects.js";
import { richTextInput, textInput } from "./texts.js";

const RENDERERS = {
  button,
  workflow_button: button,
  feedback_buttons: feedbackButtons,
  icon_button: iconButton,
  checkboxes,
  radio_buttons: radioButtons,
  overflow,
  datepicker,
  datetimepicker,
  timepicker,
  plain_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  rich_text_input: richTextInput,
};
for (const source of ["static", "external", "users", "conversations", "channels"]) {
  RENDERERS[`${source}_select`] = select;
  RENDERERS[`multi_${source}_select`] = select;
}

/** One element; an unknown kind is named. */
export function renderElement(element, ctx) {
  const make = RENDERERS[element?.type];
  const node = make ? make(element, ctx) : h("span", { class: "unknown-block" }, `This page cannot draw “${element?.type}”.`);
  node.dataset.actionId = element?.action_id ?? "";
  node.classList.add("element");
  return node;
}
