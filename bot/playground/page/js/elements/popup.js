/** A list that floats above everything, beside the control that opened it. */

const GAP = 4;
const EDGE = 8;

/** Place `popup` under `anchor`, or above it when there is no room. */
function place(popup, anchor) {
  const box = anchor.getBoundingClientRect();
  popup.style.setProperty("min-width", `${Math.round(box.width)}px`);
  const { offsetHeight: height, offsetWidth: width } = popup;
  const above = box.bottom + GAP + height > window.innerHeight - EDGE && box.top > height + GAP;
  popup.style.setProperty("top", `${above ? box.top - GAP - height : box.bottom + GAP}px`);
  popup.style.setProperty("left", `${Math.max(EDGE, Math.min(box.left, window.innerWidth - width - EDGE))}px`);
}

/** Make `popup` (with the `popover` attribute) open and close; it closes on a press elsewhere and when the page scrolls. */
export function popupFor(popup, anchor, onClose = () => {}) {
  popup.setAttribute("popover", "manual");
  const isOpen = () => popup.matches(":popover-open");
  const outside = (event) => {
    if (!popup.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (!popup.contains(event.target)) close();
  };
  function close() {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", scrolled, true);
    if (popup.isConnected && isOpen()) popup.hidePopover();
    onClose();
  }
  function open() {
    if (!isOpen()) popup.showPopover();
    place(popup, anchor);
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("scroll", scrolled, true);
  }
  return { open, close, isOpen, replace: () => isOpen() && place(popup, anchor) };
}
