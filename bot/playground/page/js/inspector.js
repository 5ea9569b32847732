/** The drawer that lists every request between the workspace and the bot, newest first. */

import { get } from "./api.js";
import { clockTime } from "./dates.js";
import { fill, h, icon, uid } from "./dom.js";
import { faultsPanel } from "./faults.js";
import { jsonView } from "./json_view.js";
import { announce } from "./state.js";

const KEEP = 500;
const entries = new Map();
const view = { filter: "", direction: "", chosen: null, tab: "traffic", list: null, detail: null };

/** `good`, `bad` or `pending` for the colour of a status. */
function mood(entry) {
  const { status } = entry;
  if (status === null || status === undefined || status === "") return "pending";
  const refused = entry.response && typeof entry.response === "object" && entry.response.ok === false;
  return refused || Number(status) >= 400 || /error|timeout|no answer|drop|fail|nobody|invalid|hang/i.test(String(status)) ? "bad" : "good";
}

/** Whether an entry passes the filter, which looks everywhere. */
function passes(entry) {
  if (view.direction && entry.direction !== view.direction) return false;
  const wanted = view.filter.toLowerCase();
  return !wanted || `${entry.what} ${entry.status} ${JSON.stringify(entry.request)} ${JSON.stringify(entry.response)}`.toLowerCase().includes(wanted);
}

/** One line of the list. */
function row(entry) {
  const toBot = entry.direction === "to_bot";
  return h("li", {}, h("button", {
    type: "button", class: "traffic-row", "aria-pressed": String(view.chosen === entry.n), "data-testid": "traffic-entry",
    on: { click: () => { view.chosen = entry.n; draw(); } },
  }, h("span", { class: "traffic-time" }, Number.isFinite(Number(entry.at)) ? clockTime(Number(entry.at)) : ""),
  h("span", { class: `direction ${toBot ? "to-bot" : "from-bot"}`, title: toBot ? "Workspace to bot" : "Bot to workspace" }, toBot ? "→ bot" : "← bot"),
  h("span", { class: "traffic-what" }, entry.what),
  h("span", { class: `status status-${mood(entry)}` }, entry.status ?? "…"),
  h("span", { class: "muted traffic-ms" }, entry.ms === null || entry.ms === undefined ? "" : `${Math.round(entry.ms)} ms`)));
}

/** Request and response of the chosen entry. */
function detail() {
  const entry = entries.get(view.chosen);
  if (!entry) return h("p", { class: "muted traffic-none" }, "Choose a request to see what was sent and answered.");
  return [h("h3", {}, entry.what), h("h4", {}, "Request"), jsonView(entry.request, "Request"), h("h4", {}, "Response"), jsonView(entry.response, "Response")];
}

/** Redraw list and detail, if the drawer is open. */
function draw() {
  if (!view.list?.isConnected) return;
  const rows = [...entries.values()].sort((a, b) => b.n - a.n).filter(passes).slice(0, KEEP);
  const focused = view.list.contains(document.activeElement);
  fill(view.list, rows.length ? rows.map(row) : h("li", { class: "muted traffic-none" }, "Nothing yet."));
  if (focused) view.list.querySelector("[aria-pressed=true]")?.focus();
  fill(view.detail, detail());
}

/** Filter and list on the left, detail on the right. */
function trafficPanel() {
  const search = uid("filter");
  view.list = h("ul", { class: "traffic-list", "data-testid": "traffic" });
  view.detail = h("div", { class: "traffic-detail", "data-testid": "traffic-detail" });
  const direction = h("select", { "aria-label": "Direction", on: { change: (event) => { view.direction = event.target.value; draw(); } } },
    [["", "Both directions"], ["to_bot", "To the bot"], ["from_bot", "From the bot"]].map(([value, text]) => h("option", { value, selected: value === view.direction }, text)));
  const filter = h("input", { id: search, type: "search", value: view.filter, placeholder: "Filter, for example views.open", class: "text-input", on: { input: (event) => { view.filter = event.target.value; draw(); } } });
  return h("div", { class: "traffic" },
    h("div", { class: "traffic-side" }, h("div", { class: "traffic-tools" }, h("label", { for: search, class: "visually-hidden" }, "Filter"), filter, direction), view.list),
    view.detail);
}

/** Fetch what is not known yet. */
async function fetchNew() {
  const after = Math.max(0, ...entries.keys());
  const answer = await get("/page/traffic", { after });
  for (const entry of answer.entries ?? []) entries.set(entry.n, entry);
  draw();
}

/** Draw the drawer with its tab. */
function drawDrawer(drawer) {
  const tab = (name, text) => h("button", {
    type: "button", class: "drawer-tab", "aria-pressed": String(view.tab === name), "data-testid": `inspector-${name}`,
    on: { click: () => { view.tab = name; drawDrawer(drawer); } },
  }, text);
  fill(drawer, h("header", { class: "drawer-head" }, h("h2", {}, "Inspector"), tab("traffic", "Traffic"), tab("faults", "Faults"),
    h("button", { type: "button", class: "icon-button", "aria-label": "Close the inspector", on: { click: toggleInspector } }, icon("close"))),
  view.tab === "traffic" ? trafficPanel() : faultsPanel());
  if (view.tab === "traffic") draw();
}

/** Open or close the drawer. */
export function toggleInspector() {
  const drawer = document.getElementById("inspector");
  drawer.hidden = !drawer.hidden;
  document.body.classList.toggle("with-inspector", !drawer.hidden);
  if (drawer.hidden) fill(drawer);
  else {
    drawDrawer(drawer);
    fetchNew();
  }
  announce("place");
}

/** One more entry, or a newer version of one, pushed by the server. */
export function traffic({ entry }) {
  if (!entry) return;
  entries.set(entry.n, entry);
  if (entries.size > 2 * KEEP) entries.delete(Math.min(...entries.keys()));
  draw();
}
