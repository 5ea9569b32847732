"""What became of seats, for the terminal and for programs (`docs/unassign.schema.json`)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.printing.contract import Json
from handlers.sentences import sentence
from reporting_core.words.cards import Card
from reporting_core.words.cards import Line as CardLine
from reporting_core.words.seats import Action, Cause, Change, Reason, Seat, State, Verdict

SCHEMA = 1
"""Changes when a program that reads the old form would misread the new one."""

WOULD = "would_apply"
APPLIED, REFUSED, FAILED, UNKNOWN, WAITING = "applied", "refused", "failed", "unknown", "waiting"

_OUTCOMES = {
    State.DONE: APPLIED,
    State.REFUSED: REFUSED,
    State.FAILED: FAILED,
    State.UNKNOWN: UNKNOWN,
    State.PERSON: UNKNOWN,
}
"""Every other state waits: for a second admin, for its turn, for whoever carries it out."""

_SIGNS = {WOULD: "would be unassigned", APPLIED: "done", UNKNOWN: "not known", WAITING: "waiting"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one seat. `seat` is None where it is not in the data any more."""

    outcome: str
    seat: Seat | None
    reason: str = ""
    why: str = ""
    warnings: tuple[str, ...] = ()
    action: str = ""
    undo_until: datetime | None = None


def previewed(verdicts: Sequence[Verdict]) -> list[Told]:
    """Tell what would become of seats."""
    return [_judged(each) for each in verdicts]


def carried_out(card: Card) -> list[Told]:
    """Tell what became of the seats of a press."""
    return [_ended(each) for each in card.lines]


def undone(line: CardLine) -> Told:
    """Tell what became of giving a seat back."""
    return _of(line.newest, line.verdict)


def totals(told: Sequence[Told]) -> dict[str, int]:
    """Count the seats by outcome."""
    counted = Counter(each.outcome for each in told)
    return {name: counted[name] for name in (WOULD, APPLIED, REFUSED, FAILED, UNKNOWN, WAITING)}


def as_json(told: Sequence[Told], *, dry_run: bool = False) -> Json:
    """Return it for programs."""
    return {
        "schema": SCHEMA,
        "dry_run": dry_run,
        "seats": [_seat(each) for each in told],
        "totals": totals(told),
    }


def lines(told: Sequence[Told]) -> Iterator[str]:
    """Return it for a terminal, and the sums at the end."""
    for each in told:
        name = f"{each.seat.person} · {each.seat.product} · {each.seat.team}" if each.seat else "a seat that is gone"
        yield f"{_SIGNS.get(each.outcome, each.outcome)}: {name}{f'. {each.why}' if each.why else ''}"
        yield from (f"  Note: {warning}" for warning in each.warnings)
        if each.outcome == APPLIED and each.undo_until:
            yield f"  Until {each.undo_until:%Y-%m-%d %H:%M} UTC: usagebot undo {each.action}"
    counted = [f"{count:,} {name.replace('_', ' ')}" for name, count in totals(told).items() if count]
    yield f"{len(told):,} seat{'s' if len(told) != 1 else ''}: {', '.join(counted) or 'nothing to do'}."


def _judged(verdict: Verdict) -> Told:
    if verdict.allowed:
        return Told(WOULD, verdict.seat, warnings=verdict.warnings)
    return Told(REFUSED, verdict.seat, str(verdict.reason), _why(str(verdict.reason), verdict))


def _ended(line: CardLine) -> Told:
    return _of(line.action, line.verdict)


def _of(action: Action, verdict: Verdict | None) -> Told:
    outcome = _OUTCOMES.get(action.state, WAITING)
    why = _why(action.reason, verdict) if action.reason else _waits(action)
    detail = action.detail if action.reason in {Reason.PROVIDER, Cause.CANNOT, Cause.NOT_REACHED} else ""
    told = " ".join(filter(None, (why, detail)))
    seat = verdict.seat if verdict else None
    taken = outcome == APPLIED and action.change is Change.UNASSIGN
    notes = verdict.stays if verdict and taken else ()
    return Told(outcome, seat, action.reason, told, notes, action.token, action.undo_until)


def _why(reason: str, verdict: Verdict | None) -> str:
    """Return the sentence that Slack has for it, without its formatting, and what only this case has."""
    known = reason in set(Cause) and reason != Cause.DECLINED
    said = sentence("seat_cause", cause=reason) if known else sentence("seat_refusal", reason=reason)
    return " ".join(filter(None, (said.replace("*", ""), _more(verdict) if verdict else "")))


def _more(verdict: Verdict) -> str:
    if verdict.group and verdict.reason == Reason.GROUP:
        return f"The group is {verdict.group.name}, with {verdict.group.members:,} members."
    if verdict.exemption and verdict.reason == Reason.EXEMPT:
        return f"Until {verdict.exemption.until}: {verdict.exemption.reason}."
    return f"Until {verdict.until}." if verdict.until and verdict.reason == Reason.GRACE else ""


def _waits(action: Action) -> str:
    if action.state is State.SECOND:
        return "A second admin has to confirm it, in Slack."
    if action.state is State.ACCEPTED:
        number = f", task {action.reference}" if action.provider == "task" and action.reference else ""
        return f"Whoever carries it out has been asked{number}."
    return "The bot finds out and says so in the audit." if action.state is State.UNKNOWN else ""


def _seat(told: Told) -> Json:
    seat = told.seat
    return {
        "outcome": told.outcome,
        "person": seat.person if seat else None,
        "email": seat.email if seat else None,
        "product": seat.product if seat else None,
        "team": seat.team if seat else None,
        "assigned_on": seat.assigned_on.isoformat() if seat and seat.assigned_on else None,
        "last_accessed": seat.last_accessed.isoformat() if seat and seat.last_accessed else None,
        "reason": told.reason or None,
        "why": told.why or None,
        "warnings": list(told.warnings),
        "action": told.action or None,
        "undo_until": told.undo_until.isoformat() if told.undo_until else None,
    }
