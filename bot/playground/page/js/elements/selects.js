/** The select menus: static, external, users, conversations, channels; one choice or several. */

import { plain } from "../blocks/text.js";
import { channelName, fullName, person, state } from "../state.js";
import { Combobox } from "./combobox.js";

const QUERY_PAUSE = 250;

/** A Slack option as a row of the list. */
function fromOption(option) {
  return { key: option.value, label: plain(option.text), note: plain(option.description), value: option };
}

/** A person as a row. */
function fromUser(id) {
  return { key: id, label: fullName(person(id)), note: person(id).role_label, value: id };
}

/** A conversation as a row. */
function fromChannel(id) {
  const found = state.channels.find((one) => one.id === id);
  return { key: id, label: found ? `${found.kind === "channel" ? "#" : ""}${channelName(found)}` : id, value: id };
}

/** Option groups, or one nameless group of the options. */
function groupsOf(holder) {
  if (holder.option_groups) return holder.option_groups.map((one) => ({ label: plain(one.label), options: (one.options ?? []).map(fromOption) }));
  return [{ label: "", options: (holder.options ?? []).map(fromOption) }];
}

/** Keep the options whose letters hold the query. */
function filtered(groups, query) {
  const wanted = query.trim().toLocaleLowerCase();
  return groups.map((group) => ({ ...group, options: group.options.filter((option) => option.label.toLocaleLowerCase().includes(wanted)) }));
}

/** Conversations that a filter object lets through. */
function conversations(element, onlyChannels) {
  const include = onlyChannels ? ["public"] : element.filter?.include;
  const kind = (one) => (one.kind === "channel" ? (one.is_private ? "private" : "public") : one.kind);
  return state.channels
    .filter((one) => !include || include.includes(kind(one)))
    .filter((one) => !element.filter?.exclude_external_shared_channels || !one.is_ext_shared)
    .filter((one) => !element.filter?.exclude_bot_users || one.kind !== "im" || one.user !== state.bot?.id)
    .map((one) => fromChannel(one.id));
}

/** Ask the bot, a short pause after the last letter. */
function external(element, ctx) {
  let wake = () => {};
  return async (query) => {
    const least = element.min_query_length ?? 3;
    if (query.length < least) return [{ label: "", options: [], note: `Type at least ${least} letters` }];
    wake(false);
    const current = await new Promise((resolve) => { wake = resolve; window.setTimeout(() => resolve(true), QUERY_PAUSE); });
    if (!current) return [];
    const answer = await ctx.surface.options(ctx.blockId, element, query);
    return groupsOf(answer);
  };
}

/** Where rows come from and what the payload is called, per source. */
const SOURCES = {
  static: { key: "option", row: fromOption, list: (element) => (query) => filtered(groupsOf(element), query) },
  external: { key: "option", row: fromOption, list: external },
  users: { key: "user", row: fromUser, list: () => (query) => filtered([{ label: "", options: state.people.filter((one) => !one.deleted).map((one) => fromUser(one.id)) }], query) },
  conversations: { key: "conversation", row: fromChannel, list: (element) => (query) => filtered([{ label: "", options: conversations(element, false) }], query) },
  channels: { key: "channel", row: fromChannel, list: (element) => (query) => filtered([{ label: "", options: conversations(element, true) }], query) },
};

/** What the reader chose before, unless it is no longer offered. */
function chosenBefore(element, ctx) {
  const earlier = ctx.surface.form.earlier(ctx.blockId, element);
  if (!element.options && !element.option_groups) return earlier;
  const offered = new Set(groupsOf(element).flatMap((group) => group.options.map((option) => option.key)));
  const chosen = [earlier?.selected_option ?? [], earlier?.selected_options ?? []].flat();
  return chosen.every((option) => offered.has(option.value)) ? earlier : undefined;
}

/** What is selected at first: what the reader chose before, else what the element says. */
function initially(element, ctx, { key }, multiple) {
  const earlier = chosenBefore(element, ctx);
  const plural = `${key}s`;
  if (multiple) return earlier?.[`selected_${plural}`] ?? element[`initial_${plural}`] ?? [];
  const here = element.default_to_current_conversation ? ctx.surface.ids.channel : undefined;
  const one = earlier ? earlier[`selected_${key}`] : element[`initial_${key}`] ?? (key === "conversation" ? here : undefined);
  return one ? [one] : [];
}

/** Any select menu. */
export function select(element, ctx) {
  const multiple = element.type.startsWith("multi_");
  const source = SOURCES[element.type.replace(/^multi_|_select$/g, "")];
  const payload = (rows) => (multiple
    ? { [`selected_${source.key}s`]: rows.map((row) => row.value) }
    : { [`selected_${source.key}`]: rows[0]?.value ?? null });
  const placeholder = plain(element.placeholder) || "Choose…";
  let sent = [];
  const changed = async (rows) => {
    if (!ctx.dispatch) return;
    if (await ctx.surface.act(ctx.blockId, element, payload(rows), combo.box)) sent = rows;
    else if (element.confirm) combo.reset(sent);
  };
  const combo = new Combobox({
    source: source.list(element, ctx), chosen: initially(element, ctx, source, multiple).map(source.row), multiple,
    max: element.max_selected_items ?? Infinity, placeholder, label: placeholder, labelledBy: ctx.labelledBy,
    describedBy: ctx.describedBy, required: ctx.required, autofocus: element.focus_on_load === true, changed,
  });
  sent = combo.chosen;
  ctx.surface.form.add(ctx.blockId, element, {
    read: () => payload(combo.chosen), empty: () => combo.chosen.length === 0, focus: () => combo.input.focus(),
    mark: (wrong) => combo.input.setAttribute("aria-invalid", String(wrong)),
  });
  return combo.node;
}
