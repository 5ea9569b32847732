"""Whether Slack would take these blocks, this view or this metadata, and in which words it would refuse.

Written from Slack's pages alone and shared with nobody: the bot's own limits are measured against it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from bot.playground.elements import plain
from bot.playground.layout import NEW_BLOCKS, SURFACES
from bot.playground.schema import Json, Problem, anything, boolean, items, mapping, one_of, string, tagged
from bot.playground.tables import text_of

Surface: TypeAlias = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
# Slack's own number is not published; messages above about this many characters of text in blocks are refused.
MOST_TEXT = 13_000
MOST_VIEW_BYTES = 250_000
MOST_CHARTS = 2
MOST_MARKDOWN = 12_000


def block_problems(
    blocks: object, surface: Surface = "message", *, refuse_new: bool = False, pointer: str = ""
) -> list[Problem]:
    """Everything Slack would refuse in a list of blocks; `refuse_new` plays a workspace without tables and charts."""
    kinds = {kind: check for kind, check in SURFACES[surface].items() if not (refuse_new and kind in NEW_BLOCKS)}
    least = 0 if surface == "message" else 1
    problems = [*items(tagged(kinds), least, MOST_BLOCKS[surface])(blocks, f"{pointer}/blocks")]
    return problems or [Problem(found.text, pointer + found.pointer) for found in _together(blocks, surface)]


def view_problems(view: object, *, refuse_new: bool = False) -> list[Problem]:
    """Everything Slack would refuse in a modal or Home view."""
    problems = [*tagged({"modal": _MODAL, "home": _HOME})(view, "/view")]
    if problems or not isinstance(view, dict):
        return problems
    kind: Surface = "home" if view["type"] == "home" else "modal"
    found = block_problems(view["blocks"], kind, refuse_new=refuse_new, pointer="/view")
    return found or [*_whole_view(view)]


def _whole_view(view: Json) -> Iterator[Problem]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield Problem("missing required field: submit", "/view")
    if len(json.dumps(view).encode()) > MOST_VIEW_BYTES:
        yield Problem("view is too large", "/view")


def metadata_problems(metadata: object) -> list[Problem]:
    """Everything Slack would refuse in a message's metadata."""
    keys = {"event_type": string(255), "event_payload": mapping(_AnyKeys()), "entities": anything}
    return [*mapping(keys, ("event_type", "event_payload"))(metadata, "/metadata")]


class _AnyKeys(dict[str, Any]):
    """Metadata may hold any key."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Any:
        return anything


_SHARED = {
    "type": anything,
    "blocks": anything,
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = mapping(
    {
        **_SHARED,
        "title": plain(24),
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
    ("type", "title", "blocks"),
)
_HOME = mapping({**_SHARED, "type": one_of("home")}, ("type", "blocks"))


def _together(blocks: Any, surface: Surface) -> Iterator[Problem]:
    yield from _unique(blocks)
    if surface == "message":
        yield from _message_totals([*_with_children(blocks)])
    if surface != "modal" and len(text_of(blocks)) > MOST_TEXT:
        yield Problem(f"must be less than {MOST_TEXT + 1} characters in all blocks", "/blocks")


def _with_children(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from block.get("child_blocks", [])


def _message_totals(blocks: list[Json]) -> Iterator[Problem]:
    count = Counter(block["type"] for block in blocks)
    if count["table"] + count["data_table"] > 1:
        yield Problem("only_one_table_allowed", "/blocks")
    if count["data_visualization"] > MOST_CHARTS:
        yield Problem(f"no more than {MOST_CHARTS} data_visualization blocks allowed", "/blocks")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MOST_MARKDOWN:
        yield Problem(f"must be less than {MOST_MARKDOWN + 1} characters in all markdown blocks", "/blocks")


def _unique(blocks: list[Json]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id in seen:
            yield Problem(f"block_id already exists: {block_id}", f"/blocks/{index}/block_id")
        if block_id is not None:
            seen.add(block_id)
        yield from _unique_actions(block, f"/blocks/{index}")


def _unique_actions(block: Json, pointer: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for element in elements_of(block):
        action_id = element.get("action_id")
        if action_id in seen:
            yield Problem(f"action_id already exists: {action_id}", f"{pointer}/elements")
        if action_id is not None:
            seen.add(action_id)


def elements_of(block: Json) -> list[Json]:
    """The elements of one block that a person can use."""
    single = [block[key] for key in ("accessory", "element") if isinstance(block.get(key), dict)]
    several = block.get("elements", []) if block.get("type") in {"actions", "context_actions"} else []
    cards = block.get("elements", []) if block.get("type") == "carousel" else []
    return [*single, *several, *block.get("actions", []), *(el for card in cards for el in card.get("actions", []))]
