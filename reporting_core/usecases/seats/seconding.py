"""Above a set number of seats a second admin confirms; whoever asked, or that admin, may also withdraw it."""

from reporting_core.storage import actions as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.deciding import Step
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import Machine, administers, name_of, own
from reporting_core.usecases.seats.moving import move, note
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Action, Cause, Confirmed, Reason, State, Verdict

YOURS = say("You asked for this yourself, so ask another admin to confirm it.")


def second(machine: Machine, asker: Asker, batch: str) -> Confirmed:
    """Confirm what somebody else asked for; each seat is judged once more.

    Raises `NotAllowed` for the same person again, or without rights on all of it; `AskAgain` where nothing waits.
    """
    own(machine, asker)
    with machine.records.store.lasting() as connection:
        waiting = _waiting(machine, connection, batch)
        _another_admin(asker, waiting)
        verdicts = _judged(machine, connection, asker, waiting)
        done = [_one(machine, connection, asker, each, verdicts.get(each.assignment_id)) for each in waiting]
        refused = [verdict for _action, verdict in done if verdict is not None]
        begun = [action for action, _verdict in done if action.state is State.CONFIRMED]
        missing = [each.assignment_id for each in waiting if each.assignment_id not in verdicts]
        return Confirmed(begun, refused, missing=missing)


def decline(machine: Machine, asker: Asker, batch: str) -> list[Action]:
    """Withdraw what waits for a second admin. Raises as `second` does; whoever asked may do it as well."""
    own(machine, asker)
    with machine.records.store.lasting() as connection:
        waiting = _waiting(machine, connection, batch)
        if waiting[0].asked_by != name_of(asker):
            _another_admin(asker, waiting)
        step = Step(State.REFUSED, Cause.DECLINED)
        return [_moved(machine, connection, each, step, name_of(asker)) for each in waiting]


def _waiting(machine: Machine, connection: Connection, batch: str) -> list[Action]:
    found = sql.of_batch(connection, machine.records.account_id, batch)
    waiting = [each for each in found if each.state is State.SECOND]
    if not waiting:
        raise AskAgain(say("Nothing there waits for a second admin any more."))
    return waiting


def _another_admin(asker: Asker, waiting: list[Action]) -> None:
    if any(each.asked_by == name_of(asker) for each in waiting):
        raise NotAllowed(YOURS)
    if not all(administers(asker, each.team_id) for each in waiting):
        raise NotAllowed(say("Only an admin of all the teams in it may confirm this."))


def _judged(machine: Machine, connection: Connection, asker: Asker, waiting: list[Action]) -> dict[int, Verdict]:
    prints = {each.assignment_id: each.seat_print for each in waiting}
    found = judged(connection, machine.records.bench(connection), asker, list(prints), prints)
    return {each.seat.assignment_id: each for each in found}


def _one(
    machine: Machine, connection: Connection, asker: Asker, action: Action, verdict: Verdict | None
) -> tuple[Action, Verdict | None]:
    # Busy with this very action: it has held the seat since it was asked for.
    reason = Reason.CHANGED if verdict is None else verdict.reason
    if reason not in {None, Reason.BUSY}:
        step = Step(State.REFUSED, str(reason))
        return _moved(machine, connection, action, step, name_of(asker)), verdict
    now = machine.records.clock()
    times = (now, machine.after(now, machine.waits.first))
    sql.confirmed_twice(connection, machine.records.account_id, action.token, name_of(asker), times)
    note(machine, connection, action, now, kind=State.SECOND, by=name_of(asker))
    return _now(machine, connection, action), None


def _moved(machine: Machine, connection: Connection, action: Action, step: Step, by: str) -> Action:
    held = sql.intercept(connection, machine.records.account_id, action, machine.lease(machine.records.clock()))
    if held is not None:
        move(machine, connection, held, step, by)
    return _now(machine, connection, action)


def _now(machine: Machine, connection: Connection, action: Action) -> Action:
    return sql.of_token(connection, machine.records.account_id, action.token) or action
