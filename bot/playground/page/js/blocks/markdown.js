/** The `markdown` block: the common part of Markdown, as DOM nodes. HTML inside it stays text. */

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { link } from "../entities.js";

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|\*(\S(?:.*?\S)?)\*|(?<![\w])_(\S(?:.*?\S)?)_(?![\w])|!?\[([^\]]*)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])|\\([\\`*_{}[\]()#+\-.!~|>])/;

/** Styles, links and code inside one line. */
function inline(text) {
  const match = INLINE.exec(text);
  if (!match) return text ? [withEmoji(text)] : [];
  const [whole, , code, bold, bold2, strike, italic, italic2, label, url, bare, escaped] = match;
  let node = escaped;
  if (code !== undefined) node = h("code", {}, code);
  else if (bold ?? bold2) node = h("strong", {}, inline(bold ?? bold2));
  else if (strike) node = h("s", {}, inline(strike));
  else if (italic ?? italic2) node = h("em", {}, inline(italic ?? italic2));
  else if (url) node = link(url, inline(label || url));
  else if (bare) node = link(bare, [bare]);
  return [...inline(text.slice(0, match.index)), node, ...inline(text.slice(match.index + whole.length))];
}

/** The cells of one table line. */
function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
}

/** A table with a header line, a rule and its rows. */
function table(rows) {
  const head = cells(rows[0]).map((cell) => h("th", { scope: "col" }, inline(cell)));
  const body = rows.slice(2).map((row) => h("tr", {}, cells(row).map((cell) => h("td", {}, inline(cell)))));
  return h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" },
    h("table", { class: "grid" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)));
}

/** List lines, with a box for task items. */
function list(rows, ordered) {
  const items = rows.map((row) => {
    const text = row.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "");
    const task = /^\[([ xX])\]\s+/.exec(text);
    return h("li", {}, task ? `${task[1] === " " ? "☐" : "☑"} ` : null, inline(task ? text.slice(task[0].length) : text));
  });
  return h(ordered ? "ol" : "ul", {}, items);
}

/** Kinds of paragraphs: which lines belong together, and what they become. */
const KINDS = [
  { first: /^\s*[-*+]\s+/, rest: /^\s*[-*+]\s+|^\s{2,}\S/, make: (rows) => list(rows, false) },
  { first: /^\s*\d+[.)]\s+/, rest: /^\s*\d+[.)]\s+|^\s{2,}\S/, make: (rows) => list(rows, true) },
  { first: /^>\s?/, rest: /^>\s?/, make: (rows) => h("blockquote", {}, paragraphs(rows.map((row) => row.replace(/^>\s?/, "")))) },
  { first: /^\s*\|.*\|\s*$/, rest: /^\s*\|.*\|\s*$/, make: (rows) => (rows.length > 1 ? table(rows) : h("p", {}, inline(rows[0]))) },
  { first: /^#{1,6}\s+/, rest: /$^/, make: (rows) => h("p", { class: "markdown-heading" }, inline(rows[0].replace(/^#+\s+/, ""))) },
  { first: /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/, rest: /$^/, make: () => h("hr") },
];
const PLAIN = { rest: /\S/, make: (rows) => h("p", {}, rows.flatMap((row, i) => (i ? [h("br"), ...inline(row)] : inline(row)))) };

/** Lines as paragraphs, lists, quotes, tables and code. */
function paragraphs(rows) {
  const nodes = [];
  for (let i = 0; i < rows.length;) {
    if (!rows[i].trim()) { i += 1; continue; }
    const start = i;
    if (/^\s*```/.test(rows[i])) {
      i += 1;
      while (i < rows.length && !/^\s*```/.test(rows[i])) i += 1;
      nodes.push(h("pre", {}, rows.slice(start + 1, i).join("\n")));
      i += 1;
      continue;
    }
    const kind = KINDS.find((one) => one.first.test(rows[i])) ?? PLAIN;
    i += 1;
    const goesOn = (row) => kind.rest.test(row) && (kind !== PLAIN || !KINDS.some((one) => one.first.test(row)));
    while (i < rows.length && goesOn(rows[i])) i += 1;
    nodes.push(kind.make(rows.slice(start, i)));
  }
  return nodes;
}

/** A `markdown` block. */
export function markdown(block) {
  return h("div", { class: "rich-text markdown" }, paragraphs(String(block.text ?? "").split("\n")));
}
