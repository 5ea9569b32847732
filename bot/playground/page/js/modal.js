/** Modals: a stack of views, each a dialog of its own; submitting, closing, errors beside fields, updates in place. */

import { post } from "./api.js";
import { renderBlocks } from "./blocks/index.js";
import { showError } from "./blocks/input.js";
import { plain } from "./blocks/text.js";
import { fill, h, icon, uid } from "./dom.js";
import { state } from "./state.js";
import { Surface } from "./surface.js";
import { rescueToasts } from "./toasts.js";

const stack = [];

/** One view on the screen. */
class Modal {
  constructor(view) {
    this.opener = document.activeElement;
    const id = uid("modal");
    this.title = h("h2", { id, class: "modal-title" });
    this.body = h("div", { class: "modal-body" });
    this.notice = h("div", { class: "modal-notice", role: "alert", hidden: true });
    this.foot = h("div", { class: "dialog-actions" });
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close", "data-testid": "modal-x", on: { click: () => this.dismiss() } }, icon("close"));
    this.form = h("form", { class: "modal-form", novalidate: true }, h("header", { class: "modal-head" }, this.title, close), this.notice, this.body, this.foot);
    this.dialog = h("dialog", { class: "dialog modal", "aria-labelledby": id, "data-testid": "modal" }, this.form);
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.dialog.addEventListener("cancel", (event) => { event.preventDefault(); this.dismiss(); });
    document.body.append(this.dialog);
    this.draw(view);
    this.dialog.showModal();
    this.focusFirst();
  }

  /** Draw a view, or its newer version; what was entered stays where block and action are the same. */
  draw(view) {
    const active = this.dialog.contains(document.activeElement) ? document.activeElement : null;
    const focused = [active?.closest("[data-block-id]")?.dataset.blockId, active?.closest("[data-action-id]")?.dataset.actionId];
    this.view = view;
    this.surface = new Surface("modal", { view_id: view.id }, this.surface?.form.entered());
    this.title.textContent = plain(view.title);
    fill(this.body, renderBlocks(view.blocks, this.surface));
    this.submitButton = view.submit ? h("button", { type: "submit", class: "button primary", "data-testid": "modal-submit" }, plain(view.submit)) : null;
    fill(this.foot, h("button", { type: "button", class: "button", "data-testid": "modal-close", on: { click: () => this.dismiss() } }, plain(view.close) || "Close"), this.submitButton);
    if (active && !active.isConnected) this.refocus(focused);
  }

  /** Give the focus back to the element that was redrawn. */
  refocus([blockId, actionId]) {
    const block = [...this.body.querySelectorAll("[data-block-id]")].find((one) => one.dataset.blockId === blockId);
    const element = [...(block?.querySelectorAll("[data-action-id]") ?? [])].find((one) => one.dataset.actionId === actionId);
    const inner = element?.matches("button, a") ? element : element?.querySelector("input, textarea, button");
    if (inner) inner.focus();
    else this.focusFirst();
  }

  /** The first field, else the first button. */
  focusFirst() {
    const wanted = this.body.querySelector("[autofocus]") ?? this.body.querySelector("input, textarea, select, button") ?? this.foot.querySelector("button");
    wanted?.focus();
  }

  /** What is missing or malformed, by block, before the bot is asked. */
  problems() {
    const found = {};
    for (const block of (this.view.blocks ?? []).filter((one) => one.type === "input")) {
      for (const field of this.surface.form.of(block.block_id)) {
        const problem = field.empty?.() ? (block.optional ? null : "Please fill in this field.") : field.problem?.();
        if (problem) found[block.block_id] = problem;
      }
    }
    return found;
  }

  /** Show errors beside their fields, all others cleared; the focus goes to the first. */
  showErrors(errors) {
    const lost = [];
    for (const block of this.view.blocks ?? []) showError(this.body, this.surface.form, block.block_id, null);
    for (const [blockId, message] of Object.entries(errors)) {
      if (!showError(this.body, this.surface.form, blockId, message)) lost.push(message);
    }
    this.say(lost.join(" "));
    const first = (this.view.blocks ?? []).find((block) => errors[block.block_id]);
    if (first) this.surface.form.of(first.block_id)[0]?.focus?.();
  }

  /** A sentence above the fields. */
  say(message) {
    this.notice.hidden = !message;
    this.notice.textContent = message ?? "";
  }

  /** Show that the bot is being asked. */
  busy(on) {
    this.dialog.toggleAttribute("aria-busy", on);
    if (this.submitButton) this.submitButton.disabled = on;
    this.submitButton?.setAttribute("aria-busy", String(on));
  }

  /** Submit the values and do what the bot answers. */
  async submit() {
    const problems = this.problems();
    this.showErrors(problems);
    if (Object.keys(problems).length || !this.view.submit) return;
    this.busy(true);
    const answer = await post("/page/view", { as: state.me.id, view_id: this.view.id, do: "submit", state: { values: this.surface.form.values() } });
    this.busy(false);
    this.obey(answer);
  }

  /** The bot's answer to a submission. */
  obey(answer) {
    const { errors, view } = answer;
    if (errors && Object.keys(errors).length) this.showErrors(errors);
    else if (answer.ok === false) this.say(answer.message ?? "The app did not answer. Try again.");
    else if (answer.clear) closeAll();
    else if (view && view.id !== this.view.id && stack.some((modal) => modal.view.id === view.id)) this.remove();
    else if (view) showView(view);
    else this.remove();
  }

  /** The person closes it. */
  async dismiss() {
    this.remove();
    const answer = await post("/page/view", { as: state.me.id, view_id: this.view.id, do: "close", state: { values: {} } });
    if (answer.clear) closeAll();
  }

  /** Take it off the screen and give the focus back. */
  remove() {
    const index = stack.indexOf(this);
    if (index < 0) return;
    stack.splice(index, 1);
    rescueToasts();
    this.dialog.close();
    this.dialog.remove();
    const home = this.opener?.isConnected ? this.opener : document.getElementById("composer-text");
    home?.focus();
  }
}

/** Show a view: in place if it is open already, else on top. */
export function showView(view) {
  const open = stack.find((modal) => modal.view.id === view.id)
    ?? stack.find((modal) => view.external_id && modal.view.external_id === view.external_id);
  if (open) open.draw(view);
  else stack.push(new Modal(view));
}

/** The server says that a view is gone. */
export function closeView(id) {
  stack.find((modal) => modal.view.id === id)?.remove();
}

/** Close every view without telling the bot, for example when somebody else acts. */
export function closeAll() {
  for (const modal of [...stack].reverse()) modal.remove();
}
