"""What forms and messages about seats have in common: whose seat it is, and why one is refused."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.sentences import label, sentence
from handlers.views import wording
from reporting_core.words.seats import Action, Cause, Reason, Seat, State, Verdict

LONGEST_SECTION = 2_900
"""Slack's limit is 3,000 characters."""


def name(seat: Seat, width: int = 60) -> str:
    """Return whose seat of what it is, as plain text."""
    return f"{wording.shown(seat.person, width)} · {wording.shown(seat.product, 40)} · {wording.shown(seat.team, 40)}"


def told_name(verdict: Verdict | None) -> str:
    """Return the same for formatted text."""
    return f"*{wording.harmless(name(verdict.seat))}*" if verdict else label("seats.not_known")


def refusal(verdict: Verdict) -> str:
    """Return why a seat stays, whose doing that is and until when, and the way forward; formatted."""
    return " ".join(filter(None, (sentence("seat_refusal", reason=reason_before(verdict.reason)), detail(verdict))))


def under_way(verdict: Verdict) -> str:
    """Return that a decision about a seat is under way, and whose; formatted."""
    busy = replace(verdict, reason=Reason.BUSY, rival=verdict.under_way, exemption=None, until=None)
    return refusal(busy)


def reason_before(reason: Reason | None) -> str:
    """Return which words a reason has before anything was pressed: nobody was faster yet, it may be one's own."""
    return "under_way" if reason is Reason.BUSY else str(reason or "")


def detail(verdict: Verdict) -> str:
    """Return what only this one refusal has: the exemption, the end of a grace, who was faster."""
    exemption = verdict.exemption
    if exemption:
        values = {"until": wording.day(exemption.until), "by": wording.who(exemption.by)}
        return f"({label('seats.exempted').format(reason=wording.harmless(exemption.reason), **values)})"
    if verdict.until:
        return f"({label('seats.until').format(until=wording.day(verdict.until))})"
    return f"({label('seats.rival').format(by=wording.who(verdict.rival))})" if verdict.rival else ""


def why(action: Action, verdict: Verdict | None = None, winner: Action | None = None) -> str:
    """Return why an action was refused, failed or needs a person; formatted, with the provider's own words."""
    if not action.reason and action.state is not State.PERSON:
        return _said(action)
    reason = action.reason
    known = sentence("seat_cause", cause=reason) if _is_cause(reason) else sentence("seat_refusal", reason=reason)
    same = verdict if verdict and verdict.reason == reason else None
    more = _won(winner) if winner else detail(same) if same else _rival(action)
    return " ".join(filter(None, (known, more, _said(action))))


def _is_cause(reason: str) -> bool:
    return not reason or (reason in set(Cause) and reason != Cause.DECLINED)


def _won(winner: Action) -> str:
    at = wording.moment(winner.finished_at or winner.asked_at)
    return f"({label('seats.winner').format(by=wording.who(winner.asked_by), at=at)})"


def _rival(action: Action) -> str:
    if action.reason != Reason.BUSY or not action.detail:
        return ""
    return f"({label('seats.rival').format(by=wording.who(action.detail))})"


def _said(action: Action) -> str:
    told = action.reason in {Reason.PROVIDER, Cause.CANNOT, Cause.NOT_REACHED} and bool(action.detail)
    return f"“{wording.harmless(action.detail, 300)}”" if told else ""


def accessed(seat: Seat) -> str:
    """Return when a seat was last used, in the few words that stand at a box."""
    if seat.last_accessed:
        return label("seats.accessed").format(day=wording.day(seat.last_accessed))
    return label("seats.never_accessed" if seat.days_90 == 0 else "seats.access_not_known")


def listed(names: Iterable[str], most: int = 8) -> str:
    """Return names with commas, at most so many; of the rest how many they are."""
    known = [wording.shown(each, 100) for each in names]
    more = [label("seats.more_names").format(count=len(known) - most)] if len(known) > most else []
    return ", ".join([*known[:most], *more])
