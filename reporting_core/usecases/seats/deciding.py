"""What follows from what happened: the table of states, without a database or a clock.

Nothing here is done; a `Step` says which state comes next and why. `None` means: look again later.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from reporting_core.words.seats import Action, Cause, Change, Done, ProviderAnswer, ProviderError, Reason, Seen, State

ATTEMPTS = 5
"""How often a provider is asked for one action, all in all."""

PATIENCE = timedelta(hours=24)
"""After so long without knowing, a person looks; so long a second admin has time."""

LONG_PATIENCE = timedelta(days=7)
"""After so long a person looks at what a provider accepted and says nothing of."""


class Step(NamedTuple):
    """The next state; `detail` are words of the provider, `reference` its name for an accepted order.

    `after`: seconds for which the provider is left alone before it is asked again.
    """

    to: State
    reason: str = ""
    detail: str = ""
    reference: str = ""
    after: float = 0.0


def after_answer(answer: Any) -> Step:
    """Take a provider's answer. Whatever is none says nothing about what was done, whoever wrote the provider."""
    said = answer.done if isinstance(answer, ProviderAnswer) else None
    match said:
        case Done.DONE:
            step = Step(State.DONE)
        case Done.ACCEPTED:
            step = Step(State.ACCEPTED)
        case Done.REFUSED:
            step = Step(State.REFUSED, Reason.PROVIDER)
        case _:
            return Step(State.UNKNOWN)
    return step._replace(detail=str(answer.reason), reference=str(answer.reference))


def after_error(error: Exception, attempt: int) -> Step:
    """Take a failure of the provider. Only one that says so itself has certainly had no effect."""
    if not isinstance(error, ProviderError):
        return Step(State.UNKNOWN)
    if error.sent:
        return Step(State.UNKNOWN, "", error.message)
    if error.permanent:
        return Step(State.FAILED, Cause.CANNOT, error.message)
    return untried(attempt, error.message)._replace(after=error.after)


def untried(attempt: int, detail: str = "") -> Step:
    """Try again later what has certainly not reached the provider, unless that was tried often enough."""
    return Step(State.CONFIRMED if attempt < ATTEMPTS else State.FAILED, Cause.NOT_REACHED, detail)


def unchecked(action: Action, detail: str) -> Step:
    """Take a failure before the provider was asked. What an earlier attempt did stays to be found out."""
    step = untried(action.attempt, detail)
    return Step(State.UNKNOWN, "", detail) if action.doubt and step.to is State.FAILED else step


def after_look(action: Action, seen: Seen, data: Seen, now: datetime) -> Step | None:
    """Take what the provider sees of an action whose end is not known, and what newer data shows."""
    if seen is Seen.PENDING and action.state is not State.ACCEPTED:
        return Step(State.ACCEPTED)
    if _has_happened(action.change, seen):
        return Step(State.DONE)
    if seen is Seen.OTHER:
        return Step(State.PERSON, Cause.ASSIGNED_ANEW)
    if _is_as_before(action.change, seen) and action.state is not State.ACCEPTED:
        # Looked at just before a call, that call is counted already.
        again = action.attempt < ATTEMPTS or action.state is State.SENDING
        return Step(State.CONFIRMED) if again else Step(State.FAILED, Cause.NO_EFFECT)
    return _from_data(action, data) or _given_up(action, seen, now)


def _has_happened(change: Change, seen: Seen) -> bool:
    return seen is Seen.GONE if change is Change.UNASSIGN else seen in {Seen.SAME, Seen.OTHER}


def _is_as_before(change: Change, seen: Seen) -> bool:
    return seen is (Seen.SAME if change is Change.UNASSIGN else Seen.GONE)


def _from_data(action: Action, data: Seen) -> Step | None:
    if _has_happened(action.change, data):
        return Step(State.DONE)
    return Step(State.PERSON, Cause.ASSIGNED_ANEW) if data is Seen.OTHER else None


def _given_up(action: Action, seen: Seen, now: datetime) -> Step | None:
    if seen is Seen.PENDING:
        return None  # the provider still means to do it, and reminds whoever has to
    patience = LONG_PATIENCE if action.state is State.ACCEPTED else PATIENCE
    waited = now - (action.since or action.asked_at)
    return Step(State.PERSON, Cause.UNRESOLVED) if waited >= patience else None
