/** One renderer for every kind of block. An unknown kind is named instead of dropped, so that it is noticed. */

import { h } from "../dom.js";
import { chartBlock } from "../chart/block.js";
import { actions, contextActions } from "./actions.js";
import { alert, card, carousel, container, plan, taskCard } from "./cards.js";
import { dataTable } from "./data_table.js";
import { inputBlock } from "./input.js";
import { context, divider, fileBlock, header, image, section } from "./layout.js";
import { markdown } from "./markdown.js";
import { richText } from "./rich_text.js";
import { tableBlock } from "./table.js";

const RENDERERS = {
  section, header, context, divider, image, actions, markdown, alert, card, carousel, plan,
  container: (block, surface) => container(block, surface, renderBlock),
  context_actions: contextActions,
  data_table: dataTable,
  data_visualization: chartBlock,
  file: fileBlock,
  input: inputBlock,
  rich_text: richText,
  table: tableBlock,
  task_card: taskCard,
};

/** A kind this page does not draw. */
function unknown(block) {
  return h("p", { class: "unknown-block" }, `This page cannot draw a block of the kind “${block.type}”.`);
}

/** One block inside its frame. */
export function renderBlock(block, surface) {
  const node = (RENDERERS[block.type] ?? unknown)(block, surface);
  return h("div", { class: `block block-${block.type}`, "data-block-id": block.block_id, "data-block-type": block.type }, node);
}

/** All blocks of a message or view, in order. */
export function renderBlocks(blocks, surface) {
  return (blocks ?? []).map((block) => renderBlock(block, surface));
}
