/** What the page knows: people, channels, commands, who is acting, and where. Views listen; nobody else keeps copies. */

import { get } from "./api.js";

const listeners = new Map();

/** The page's single state; only this module and `navigate` change it. */
export const state = {
  me: null,
  people: [],
  channels: [],
  commands: [],
  bot: null,
  app: { name: "", description: "", suggestions: [] },
  workspace: "Local workspace",
  limits: { files: 10, bytes: 0 },
  skew: 0,
  clock: { movable: false, doing: "" },
  place: { channel: null, tab: "messages" },
};

/** Call `fn` whenever `topic` is announced. */
export function on(topic, fn) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), fn]);
}

/** Tell every listener of a topic. */
export function announce(topic, detail) {
  for (const fn of listeners.get(topic) ?? []) fn(detail);
}

/** Seconds since 1970 on the workspace's clock, which tests may set. */
export function now() {
  return Date.now() / 1000 + state.skew;
}

/** The zone in which the acting person reads dates; falls back to UTC when the browser does not know it. */
export function zone() {
  const tz = state.me?.tz || "UTC";
  try {
    new Intl.DateTimeFormat("en", { timeZone: tz });
    return tz;
  } catch {
    return "UTC";
  }
}

/** The language in which the acting person reads dates that Slack writes. */
export function locale() {
  return state.me?.locale || "en-US";
}

/** A person or the bot by id, or a stand-in that shows the id. */
export function person(id) {
  if (state.bot && (id === state.bot.id || id === state.bot.bot_id)) return state.bot;
  return state.people.find((someone) => someone.id === id) ?? { id, name: id ?? "someone", real_name: id ?? "Someone" };
}

/** The name people read. */
export function fullName(someone) {
  return someone.real_name || someone.name || someone.id;
}

/** A channel by id, if this person can see it. */
export function channel(id) {
  return state.channels.find((one) => one.id === id);
}

/** The direct message with the bot. */
export function botChannel() {
  const bot = state.bot;
  if (!bot) return undefined;
  const direct = state.channels.filter((one) => one.kind === "im");
  return direct.find((one) => one.user === bot.id)
    ?? direct.find((one) => one.name === bot.name || one.name === bot.real_name || one.name === state.app.name);
}

/** How a conversation is called in the rail and the header. */
export function channelName(one) {
  if (one.kind !== "im") return one.name;
  return one.user ? fullName(person(one.user)) : one.name;
}

/** Who is meant to be acting, even before their state has come, and how many readings were begun and taken. */
const reading = { as: undefined, begun: 0, taken: 0 };

/** Read the state as one person, the same as last time when none is named, at first the first one. Returns the server's answer. */
export async function load(as = reading.as) {
  reading.as = as;
  reading.begun += 1;
  const mine = reading.begun;
  const [answer, clock] = await Promise.all([get("/page/state", { as }), get("/page/clock")]);
  if (answer.ok === false) reading.as = state.me?.id;
  // An answer that was overtaken by a later one knows less.
  if (answer.ok === false || mine < reading.taken) return answer;
  reading.taken = mine;
  const { me, people, channels, commands, bot, app, workspace, limits } = answer;
  Object.assign(state, { me, people, channels, commands, bot, limits, clock: clock.ok ? clock : state.clock });
  state.app = { suggestions: [], ...app };
  state.workspace = (typeof workspace === "object" ? workspace?.name : workspace) || "Local workspace";
  state.skew = answer.now ? answer.now - Date.now() / 1000 : 0;
  announce("state");
  return answer;
}
