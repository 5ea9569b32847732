"""Files put into Slack: an address for the bytes, the bytes, and the word that they are complete.

Nobody sees anything before that last word, so the steps before it are simply done again after a fault. A lost answer to
the last one is *unknown*: Slack is asked whether the file is there, and the word is never given twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers import refusals
from handlers.sentences import sentence
from reporting_core.words.errors import AskAgain

TRIES = 3
PATIENCE = aiohttp.ClientTimeout(total=300, sock_connect=5, sock_read=30)
"""Seconds for all bytes of a file, for a connection, and without a sign of life."""

LOOKS = (0.5, 1.0, 2.0)
"""Seconds before each look whether a file arrived whose last answer was lost."""


class Why(StrEnum):
    """Why a file is not in Slack; each has its sentences in `templates/*/upload_failed.j2`."""

    SCOPE = "scope"
    ARCHIVED = "archived"
    NOT_THERE = "not_there"
    """The bot was removed, or the place is gone."""
    FULL = "full"
    TOO_BIG = "too_big"
    NETWORK = "network"
    BUSY = "busy"
    LOST = "lost"
    """The last answer was lost, and Slack does not have the file."""
    UNKNOWN = "unknown"
    """The last answer was lost, and Slack does not say whether it has the file."""
    REFUSED = "refused"


class UploadFailed(AskAgain):
    """A file is not, or perhaps not, where it should be; the message says what to do."""

    kind = "upload_failed"

    def __init__(self, why: Why, word: str = "") -> None:
        """Keep the reason; `word` is Slack's own where ours has no sentence."""
        super().__init__(sentence("upload_failed", why=str(why), word=word))
        self.why = why
        self.word = word


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file on its way: where to, what it is called there, and the words beside it (mrkdwn)."""

    channel: str
    path: Path
    title: str
    thread_ts: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A file that is in Slack; `permalink` is empty where Slack does not tell it."""

    id: str
    permalink: str = ""


async def upload(
    client: AsyncWebClient, channel: str, path: Path, title: str, *, thread_ts: str = "", comment: str = ""
) -> str:
    """Put a file into a conversation and return its id; raises UploadFailed in words that say what to do."""
    return (await post(client, Parcel(channel, path, title, thread_ts, comment))).id


async def post(client: AsyncWebClient, parcel: Parcel, looks: Sequence[float] = LOOKS) -> Posted:
    """Put a file into a conversation; raises UploadFailed in words that say what to do."""
    file_id = await _stored(client, parcel)
    try:
        answer = await client.files_completeUploadExternal(
            files=[{"id": file_id, "title": parcel.title}],
            channel_id=parcel.channel,
            thread_ts=parcel.thread_ts or None,
            initial_comment=parcel.comment or None,
        )
    except SlackApiError as error:
        if not _is_lost(error):
            raise failed(error) from error
        return await _looked_for(client, parcel, file_id, looks)
    except aiohttp.ClientConnectorError as error:
        raise UploadFailed(Why.NETWORK) from error
    except (aiohttp.ClientError, TimeoutError):
        return await _looked_for(client, parcel, file_id, looks)
    told = answer.get("files") or [{}]
    return Posted(file_id, str(told[0].get("permalink") or "") or await _permalink(client, file_id))


async def _stored(client: AsyncWebClient, parcel: Parcel) -> str:
    """Hand Slack the bytes and return the id of the file, which nobody sees yet."""
    size = (await asyncio.to_thread(parcel.path.stat)).st_size
    for left in reversed(range(TRIES)):
        try:
            told = await client.files_getUploadURLExternal(filename=parcel.title, length=size)
            if await _sent(client, str(told["upload_url"]), parcel.path):
                return str(told["file_id"])
        except SlackApiError as error:
            if not left or not _is_lost(error):
                raise failed(error) from error
        except (aiohttp.ClientError, TimeoutError):
            continue
    raise UploadFailed(Why.NETWORK)


async def _sent(client: AsyncWebClient, url: str, path: Path) -> bool:
    """Send the bytes, read from the disk as they go. False: they may be sent again to a new address."""
    if not is_safe(url, client.base_url):
        raise UploadFailed(Why.REFUSED, "upload_url")
    body = await asyncio.to_thread(path.open, "rb")
    with body:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(url, data=body, allow_redirects=False, proxy=client.proxy) as answer,
        ):
            if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise UploadFailed(Why.TOO_BIG)
            return answer.status == HTTPStatus.OK


def is_safe(url: str, api_url: str) -> bool:
    """Tell whether bytes may go to an address: over TLS, or to the very server that plays Slack here."""
    there, api = urlsplit(url), urlsplit(api_url)
    return there.scheme == "https" or (there.scheme, there.netloc) == (api.scheme, api.netloc)


async def _looked_for(client: AsyncWebClient, parcel: Parcel, file_id: str, looks: Sequence[float]) -> Posted:
    """Find out whether a file arrived of which the last answer was lost."""
    known = False
    for pause in looks:
        await asyncio.sleep(pause)
        try:
            file = (await client.files_info(file=file_id))["file"]
        except SlackApiError as error:
            known = refusals.word(error) == "file_not_found"
            continue
        except (aiohttp.ClientError, TimeoutError):
            continue
        if _is_in(parcel.channel, file):
            return Posted(file_id, str(file.get("permalink") or ""))
        known = True
    raise UploadFailed(Why.LOST if known else Why.UNKNOWN)


def _is_in(channel: str, file: Mapping[str, Any]) -> bool:
    return any(channel in (file.get(places) or ()) for places in ("channels", "groups", "ims"))


async def _permalink(client: AsyncWebClient, file_id: str) -> str:
    """Return where a file is, empty where that is not told: it is there all the same."""
    try:
        return str((await client.files_info(file=file_id))["file"].get("permalink") or "")
    except (SlackApiError, aiohttp.ClientError, TimeoutError):
        return ""


_WORDS: Mapping[str, Why] = {
    **dict.fromkeys(("missing_scope", "not_allowed_token_type", "no_permission", "access_denied"), Why.SCOPE),
    "is_archived": Why.ARCHIVED,
    **dict.fromkeys(("not_in_channel", "channel_not_found", "restricted_action", "thread_not_found"), Why.NOT_THERE),
    **dict.fromkeys(
        (
            "storage_limit",
            "storage_limit_reached",
            "over_file_upload_limit",
            "file_uploads_disabled",
            "file_uploads_except_images_disabled",
        ),
        Why.FULL,
    ),
    **dict.fromkeys(("file_upload_size_restricted", "file_too_large", "size_limit_exceeded"), Why.TOO_BIG),
    **dict.fromkeys(("ratelimited", "rate_limited"), Why.BUSY),
}
"""Slack's words of the three methods of an upload: docs.slack.dev/reference/methods."""

_LOST = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})


def _is_lost(error: SlackApiError) -> bool:
    """Tell whether the work may have been done although the answer says no."""
    return refusals.status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR or refusals.word(error) in _LOST


def failed(error: SlackApiError) -> UploadFailed:
    """Return a refusal of Slack's as one of ours."""
    word = refusals.word(error)
    if _is_lost(error):
        return UploadFailed(Why.NETWORK)
    return UploadFailed(
        Why.BUSY if refusals.status(error) == HTTPStatus.TOO_MANY_REQUESTS else _WORDS.get(word, Why.REFUSED), word
    )
