/** Slack's mrkdwn as DOM nodes. Only `&amp; &lt; &gt;` are decoded, and only `<…>` makes links and mentions, as in Slack. */

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, dateNode, groupMention, link, userMention } from "./entities.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const CONTROL = /<([^<>\n]+)>/y;
const CODE = /`([^`\n]+)`/y;
const EMOJI = /:([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?/y;
const BARE_URL = /https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)'"\]}]/iy;
const BARE_MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/y;

/** Undo Slack's three escapes, and no others. */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** Match a sticky pattern at one place. */
function at(pattern, text, index) {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

/** `!date`, `!subteam`, `!channel` and other special mentions. */
function special(body, label) {
  const [head, ...rest] = body.slice(1).split("^");
  if (head === "date") return dateNode(rest[0], decode(rest[1] ?? ""), rest[2], label === undefined ? undefined : decode(label));
  if (head === "subteam") return groupMention(rest[0], label);
  if (["channel", "here", "everyone", "group"].includes(head)) return broadcast(head === "group" ? "channel" : head);
  return document.createTextNode(decode(label ?? `<${body}>`));
}

/** What stands between angle brackets: a link, a mention or a date. */
function control(inner) {
  const bar = inner.indexOf("|");
  const body = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : inner.slice(bar + 1);
  if (body.startsWith("@")) return userMention(body.slice(1), label);
  if (body.startsWith("#")) return channelMention(body.slice(1), label);
  if (body.startsWith("!")) return special(body, label);
  return link(decode(body), [decode(label || body.replace(/^mailto:/i, ""))]);
}

/** Where an opened marker closes on the same line, or -1. Code and `<…>` in between are skipped. */
function closing(text, open) {
  const marker = text[open];
  for (let i = open + 1; i < text.length && text[i] !== "\n"; i += 1) {
    const jump = text[i] === "`" ? at(CODE, text, i) : text[i] === "<" ? at(CONTROL, text, i) : null;
    if (jump) {
      i += jump[0].length - 1;
    } else if (text[i] === marker && i > open + 1 && !/\s/.test(text[i - 1]) && !WORD.test(text[i + 1] ?? " ")) {
      return i;
    }
  }
  return -1;
}

/** A styled run that starts here, as [node, next index]. */
function styled(text, i) {
  if (WORD.test(text[i - 1] ?? " ") || /\s/.test(text[i + 1] ?? " ")) return null;
  const end = closing(text, i);
  if (end < 0) return null;
  return [h(TAGS[text[i]], {}, inline(text.slice(i + 1, end))), end + 1];
}

/** Something other than plain text that starts here, as [node, next index]. */
function piece(text, i) {
  const letter = text[i];
  let match;
  if (letter === "<" && (match = at(CONTROL, text, i))) return [control(match[1]), i + match[0].length];
  if (letter === "`" && (match = at(CODE, text, i))) return [h("code", {}, codeBody(match[1])), i + match[0].length];
  if (letter in TAGS) return styled(text, i);
  if (letter === ":" && (match = at(EMOJI, text, i)) && emoji(match[1])) return [emoji(match[1]), i + match[0].length];
  if (WORD.test(text[i - 1] ?? " ") || !/[\w+]/.test(letter)) return null;
  if ((match = at(BARE_URL, text, i))) return [link(decode(match[0]), [decode(match[0])]), i + match[0].length];
  if ((match = at(BARE_MAIL, text, i))) return [link(`mailto:${match[0]}`, [match[0]]), i + match[0].length];
  return null;
}

/** Code shows links as their text, but a mention inside it still notifies, so it still looks like one. */
function codeBody(text) {
  const parts = text.split(/(<[^<>\n]+>)/);
  return parts.map((part) => (/^<.+>$/.test(part) ? control(part.slice(1, -1)) : decode(part)));
}

/** One run of text without line structure. */
function inline(text) {
  const nodes = [];
  let plain = "";
  for (let i = 0; i < text.length;) {
    const found = piece(text, i);
    if (found) {
      nodes.push(decode(plain), found[0]);
      plain = "";
      i = found[1];
    } else {
      plain += text[i];
      i += 1;
    }
  }
  nodes.push(decode(plain));
  return nodes.filter((node) => node !== "");
}

/** Lines, with `>` lines gathered into quotes; `>>>` quotes all that follows. */
function lines(text) {
  const nodes = [];
  let quote = null;
  let rest = false;
  const all = text.split("\n");
  all.forEach((line, index) => {
    const marker = /^(?:&gt;|>)(?:&gt;|>){0,2}\s?/.exec(line)?.[0];
    if (/^(?:(?:&gt;|>){3})/.test(line)) rest = true;
    if (marker !== undefined || (rest && quote)) {
      if (quote) quote.append(h("br"));
      else nodes.push((quote = h("blockquote", {})));
      quote.append(...inline(marker ? line.slice(marker.length) : line).map(asNode));
      return;
    }
    const afterQuote = quote !== null;
    quote = null;
    if (index > 0 && !afterQuote) nodes.push(h("br"));
    nodes.push(...inline(line));
  });
  return nodes;
}

/** Strings become text nodes. */
function asNode(part) {
  return part instanceof Node ? part : document.createTextNode(part);
}

/** mrkdwn text as a list of nodes and strings. */
export function mrkdwn(text) {
  const nodes = [];
  String(text ?? "").split(/```\n?([\s\S]*?)\n?```/).forEach((part, index) => {
    if (index % 2 === 1) nodes.push(h("pre", {}, codeBody(part)));
    else if (part) nodes.push(...lines(index > 0 ? part.replace(/^\n/, "") : part));
  });
  return nodes;
}
