/** The newer framed blocks: alert, card, carousel, container, plan and task card. */

import { renderElement } from "../elements/index.js";
import { h } from "../dom.js";
import { link } from "../entities.js";
import { picture } from "./layout.js";
import { richText } from "./rich_text.js";
import { plain, textNode } from "./text.js";

/** A notice with a severity. */
export function alert(block) {
  return textNode("div", block.text, { class: `alert alert-${block.level ?? "default"}`, role: "note" });
}

/** A card with texts and up to three buttons. */
export function card(block, surface) {
  const actions = (block.actions ?? []).map((element) => (
    renderElement(element, { surface, blockId: block.block_id, dispatch: true })));
  return h("div", { class: "card" },
    block.hero_image ? picture(block.hero_image, "wide-image") : null,
    block.title ? textNode("strong", block.title) : null,
    block.subtitle ? textNode("div", block.subtitle, { class: "muted" }) : null,
    block.body ? textNode("div", block.body) : null,
    actions.length ? h("div", { class: "actions-row" }, actions) : null,
    block.subtext ? textNode("div", block.subtext, { class: "muted" }) : null);
}

/** Cards side by side. */
export function carousel(block, surface) {
  return h("div", { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" },
    (block.elements ?? block.cards ?? []).map((one) => card(one, surface)));
}

/** A titled group of blocks, collapsible if it says so. */
export function container(block, surface, renderBlock) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : plain(block.title);
  const inside = (block.child_blocks ?? []).map((child) => renderBlock(child, surface));
  const subtitle = block.subtitle ? textNode("div", block.subtitle, { class: "muted" }) : null;
  if (!block.is_collapsible) return h("div", { class: "card" }, h("strong", {}, title), subtitle, inside);
  return h("details", { class: "card", open: !block.default_collapsed }, h("summary", {}, title), subtitle, inside);
}

const TASK_MARKS = { pending: "○", in_progress: "◐", complete: "●", error: "✕" };

/** One task with its state. */
export function taskCard(block) {
  const status = String(block.status ?? "pending").replace("_", " ");
  return h("div", { class: "card" },
    h("div", {}, h("span", { "aria-hidden": "true" }, `${TASK_MARKS[block.status] ?? "○"} `), h("strong", {}, plain(block.title)),
      h("span", { class: "muted" }, ` ${status}`)),
    block.details ? richText(block.details) : null,
    block.output ? richText(block.output) : null,
    (block.sources ?? []).map((source) => h("div", {}, link(source.url ?? "", [source.text || source.url]))));
}

/** A list of tasks. */
export function plan(block) {
  return h("div", { class: "card" }, h("strong", {}, plain(block.title)), (block.tasks ?? []).map(taskCard));
}
