/** The `table` block. */

import { h } from "../dom.js";
import { bodyCell, frame, letters, sides } from "./cells.js";

/** First row as column headers, first column as row headers. */
export function tableBlock(block) {
  const rows = block.rows ?? [];
  const at = sides(rows, block.column_settings);
  const [head = [], ...body] = rows;
  const label = `Table, ${body.length} ${body.length === 1 ? "row" : "rows"}: ${head.map(letters).join(", ")}`;
  return frame(label, h("table", { class: "grid" },
    h("caption", { class: "visually-hidden" }, label),
    h("thead", {}, h("tr", {}, head.map((cell, i) => h("th", { scope: "col", class: `side-${at[i]}` }, letters(cell))))),
    h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell, i) => bodyCell(cell, at[i], i === 0)))))));
}
