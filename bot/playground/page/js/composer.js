/** The message box: completion by keyboard, the hint of a command, chips of what to type, sending. */

import { post } from "./api.js";
import { commandOf, suggestions } from "./completion.js";
import { fill, h, icon, uid } from "./dom.js";
import { Attachments } from "./files.js";
import { channel, state } from "./state.js";
import { report } from "./toasts.js";

const MAX_HEIGHT = 220;

/** A message box for a channel, or for a thread in it; `sending` is called before a text goes out. */
export class Composer {
  constructor({ channel: id, thread = null, placeholder, chips = false, textId, sending = () => {} }) {
    Object.assign(this, { channel: id, thread, sending, rows: [], active: 0, history: [], back: 0 });
    const list = uid("completions");
    this.text = h("textarea", {
      id: textId, rows: 1, class: "composer-text", placeholder, "aria-label": placeholder, "data-testid": thread ? "thread-composer" : "composer",
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list, "aria-haspopup": "listbox",
    });
    this.list = h("ul", { id: list, class: "completions", role: "listbox", "aria-label": "Completions", hidden: true });
    this.hint = h("div", { class: "usage-hint", "aria-live": "polite", "data-testid": "usage-hint" });
    this.send = h("button", { type: "submit", class: "button primary send", "aria-label": "Send", "data-testid": thread ? "thread-send" : "send" }, icon("send"));
    this.files = new Attachments(thread ? "thread-" : "", () => this.text.focus());
    this.form = h("form", { class: "composer" }, this.list, this.files.button, this.files.input, this.text, this.send);
    this.chips = h("div", { class: "chips", role: "group", "aria-label": "Things to type", hidden: !chips });
    this.node = h("div", { class: "composer-area" }, this.chips, this.files.list, this.form, this.hint);
    this.offer();
    this.listen();
  }

  /** Prompts that the app has set here, which are sent when pressed, then things to try, which go into the box. */
  offer() {
    const { title, prompts = [] } = channel(this.channel)?.prompts ?? {};
    const chip = (text, name, props) => h("button", { type: "button", title: text, ...props }, name || text);
    fill(this.chips,
      prompts.length && title ? h("span", { class: "prompts-title", "data-testid": "prompts-title" }, title) : null,
      prompts.map((one) => chip(one.message, one.title, { class: "suggestion is-prompt", "data-testid": "prompt", on: { click: () => this.prompt(one.message) } })),
      (state.app.suggestions ?? []).map((one) => chip(one.text, one.title, { class: "suggestion", "data-testid": "suggestion", on: { click: () => this.fillIn(one.text) } })));
  }

  /** Send a prompt as if it had been typed; what stands in the box stays. */
  async prompt(text) {
    this.sending();
    report(await this.say(text));
    this.text.focus();
  }

  /** Replace the text and put the cursor behind it. */
  fillIn(text) {
    this.text.value = text;
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
    this.grow();
    this.close();
    this.explain();
  }

  /** Keyboard, typing and sending. */
  listen() {
    this.text.addEventListener("input", () => { this.grow(); this.complete(); });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => this.close());
    this.text.addEventListener("paste", (event) => this.attach([...event.clipboardData.files]));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
  }

  /** As high as the text needs. */
  grow() {
    this.text.style.setProperty("height", "auto");
    this.text.style.setProperty("height", `${Math.min(MAX_HEIGHT, this.text.scrollHeight)}px`);
  }

  /** What the command expects, while one is typed. */
  explain() {
    const command = commandOf(this.text.value);
    fill(this.hint, command ? [h("code", {}, command.command), " ", command.usage_hint ?? "", command.description ? h("span", { class: "muted" }, ` — ${command.description}`) : null] : null);
  }

  /** List what could come next. */
  complete() {
    this.explain();
    const before = this.text.value.slice(0, this.text.selectionStart);
    this.rows = suggestions(before);
    if (!this.rows.length) return this.close();
    fill(this.list, this.rows.map((row, index) => h("li", {
      class: "popup-item", role: "option", id: uid("completion"), "aria-selected": "false", "data-testid": "command-option",
      on: { click: () => this.take(index) },
    }, h("span", { class: "completion-label" }, row.label), row.hint ? h("code", { class: "muted" }, row.hint) : null, row.note ? h("span", { class: "muted completion-note" }, row.note) : null)));
    this.list.hidden = false;
    this.text.setAttribute("aria-expanded", "true");
    return this.activate(this.rows[0].eager ? 0 : -1);
  }

  /** Mark one row, or none (-1). */
  activate(index) {
    this.active = index;
    [...this.list.children].forEach((node, i) => {
      node.classList.toggle("is-active", i === this.active);
      node.setAttribute("aria-selected", String(i === this.active));
    });
    const row = this.list.children[this.active];
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.text.setAttribute("aria-activedescendant", row.id);
    else this.text.removeAttribute("aria-activedescendant");
  }

  /** Put the row's text in, and offer what follows it. */
  take(index) {
    const row = this.rows[index];
    const end = this.text.selectionStart;
    const value = this.text.value;
    this.text.value = value.slice(0, row.from) + row.insert + value.slice(end);
    const cursor = row.from + row.insert.length;
    this.text.setSelectionRange(cursor, cursor);
    this.text.focus();
    this.grow();
    this.complete();
  }

  /** Hide the list. */
  close() {
    this.rows = [];
    fill(this.list);
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  /** Keys: the list first, then sending and earlier texts. */
  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const handled = this.rows.length ? this.keyInList(event.key, step, event.shiftKey) : this.keyInText(event, step);
    if (handled) event.preventDefault();
  }

  /** Keys while the list is open. Tab takes the first row too; Enter only a marked one, so that a finished command is sent. */
  keyInList(key, step, shift) {
    const count = this.rows.length;
    if (step) this.activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    else if (key === "Tab" && !shift) this.take(Math.max(0, this.active));
    else if (key === "Escape") this.close();
    else if (key === "Enter" && !shift && this.marked()) this.take(this.active);
    else if (key === "Enter" && !shift) this.submit();
    else return false;
    return true;
  }

  /** Whether Enter means the marked row; a whole command's name that is typed out means itself. */
  marked() {
    return this.active >= 0 && this.rows[this.active].label !== this.text.value;
  }

  /** Keys while no list is open. */
  keyInText(event, step) {
    if (event.key === "Enter" && !event.shiftKey) this.submit();
    else if (step && this.text.value === (this.history[this.back - 1] ?? "") && this.history[this.back - 1 - step]) this.recall(step);
    else if (event.key === "Escape" && this.text.value.startsWith("/")) this.fillIn("");
    else return false;
    return true;
  }

  /** An earlier or later text. */
  recall(step) {
    this.back -= step;
    this.fillIn(this.history[this.back - 1] ?? "");
  }

  /** Take files in that were dropped or pasted here. */
  attach(files) {
    this.files.add(files);
    if (files.length) this.text.focus();
  }

  /** Send text and files; what is refused comes back into the box. */
  async submit() {
    const text = this.text.value.trim();
    if (!text && !this.files.any) return;
    if (text) this.history.unshift(text);
    this.back = 0;
    this.fillIn("");
    this.sending();
    this.send.setAttribute("aria-busy", "true");
    const files = await this.files.take();
    const answer = await this.say(text, files.map((one) => one.id).filter(Boolean));
    this.send.removeAttribute("aria-busy");
    if (report(answer) || answer.error === "operation_timeout") return;
    if (!this.text.value) this.fillIn(text);
    this.files.restore(files);
  }

  /** Hand a message to the workspace. */
  say(text, files = []) {
    const thread = this.thread ? { thread_ts: this.thread } : {};
    return post("/page/say", { as: state.me.id, channel: this.channel, text, ...thread, ...(files.length ? { files } : {}) });
  }
}
