/** `rich_text`: sections, lists, quotes, preformatted text and their pieces. */

import { h } from "../dom.js";
import { emoji } from "../emoji.js";
import { broadcast, channelMention, dateNode, groupMention, link, userMention } from "../entities.js";

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

/** Wrap nodes into the tags of a style object. */
function styled(style, nodes) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style?.[name] ? [h(tag, {}, inner)] : inner), nodes);
}

/** Text keeps its line breaks. */
function breaks(text) {
  return String(text).split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** A unified code point sequence such as `1f44d-1f3fd`. */
function fromUnicode(code) {
  return code ? String.fromCodePoint(...code.split("-").map((part) => parseInt(part, 16))) : undefined;
}

/** A colour swatch with its code. */
function colour(value) {
  const swatch = h("span", { class: "swatch", "aria-hidden": "true", style: { "background-color": String(value) } });
  return h("span", { class: "colour" }, swatch, String(value));
}

const PIECES = {
  text: (piece) => breaks(piece.text ?? ""),
  link: (piece) => [link(piece.url ?? "", breaks(piece.text || piece.url || ""))],
  user: (piece) => [userMention(piece.user_id)],
  channel: (piece) => [channelMention(piece.channel_id)],
  usergroup: (piece) => [groupMention(piece.usergroup_id)],
  broadcast: (piece) => [broadcast(piece.range)],
  date: (piece) => [dateNode(piece.timestamp, piece.format, piece.url, piece.fallback)],
  emoji: (piece) => [emoji(piece.name) ?? fromUnicode(piece.unicode) ?? `:${piece.name}:`],
  color: (piece) => [colour(piece.value)],
  team: (piece) => [`@${piece.team_id}`],
};

/** The pieces of one section. */
function pieces(elements) {
  return (elements ?? []).flatMap((piece) => styled(piece.style, (PIECES[piece.type] ?? PIECES.text)(piece)));
}

/** One list; `indent` gives its depth and `offset` its first number. */
function list(part) {
  const ordered = part.style === "ordered";
  const node = h(ordered ? "ol" : "ul", { start: ordered && part.offset ? part.offset + 1 : undefined },
    (part.elements ?? []).map((item) => h("li", {}, pieces(item.elements))));
  node.style.setProperty("--indent", String(part.indent ?? 0));
  return node;
}

const PARTS = {
  rich_text_section: (part) => h("p", {}, pieces(part.elements)),
  rich_text_list: list,
  rich_text_quote: (part) => h("blockquote", {}, pieces(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, pieces(part.elements)),
};

/** A whole `rich_text` block or cell. */
export function richText(block) {
  const parts = (block.elements ?? []).map((part) => (PARTS[part.type] ?? PARTS.rich_text_section)(part));
  return h("div", { class: "rich-text" }, parts);
}

/** The letters of rich text, for sorting and for names. */
export function richTextLetters(value) {
  if (Array.isArray(value)) return value.map(richTextLetters).join("");
  if (!value || typeof value !== "object") return "";
  if (Array.isArray(value.elements)) return richTextLetters(value.elements);
  return String(value.text ?? value.fallback ?? value.url ?? value.name ?? value.user_id ?? "");
}
