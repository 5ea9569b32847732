"""Undoing: the seat is assigned anew, by the same machine, while the time for it lasts and a seat is free."""

from dataclasses import replace
from typing import Any

from reporting_core.storage import actions as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.carrying_out import against_assigning
from reporting_core.usecases.seats.confirming import Place
from reporting_core.usecases.seats.machine import Machine, in_charge, name_of
from reporting_core.usecases.seats.moving import note
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Action, Change, Reason, State


def undo(machine: Machine, asker: Asker, token: str, place: Place = ("", "")) -> Action:
    """Begin to give a seat back; the same again returns what was begun.

    Any admin of the team may. Raises `NotUndone` with the reason, `NotAllowed`, `StoreBusy`, `SettingWrong`.
    """
    with machine.records.store.lasting() as connection:
        undone = sql.of_token(connection, machine.records.account_id, token)
        if undone is None:
            raise NotUndone(Reason.GONE)
        in_charge(machine, asker, undone)
        under_way = sql.undoing(connection, machine.records.account_id, token)
        return under_way or _begun(machine, connection, asker, (undone, place))


class NotUndone(AskAgain):
    """A seat cannot be given back; `reason` says why."""

    def __init__(self, reason: Reason, rival: str = "") -> None:
        """Say why in a sentence; `rival` is who is at the same seat."""
        super().__init__(_WHY.get(reason, _WHY[Reason.GONE]))
        self.reason = reason
        self.rival = rival


_WHY = {
    Reason.GONE: say("There is nothing to undo: no seat was unassigned under this code."),
    Reason.TOO_LATE: say("The time for undoing this is over. Assign the seat anew where you assign seats."),
    Reason.NO_SEAT: say("No seat is free any more, so it cannot be given back. Free one first, or buy one."),
    Reason.CHANGED: say("The seat was changed since: newer data shows it differently. Nothing was undone."),
    Reason.BUSY: say("Somebody else is at this seat right now. Try again in a minute."),
}


def _begun(machine: Machine, connection: Connection, asker: Asker, what: tuple[Action, Place]) -> Action:
    undone, place = what
    records, now = machine.records, machine.records.clock()
    if undone.change is not Change.UNASSIGN or undone.state is not State.DONE:
        raise NotUndone(Reason.GONE)
    if undone.undo_until is None or now > undone.undo_until:
        raise NotUndone(Reason.TOO_LATE)
    action = replace(_mirrored(machine, asker, undone), asked_at=now, since=now, channel=place[0], message_ts=place[1])
    _check(machine, connection, asker, action)
    if not sql.begin(connection, records.account_id, action, machine.after(now, machine.waits.first)):
        rival = sql.open_on(connection, records.account_id, action.assignment_id)
        raise NotUndone(Reason.BUSY, rival.asked_by if rival else "")
    note(machine, connection, action, now, kind=sql.INTENT)
    return action


def _check(machine: Machine, connection: Connection, asker: Asker, action: Action) -> None:
    reason = against_assigning(machine, connection, action, asker)
    if reason is Reason.NO_RIGHTS:
        raise NotAllowed(say("Only an admin of the team may decide about this seat."))
    if reason is not None:
        raise NotUndone(reason)


def _mirrored(machine: Machine, asker: Asker, undone: Action) -> Action:
    return replace(
        undone,
        token=machine.records.token(),
        batch=machine.records.token(),
        change=Change.ASSIGN,
        state=State.CONFIRMED,
        asked_by=name_of(asker),
        undoes=undone.token,
        provider=machine.control.name,
        **_BLANK,
    )


_BLANK: dict[str, Any] = {
    "attempt": 0,
    "reason": "",
    "detail": "",
    "reference": "",
    "second_by": "",
    "undo_until": None,
    "finished_at": None,
    "doubt": False,
}
