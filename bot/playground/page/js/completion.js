/** What could be typed next: commands and their words, people after “@”, channels after “#”. No DOM here. */

import { channelName, fullName, state } from "./state.js";

const MOST = 8;

/** Commands whose name starts with what is typed. */
function commands(text) {
  return state.commands
    .filter((one) => one.command.startsWith(text.toLowerCase()))
    .map((one) => ({ label: one.command, hint: one.usage_hint ?? "", note: one.description ?? "", from: 0, insert: `${one.command} `, eager: true }));
}

/** Whether `candidate` continues `typed` (any case) and says more than it. */
function continues(candidate, typed) {
  const [a, b] = [candidate.toLowerCase(), typed.toLowerCase()];
  return a.startsWith(b) && a !== b.trimEnd();
}

/** Completions of a command: of everything typed after it, then of its last word. */
function words(command, text) {
  const start = command.command.length + 1;
  const rest = text.slice(start);
  const last = rest.slice(rest.lastIndexOf(" ") + 1);
  const all = command.completions ?? [];
  const whole = all.filter((one) => continues(one, rest)).map((one) => ({ label: one, from: start, insert: spaced(one) }));
  const used = new Set(rest.split(/\s+/));
  const single = rest === last ? [] : all
    .filter((one) => !one.includes(" ") && continues(one, last) && !used.has(one))
    .map((one) => ({ label: one, from: text.length - last.length, insert: spaced(one) }));
  return [...whole, ...single].filter((one, i, rows) => rows.findIndex((other) => other.label === one.label) === i);
}

/** A finished word is followed by a space; `team=` waits for its value. */
function spaced(word) {
  return /[=:]$/.test(word) ? word : `${word} `;
}

/** People whose name has a word that starts with what follows “@”. */
function mentions(text) {
  const found = /(?:^|[\s=,(])@([\p{L}\p{N}._'-]*)$/u.exec(text);
  if (!found) return [];
  const typed = found[1].toLowerCase();
  const people = [...state.people, ...(state.bot ? [state.bot] : [])].filter((one, i, all) => !one.deleted && all.findIndex((other) => other.id === one.id) === i);
  return people
    .filter((one) => [fullName(one), one.name ?? ""].some((name) => name.toLowerCase().split(/\s+/).some((part) => part.startsWith(typed))))
    .map((one) => ({ label: `@${one.name}`, note: [fullName(one), one.is_bot ? "App" : one.role_label].filter(Boolean).join(" · "), from: text.length - typed.length - 1, insert: `@${one.name} `, eager: true }));
}

/** Channels after “#”. */
function channels(text) {
  const found = /(?:^|\s)#([\p{L}\p{N}_-]*)$/u.exec(text);
  if (!found) return [];
  return state.channels
    .filter((one) => one.kind === "channel" && one.name.startsWith(found[1].toLowerCase()))
    .map((one) => ({ label: `#${channelName(one)}`, from: text.length - found[1].length - 1, insert: `#${one.name} `, eager: true }));
}

/** The command that a text runs, if it is a known one. */
export function commandOf(text) {
  return state.commands.find((one) => text === one.command || text.startsWith(`${one.command} `));
}

/** Suggestions for the text before the cursor: `{label, hint?, note?, from, insert, eager?}`; Enter takes an eager one at once. */
export function suggestions(text) {
  if (text.startsWith("/") && !text.includes(" ")) return commands(text).slice(0, MOST);
  const command = commandOf(text);
  const people = mentions(text);
  if (people.length) return people.slice(0, MOST);
  return (command ? words(command, text) : channels(text)).slice(0, MOST);
}
