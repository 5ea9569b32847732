/** The left rail: workspace, who is acting, conversations, the bot, tools. */

import { avatar } from "./avatar.js";
import { clock } from "./clock.js";
import { h, icon, turnInto } from "./dom.js";
import { announce, botChannel, channelName, fullName, person, state } from "./state.js";

/** One entry that opens a place. */
function entry({ key, lead, name, current, unread, open, testid, note }) {
  return h("button", {
    type: "button", "data-key": key, class: `rail-entry ${unread ? "is-unread" : ""}`, "aria-current": current ? "page" : undefined, "data-testid": testid, on: { click: open },
  }, lead, h("span", { class: "rail-name" }, name), note ? h("span", { class: "tag" }, note) : null,
  unread ? h("span", { class: "unread" }, String(unread), h("span", { class: "visually-hidden" }, " unread")) : null);
}

/** A titled group of entries. */
function group(title, entries) {
  if (!entries.length) return null;
  return h("section", {}, h("h2", { class: "rail-title" }, title), h("ul", {}, entries.map((node) => h("li", {}, node))));
}

/** A channel. */
function channelEntry(one) {
  return entry({
    key: one.id, lead: icon(one.is_private ? "lock" : "hash"), name: one.name, current: state.place.channel === one.id, unread: one.unread,
    note: [one.is_archived ? "archived" : "", one.is_ext_shared ? "shared" : ""].filter(Boolean).join(", "), testid: "channel", open: () => announce("go", { channel: one.id }),
  });
}

/** A direct message. */
function directEntry(one) {
  return entry({
    key: one.id, lead: avatar(one.user ? person(one.user) : { id: one.id, name: one.name }, "tiny"), name: channelName(one),
    current: state.place.channel === one.id, unread: one.unread, testid: "direct", open: () => announce("go", { channel: one.id }),
  });
}

/** The bot. */
function botEntry(direct) {
  return entry({
    key: direct.id, lead: avatar(state.bot, "tiny"), name: state.app.name || fullName(state.bot), unread: direct.unread,
    current: state.place.channel === direct.id, testid: "app", open: () => announce("go", { channel: direct.id }),
  });
}

/** Who the page acts as. The list lies unseen over the card, so that name and role are read whole, on as many lines as they need. */
function actAs() {
  const role = state.me.role_label || state.me.email || "";
  const select = h("select", { "data-testid": "act-as", "data-key": state.me.id, id: "act-as", on: { change: (event) => announce("act-as", event.target.value) } },
    state.people.filter((one) => !one.is_bot).map((one) => h("option", { value: one.id, selected: one.id === state.me.id },
      [fullName(one), one.role_label].filter(Boolean).join(" — "))));
  const shown = h("div", { class: "act-as-who", "aria-hidden": "true" }, h("strong", {}, fullName(state.me)), h("span", { class: "muted" }, role));
  return h("div", { class: "act-as" }, h("label", { for: "act-as" }, "Act as"),
    h("div", { class: "act-as-row" }, avatar(state.me), shown, icon("down")), select);
}

/** What is drawn anew; the clock below it stays, so that its menu does not close when a message arrives. */
function upper(rail) {
  if (!rail.firstElementChild) rail.append(h("div", { class: "rail-top" }), h("div", { class: "rail-foot rail-clock" }));
  const [top, foot] = rail.children;
  const shown = clock();
  foot.hidden = !shown;
  if (shown && shown.parentElement !== foot) foot.append(shown);
  return top;
}

/** Draw the rail: what stands there already stays, so that no press on it is lost when a message arrives. */
export function drawRail(rail) {
  const direct = botChannel();
  const focused = document.activeElement?.dataset?.testid;
  turnInto(upper(rail), h("div", { class: "rail-top" },
    h("div", { class: "workspace" }, h("img", { src: "/static/icon.svg", alt: "", width: 28, height: 28 }),
      h("div", {}, h("strong", {}, state.workspace), h("span", { class: "muted" }, "Local workspace"))),
    actAs(),
    h("div", { class: "rail-scroll" },
      group("Apps", direct && state.bot ? [botEntry(direct)] : []),
      group("Channels", state.channels.filter((one) => one.kind === "channel").map(channelEntry)),
      group("Direct messages", state.channels.filter((one) => one.kind !== "channel" && one.id !== direct?.id).map(directEntry))),
    h("div", { class: "rail-foot" }, h("button", {
      type: "button", class: "rail-entry", "data-testid": "inspector-toggle", "aria-expanded": String(!document.getElementById("inspector").hidden),
      "aria-controls": "inspector", on: { click: () => announce("inspector:toggle") },
    }, icon("pulse"), h("span", { class: "rail-name" }, "Inspector")))));
  // Who could not be become is not shown as who acts.
  rail.querySelector("#act-as").value = state.me.id;
  if (focused === "act-as" || focused === "inspector-toggle") rail.querySelector(`[data-testid="${focused}"]`)?.focus();
}
