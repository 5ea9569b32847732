/** A list to choose from by typing: one or several options, fixed ones or loaded while typing. */

import { fill, h, icon, uid } from "../dom.js";
import { popupFor } from "./popup.js";

/**
 * `source(query)` gives groups `[{label, options: [{key, label, note}]}]`, now or later.
 * `chosen` starts the selection; `changed(options)` is told about each change.
 */
export class Combobox {
  constructor({ source, chosen = [], multiple = false, max = Infinity, placeholder, label, labelledBy, describedBy, required, autofocus, changed }) {
    Object.assign(this, { source, multiple, max, changed, placeholder, chosen: [...chosen], options: [], active: -1, asked: 0 });
    const listId = uid("list");
    this.input = h("input", {
      type: "text", role: "combobox", class: "combo-input", autocomplete: "off", placeholder, autofocus,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, "aria-labelledby": labelledBy,
      "aria-label": labelledBy ? undefined : label, "aria-describedby": describedBy || undefined, "aria-required": required ? "true" : undefined,
    });
    this.chips = h("span", { class: "combo-chips" });
    this.list = h("ul", { class: "popup listbox", role: "listbox", id: listId, "aria-label": label ?? placeholder ?? "Options", "aria-multiselectable": multiple || undefined });
    this.box = h("div", { class: `combo ${multiple ? "combo-many" : ""}` }, this.chips, this.input, icon("down"));
    this.node = h("div", { class: "combo-frame" }, this.box, this.list);
    this.popup = popupFor(this.list, this.box, () => this.closed());
    this.listen();
    this.show();
  }

  /** Keyboard and mouse. */
  listen() {
    this.box.addEventListener("click", () => { this.input.focus(); this.open(); });
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.popup.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Show what is chosen: as text for one, as removable chips for several. */
  show() {
    if (!this.multiple) {
      this.input.value = this.chosen[0]?.label ?? "";
      return;
    }
    this.input.value = "";
    this.input.placeholder = this.chosen.length ? "" : this.placeholder ?? "";
    fill(this.chips, this.chosen.map((option) => h("span", { class: "chip" }, option.label,
      h("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${option.label}`, on: { click: (event) => { event.stopPropagation(); this.toggle(option); } } }, icon("close")))));
  }

  /** Take back what was chosen: somebody thought better of it. */
  reset(chosen) {
    this.chosen = chosen;
    this.show();
  }

  /** Put the text back when the list closes without a choice. */
  closed() {
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
    if (!this.multiple) this.show();
    // Several choices are told about once, when the list closes, as Slack does.
    if (this.dirty) this.changed?.(this.chosen);
    this.dirty = false;
  }

  /** Ask the source and list what it gives; an older answer that comes late is dropped. */
  async open(query = "") {
    this.asked += 1;
    const mine = this.asked;
    const groups = this.source(query);
    if (groups instanceof Promise) this.draw(null);
    const known = await groups;
    if (mine !== this.asked || document.activeElement !== this.input) return;
    this.draw(known);
  }

  /** List the groups, or “Loading…”. */
  draw(groups) {
    this.options = [];
    const rows = groups === null ? [h("li", { class: "popup-note", role: "presentation" }, "Loading…")]
      : groups.flatMap((group) => [group.label && group.options.length ? h("li", { class: "popup-group", role: "presentation" }, group.label) : null,
        ...group.options.map((option) => this.row(option))]);
    const note = groups?.find((group) => group.note)?.note ?? "Nothing found";
    fill(this.list, rows.some(Boolean) ? rows : h("li", { class: "popup-note", role: "presentation" }, note));
    this.popup.open();
    this.input.setAttribute("aria-expanded", "true");
    this.activate(this.options.findIndex(({ option }) => this.has(option)));
  }

  /** One option. */
  row(option) {
    const node = h("li", { class: "popup-item", role: "option", id: uid("option"), "aria-selected": String(this.has(option)), on: { click: () => this.choose(option) } },
      h("span", {}, option.label), option.note ? h("span", { class: "muted" }, option.note) : null);
    this.options.push({ option, node });
    return node;
  }

  /** Whether an option is chosen. */
  has(option) {
    return this.chosen.some((one) => one.key === option.key);
  }

  /** Mark the option that Enter would take. */
  activate(index) {
    this.options[this.active]?.node.classList.remove("is-active");
    this.active = index;
    const row = this.options[index]?.node;
    row?.classList.add("is-active");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.input.setAttribute("aria-activedescendant", row.id);
  }

  /** Arrow keys, Enter, Escape and Backspace. */
  key(event) {
    const open = this.popup.isOpen();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!open) this.open();
      else if (this.options.length) this.activate((this.active + step + this.options.length) % this.options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && this.options[this.active]) this.choose(this.options[this.active].option);
      else this.open(this.input.value);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.popup.close();
    } else if (event.key === "Backspace" && this.multiple && !this.input.value && this.chosen.length) {
      this.toggle(this.chosen.at(-1));
    }
  }

  /** Take an option; a single choice closes the list. */
  choose(option) {
    if (this.multiple) return this.toggle(option);
    this.chosen = [option];
    this.popup.close();
    return this.changed?.(this.chosen);
  }

  /** Add or remove one of several. */
  toggle(option) {
    const has = this.has(option);
    if (!has && this.chosen.length >= this.max) return;
    this.chosen = has ? this.chosen.filter((one) => one.key !== option.key) : [...this.chosen, option];
    this.show();
    this.dirty = this.popup.isOpen();
    if (this.dirty) this.open();
    else this.changed?.(this.chosen);
  }
}
