"""Fetches files that people put into Slack: from Slack's own host alone, since our token goes along."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import refusals
from handlers.sentences import sentence
from reporting_core.words.errors import AskAgain

MEBIBYTE = 1024 * 1024
MOST_BYTES = 500 * MEBIBYTE
"""Of one file. Larger exports are loaded with `usagebot import` on the bot's machine."""

PATIENCE = aiohttp.ClientTimeout(total=600, sock_connect=5, sock_read=30)
"""Seconds for a whole file, for a connection, and between two pieces of it."""

_CHUNK = 256 * 1024
_MOST_HOPS = 3
_LONGEST_NAME = 120
_MOST_NAME_BYTES = 200
"""File systems count bytes, 255 of them, and a letter may take four."""


@dataclass(frozen=True, slots=True)
class SlackFile:
    """What Slack says of a file. `owner` is the Slack id of whoever put it there; `size` is in bytes."""

    id: str
    name: str
    url: str
    size: int
    owner: str
    is_media: bool
    """A picture, a sound or a film, which holds no rows."""
    is_elsewhere: bool
    """Only a link to another service, where our token must never go."""


def file_of(told: Mapping[str, Any]) -> SlackFile:
    """Return a file as an event or `files.info` describes it."""
    media = str(told.get("mimetype") or "").startswith(("image/", "video/", "audio/"))
    elsewhere = bool(told.get("is_external")) or told.get("mode") == "external"
    return SlackFile(
        str(told.get("id") or ""),
        _harmless(str(told.get("name") or told.get("title") or "")),
        str(told.get("url_private_download") or told.get("url_private") or ""),
        int(told.get("size") or 0),
        str(told.get("user") or ""),
        media,
        elsewhere,
    )


async def described(client: AsyncWebClient, file_id: str) -> SlackFile:
    """Return Slack's word on a file; raises AskAgain where it has gone or may not be read."""
    try:
        found = await client.files_info(file=file_id)
    except SlackApiError as error:
        raise _fault("scope" if refusals.word(error) == "missing_scope" else "gone", file_id) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _fault("failed", file_id) from error
    return file_of(found["file"])


async def fetch(client: AsyncWebClient, file: SlackFile, folder: Path) -> Path:
    """Download a file into a folder, under its own name. Raises AskAgain in words that say what to do."""
    if file.is_elsewhere:
        raise _fault("elsewhere", file.name)
    if file.size > MOST_BYTES:
        raise _fault("too_big", file.name)
    path = folder / file.name
    try:
        async with asyncio.timeout(PATIENCE.total), aiohttp.ClientSession(timeout=PATIENCE) as session:
            got = await _downloaded(session, client, file, path)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _fault("failed", file.name) from error
    if file.size and got != file.size:
        raise _fault("failed", file.name)
    return path


async def _downloaded(session: aiohttp.ClientSession, client: AsyncWebClient, file: SlackFile, path: Path) -> int:
    url = file.url
    for _hop in range(_MOST_HOPS):
        if not trusted(url, client.base_url):
            raise _fault("gone", file.name)
        headers = {"Authorization": f"Bearer {client.token}"}
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status not in _REDIRECTS:
                return await _saved(answer, file, path)
            url = urljoin(url, answer.headers.get("Location", ""))
    raise _fault("scope", file.name)


async def _saved(answer: aiohttp.ClientResponse, file: SlackFile, path: Path) -> int:
    # Without the scope `files:read` Slack answers with its page for signing in, and status 200.
    if answer.content_type == "text/html" and not file.name.casefold().endswith((".htm", ".html")):
        raise _fault("scope", file.name)
    if answer.status != HTTPStatus.OK:
        raise _fault("gone", file.name)
    got = 0
    with path.open("wb") as target:
        async for piece in answer.content.iter_chunked(_CHUNK):
            got += len(piece)
            if got > MOST_BYTES:
                raise _fault("too_big", file.name)
            await asyncio.to_thread(target.write, piece)
    return got


def trusted(url: str, api_url: str) -> bool:
    """Tell whether our token may go to an address: to Slack over TLS, or to the very server that plays Slack here."""
    there, api = urlsplit(url), urlsplit(api_url)
    if (there.scheme, there.netloc) == (api.scheme, api.netloc):
        return True
    ours = f".{api.hostname}".endswith(".slack.com")
    return ours and there.scheme == "https" and f".{there.hostname}".endswith(".slack.com")


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _harmless(name: str) -> str:
    """Return a name that stays in its folder; a file without one is called `file`."""
    kept = "".join(each for each in name.replace("\\", "/").rsplit("/", 1)[-1] if each.isprintable()).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    return f"{_short(stem)}{dot}{_short(suffix[:10])}" if stem else _short(kept) or "file"


def _short(name: str) -> str:
    return name[:_LONGEST_NAME].encode(errors="replace")[:_MOST_NAME_BYTES].decode(errors="ignore")


def _fault(why: str, name: str) -> AskAgain:
    return AskAgain(sentence("dropped_fault", why=why, file=name, most=MOST_BYTES // MEBIBYTE))
