/** A list of messages that keeps itself up to date: the conversation, or one thread. */

import { dayHeading, isoDate } from "./dates.js";
import { h } from "./dom.js";
import { messageNode } from "./message.js";
import { botChannel, channel, fullName, state } from "./state.js";

const SAME_SPEAKER_SECONDS = 300;
const NEAR_END = 80;
const POINTED_SECONDS = 4;

/** Whether a message continues the one before it, so that the name need not be repeated. */
function follows(message, before) {
  if (!before || before.user !== message.user || [message, before].some((one) => one.ephemeral || one.bot_id || one.subtype)) return false;
  return Number(message.ts) - Number(before.ts) < SAME_SPEAKER_SECONDS;
}

/** Messages of one channel; with `thread` only the parent and its replies. */
export class MessageList {
  constructor({ channel, thread = null, empty }) {
    Object.assign(this, { channel, thread, empty, messages: new Map(), nodes: new Map(), dropped: new Set() });
    this.list = h("div", { class: "message-list" });
    this.status = h("div", { class: "working", role: "status", "data-testid": "working" });
    this.node = h("div", { class: "messages", tabindex: "0", role: "region", "aria-label": thread ? "Thread" : "Messages" }, this.list, this.status);
    // Whoever reads the newest message keeps seeing it when the box below grows.
    let reading = true;
    this.node.addEventListener("scroll", () => { reading = this.atEnd(); });
    new ResizeObserver(() => { if (reading) this.node.scrollTop = this.node.scrollHeight; }).observe(this.node);
  }

  /** Whether a message is shown here. A direct message with the bot shows replies in the flow, because its answers come in threads. */
  shows(message) {
    const root = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null;
    if (this.thread) return message.ts === this.thread || root === this.thread;
    return !root || message.subtype === "thread_broadcast" || this.channel === botChannel()?.id;
  }

  /** Fill with what the server had; what the live connection has told meanwhile is newer and stays. */
  reset(messages) {
    const read = messages.filter((one) => this.shows(one) && !this.dropped.has(one.ts)).map((one) => [one.ts, one]);
    this.messages = new Map([...read, ...this.messages]);
    this.draw();
    this.work();
    this.toEnd();
  }

  /** Add a message or put a newer version in its place. */
  put(message) {
    if (!this.shows(message)) return;
    const stay = !this.atEnd();
    // A new report is read from its beginning, also when it replaces a short “working” line; a page turn stays where it is.
    const wasShort = (this.nodes.get(message.ts)?.offsetHeight ?? 0) < this.node.clientHeight / 2;
    this.messages.set(message.ts, message);
    this.replaceNode(message.ts);
    this.draw();
    if (!stay) this.toEnd(wasShort ? this.nodes.get(message.ts) : null);
  }

  /** Forget a node so that it is drawn anew, keeping what was typed into it and the focus. */
  replaceNode(ts) {
    const old = this.nodes.get(ts);
    if (!old) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.closest("[data-action-id]")?.dataset.actionId : null;
    this.nodes.delete(ts);
    const node = this.nodeFor(this.messages.get(ts), null, old.surface.form.entered());
    old.replaceWith(node);
    if (!focused) return;
    const again = [...node.querySelectorAll("[data-action-id]")].find((one) => one.dataset.actionId === focused) ?? node.querySelector("button");
    (again?.matches("button, a, input") ? again : again?.querySelector("button, input, textarea"))?.focus();
  }

  /** Remove a message. */
  drop(ts) {
    this.dropped.add(ts);
    this.messages.delete(ts);
    this.nodes.get(ts)?.remove();
    this.nodes.delete(ts);
    this.draw();
  }

  /** One more reply under a parent. */
  countReply(reply) {
    const parent = this.messages.get(reply.thread_ts);
    if (!parent || reply.thread_ts === reply.ts || reply.ephemeral) return;
    this.put({ ...parent, reply_count: (parent.reply_count ?? 0) + 1 });
  }

  /** The node of a message, made once. */
  nodeFor(message, before, kept) {
    const made = this.nodes.get(message.ts) ?? messageNode(message, {
      channel: this.channel, kept, follows: follows(message, before), inThread: Boolean(this.thread),
    });
    made.classList.toggle("is-reply", !this.thread && Boolean(message.thread_ts && message.thread_ts !== message.ts));
    this.nodes.set(message.ts, made);
    return made;
  }

  /** In the flow, replies stand under their parent. */
  ordered() {
    const root = (one) => (this.thread ? one.ts : one.thread_ts ?? one.ts);
    return [...this.messages.values()].sort((a, b) => Number(root(a)) - Number(root(b)) || Number(a.ts) - Number(b.ts));
  }

  /** Bring the DOM in line with the messages; nodes that stay are not touched. */
  draw() {
    const wanted = [];
    let day = null;
    let before = null;
    for (const message of this.ordered()) {
      const its = isoDate(Number(message.ts));
      // Replies in the flow stand under their parent, whatever day they are of.
      const counts = this.thread || !message.thread_ts || message.thread_ts === message.ts;
      if (counts && its !== day) wanted.push(this.divider(its, Number(message.ts)));
      if (counts) day = its;
      wanted.push(this.nodeFor(message, its === day ? before : null));
      before = message;
    }
    if (!wanted.length && this.empty) wanted.push(this.empty());
    this.settle(wanted);
  }

  /** Insert, move and remove children until they are the wanted ones. */
  settle(wanted) {
    wanted.forEach((node, index) => {
      const here = this.list.children[index];
      if (here !== node) this.list.insertBefore(node, here ?? null);
    });
    while (this.list.children.length > wanted.length) this.list.lastElementChild.remove();
  }

  /** A heading between days, reused while it stays. */
  divider(day, unix) {
    const made = [...this.list.children].find((node) => node.dataset.day === day);
    return made ?? h("div", { class: "day", role: "separator", "data-day": day }, h("span", {}, dayHeading(unix)));
  }

  /** Call the days anew: what was today is yesterday now. */
  nameDays() {
    this.list.querySelectorAll(".day").forEach((node) => node.remove());
    this.draw();
  }

  /** Go to one message, marked for a moment. */
  point(ts) {
    const node = this.nodes.get(ts);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("is-pointed-at");
    window.setTimeout(() => node?.classList.remove("is-pointed-at"), POINTED_SECONDS * 1000);
  }

  /** Show what the app is doing here: in this thread, or anywhere in the conversation. */
  work() {
    const doing = channel(this.channel)?.working ?? {};
    const status = this.thread ? doing[this.thread] ?? doing[""] : Object.values(doing).at(-1);
    this.working(status ? `${state.app.name || fullName(state.bot)} ${status}` : "");
  }

  /** Show or clear a line under the messages. */
  working(text) {
    this.status.textContent = text;
    this.status.classList.toggle("is-on", Boolean(text));
    if (text && this.atEnd(NEAR_END * 2)) this.toEnd();
  }

  /** Whether the reader is at the newest message. */
  atEnd(within = NEAR_END) {
    return this.node.scrollHeight - this.node.scrollTop - this.node.clientHeight < within;
  }

  /** Go to the newest message, to its beginning if it is taller than the window; again after charts have found their size. */
  toEnd(newest = null) {
    const go = () => {
      this.node.scrollTop = this.node.scrollHeight;
      if (!newest || newest.offsetHeight <= this.node.clientHeight) return;
      this.node.scrollTop += newest.getBoundingClientRect().top - this.node.getBoundingClientRect().top;
    };
    go();
    requestAnimationFrame(() => requestAnimationFrame(go));
  }
}
