/** The main pane: a conversation, or the bot's Home and Messages tabs. */

import { get, post } from "./api.js";
import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { HomeTab } from "./home.js";
import { menuFor } from "./menu.js";
import { MessageList } from "./messages.js";
import { announce, botChannel, channel, channelName, fullName, person, state } from "./state.js";
import { report } from "./toasts.js";

/** What is open now: `list` and `composer`, or `home`. */
export const open = { list: null, composer: null, home: null };

/** What a member can do with a channel as a whole. */
function channelMenu(one) {
  if (one.kind !== "channel" || one.is_member === false) return null;
  const button = h("button", { type: "button", class: "icon-button", "aria-label": `Menu of ${channelName(one)}`, "data-testid": "channel-menu" }, icon("more"));
  const archive = async (archived) => report(await post("/page/archive", { as: state.me.id, channel: one.id, archived }));
  const entry = one.is_archived ? { label: "Unarchive channel", note: "Messages can be written here again.", choose: () => archive(false) }
    : { label: "Archive channel", note: "Nobody can write here any more, and no app either.", choose: () => archive(true) };
  return h("span", { class: "overflow channel-menu" }, button, menuFor(button, () => [{ ...entry, testid: "channel-archive" }]));
}

/** The heading of an ordinary conversation. */
function heading(one) {
  const direct = one.kind === "im" && one.user;
  return h("div", { class: "place-head" }, direct ? avatar(person(one.user), "small") : icon(one.is_private ? "lock" : "hash"),
    h("h1", { id: "place-title" }, channelName(one)),
    one.is_ext_shared ? h("span", { class: "tag" }, icon("globe"), "Shared with another company") : null,
    one.has_bot === false && one.kind === "channel" ? h("span", { class: "tag", title: `Type /invite @${state.bot?.name} to add it` }, "without the app") : null,
    h("span", { class: "muted topic" }, direct ? person(one.user).role_label ?? "" : one.topic ?? ""), channelMenu(one));
}

/** The heading of the bot, with its two tabs. */
function botHeading(tab) {
  const one = (name, label) => h("button", {
    type: "button", role: "tab", id: `tab-${name}`, "aria-selected": String(tab === name), "aria-controls": "pane", tabindex: tab === name ? "0" : "-1",
    "data-testid": `${name}-tab`, on: { click: () => announce("go", { channel: botChannel().id, tab: name, focusTab: true }) },
  }, label);
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the app" }, one("home", "Home"), one("messages", "Messages"));
  tabs.addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    announce("go", { channel: botChannel().id, tab: tab === "home" ? "messages" : "home", focusTab: true });
  });
  return [h("div", { class: "place-head" }, avatar(state.bot, "small"), h("h1", { id: "place-title" }, state.app.name || fullName(state.bot)),
    h("span", { class: "badge" }, "APP"), h("span", { class: "muted topic" }, state.app.description ?? "")), tabs];
}

/** What an empty conversation says. */
function emptyNote(isBot) {
  return h("div", { class: "empty" }, isBot ? avatar(state.bot, "big") : null,
    h("h2", {}, isBot ? `Ask ${state.app.name || fullName(state.bot)}` : "Nothing here yet"),
    h("p", {}, isBot ? state.app.description || "Type a command or a question." : "Write the first message, or type / for the commands of the app."));
}

/** Why nothing can be written here, and what to do; nothing where it can. */
function closedNote(one) {
  if (one.is_archived) return h("p", { class: "not-member" }, "This channel is archived.");
  if (one.is_member !== false) return null;
  const join = h("button", { type: "button", class: "button primary", "data-testid": "join" }, "Join the channel");
  join.addEventListener("click", async () => {
    if (report(await post("/page/join", { as: state.me.id, channel: one.id }))) announce("rejoin");
  });
  return h("p", { class: "not-member" }, "You are not a member of this channel. ", join);
}

/** Show messages and a box to write in. */
async function showMessages(pane, one, ts) {
  const isBot = one.id === botChannel()?.id;
  const list = new MessageList({ channel: one.id, empty: () => emptyNote(isBot) });
  const composer = new Composer({
    channel: one.id, textId: "composer-text", chips: true, sending: () => list.toEnd(), placeholder: `Message ${one.kind === "channel" ? "#" : ""}${channelName(one)}, or type / for commands`,
  });
  Object.assign(open, { list, composer, home: null });
  fill(pane, list.node, closedNote(one) ?? composer.node);
  await post("/page/open", { as: state.me.id, channel: one.id });
  const answer = await get("/page/messages", { as: state.me.id, channel: one.id });
  if (open.list !== list || !report(answer)) return;
  list.reset(answer.messages ?? []);
  if (ts) requestAnimationFrame(() => requestAnimationFrame(() => list.point(ts)));
}

/** Show the bot's Home tab. */
async function showHome(pane) {
  const home = new HomeTab();
  Object.assign(open, { list: null, composer: null, home });
  fill(pane, home.node);
  await home.load();
}

/** Open a conversation, at one message if `ts` is given; `tab` matters for the bot only. */
export async function showPlace({ channel: id, tab = "messages", focusTab = false, ts = null }) {
  const one = channel(id);
  if (!one) return;
  const isBot = id === botChannel()?.id;
  state.place = { channel: id, tab: isBot ? tab : "messages" };
  one.unread = 0;
  const pane = document.getElementById("pane");
  fill(document.getElementById("place"), isBot ? botHeading(tab) : heading(one));
  pane.setAttribute("role", isBot ? "tabpanel" : "presentation");
  if (isBot) pane.setAttribute("aria-labelledby", `tab-${tab}`);
  else pane.removeAttribute("aria-labelledby");
  document.title = `${isBot ? state.app.name || fullName(state.bot) : channelName(one)} · ${state.workspace}`;
  announce("place");
  if (focusTab) document.getElementById(`tab-${tab}`)?.focus();
  await (isBot && tab === "home" ? showHome(pane) : showMessages(pane, one, ts));
  if (!focusTab) document.getElementById("composer-text")?.focus({ preventScroll: true });
}
