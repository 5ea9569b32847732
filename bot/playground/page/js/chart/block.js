/** The `data_visualization` block: a title, the drawing, a legend, and the same numbers as a table for everybody who wants them. */

import { h, uid } from "../dom.js";
import { axisChart } from "./axis.js";
import { pieChart } from "./pie.js";
import { number } from "./scale.js";

const FALLBACK_WIDTH = 680;

/** Names and colours of the series or segments. */
function legend(names) {
  return h("ul", { class: "legend" }, names.map((name, i) => h("li", {}, h("span", { class: `key series-${i + 1}`, "aria-hidden": "true" }), name)));
}

/** The numbers as rows: a category and one value per series. */
function numbers(chart, title) {
  const pie = chart.type === "pie";
  const series = pie ? [{ name: "Value", data: chart.segments ?? [] }] : chart.series ?? [];
  const categories = pie ? (chart.segments ?? []).map((one) => one.label) : chart.axis_config?.categories ?? [];
  const value = (one, label) => one.data?.find((point) => point.label === label)?.value;
  return h("table", { class: "grid chart-numbers" },
    h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, chart.axis_config?.x_label || "Label"),
      series.map((one) => h("th", { scope: "col", class: "side-right" }, one.name)))),
    h("tbody", {}, categories.map((label) => h("tr", {}, h("th", { scope: "row" }, label),
      series.map((one) => h("td", { class: "side-right" }, number(value(one, label))))))));
}

/** Draw for the width at hand, and again when it changes. */
function responsive(figure, draw) {
  let drawn = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.round(entry.contentRect.width);
    if (!width || Math.abs(width - drawn) < 4) return;
    drawn = width;
    figure.replaceChildren(draw(width));
  });
  figure.append(draw(FALLBACK_WIDTH));
  observer.observe(figure);
}

/** A line, bar, area or pie chart. */
export function chartBlock(block) {
  const chart = block.chart ?? {};
  const id = uid("chart");
  const names = chart.type === "pie" ? [] : (chart.series ?? []).map((one) => one.name);
  const drawing = h("div", { class: "chart-drawing" });
  const label = `${block.title}, ${chart.type} chart`;
  responsive(drawing, (width) => (chart.type === "pie" ? pieChart(chart, width, label) : axisChart(chart, width, label)));
  const table = h("div", { class: "visually-hidden", id }, numbers(chart, block.title));
  const toggle = h("button", { type: "button", class: "link-button", "aria-expanded": "false", "aria-controls": id }, "Show the numbers");
  toggle.addEventListener("click", () => {
    const hidden = table.classList.toggle("visually-hidden");
    toggle.setAttribute("aria-expanded", String(!hidden));
    toggle.textContent = hidden ? "Show the numbers" : "Hide the numbers";
  });
  return h("figure", { class: "chart" },
    h("figcaption", { class: "chart-title" }, block.title ?? ""),
    names.length > 1 ? legend(names) : null, drawing, h("div", { class: "chart-foot" }, toggle), table);
}
