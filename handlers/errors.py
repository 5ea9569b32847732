"""One table from kinds of error to what the asker is told. Whatever is not in it becomes an apology with a number."""

import traceback
from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from handlers import refusals
from handlers.desk import Desk
from handlers.sentences import sentence
from handlers.views import faults
from handlers.views.blocks import Message
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed, StoreBusy

TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "invalid_trigger_id", "exchanged_trigger_id"})
"""Slack opens a form only within three seconds of the press."""

# The most particular first: BadQuery and StoreBusy are AskAgain as well.
_ANSWERS: tuple[tuple[type[Exception], Callable[..., Message]], ...] = (
    (BadQuery, lambda error, _: faults.bad_query(error)),
    (StoreBusy, lambda error, _: faults.store_busy(error)),
    (AskAgain, lambda error, _: faults.ask_again(error)),
    (NotAllowed, lambda error, desk: faults.not_allowed(error, desk.contact)),
)


def answer(error: Exception, desk: Desk) -> Message:
    """Return what to tell the asker; what nobody foresaw is written to the log under the number that the asker gets."""
    if isinstance(error, SlackApiError) and refusals.word(error) in TOO_LATE:
        return faults.ask_again(AskAgain(sentence("too_late")))
    for kind, told in _ANSWERS:
        if isinstance(error, kind):
            return told(error, desk)
    incident = desk.incident()
    desk.log.error("incident", incident=incident, error=type(error).__name__, at=places(error))
    return faults.apology(incident, desk.contact)


def places(error: Exception) -> list[str]:
    """Return where an error came from. Its words stay out of the log: they may hold names or what was typed."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-6:]]
