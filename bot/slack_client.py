"""The one client for Slack's Web API: it waits where Slack asks it to, and never sends twice what can post twice."""

from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs

SECONDS = 3
LONGEST_WAIT = 5
"""Seconds of `Retry-After` that are waited for; who asked is told something within ten."""

REPEATABLE = frozenset(
    {
        "auth.test",
        "users.info",
        "files.info",
        "conversations.open",
        "views.publish",
        "views.update",
        "apps.connections.open",
        "assistant.threads.setStatus",
        "assistant.threads.setSuggestedPrompts",
        "chat.getPermalink",
    }
)
"""Methods that can be called twice without anything being there twice."""


class Repeatable(AsyncConnectionErrorRetryHandler):
    """Tries again after a broken connection, for methods where a lost answer does no harm."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        broken = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return broken and request.url.rsplit("/", 1)[-1] in REPEATABLE


class Patient(AsyncRateLimitErrorRetryHandler):
    """Waits as long as a 429 asks for, but not longer than an asker does. A call refused with 429 did nothing."""

    async def _can_retry_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = await super()._can_retry_async(state=state, request=request, response=response, error=error)
        return limited and response is not None and _wait(response) <= LONGEST_WAIT


def slack_client(token: str, api_url: str) -> AsyncWebClient:
    """Return the client; `api_url` may be any server that speaks Slack's protocol."""
    handlers: list[AsyncRetryHandler] = [Repeatable(max_retry_count=1), Patient(max_retry_count=1)]
    return AsyncWebClient(
        token=token, base_url=api_url, timeout=SECONDS, retry_handlers=handlers, logger=logs.of_slack()
    )


def _wait(response: HttpResponse) -> float:
    values = response.headers.get("retry-after") or response.headers.get("Retry-After") or ["1"]
    value = values if isinstance(values, str) else values[0]
    return float(value) if value.replace(".", "", 1).isdigit() else float("inf")
