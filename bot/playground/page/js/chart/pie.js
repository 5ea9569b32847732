/** Pie charts, with the share of each segment written beside its name. */

import { svg } from "../dom.js";
import { number } from "./scale.js";

const SIZE = 200;
const LINE = 24;

/** A point on the circle; 0 is the top. */
function point(share, radius) {
  const angle = (share - 0.25) * 2 * Math.PI;
  return `${(SIZE / 2 + radius * Math.cos(angle)).toFixed(2)} ${(SIZE / 2 + radius * Math.sin(angle)).toFixed(2)}`;
}

/** One slice from `start` to `end`, as parts of the whole. */
function slice(start, end, className, title) {
  const radius = SIZE / 2 - 6;
  if (end - start > 0.9999) return svg("circle", { class: className, cx: SIZE / 2, cy: SIZE / 2, r: radius }, svg("title", {}, title));
  const large = end - start > 0.5 ? 1 : 0;
  const d = `M${SIZE / 2} ${SIZE / 2}L${point(start, radius)}A${radius} ${radius} 0 ${large} 1 ${point(end, radius)}Z`;
  return svg("path", { class: className, d }, svg("title", {}, title));
}

/** The drawing of a pie chart. */
export function pieChart(chart, width, label) {
  const segments = chart.segments ?? [];
  const total = segments.reduce((sum, one) => sum + one.value, 0) || 1;
  const top = SIZE / 2 - (segments.length * LINE) / 2;
  let start = 0;
  const drawn = segments.map((one, i) => {
    const end = start + one.value / total;
    const text = `${one.label}: ${number(one.value)} (${Math.round((100 * one.value) / total)} %)`;
    const node = [slice(start, end, `fill slice series-${i + 1}`, text),
      svg("rect", { class: `fill series-${i + 1}`, x: SIZE + 24, y: top + i * LINE + 5, width: 12, height: 12, rx: 3 }),
      svg("text", { class: "pie-label", x: SIZE + 44, y: top + i * LINE + 16 }, text)];
    start = end;
    return node;
  });
  const height = Math.max(SIZE, segments.length * LINE + 10);
  return svg("svg", { class: "chart-svg", role: "img", "aria-label": label, viewBox: `0 0 ${width} ${height}`, width, height }, drawn);
}
