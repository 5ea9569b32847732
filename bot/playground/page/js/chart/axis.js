/** Line, bar and area charts. */

import { svg } from "../dom.js";
import { every, linear, number, ticks } from "./scale.js";

const HEIGHT = 220;
const LETTER = 6.6;

/** The value of each category, in the order of the axis; labels may come in any order. */
function inOrder(series, categories) {
  const byLabel = new Map((series.data ?? []).map((point) => [point.label, point.value]));
  return categories.map((label) => byLabel.get(label) ?? null);
}

/** Sizes and scales of one drawing. */
function layout(chart, width) {
  const { categories = [], x_label: xLabel, y_label: yLabel } = chart.axis_config ?? {};
  const rows = (chart.series ?? []).map((one) => inOrder(one, categories));
  const values = rows.flat().filter((value) => value !== null);
  const marks = ticks(Math.min(0, ...values), Math.max(1, ...values));
  const left = 14 + Math.max(...marks.map((mark) => number(mark).length)) * LETTER + (yLabel ? 18 : 0);
  const box = { left, right: width - 10, top: 10, bottom: HEIGHT - (xLabel ? 44 : 26) };
  const slot = (box.right - box.left) / Math.max(1, categories.length);
  return {
    categories, xLabel, yLabel, rows, marks, box, slot,
    y: linear([marks[0], marks.at(-1)], [box.bottom, box.top]),
    x: (index) => box.left + slot * (index + 0.5),
  };
}

/** Grid lines with their numbers. */
function grid({ marks, box, y }) {
  return marks.map((mark) => svg("g", {},
    svg("line", { class: mark === 0 ? "axis-line" : "grid-line", x1: box.left, x2: box.right, y1: y(mark), y2: y(mark) }),
    svg("text", { class: "tick", x: box.left - 7, y: y(mark) + 4, "text-anchor": "end" }, number(mark))));
}

/** Category labels, thinned until they fit, and the two axis titles. */
function labels({ categories, xLabel, yLabel, box, x }) {
  const longest = Math.max(1, ...categories.map((label) => label.length)) * LETTER + 12;
  const step = every(categories.length, longest, box.right - box.left);
  const names = categories.map((label, i) => (i % step ? null
    : svg("text", { class: "tick", x: x(i), y: box.bottom + 17, "text-anchor": "middle" }, label)));
  const middle = (box.top + box.bottom) / 2;
  return [names,
    xLabel ? svg("text", { class: "axis-title", x: (box.left + box.right) / 2, y: HEIGHT - 8, "text-anchor": "middle" }, xLabel) : null,
    yLabel ? svg("text", { class: "axis-title", x: 12, y: middle, transform: `rotate(-90 12 ${middle})`, "text-anchor": "middle" }, yLabel) : null];
}

/** Bars of each series, side by side in their category. */
function bars({ rows, slot, x, y, box }) {
  const room = Math.min(slot * 0.72, 44 * rows.length);
  const wide = room / rows.length;
  const zero = Math.min(box.bottom, y(0));
  return rows.map((row, s) => row.map((value, i) => {
    if (value === null) return null;
    const top = Math.min(y(value), zero);
    const height = Math.abs(zero - y(value));
    return svg("rect", { class: `fill series-${s + 1}`, x: x(i) - room / 2 + s * wide + 0.5, y: top, width: Math.max(1, wide - 1), height, rx: Math.min(3, wide / 3) });
  }));
}

/** Points joined where there are values; a gap stays a gap. */
function path(row, x, y) {
  return row.map((value, i) => (value === null ? "" : `${i === 0 || row[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`)).join("");
}

/** Lines, with dots when there are few points. */
function lines({ rows, x, y, slot }) {
  return rows.map((row, s) => svg("g", {},
    svg("path", { class: `stroke series-${s + 1}`, d: path(row, x, y) }),
    row.map((value, i) => (value === null || slot < 14 ? null
      : svg("circle", { class: `dot series-${s + 1}`, cx: x(i), cy: y(value), r: 3.2 })))));
}

/** Filled areas, the first series at the back. */
function areas(plot) {
  const { rows, x, y, box } = plot;
  const zero = Math.min(box.bottom, y(0));
  return rows.map((row, s) => {
    const known = row.map((value, i) => [value ?? 0, i]);
    if (!known.length) return null;
    const top = known.map(([value, i]) => `L${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("");
    return [svg("path", { class: `area series-${s + 1}`, d: `M${x(0)} ${zero}${top}L${x(known.length - 1)} ${zero}Z` }),
      svg("path", { class: `stroke series-${s + 1}`, d: path(row, x, y) })];
  });
}

/** Invisible columns that tell their values to the mouse. */
function hovers({ categories, rows, box, slot }, names) {
  return categories.map((label, i) => {
    const values = rows.map((row, s) => `${names[s]}: ${number(row[i])}`).join("\n");
    return svg("rect", { class: "hover-column", x: box.left + slot * i, y: box.top, width: slot, height: box.bottom - box.top },
      svg("title", {}, `${label}\n${values}`));
  });
}

/** The drawing of a chart with axes. */
export function axisChart(chart, width, label) {
  const plot = layout(chart, width);
  const shape = { bar: bars, area: areas }[chart.type] ?? lines;
  return svg("svg", { class: "chart-svg", role: "img", "aria-label": label, viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT },
    grid(plot), labels(plot), shape(plot), hovers(plot, (chart.series ?? []).map((one) => one.name)));
}
