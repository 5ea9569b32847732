/** Dates in the acting person's zone: Slack's date tokens, day dividers, and what date inputs need. */

import { locale, now, zone } from "./state.js";

/** Format with the person's zone. */
function format(unix, options, locale = "en-US") {
  return new Intl.DateTimeFormat(locale, { timeZone: zone(), ...options }).format(new Date(unix * 1000));
}

/** 1st, 2nd, 3rd, 4th … */
function ordinal(day) {
  const tens = day % 100;
  if (tens >= 11 && tens <= 13) return `${day}th`;
  return `${day}${["th", "st", "nd", "rd"][day % 10] ?? "th"}`;
}

/** ISO date in the person's zone. */
export function isoDate(unix) {
  return format(unix, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
}

/** Hours and minutes, 24 h, in the person's zone. */
export function clockTime(unix) {
  return format(unix, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, "en-GB");
}

/** `November 24th, 2026`, with or without the weekday. */
function longDate(unix, weekday) {
  const month = format(unix, { month: "long" });
  const day = ordinal(Number(format(unix, { day: "numeric" })));
  const text = `${month} ${day}, ${format(unix, { year: "numeric" })}`;
  return weekday ? `${format(unix, { weekday: "long" })}, ${text}` : text;
}

/** `today`, `yesterday`, `tomorrow`, or nothing. */
function nearDay(unix) {
  const days = Math.round((Date.parse(isoDate(unix)) - Date.parse(isoDate(now()))) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

/** `3 hours ago`, `in 2 days`. */
function ago(unix) {
  const seconds = unix - now();
  const units = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? units.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

const shortDate = (unix) => format(unix, { month: "short", day: "numeric", year: "numeric" }, locale());

// https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
const TOKENS = {
  date_num: isoDate,
  date_slash: (unix) => format(unix, { month: "2-digit", day: "2-digit", year: "numeric" }, locale()),
  date: (unix) => longDate(unix, false),
  date_short: shortDate,
  date_long: (unix) => longDate(unix, true),
  date_long_full: (unix) => longDate(unix, true),
  date_pretty: (unix) => nearDay(unix) ?? longDate(unix, false),
  date_short_pretty: (unix) => nearDay(unix) ?? shortDate(unix),
  date_long_pretty: (unix) => nearDay(unix) ?? longDate(unix, true),
  day_divider_pretty: (unix) => nearDay(unix) ?? longDate(unix, true),
  time: (unix) => format(unix, { hour: "numeric", minute: "2-digit" }, locale()),
  time_secs: (unix) => format(unix, { hour: "numeric", minute: "2-digit", second: "2-digit" }, locale()),
  ago,
};

/** Fill Slack's date tokens; the fallback when the timestamp is no number. */
export function slackDate(unix, pattern, fallback) {
  const at = Number(unix);
  if (!Number.isFinite(at) || !pattern) return fallback ?? String(unix);
  const text = pattern.replace(/\{([a-z_]+)\}/g, (whole, token) => TOKENS[token]?.(at) ?? whole);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `Thu 26 Nov`. */
export function shortDay(unix) {
  return format(unix, { weekday: "short", day: "numeric", month: "short" }, "en-GB").replace(",", "");
}

/** Heading between two days of messages. */
export function dayHeading(unix) {
  const near = nearDay(unix);
  const day = format(unix, { weekday: "long", month: "long", day: "numeric" });
  return near && near !== "tomorrow" ? near.charAt(0).toUpperCase() + near.slice(1) : day;
}

/** `2026-11-24T09:30` in the person's zone, for a date and time input. */
export function toLocalInput(unix) {
  return `${isoDate(unix)}T${clockTime(unix)}`;
}

/** Unix seconds of a date and time written in the person's zone. */
export function fromLocalInput(text) {
  const wanted = Date.parse(`${text}:00Z`) / 1000;
  if (!Number.isFinite(wanted)) return null;
  // The zone's offset is found by formatting a guess; twice, so that a guess across a clock change settles.
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) guess += wanted - Date.parse(`${toLocalInput(guess)}:00Z`) / 1000;
  return guess;
}
