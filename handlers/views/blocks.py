"""The small words of Block Kit. What a report is, is not known here; limits are checked in `handlers.limits`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """One answer. `text` is what screen readers and notifications use; `fallback` does without the newest blocks."""

    text: str
    blocks: tuple[Block, ...] = ()
    fallback: "Message | None" = None


def plain(text: str, *, emoji: bool = False) -> Block:
    """Text that cannot ping, link or format; `emoji` only for our own words, since `:fire:` may stand in a name."""
    return {"type": "plain_text", "text": text, "emoji": emoji}


def mrkdwn(text: str) -> Block:
    """Formatted text of ours. Data in it must have gone through `wording.escaped` and may hold no formatting signs."""
    # Without `verbatim` Slack looks for addresses and names of channels in it.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def header(text: str) -> Block:
    """Return a heading."""
    return {"type": "header", "text": plain(text)}


def section(text: Block, fields: Sequence[Block] = (), accessory: Block | None = None) -> Block:
    """Return a paragraph, with fields in two columns below and one element at its right."""
    block: Block = {"type": "section", "text": text}
    if fields:
        block["fields"] = list(fields)
    if accessory:
        block["accessory"] = accessory
    return block


def context(*elements: Block) -> Block:
    """Return a line in small letters."""
    return {"type": "context", "elements": list(elements)}


def divider() -> Block:
    """Return a rule."""
    return {"type": "divider"}


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """Return a row of buttons."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def own(text: str) -> Block:
    """Text in our own words, without the sign that keeps `:fire:` as it is: a report is short of room."""
    return {"type": "plain_text", "text": text}


def button(action_id: str, label: str, value: str = "", *, style: str = "", spoken: str = "") -> Block:
    """Return a button; `spoken` is its label for screen readers where the visible one is too short to stand alone."""
    block: Block = {"type": "button", "action_id": action_id, "text": plain(label) if ":" in label else own(label)}
    extras = {"value": value, "style": style, "accessibility_label": spoken}
    return block | {key: text for key, text in extras.items() if text}


def rich(*elements: Block) -> Block:
    """Return a rich text block, the one place where data can stand in running text and stays text."""
    return {"type": "rich_text", "elements": list(elements)}


def words(*parts: Block) -> Block:
    """Return one paragraph of a rich text block."""
    return {"type": "rich_text_section", "elements": list(parts)}


def said(text: str, **style: bool) -> Block:
    """Return a run of text; `bold`, `italic`, `code` as keywords."""
    return {"type": "text", "text": text} | ({"style": dict(style)} if style else {})


def preformatted(text: str) -> Block:
    """Return text in a fixed width, for a caret under a place."""
    return {"type": "rich_text_preformatted", "elements": [said(text)]}


def bullets(items: Sequence[Block]) -> Block:
    """Return a bulleted list of paragraphs."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def option(label: str, value: str) -> Block:
    """Return one entry of a select."""
    return {"text": plain(label), "value": value}


def field(block_id: str, label: str, element: Mapping[str, Any], hint: str = "") -> Block:
    """Return an input of a modal that may be left empty."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": dict(element),
        "optional": True,
    }
    return block | ({"hint": plain(hint)} if hint else {})
