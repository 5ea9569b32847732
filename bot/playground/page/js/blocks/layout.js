/** Blocks that show things: section, header, context, divider, image, file. */

import { renderElement } from "../elements/index.js";
import { h, icon, uid } from "../dom.js";
import { plain, textNode, textNodes } from "./text.js";

/** A section: text, up to ten fields in two columns, and one accessory. */
export function section(block, surface) {
  const label = uid("section");
  const body = h("div", { class: "section-body", id: label },
    block.text ? textNode("div", block.text, { class: "section-text" }) : null,
    block.fields?.length ? h("div", { class: "fields" }, block.fields.map((field) => textNode("div", field, { class: "field" }))) : null);
  if (!block.accessory) return body;
  const accessory = block.accessory.type === "image"
    ? picture(block.accessory, "accessory-image")
    : renderElement(block.accessory, { surface, blockId: block.block_id, labelledBy: label, dispatch: true });
  return h("div", { class: "section-row" }, body, h("div", { class: "accessory" }, accessory));
}

/** A header is the heading of its message or part. */
export function header(block) {
  return textNode("h3", block.text, { class: "block-title" });
}

/** Small print: texts and little images in one line. */
export function context(block) {
  return h("div", { class: "context-row" }, (block.elements ?? []).map((element) => (
    element.type === "image" ? picture(element, "context-image") : h("span", { class: "context-text" }, textNodes(element)))));
}

/** A rule. */
export function divider() {
  return h("hr");
}

/** An image from this server; others are named, not fetched, because the page talks to nobody else. */
export function picture(image, className) {
  const url = image.image_url ?? image.slack_file?.url ?? "";
  const here = url.startsWith("/") || url.startsWith(`${location.origin}/`);
  if (here) return h("img", { class: className, src: url, alt: image.alt_text ?? "" });
  return h("span", { class: `${className} image-stand-in`, role: "img", "aria-label": image.alt_text, title: url }, image.alt_text || "image");
}

/** An image with an optional title. */
export function image(block) {
  const title = plain(block.title);
  return h("figure", {}, title ? h("figcaption", {}, title) : null, picture(block, "wide-image"));
}

/** A remote file. */
export function fileBlock(block) {
  return h("p", { class: "file-line" }, icon("file"), `File ${block.external_id ?? ""}`);
}
