/** Cells of both kinds of tables: what they show, how they sort and on which side they stand. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { richText, richTextLetters } from "./rich_text.js";

// Longer texts wrap, so that a table of eight columns fits; shorter ones stay on one line and are easier to scan.
const KEEP_ON_ONE_LINE = 26;
const NUMBER = /^[-+−]?[\d\s,.'’]*\d%?$/;
const ABSENT = /^[-–—]?$/;

/** The letters of a cell. */
export function letters(cell) {
  if (cell?.type === "rich_text") return richTextLetters(cell);
  return String(cell?.text ?? cell?.value ?? "");
}

/** What a cell sorts by: a number when it is one. */
export function sortKey(cell) {
  if (cell?.type === "raw_number") return Number(cell.value);
  const text = letters(cell).trim();
  if (ABSENT.test(text)) return null;
  return NUMBER.test(text) ? Number(text.replace(/[\s,'’%]/g, "").replace("−", "-")) : text.toLocaleLowerCase();
}

/** What a cell shows. */
function content(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  const text = letters(cell);
  return cell?.emoji === true ? withEmoji(text) : text;
}

/** `right` for columns whose every value is a number or absent, with at least one number. */
export function sides(rows, settings = []) {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, index) => {
    const own = settings?.[index]?.align;
    if (own) return own;
    const texts = rows.slice(1).map((row) => letters(row[index]).trim());
    const numbers = texts.filter((text) => NUMBER.test(text)).length;
    return numbers > 0 && texts.every((text) => NUMBER.test(text) || ABSENT.test(text)) ? "right" : "left";
  });
}

/** A `td`, or the `th` that names its row. */
export function bodyCell(cell, side, rowHeader) {
  const text = letters(cell);
  const wrap = text.length > KEEP_ON_ONE_LINE ? "wraps" : "";
  return h(rowHeader ? "th" : "td", { scope: rowHeader ? "row" : undefined, class: `side-${side} ${wrap}` }, content(cell));
}

/** A frame that scrolls sideways by keyboard too, should the window be narrow. */
export function frame(label, table) {
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label }, table);
}
