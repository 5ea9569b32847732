/** Mentions, channels, links and dates: the pieces shared by mrkdwn and rich text. */

import { slackDate } from "./dates.js";
import { h } from "./dom.js";
import { announce, channel, fullName, person, state } from "./state.js";

const SAFE_LINK = /^(https?:|mailto:)/i;
const PERMALINK = /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})\b/;

/** Where a link to a message of this workspace leads on this page. */
function here(url) {
  const [, id, seconds, rest] = PERMALINK.exec(url) ?? [];
  return channel(id) ? { channel: id, ts: `${seconds}.${rest}` } : null;
}

/** A link that can only lead to a web or mail address; anything else is shown as text. */
export function link(url, children) {
  if (!SAFE_LINK.test(url)) return h("span", { class: "dead-link", title: "Slack would not follow this address" }, children);
  const place = here(url);
  if (place) return h("a", { href: url, on: { click: (event) => { event.preventDefault(); announce("go", place); } } }, children);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, children);
}

/** A mention of a person; it notifies, so it looks like it. */
export function userMention(id, label) {
  const someone = person(id);
  const mine = id === state.me?.id;
  return h("span", { class: `mention ${mine ? "mention-me" : ""}`, "data-user": id },
    `@${label && someone.name === id ? label : fullName(someone)}`);
}

/** A reference to a channel. */
export function channelMention(id, label) {
  return h("span", { class: "mention", "data-channel": id }, `#${channel(id)?.name ?? label ?? id}`);
}

/** A mention of a user group. */
export function groupMention(id, label) {
  return h("span", { class: "mention mention-ping", title: "Notifies every member of this group" }, `@${(label ?? id).replace(/^@/, "")}`);
}

/** `@channel`, `@here`, `@everyone`: a whole room is notified, so accidents must be seen. */
export function broadcast(range) {
  return h("span", { class: "mention mention-ping", "data-ping": range, title: `Notifies everybody (${range})` }, `@${range}`);
}

/** A date in the reader's zone. */
export function dateNode(unix, pattern, url, fallback) {
  const at = Number(unix);
  const stamp = Number.isFinite(at) ? new Date(at * 1000).toISOString() : undefined;
  const node = h("time", { datetime: stamp, title: stamp }, slackDate(unix, pattern, fallback));
  return url ? link(url, [node]) : node;
}
