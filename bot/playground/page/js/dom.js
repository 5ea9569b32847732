/** Building DOM nodes. Text always goes in as text, so that nothing a bot sends can become markup. */

const SVG = "http://www.w3.org/2000/svg";

/** Apply one property: `on` (listeners), `style` (CSSOM), `class`, booleans, or a plain attribute. */
function apply(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") for (const [event, fn] of Object.entries(value)) node.addEventListener(event, fn);
  else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
  else if (name === "value") node.value = value;
  else if (name === "checked") node.checked = Boolean(value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Flatten children; strings and numbers become text nodes, empty values vanish. */
function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** An HTML element with properties and children. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) apply(node, name, value);
  return append(node, children);
}

/** An SVG element with attributes and children. */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) apply(node, name, value);
  return append(node, children);
}

/** Replace everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** Give an element the attributes of another one; its style by CSSOM, since the page's policy refuses the attribute. */
function dress(node, wanted) {
  for (const name of node.getAttributeNames()) if (!wanted.hasAttribute(name)) node.removeAttribute(name);
  for (const name of wanted.getAttributeNames()) {
    if (name === "style") node.style.cssText = wanted.style.cssText;
    else if (node.getAttribute(name) !== wanted.getAttribute(name)) node.setAttribute(name, wanted.getAttribute(name));
  }
}

/**
 * Make a node look like `wanted`, keeping the parts that are there: a press that has begun on one is lost if it is replaced.
 * A part with another `data-key` is another part, with listeners of its own.
 */
export function turnInto(node, wanted) {
  if (node.isEqualNode(wanted)) return;
  if (node.nodeName !== wanted.nodeName || node.dataset?.key !== wanted.dataset?.key) {
    node.replaceWith(wanted);
    return;
  }
  if (!node.getAttributeNames) {
    node.data = wanted.data;
    return;
  }
  dress(node, wanted);
  const [before, after] = [[...node.childNodes], [...wanted.childNodes]];
  after.forEach((child, index) => (before[index] ? turnInto(before[index], child) : node.append(child)));
  before.slice(after.length).forEach((child) => child.remove());
}

let counter = 0;

/** A document-wide id for labels and descriptions. */
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

const ICONS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  close: "M6 6l12 12M18 6 6 18",
  send: "M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  more: "M5 11.5h1v1H5zM11.5 11.5h1v1h-1zM18 11.5h1v1h-1z",
  down: "M6 9l6 6 6-6",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  eye: "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  good: "M7 11v9H4v-9zM7 11l4-8c2 0 3 1 3 3v4h6l-2 10H7",
  bad: "M17 13V4h3v9zM17 13l-4 8c-2 0-3-1-3-3v-4H4l2-10h11",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  pulse: "M3 12h4l3-8 4 16 3-8h4",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  warn: "M12 4 2 20h20zM12 10v4M12 17h.01",
  globe: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
};

/** A line icon; decorative, the control carries the name. */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: ICONS[name] ?? ICONS.more }));
}
