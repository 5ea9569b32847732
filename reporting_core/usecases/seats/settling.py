"""The last word: a person's on an action that nobody else can end, or a provider's that answers later."""

from reporting_core.storage import actions as sql
from reporting_core.storage.actions import Held
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats import deciding
from reporting_core.usecases.seats.deciding import Step
from reporting_core.usecases.seats.machine import Machine, in_charge, name_of
from reporting_core.usecases.seats.moving import move
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Action, Cause, ProviderAnswer, State

_BY_A_PERSON = {State.PERSON, State.ACCEPTED}


def settle(machine: Machine, asker: Asker, token: str, *, done: bool) -> Action:
    """End an action by the word of an admin of its team: it was done, or it was not. Nothing is called.

    Raises `AskAgain` where it needs nobody's word (any more), `NotAllowed`, `StoreBusy`.
    """
    with machine.records.store.lasting() as connection:
        action = sql.of_token(connection, machine.records.account_id, token)
        if action is None:
            raise AskAgain(_NOTHING)
        in_charge(machine, asker, action)
        if action.state not in _BY_A_PERSON:
            raise AskAgain(_NOTHING)
        step = Step(State.DONE if done else State.FAILED, Cause.SETTLED)
        _moved(machine, connection, action, step, name_of(asker))
        return sql.of_token(connection, machine.records.account_id, token) or action


_NOTHING = say("Nothing about this seat waits for your decision any more.")


def answered(machine: Machine, token: str, answer: ProviderAnswer) -> Action | None:
    """Take what a provider says of an order later; the same again, or after the end, changes nothing.

    The caller has made sure that it is the provider who says so. None: there is no such order.
    """
    with machine.records.store.lasting() as connection:
        action = sql.of_token(connection, machine.records.account_id, token)
        if action is not None and _was_sent(action) and action.provider == machine.control.name:
            step = deciding.after_answer(answer)
            if step.to is not action.state and step.to is not State.UNKNOWN:
                _moved(machine, connection, action, step, "")
        return sql.of_token(connection, machine.records.account_id, token)


def _was_sent(action: Action) -> bool:
    """Tell whether a provider can have an opinion: not before it was asked, nor once a person has to decide."""
    waiting = {State.SENDING, State.ACCEPTED, State.UNKNOWN}
    return action.state in waiting or (action.state is State.CONFIRMED and action.doubt)


def _moved(machine: Machine, connection: Connection, action: Action, step: Step, by: str) -> None:
    lease = machine.lease(machine.records.clock())
    held: Held | None = sql.intercept(connection, machine.records.account_id, action, lease)
    if held is not None:
        move(machine, connection, held, step, by)
