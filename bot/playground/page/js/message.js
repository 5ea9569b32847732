/** One message: who, when, what, files, and its thread. */

import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks/index.js";
import { clockTime, slackDate } from "./dates.js";
import { h, icon } from "./dom.js";
import { fileCard } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";
import { announce, fullName, person, state } from "./state.js";
import { Surface } from "./surface.js";

/** Who sent it: an app may use its own name. */
function author(message) {
  const id = message.user ?? message.bot_id ?? message.bot_profile?.id;
  const someone = person(id);
  return { ...someone, real_name: message.username || fullName(someone), isApp: Boolean(message.bot_id || someone.is_bot || id === state.bot?.id) };
}

/** Name, badge, time, edited. */
function headLine(message, who) {
  const at = Number(message.ts);
  return h("div", { class: "message-head" },
    h("span", { class: "author" }, who.real_name),
    who.isApp ? h("span", { class: "badge" }, "APP") : null,
    h("time", { class: "muted time", datetime: new Date(at * 1000).toISOString(), title: slackDate(at, "{date_long}, {time_secs}") }, clockTime(at)),
    message.edited ? h("span", { class: "muted edited" }, "(edited)") : null);
}

/** “3 replies” under the message, or a small reply button beside it; both open the thread. */
function threadButton(message, inThread) {
  if (message.ephemeral || inThread) return null;
  const count = message.reply_count ?? 0;
  const open = { click: () => announce("thread:open", { ts: message.thread_ts ?? message.ts }) };
  if (count) return h("button", { type: "button", class: "link-button replies", "data-testid": "open-thread", on: open }, `${count} ${count === 1 ? "reply" : "replies"}`);
  return h("button", { type: "button", class: "icon-button reply-button", title: "Reply in thread", "aria-label": "Reply in thread", "data-testid": "open-thread", on: open }, icon("reply"));
}

/** The body: blocks if there are any, else the text. */
function body(message, surface) {
  if (message.blocks?.length) return h("div", { class: "message-blocks", "data-testid": "message-blocks" }, renderBlocks(message.blocks, surface));
  return message.text ? h("div", { class: "message-text rich-text" }, mrkdwn(message.text)) : null;
}

/** Coloured side bars under the text, the older way to show blocks. */
function attachments(message, surface) {
  return (message.attachments ?? []).map((one) => h("div", { class: "attachment" },
    one.pretext ? h("div", {}, mrkdwn(one.pretext)) : null,
    one.title ? h("strong", {}, mrkdwn(one.title)) : null,
    one.blocks ? renderBlocks(one.blocks, surface) : h("div", {}, mrkdwn(one.text ?? one.fallback ?? ""))));
}

/** The node of a message. `kept` are values entered before it was redrawn; `follows` hides the repeated name. */
export function messageNode(message, { channel, kept, follows = false, inThread = false }) {
  const surface = new Surface("message", { channel, message_ts: message.ts }, kept);
  const who = author(message);
  const node = h("article", {
    class: `message ${message.ephemeral ? "is-ephemeral" : ""} ${follows ? "follows" : ""}`,
    "aria-label": `${who.real_name}, ${clockTime(Number(message.ts))}`, "data-testid": "message", "data-ts": message.ts,
  },
  follows ? h("span", { class: "avatar-gap" }) : avatar(who),
  h("div", { class: "message-main" },
    message.ephemeral ? h("div", { class: "ephemeral-note", "data-testid": "ephemeral-note" }, icon("eye"), "Only visible to you") : null,
    follows ? null : headLine(message, who),
    body(message, surface), attachments(message, surface),
    message.files?.length ? h("div", { class: "files" }, message.files.map(fileCard)) : null,
    message.reply_count ? threadButton(message, inThread) : null),
  message.reply_count ? null : threadButton(message, inThread));
  node.surface = surface;
  return node;
}
