/** The side panel with one thread. */

import { get } from "./api.js";
import { Composer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { MessageList } from "./messages.js";
import { channel, channelName, state } from "./state.js";
import { report } from "./toasts.js";

/** The open thread: its list and message box, or nothing. */
export const thread = { list: null, composer: null, opener: null };

/** Close the panel and give the focus back. */
export function closeThread() {
  const panel = document.getElementById("thread");
  if (panel.hidden) return;
  panel.hidden = true;
  fill(panel);
  Object.assign(thread, { list: null, composer: null });
  if (thread.opener?.isConnected) thread.opener.focus();
}

/** Call the open thread what the app calls it, which may be told later than its messages. */
export function nameThread() {
  const heading = document.querySelector("#thread h2");
  if (heading) heading.textContent = channel(thread.list.channel)?.titles?.[thread.list.thread] || "Thread";
}

/** Open the thread under a message of the current channel. */
export async function openThread({ ts }) {
  const here = state.place.channel;
  const panel = document.getElementById("thread");
  thread.opener = document.activeElement;
  const list = new MessageList({ channel: here, thread: ts });
  const composer = new Composer({ channel: here, thread: ts, placeholder: "Reply…", sending: () => list.toEnd() });
  Object.assign(thread, { list, composer });
  const one = channel(here);
  fill(panel, h("header", { class: "thread-head" }, h("h2"), h("span", { class: "muted" }, one ? channelName(one) : ""),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close the thread", on: { click: closeThread } }, icon("close"))),
  list.node, composer.node);
  nameThread();
  panel.hidden = false;
  const answer = await get("/page/messages", { as: state.me.id, channel: here });
  if (thread.list === list && report(answer)) list.reset(answer.messages ?? []);
  composer.text.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && document.getElementById("thread").contains(event.target)) closeThread();
});
