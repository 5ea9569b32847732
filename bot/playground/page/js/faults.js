/** The panel that tells the workspace to misbehave, to see how the bot takes it. */

import { get, post, remove } from "./api.js";
import { fill, h } from "./dom.js";
import { report } from "./toasts.js";

const METHODS = ["*", "chat.postMessage", "chat.postEphemeral", "chat.update", "views.open", "views.update", "views.publish", "users.info", "files.getUploadURLExternal", "upload", "files.completeUploadExternal", "download", "response_url", "socket"];
const KINDS = [["429", "429, too many requests"], ["500", "500, server error"], ["hang", "Hang, no answer"], ["drop", "Drop the connection"], ["drop_after", "Do it, then drop the answer"], ["invalid_blocks", "Refuse the blocks"]];

/** A labelled control. */
function field(label, control) {
  return h("label", { class: "fault-field" }, h("span", {}, label), control);
}

/** The faults still to come. */
async function list(place) {
  const answer = await get("/page/faults");
  const faults = answer.faults ?? [];
  fill(place, faults.length ? faults.map((one) => h("li", {}, h("code", {}, one.method), ` ${one.kind}, ${one.times} more ${Number(one.times) === 1 ? "time" : "times"}`))
    : h("li", { class: "muted" }, "No faults: everything works."));
}

/** Form and list. */
export function faultsPanel() {
  const place = h("ul", { class: "fault-list", "data-testid": "faults", "aria-live": "polite" });
  const method = h("input", { class: "text-input", value: "chat.postMessage", list: "fault-methods" });
  const kind = h("select", {}, KINDS.map(([value, text]) => h("option", { value }, text)));
  const times = h("input", { class: "text-input", type: "number", min: 1, max: 1000, value: "1" });
  const seconds = h("input", { class: "text-input", type: "number", min: 0, max: 600, value: "5" });
  const form = h("form", { class: "fault-form" },
    h("datalist", { id: "fault-methods" }, METHODS.map((value) => h("option", { value }))),
    field("Method (* for all)", method), field("Fault", kind), field("Times", times), field("Seconds (429, hang)", seconds),
    h("button", { type: "submit", class: "button primary", "data-testid": "fault-add" }, "Add the fault"),
    h("button", { type: "button", class: "button", on: { click: async () => { report(await remove("/page/faults")); list(place); } } }, "Remove all"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fault = { method: method.value.trim(), kind: kind.value, times: Number(times.value), seconds: Number(seconds.value) };
    report(await post("/page/faults", fault));
    list(place);
  });
  list(place);
  return h("div", { class: "faults" }, h("p", { class: "muted" }, "The next calls of the bot fail like this, as Slack's do on a bad day."), form, place);
}
