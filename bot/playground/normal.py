"""How Slack completes what it was sent: ids for blocks and actions, defaults of text objects."""

from __future__ import annotations

from typing import Any

from bot.playground.blocks import elements_of
from bot.playground.identity import Ids
from bot.playground.schema import Json

_TEXT_DEFAULTS = {"plain_text": ("emoji", True), "mrkdwn": ("verbatim", False)}


def normal_text(text: Json) -> Json:
    """A text object with Slack's default for `emoji` or `verbatim`."""
    key, value = _TEXT_DEFAULTS[text["type"]]
    return {key: value, **text}


def normal_blocks(blocks: list[Json], ids: Ids) -> list[Json]:
    """Checked blocks as Slack stores them: each with a `block_id`, each element with an `action_id`."""
    return [_with_ids({"block_id": ids.short(), **_deep(block)}, ids) for block in blocks]


def _with_ids(block: Json, ids: Ids) -> Json:
    for element in elements_of(block):
        if element.get("type") != "image":
            element.setdefault("action_id", ids.short())
    block["child_blocks"] = normal_blocks(block.get("child_blocks", []), ids)
    if not block["child_blocks"]:
        del block["child_blocks"]
    return block


def _deep(value: Any) -> Any:
    if isinstance(value, list):
        return [_deep(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: _deep(item) for key, item in value.items()}
    return normal_text(copy) if copy.get("type") in _TEXT_DEFAULTS else copy
