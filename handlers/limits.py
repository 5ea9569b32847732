"""Slack's limits on blocks. The numbers are those of Slack's pages; where they give two, the smaller.

Only the kinds of block that our views use are known: a new kind has to bring its limits along.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from handlers.block_rules import (
    BLOCKS,
    BLOCKS_OF_SURFACE,
    ELEMENTS,
    MOST_BLOCKS,
    MOST_CHARACTERS,
    MOST_VIEW_TEXT,
    Rule,
)


class Surface(StrEnum):
    """Where blocks are shown."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


def problems(blocks: Sequence[Mapping[str, Any]], surface: Surface = Surface.MESSAGE) -> list[str]:
    """Return every limit that is broken, each with its place: `blocks[2].fields[0]: 2100 characters, 1 to 2000`."""
    return [
        *_about_all(blocks, surface),
        *(each for i, block in enumerate(blocks) for each in _block(block, f"blocks[{i}]")),
    ]


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """Return every limit that a modal or Home breaks."""
    found = problems(view["blocks"], Surface(view["type"]))
    for key, most in MOST_VIEW_TEXT.items():
        text = view.get(key) or ""
        found += _length(text["text"] if isinstance(text, Mapping) else text, key, most, least=0)
    return found


def _about_all(blocks: Sequence[Mapping[str, Any]], surface: Surface) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS[surface]:
        yield f"blocks: {len(blocks)}, at most {MOST_BLOCKS[surface]}"
    total = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))
    if surface is Surface.MESSAGE and total > MOST_CHARACTERS:
        yield f"blocks: {total} characters in total, at most {MOST_CHARACTERS}"
    kinds = [str(block.get("type")) for block in blocks]
    yield from (f"blocks: no {kind} in a {surface}" for kind in kinds if kind not in BLOCKS_OF_SURFACE[surface])
    if kinds.count("table") + kinds.count("data_table") > 1:
        yield "blocks: more than one table"
    if kinds.count("data_visualization") > 2:  # noqa: PLR2004 - slack.md: 2 a message
        yield "blocks: more than two charts"
    yield from _twice([block["block_id"] for block in blocks if "block_id" in block], "blocks: block_id")


def _block(block: Mapping[str, Any], place: str) -> Iterator[str]:
    kind = str(block.get("type"))
    if kind not in BLOCKS:
        yield f"{place}: unknown kind of block {kind}"
        return
    yield from _length(block.get("block_id", "-"), f"{place}.block_id", 255)
    yield from _ruled(block, BLOCKS[kind], place)
    if kind == "actions":
        yield from _twice([each["action_id"] for each in block["elements"]], f"{place}: action_id")
    if kind == "data_table":
        yield from _even(block["rows"], place)
    if kind == "data_visualization":
        yield from _points_fit(block["chart"], f"{place}.chart")


def _ruled(item: Mapping[str, Any], rules: Mapping[str, Rule], place: str) -> Iterator[str]:
    for key in item.keys() - rules.keys() - {"type", "block_id"}:
        yield f"{place}.{key}: not known here"
    for key, rule in rules.items():
        if key in item:
            yield from _kept(item[key], rule, f"{place}.{key}")
        elif rule.needed:
            yield f"{place}.{key}: missing"


def _kept(value: Any, rule: Rule, place: str) -> Iterator[str]:
    if rule.text:
        yield from _text(value, rule, place)
    elif rule.items:
        least, most = rule.items
        if not least <= len(value) <= most:
            yield f"{place}: {len(value)} items, {least} to {most}"
        for index, each in enumerate(value):
            yield from _kept(each, rule.each or Rule(), f"{place}[{index}]")
    elif rule.element:
        yield from _element(value, place)
    elif rule.inside:
        yield from _ruled(value, rule.inside, place)


def _text(value: Any, rule: Rule, place: str) -> Iterator[str]:
    content = value["text"] if isinstance(value, Mapping) else value
    if rule.plain and isinstance(value, Mapping) and value["type"] != "plain_text":
        yield f"{place}: must be plain_text"
    yield from _length(content, place, rule.text)


def _element(element: Mapping[str, Any], place: str) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in ELEMENTS:
        yield f"{place}: unknown element {kind}"
        return
    yield from _ruled(element, ELEMENTS[kind], place)
    offered = [each["value"] for each in element.get("options", ())]
    yield from _twice(offered, f"{place}: value of an option")
    chosen = [
        *element.get("initial_options", ()),
        *([element["initial_option"]] if "initial_option" in element else ()),
    ]
    if "options" in element:
        yield from (f"{place}: initial choice is no option" for each in chosen if each not in element["options"])


def _length(text: str, place: str, most: int, least: int = 1) -> Iterator[str]:
    if not least <= len(text) <= most:
        yield f"{place}: {len(text)} characters, {least} to {most}"


def _twice(values: Sequence[str], what: str) -> Iterator[str]:
    if len(set(values)) < len(values):
        yield f"{what} occurs twice"


def _even(rows: Sequence[Sequence[Mapping[str, Any]]], place: str) -> Iterator[str]:
    if len({len(row) for row in rows}) > 1:
        yield f"{place}.rows: not equally wide"
    total = sum(len(cell.get("text", "")) for row in rows for cell in row)
    if total > 10_000:  # noqa: PLR2004 - slack.md: stay within 10,000 characters
        yield f"{place}.rows: {total} characters, at most 10000"


def _points_fit(chart: Mapping[str, Any], place: str) -> Iterator[str]:
    categories = chart["axis_config"]["categories"]
    yield from _twice(categories, f"{place}: category")
    yield from _twice([series["name"] for series in chart["series"]], f"{place}: series")
    for series in chart["series"]:
        if [point["label"] for point in series["data"]] != categories:
            yield f"{place}: {series['name']} does not have one point for every category"
