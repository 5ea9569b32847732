/** The `data_table` block: a caption, sortable columns and pages. */

import { fill, h } from "../dom.js";
import { bodyCell, frame, letters, sides, sortKey } from "./cells.js";

// https://docs.slack.dev/reference/block-kit/blocks/data-table-block/: five rows a page unless the block says otherwise.
const DEFAULT_PAGE = 5;

/** Rows by one column; absent values stay last in both directions. */
function sorted(rows, column, direction) {
  if (column === null) return rows;
  return [...rows].sort((a, b) => {
    const [x, y] = [sortKey(a[column]), sortKey(b[column])];
    if (x === null || y === null) return (x === null) - (y === null);
    if (typeof x === "number" && typeof y === "number") return direction * (x - y);
    return direction * String(x).localeCompare(String(y));
  });
}

/** A column header that sorts when pressed. */
function sortHeader(cell, side, order, press) {
  const mark = { ascending: "▲", descending: "▼" }[order] ?? "";
  return h("th", { scope: "col", class: `side-${side}`, "aria-sort": order ?? "none" },
    h("button", { type: "button", class: "sort-button", on: { click: press } }, letters(cell),
      h("span", { class: "sort-mark", "aria-hidden": "true" }, mark)));
}

/** `Rows 1–15 of 40` and the two page buttons, where there is more than one page. */
function pager(shown, turn) {
  const { first, last, total, size } = shown;
  if (total <= size) return null;
  const button = (text, by, off) => h("button", { type: "button", class: "button small", disabled: off, on: { click: () => turn(by) } }, text);
  return h("div", { class: "pager" }, h("span", { "aria-live": "polite" }, `Rows ${first + 1}–${last} of ${total}`),
    button("Previous", -1, first === 0), button("Next", 1, last === total));
}

/** A sortable table in pages. */
export function dataTable(block) {
  const [head = [], ...body] = block.rows ?? [];
  const at = sides(block.rows ?? []);
  const rowHeader = block.row_header_column_index ?? 0;
  const size = block.page_size ?? DEFAULT_PAGE;
  const view = { column: null, direction: 1, page: 0 };
  const root = h("div", { class: "data-table" });
  const sortBy = (column) => {
    const same = view.column === column;
    Object.assign(view, { column, direction: same ? -view.direction : 1, page: 0 });
    draw();
    root.querySelectorAll(".sort-button")[column]?.focus();
  };
  const order = (column) => (view.column === column ? (view.direction > 0 ? "ascending" : "descending") : undefined);
  const draw = () => {
    const first = view.page * size;
    const rows = sorted(body, view.column, view.direction).slice(first, first + size);
    const turn = (by) => { view.page += by; draw(); };
    fill(root, frame(block.caption ?? "Table", h("table", { class: "grid" },
      h("caption", {}, block.caption ?? ""),
      h("thead", {}, h("tr", {}, head.map((cell, i) => sortHeader(cell, at[i], order(i), () => sortBy(i))))),
      h("tbody", {}, rows.map((row) => h("tr", {}, row.map((cell, i) => bodyCell(cell, at[i], i === rowHeader))))))),
    pager({ first, last: first + rows.length, total: body.length, size }, turn));
  };
  draw();
  return root;
}
