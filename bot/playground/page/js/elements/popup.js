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

/** Whether `anchor` can still be seen in what scrolled: the whole page or a part of it. */
function inView(anchor, scroller) {
  const { top, bottom } = anchor.getBoundingClientRect();
  const frame = scroller === document ? { top: 0, bottom: window.innerHeight } : scroller.getBoundingClientRect();
  return bottom > frame.top && top < frame.bottom;
}

/** Make `popup` (with the `popover` attribute) open and close; it closes on a press elsewhere, and follows its anchor until that is scrolled away. */
export function popupFor(popup, anchor, onClose = () => {}) {
  popup.setAttribute("popover", "manual");
  const isOpen = () => popup.matches(":popover-open");
  const outside = (event) => {
    if (!popup.contains(event.target) && !anchor.contains(event.target)) close();
  };
  // A message that arrives scrolls its list: who is choosing somewhere must not lose the list for that.
  const scrolled = ({ target }) => {
    if (!target.contains(anchor)) return;
    if (inView(anchor, target)) place(popup, anchor);
    else close();
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
