"""Who has yet to hear what: each end is told once, in the message it was asked in or in a direct one."""

from datetime import timedelta

from reporting_core.storage import actions as sql
from reporting_core.usecases.seats.confirming import Place
from reporting_core.usecases.seats.machine import Machine, administers
from reporting_core.words.people import Asker
from reporting_core.words.seats import OPEN, Action

UNDER_WAY = OPEN
RECENT = timedelta(days=90)


def to_tell(machine: Machine) -> list[Action]:
    """List the actions that ended or need a person, and of which nobody has been told."""
    with machine.records.store.reading() as connection:
        return sql.untold(connection, machine.records.account_id)


def told(machine: Machine, token: str) -> bool:
    """Take the turn to tell of an action; False if somebody else has told it, or there is no news."""
    with machine.records.store.writing() as connection:
        return sql.tell(connection, machine.records.account_id, token)


def untold(machine: Machine, token: str) -> bool:
    """Give the turn back, after a message that certainly reached nobody."""
    with machine.records.store.writing() as connection:
        return sql.untell(connection, machine.records.account_id, token)


def placed(machine: Machine, batch: str, place: Place) -> None:
    """Note in which message a batch is shown."""
    with machine.records.store.writing() as connection:
        sql.place(connection, machine.records.account_id, batch, place)


def batch(machine: Machine, asker: Asker, name: str) -> list[Action]:
    """List the actions of one press that are about this person's teams."""
    with machine.records.store.reading() as connection:
        found = sql.of_batch(connection, machine.records.account_id, name)
    return [each for each in found if administers(asker, each.team_id)]


def open_ones(machine: Machine, asker: Asker) -> list[Action]:
    """List what is under way or waits in this person's teams, oldest first."""
    with machine.records.store.reading() as connection:
        found = sql.waiting(connection, machine.records.account_id, UNDER_WAY)
    return [each for each in found if administers(asker, each.team_id)]


def recent(machine: Machine, asker: Asker) -> list[Action]:
    """List what was asked for in this person's teams within three months, newest first."""
    with machine.records.store.reading() as connection:
        found = sql.newest(connection, machine.records.account_id, machine.records.clock() - RECENT)
    return [each for each in found if administers(asker, each.team_id)]
