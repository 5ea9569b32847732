"""Messages of the local workspace as plain text: words, figures, the first rows, the names of buttons."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

Block = dict[str, Any]
ROWS = 3
"""Rows of a table that are told; the rest are counted."""

_MARKS = (
    (re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>"), r"\1"),
    (re.compile(r"<(?:https?|mailto):[^|>]*\|([^>]*)>"), r"\1"),
    (re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])"), r"\1"),
    (re.compile(r"^&gt; ?", re.MULTILINE), "> "),
    (re.compile(r"&lt;"), "<"),
    (re.compile(r"&gt;"), ">"),
    (re.compile(r"&amp;"), "&"),
)
"""Slack's marks for bold, italics, links and dates, which plain text is without."""


def told(message: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """Return a message's lines; `files` come last. `names` are those of people, by their id."""
    lines = [line for block in message.get("blocks") or [] for line in _block(block, names)]
    files = [f"[file: {file['name']}]" for file in message.get("files") or []]
    return [line.rstrip() for line in [*(lines or _words(message["text"])), *files]]


def _block(block: Block, names: Mapping[str, str]) -> Iterator[str]:
    match block["type"]:
        case "header" | "section":
            yield from _words(block.get("text", {}).get("text", ""))
            yield from [" · ".join(_line(each["text"]) for each in block["fields"])] if "fields" in block else []
        case "context":
            yield " · ".join(_line(each["text"]) for each in block["elements"])
        case "rich_text":
            yield from _words(_rich(block, names).strip())
        case "data_table" | "table":
            yield from _table(block["rows"])
        case "data_visualization":
            yield f"[{block['chart']['type']} chart: {block['title']}]"
        case "actions" | "context_actions":
            yield " ".join(f"[{each}]" for element in block["elements"] for each in _element(element))


def _words(text: str) -> list[str]:
    for mark, instead in _MARKS:
        text = mark.sub(instead, text)
    return [line for line in text.split("\n") if line]


def _line(text: str) -> str:
    return " ".join(_words(text))


def _rich(element: Block, names: Mapping[str, str]) -> str:
    """Text of rich text: each paragraph and each point of a list on a line of its own."""
    if element["type"] == "user":
        return f"@{names[element['user_id']]}"
    if "elements" not in element:
        return str(element.get("text") or element.get("url") or element.get("name") or "")
    end = "\n" if element["type"] in {"rich_text_section", "rich_text_preformatted", "rich_text_quote"} else ""
    return "".join(_rich(each, names) for each in element["elements"]) + end


def _table(rows: list[list[Block]]) -> Iterator[str]:
    grid = [[_rich(cell, {}).strip() for cell in row] for row in rows[: ROWS + 1]]
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    for row in grid:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
    if (left := len(rows) - 1 - ROWS) > 0:
        yield f"… and {left} more rows"


def _element(element: Block) -> Iterator[str]:
    match element["type"]:
        case "button":
            yield element["text"]["text"]
        case "feedback_buttons":
            yield element["positive_button"]["text"]["text"]
            yield element["negative_button"]["text"]["text"]
        case "overflow":
            yield "⋯"
        case _:
            yield f"{element['initial_option']['text']['text']} ▾"
