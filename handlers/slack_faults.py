"""What a fault of sending means: whether it passes, whether something may have been sent, and what mends it.

One table. A schedule whose fault does not pass rests until somebody mended it; its owner and the owners of usagebot are
told the cause, whose remedy stands in `templates/*/posting_cause.j2`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import refusals
from handlers.uploads import UploadFailed, Why


class Kind(Enum):
    """What to do about it."""

    BLOCKS = auto()
    """The blocks were refused, and nothing was sent: the text may go."""
    PASSES = auto()
    """Nothing was sent, and the same may work later."""
    STAYS = auto()
    """Nothing was sent, and nothing will be before somebody mends it."""
    LOST = auto()
    """It may have been sent."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`cause` is a word of `posting_cause.j2` or Slack's own; `seconds` how long Slack asks to wait."""

    kind: Kind
    cause: str
    seconds: float = 0.0

    @property
    def is_limit(self) -> bool:
        """Tell whether Slack asked to wait."""
        return self.kind is Kind.PASSES and "limited" in self.cause


STAYS: Mapping[str, str] = {
    "is_archived": "archived",
    "not_in_channel": "not_in_channel",
    "channel_not_found": "channel_gone",
    "channel_type_not_supported": "channel_gone",
    "is_inactive": "archived",
    **dict.fromkeys(("missing_scope", "no_permission", "not_allowed_token_type", "access_denied"), "scope"),
    **dict.fromkeys(
        (
            "invalid_auth",
            "not_authed",
            "account_inactive",
            "token_revoked",
            "token_expired",
            "org_login_required",
            "team_access_not_granted",
            "two_factor_setup_required",
        ),
        "token",
    ),
    **dict.fromkeys(
        (
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "posting_to_general_channel_denied",
            "cannot_reply_to_message",
            "ekm_access_denied",
            "enterprise_is_restricted",
            "team_not_found",
        ),
        "restricted",
    ),
    **dict.fromkeys(
        ("user_not_found", "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "user_not_visible"), "person"
    ),
}
"""Slack's words of chat.postMessage, conversations.open and uploads: docs.slack.dev/reference/methods."""

_PASSES = frozenset(
    {"ratelimited", "rate_limited", "message_limit_exceeded", "request_timeout", "team_added_to_org", "accesslimited"}
)
# The server gave up in the middle.
_LOST = frozenset({"fatal_error", "internal_error", "service_unavailable"})
_BLOCKS = frozenset({"invalid_blocks", "msg_blocks_too_long", "invalid_blocks_format"})

SHORT = 30.0
"""Seconds before the next attempt where Slack asks for none."""

_UPLOADS: Mapping[Why, Fault] = {
    Why.SCOPE: Fault(Kind.STAYS, "scope"),
    Why.ARCHIVED: Fault(Kind.STAYS, "archived"),
    Why.NOT_THERE: Fault(Kind.STAYS, "not_in_channel"),
    Why.FULL: Fault(Kind.STAYS, "full"),
    Why.TOO_BIG: Fault(Kind.STAYS, "too_big"),
    **dict.fromkeys((Why.NETWORK, Why.BUSY, Why.LOST), Fault(Kind.PASSES, "network", SHORT)),
    Why.UNKNOWN: Fault(Kind.LOST, "lost"),
}
"""A file whose last word was lost and that Slack does not have was certainly not shown."""


def fault(error: Exception) -> Fault:
    """Return what a fault means; anything but Slack's and the network's is raised again."""
    if isinstance(error, SlackApiError):
        return _refused(error)
    if isinstance(error, UploadFailed):
        return _UPLOADS.get(error.why, Fault(Kind.STAYS, error.word or str(error.why)))
    if isinstance(error, aiohttp.ClientConnectorError):
        return Fault(Kind.PASSES, "network", SHORT)
    if isinstance(error, aiohttp.ClientError | TimeoutError):
        return Fault(Kind.LOST, "lost")
    raise error


def _refused(error: SlackApiError) -> Fault:
    word, status = refusals.word(error), refusals.status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS or word in _PASSES:
        return Fault(Kind.PASSES, word or "ratelimited", _retry_after(error))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or word in _LOST or not word:
        return Fault(Kind.LOST, word or "lost")
    if word in _BLOCKS:
        return Fault(Kind.BLOCKS, word)
    return Fault(Kind.STAYS, STAYS.get(word, word))


def _retry_after(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    found = str(next((each for name, each in headers.items() if str(name).casefold() == "retry-after"), ""))
    return min(float(found), 3_600.0) if found.isascii() and found.isdecimal() else SHORT
