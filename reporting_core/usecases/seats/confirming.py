"""The press on Confirm: every seat judged once more, and what may be done written down with its row of the audit.

One transaction of the one writer, so that of two presses on a seat exactly one begins an action, and none without its
record. What is refused is written down as well: the same press arriving twice gets the same answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from reporting_core.storage import actions as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import Machine, name_of, own, sees
from reporting_core.usecases.seats.moving import note
from reporting_core.words.errors import AskAgain
from reporting_core.words.names import storable
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Action, Change, Confirmed, Reason, Seat, State, Verdict

MOST = 200
"""Seats in one go."""

Place = tuple[str, str]
"""Channel and timestamp of the message in which the result is shown."""


class Press(NamedTuple):
    """Who pressed, on what: `seats` are assignments and the fingerprints under which they were shown."""

    asker: Asker
    batch: str
    seats: Sequence[tuple[int, str]]
    place: Place = ("", "")


def confirm(machine: Machine, press: Press) -> Confirmed:
    """Begin what may be done. Raises `NotAllowed`, `AskAgain`, `StoreBusy`; then nothing was begun."""
    own(machine, press.asker)
    if len(press.seats) > MOST:
        raise AskAgain(say("Unassign at most {most} seats in one go.", most=MOST))
    press = press._replace(batch=storable(press.batch) or machine.records.token())
    with machine.records.store.lasting() as connection:
        known = sql.of_batch(connection, machine.records.account_id, press.batch)
        if known and known[0].asked_by == name_of(press.asker):
            return _again(machine, connection, press, known)
        if known:  # somebody else's press: theirs stays theirs
            press = press._replace(batch=machine.records.token())
        return _begun(machine, connection, press)


def _begun(machine: Machine, connection: Connection, press: Press) -> Confirmed:
    prints, now = dict(press.seats), machine.records.clock()
    bench = machine.records.bench(connection)
    found = judged(connection, bench, press.asker, list(prints), prints)
    # A payload altered by hand is no way to read names of other teams.
    verdicts = [each for each in found if sees(press.asker, each.seat.team_id)]
    needs_second = sum(each.allowed for each in verdicts) > bench.policy.second_above
    state = State.SECOND if needs_second else State.CONFIRMED
    made = [_one(machine, connection, press, each, (state, now)) for each in verdicts]
    begun = [action for action, verdict in made if verdict.allowed]
    refused = [verdict for _action, verdict in made if not verdict.allowed]
    return Confirmed(begun, refused, needs_second, _missing(prints, verdicts))


def _one(
    machine: Machine, connection: Connection, press: Press, verdict: Verdict, to: tuple[State, datetime]
) -> tuple[Action, Verdict]:
    state, now = to
    action = _action(machine, press, verdict.seat, now)
    if verdict.allowed:
        action = replace(action, state=state)
        due = machine.after(now, machine.waits.first)
        if sql.begin(connection, machine.records.account_id, action, due):
            note(machine, connection, action, now, kind=sql.INTENT, **_evidence(verdict.seat))
            return action, verdict
        verdict = replace(verdict, reason=Reason.BUSY, rival=_rival(machine, connection, verdict.seat))
    refused = replace(action, reason=str(verdict.reason), detail=verdict.rival, finished_at=now)
    sql.begin(connection, machine.records.account_id, refused, None, told=True)
    note(machine, connection, refused, now, kind=State.REFUSED)
    return refused, verdict


def _action(machine: Machine, press: Press, seat: Seat, now: datetime) -> Action:
    return Action(
        token=machine.records.token(),
        batch=press.batch,
        change=Change.UNASSIGN,
        state=State.REFUSED,
        seat_print=dict(press.seats)[seat.assignment_id],
        assignment_id=seat.assignment_id,
        team_id=seat.team_id,
        person_id=seat.person_id,
        product_id=seat.product_id,
        asked_by=name_of(press.asker),
        asked_at=now,
        provider=machine.control.name,
        channel=press.place[0],
        message_ts=press.place[1],
        assigned_on=seat.assigned_on,
        origin=seat.origin,
        origin_group=seat.origin_group,
        since=now,
    )


def _evidence(seat: Seat) -> dict[str, Any]:
    """Return what the decision rests on."""
    dates = {"assigned_on": seat.assigned_on, "last_accessed": seat.last_accessed, "data_through": seat.data_through}
    days = {"days_30": seat.days_30, "days_90": seat.days_90, "origin": seat.origin}
    return {**{name: day and day.isoformat() for name, day in dates.items()}, **days}


def _rival(machine: Machine, connection: Connection, seat: Seat) -> str:
    found = sql.open_on(connection, machine.records.account_id, seat.assignment_id)
    return found.asked_by if found is not None else ""


def _missing(asked: dict[int, str], verdicts: Sequence[Verdict]) -> list[int]:
    found = {each.seat.assignment_id for each in verdicts}
    return [id_ for id_ in asked if id_ not in found]


def _again(machine: Machine, connection: Connection, press: Press, known: Sequence[Action]) -> Confirmed:
    """Answer a press that has arrived before as it was answered then."""
    refused = {each.assignment_id: each for each in known if _at_once(each)}
    ids = [*refused, *(id_ for id_, _print in press.seats)]
    bench = machine.records.bench(connection)
    verdicts = judged(connection, bench, press.asker, ids, {})
    then = [
        replace(each, reason=Reason(was.reason), rival=was.detail)
        for each in verdicts
        if (was := refused.get(each.seat.assignment_id)) is not None
    ]
    begun = [each for each in known if each.token not in {was.token for was in refused.values()}]
    needs_second = any(each.state is State.SECOND for each in begun)
    return Confirmed(begun, then, needs_second, _missing(dict(press.seats), verdicts))


def _at_once(action: Action) -> bool:
    """Tell whether an action was refused at the press."""
    return action.state is State.REFUSED and not action.attempt and action.finished_at == action.asked_at
