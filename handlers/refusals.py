"""What Slack said when it refused a call, read so that no shape of an answer can surprise us."""

from collections.abc import Mapping

from slack_sdk.errors import SlackApiError


def word(error: SlackApiError) -> str:
    """Return Slack's word for what is wrong, such as `invalid_blocks`; empty where the answer was none of Slack's."""
    # A proxy in between answers in plain text, which the SDK's own `get` cannot read.
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def status(error: SlackApiError) -> int:
    """Return the HTTP status of the answer, 0 where there is none."""
    found = getattr(error.response, "status_code", None) or getattr(error.response, "status", 0)
    return int(found or 0)
