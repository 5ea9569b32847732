"""Whether Slack takes what the app wants to post, and in which form it keeps it."""

from __future__ import annotations

import json
from typing import Any

from bot.playground.blocks import block_problems, metadata_problems
from bot.playground.errors import InvalidBlocks, Refused
from bot.playground.identity import Ids
from bot.playground.normal import normal_blocks
from bot.playground.schema import Json, Problem

MOST_POSTED_TEXT = 40_000
MOST_UPDATED_TEXT = 4_000
MOST_ATTACHMENTS = 100


class Content:
    """Checks messages with the strictness of one workspace; `refuse_new_blocks` knows no tables and charts."""

    def __init__(self, ids: Ids, *, refuse_new_blocks: bool) -> None:
        self._ids = ids
        self.refuse_new_blocks = refuse_new_blocks

    def of(self, sent: Json, most_text: int = MOST_POSTED_TEXT) -> Json:
        """The fields of a message, or the refusal; `sent` holds the arguments of the call."""
        text = sent.get("text") or ""
        if not isinstance(text, str) or len(text) > most_text:
            raise Refused("msg_too_long" if isinstance(text, str) else "invalid_arguments")
        blocks = self._blocks(sent.get("blocks"))
        attachments = self._attachments(sent.get("attachments"))
        if not text.strip() and not blocks and not attachments:
            raise Refused("no_text")
        metadata = self._metadata(sent.get("metadata"))
        return {"text": text, "blocks": blocks, "attachments": attachments, "metadata": metadata}

    def _blocks(self, blocks: Any) -> list[Json]:
        if blocks in (None, ""):
            return []
        if not isinstance(blocks, list):
            raise Refused("invalid_blocks_format")
        problems = block_problems(blocks, "message", refuse_new=self.refuse_new_blocks)
        if problems:
            raise InvalidBlocks(problems)
        return normal_blocks(blocks, self._ids)

    def _attachments(self, attachments: Any) -> list[Json]:
        if attachments in (None, ""):
            return []
        if not isinstance(attachments, list) or any(not isinstance(item, dict) for item in attachments):
            raise Refused("invalid_attachments")
        if len(attachments) > MOST_ATTACHMENTS:
            raise Refused("too_many_attachments")
        return [{**item, "blocks": self._blocks(item["blocks"])} if "blocks" in item else item for item in attachments]

    def _metadata(self, metadata: Any) -> Json | None:
        if metadata in (None, ""):
            return None
        problems = metadata_problems(metadata)
        if problems:
            raise InvalidBlocks(problems, "invalid_metadata_format")
        if len(json.dumps(metadata)) > MOST_METADATA:
            raise InvalidBlocks([Problem("metadata is too large", "/metadata")], "metadata_too_large")
        checked: Json = metadata
        return checked


MOST_METADATA = 15_000
