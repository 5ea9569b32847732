"""Arguments of a Web API call, wherever the SDK put them: query, form, JSON and multipart are merged.

JSON inside string fields is decoded where Slack expects an object or a list.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.playground.errors import InvalidArguments, Refused
from bot.playground.schema import Json

# The fields that hold JSON; any other string stays what it is, even if it looks like JSON.
_STRUCTURED = frozenset({"attachments", "blocks", "files", "loading_messages", "metadata", "prompts", "view"})


async def merged(request: web.Request) -> Json:
    """All arguments of one request; `invalid_json` for a body that says it is JSON and is not."""
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await _json_body(request)
    elif request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = await request.post()
        found |= {key: _form_value(value) for key, value in form.items()}
    return {key: _decoded(key, value) for key, value in found.items()}


async def _json_body(request: web.Request) -> Json:
    raw = await request.read()
    try:
        body = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise Refused("invalid_json") from None
    if not isinstance(body, dict):
        raise Refused("json_not_object")
    return body


def _form_value(value: str | bytes | bytearray | web.FileField) -> Any:
    return value.file.read() if isinstance(value, web.FileField) else value


def _decoded(key: str, value: Any) -> Any:
    if key in _STRUCTURED and isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


class Arguments:
    """The merged arguments, read by kind."""

    def __init__(self, values: Json) -> None:
        self.values = values

    def text(self, name: str) -> str:
        """A string that must be there."""
        value = self.values.get(name)
        if value is None or value == "":
            message = f"missing required field: {name}"
            raise InvalidArguments(message)
        return str(value)

    def optional(self, name: str) -> str | None:
        """A string that may be missing or empty."""
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean, also as the SDK's `1` and `0`."""
        value = self.values.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of at least one and no more than Slack gives at once."""
        value = str(self.values.get(name, default))
        if not value.isdigit() or int(value) < 1:
            message = f"{name} must be a positive number"
            raise InvalidArguments(message)
        return min(int(value), most)

    def names(self, name: str) -> list[str]:
        """A comma-separated list, or a JSON one."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def json(self, name: str) -> Any:
        """An object or list as it came."""
        return self.values.get(name)
