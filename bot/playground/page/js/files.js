/** Files: how one looks in a message, and those that wait in a message box until it is sent. */

import { send } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { state } from "./state.js";
import { report, toast } from "./toasts.js";

const UNITS = ["bytes", "KB", "MB", "GB"];

/** A size people can read. */
export function size(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toFixed(power ? 1 : 0)} ${UNITS[power]}`;
}

/** Name and what is known of a file. */
function described(file) {
  const name = file.title || file.name || file.id;
  const notes = [file.name !== name ? file.name : "", file.size ? size(file.size) : "", file.is_external ? `in ${file.external_type}` : ""];
  return h("span", { class: "file-name" }, h("strong", {}, name), h("span", { class: "muted" }, notes.filter(Boolean).join(" · ")));
}

/** A file in a message: to download, to open elsewhere, or deleted. */
export function fileCard(file) {
  const hooks = { "data-testid": "file", "data-file-id": file.id, "data-mode": file.mode };
  if (file.mode === "tombstone") return h("span", { class: "file-card is-gone", ...hooks }, icon("trash"), "This file was deleted.");
  if (file.is_external) {
    const safe = /^https?:/i.test(file.url_private ?? "") ? file.url_private : undefined;
    return h("a", { class: "file-card", href: safe, target: "_blank", rel: "noopener noreferrer nofollow", ...hooks }, icon("globe"), described(file));
  }
  const href = `/page/file/${encodeURIComponent(file.id)}?as=${encodeURIComponent(state.me.id)}`;
  return h("a", { class: "file-card", href, download: file.name ?? "", ...hooks }, icon("file"), described(file), icon("download"));
}

/** Files picked, dropped or pasted into one message box; each goes to the workspace at once and is sent with the message. */
export class Attachments {
  constructor(prefix, changed) {
    Object.assign(this, { waiting: [], changed });
    this.input = h("input", { type: "file", multiple: true, hidden: true, "data-testid": `${prefix}file-input` });
    this.button = h("button", { type: "button", class: "icon-button attach", title: "Attach files", "aria-label": "Attach files", "data-testid": `${prefix}attach` }, icon("clip"));
    this.list = h("ul", { class: "attached-list", "aria-label": "Attached files", "data-testid": `${prefix}attached-list`, hidden: true });
    this.button.addEventListener("click", () => this.input.click());
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      this.input.value = "";
    });
  }

  /** Take files in, as far as Slack would. */
  add(files) {
    const { files: most, bytes } = state.limits;
    for (const file of files) {
      if (this.waiting.length >= most) return toast(`A message may carry ${most} files.`, "error");
      if (file.size > bytes) toast(`“${file.name}” has ${size(file.size)}; a file may have ${size(bytes)} here.`, "error");
      else this.upload(file);
    }
    return undefined;
  }

  /** Bring one to the workspace. */
  upload(file) {
    const one = { name: file.name, size: file.size, id: null };
    this.waiting.push(one);
    one.done = send("/page/attach", { as: state.me.id, name: file.name }, file).then((answer) => {
      if (report(answer)) one.id = answer.file.id;
      else this.drop(one);
      this.show();
    });
    this.show();
  }

  /** Take one out again. */
  drop(one) {
    this.waiting = this.waiting.filter((other) => other !== one);
    this.show();
  }

  /** List what waits. */
  show() {
    this.list.hidden = this.waiting.length === 0;
    fill(this.list, this.waiting.map((one) => h("li", { class: "attached", "data-testid": "attached", "aria-busy": one.id ? undefined : "true" },
      icon("file"), h("span", { class: "file-name" }, h("strong", {}, one.name), h("span", { class: "muted" }, one.id ? size(one.size) : "Uploading…")),
      h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${one.name}`, on: { click: () => { this.drop(one); this.changed(); } } }, icon("close")))));
  }

  /** Whether there is anything to send. */
  get any() {
    return this.waiting.length > 0;
  }

  /** Hand over all of them once they have arrived, and begin anew. */
  async take() {
    await Promise.all(this.waiting.map((one) => one.done));
    const taken = this.waiting;
    this.waiting = [];
    this.show();
    return taken;
  }

  /** Put back what could not be sent. */
  restore(taken) {
    this.waiting = [...taken, ...this.waiting];
    this.show();
  }
}

/** Let files be dropped onto the conversation or the thread; `boxFor(node)` gives the message box that takes them. */
export function listenForDrops(boxFor) {
  const areas = () => [document.getElementById("main"), document.getElementById("thread")];
  const over = (event) => areas().find((area) => area.contains(event.target) && boxFor(area)?.node.isConnected);
  const mark = (marked) => areas().forEach((area) => area.classList.toggle("is-dropping", area === marked));
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const area = over(event);
    event.dataTransfer.dropEffect = area ? "copy" : "none";
    mark(area);
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    const box = boxFor(over(event));
    mark(null);
    box?.attach([...event.dataTransfer.files]);
  });
}
