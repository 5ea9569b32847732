/** Start: load the state, draw, connect, and send each event to the part that shows it. */

import { clockMoved } from "./clock.js";
import { h } from "./dom.js";
import { listenForDrops } from "./files.js";
import { toggleInspector, traffic } from "./inspector.js";
import { connect } from "./live.js";
import { closeAll, closeView, showView } from "./modal.js";
import { open, showPlace } from "./place.js";
import { drawRail } from "./rail.js";
import { announce, botChannel, channel, fullName, load, on, person, state } from "./state.js";
import { closeThread, nameThread, openThread, thread } from "./thread.js";
import { report, toast } from "./toasts.js";

const rail = document.getElementById("rail");
const banner = document.getElementById("banner");

/** Lists that show a channel now: the conversation, the thread. */
function lists(id) {
  return [open.list, thread.list].filter((list) => list && list.channel === id);
}

/** Read a new message to screen readers by its text, which says the same as its blocks. */
function readAloud(message) {
  if (message.user === state.me.id) return;
  const text = (message.text ?? "").replace(/<[^>|]*\|([^>]*)>|<([^>]*)>/g, "$1$2").slice(0, 400);
  document.getElementById("announcer").textContent = `${message.username || fullName(person(message.user ?? state.bot?.id))}: ${text}`;
}

/** A new message: into its list, or counted as unread. */
function arrived({ channel: id, message }) {
  const showing = lists(id);
  for (const list of showing) list.countReply(message);
  for (const list of showing) list.put(message);
  if (showing.length) {
    readAloud(message);
    return;
  }
  const one = channel(id);
  if (!one) reload();
  else if (message.user !== state.me.id) one.unread = (one.unread ?? 0) + 1;
  drawRail(rail);
}

/** A newer version of a message; read aloud when it says something else. */
function changed({ channel: id, message }) {
  const before = lists(id).map((list) => list.messages.get(message.ts)?.text);
  for (const list of lists(id)) list.put(message);
  if (before.some((text) => text !== message.text)) readAloud(message);
}

/** What the bot says it is doing. */
function working({ channel: id, status, thread_ts: ts }) {
  const doing = channel(id)?.working ?? {};
  if (status) doing[ts] = status;
  else delete doing[ts];
  for (const list of lists(id)) list.work();
}

/** What decides whether and by whom can be written in the place that is open. */
function standing() {
  const one = channel(state.place.channel);
  return one && [one.is_archived, one.is_member, one.has_bot].join();
}

/** Read the state again, staying in place; a place that was closed or left meanwhile is drawn anew. */
async function reload() {
  const before = standing();
  const answer = await load();
  if (!report(answer)) return;
  // What is being looked at counts as read.
  const here = channel(state.place.channel);
  if (here) here.unread = 0;
  drawRail(rail);
  if (standing() === undefined) await showPlace({ channel: (botChannel() ?? state.channels[0])?.id });
  else if (standing() !== before) await showPlace(state.place);
  else open.composer?.offer();
  for (const list of [open.list, thread.list]) list?.work();
}

/** Time has passed: days are called anew, and what else the page reads from the clock. */
async function timePassed(told) {
  if (!clockMoved(told)) return;
  await reload();
  for (const list of [open.list, thread.list]) list?.nameDays();
}

/** Become somebody: their state, their connection, and the same place if they may see it. */
async function become(id) {
  closeAll();
  closeThread();
  const answer = await load(id);
  if (!report(answer)) {
    if (state.me) drawRail(rail);
    return;
  }
  const url = new URL(location.href);
  url.searchParams.set("as", state.me.id);
  history.replaceState(null, "", url);
  // Connected before messages are read, so that none falls in between.
  await connect();
  const place = channel(state.place.channel) ? state.place : { channel: (botChannel() ?? state.channels[0])?.id };
  await showPlace(place);
}

/** Say that the connection is lost, and catch up when it is back. */
function connection({ up, again }) {
  banner.hidden = up;
  banner.replaceChildren(up ? "" : h("span", {}, "The connection to the local workspace is lost. Reconnecting…"));
  if (!up || !again) return;
  reload().then(() => showPlace(state.place));
}

on("state", () => drawRail(rail));
on("state", nameThread);
on("place", () => drawRail(rail));
on("go", (place) => { closeThread(); showPlace(place); });
on("rejoin", () => reload().then(() => showPlace(state.place)));
on("act-as", become);
on("connection", connection);
on("inspector:toggle", toggleInspector);
on("thread:open", openThread);
on("live:message", arrived);
on("live:message_changed", changed);
on("live:message_deleted", ({ channel: id, ts, message }) => lists(id).forEach((list) => list.drop(ts ?? message?.ts)));
on("live:view_opened", ({ view }) => showView(view));
on("live:view_updated", ({ view }) => (view.type === "home" ? open.home?.show(view) : showView(view)));
on("live:view_closed", ({ view, view_id: id }) => closeView(id ?? view?.id));
on("live:home", ({ view }) => open.home?.show(view));
on("live:traffic", traffic);
on("live:typing", working);
on("live:state", reload);
on("live:clock", timePassed);
on("live:toast", ({ message, level }) => toast(message, level ?? "error"));

listenForDrops((area) => (area?.id === "thread" ? thread.composer : area && open.composer));

become(new URL(location.href).searchParams.get("as") ?? undefined).catch((error) => {
  toast(`The page could not start: ${error.message}`, "error");
  announce("failed", error);
});
