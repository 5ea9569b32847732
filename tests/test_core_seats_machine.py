"""The machine that takes seats back: recorded first, claimed once, checked at the call, ended once, told once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from reporting_core.core import Core
from reporting_core.storage import actions as sql
from reporting_core.storage.auditing import Chain, Entry
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats import deciding
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.usecases.seats.machine import Waits
from reporting_core.usecases.seats.undoing import NotUndone
from reporting_core.words.errors import AskAgain, NotAllowed, SettingWrong
from reporting_core.words.people import Asker
from reporting_core.words.seats import (
    Action,
    Cause,
    Change,
    Confirmed,
    Done,
    ProviderAnswer,
    Reason,
    Seen,
    State,
)
from reporting_core.words.terms import Role
from tests.company import NOW, TODAY
from tests.provider_stand_in import Act, ProviderStandIn
from tests.seat_faults import WAITS, Office, admin, anybody


@pytest.fixture
def core(office: Office) -> Core:
    return office.process()


async def pressed(office: Office, core: Core, *seats: int, name: str = "U1", batch: str = "b") -> Confirmed:
    return await core.seats.confirm(admin(name), batch, office.shown(*seats))


async def carried(office: Office, core: Core, seat: int, batch: str = "b") -> Action:
    confirmed = await pressed(office, core, seat, batch=batch)
    done = await core.seats.carry_out(confirmed.actions[0].token)
    assert done is not None
    return done


async def test_a_seat_is_taken_once_and_every_step_is_on_record(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    before = await core.exports.version()
    action = await carried(office, core, seat)
    assert (action.state, action.attempt, action.undo_until) == (State.DONE, 1, NOW + timedelta(days=14))
    assert office.audit(action.token) == ["intent", "sending", "done"]
    row = office.row(seat)
    assert (row.assigned, date.fromordinal(row.unassigned_on), row.stale) == (0, TODAY, 0)
    assert await core.exports.version() == before + 1
    assert await core.seats.carry_out(action.token) == action
    assert provider.calls == {action.token: 1}
    (order,) = provider.orders
    assert (order.key, order.team, order.product, order.account) == (action.token, "Design", "Revit", "main")
    assert (order.email, order.asked_by) == ("person-0@example.com", "U1")


async def test_intent_and_attempt_are_committed_before_the_provider_hears_of_it(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    found: list[str] = []
    provider.meanwhile = lambda: found.extend(office.audit(provider.orders[-1].key))
    await carried(office, core, seat)
    assert found == ["intent", "sending"]


@pytest.mark.parametrize(
    ("act", "state", "reason", "effects"),
    [
        (Act.DONE, State.DONE, "", 1),
        (Act.ACCEPTED, State.ACCEPTED, "", 0),
        (Act.REFUSED, State.REFUSED, Reason.PROVIDER, 0),
        (Act.UNREACHED, State.CONFIRMED, Cause.NOT_REACHED, 0),
        (Act.CANNOT, State.FAILED, Cause.CANNOT, 0),
        (Act.LOST_BEFORE, State.UNKNOWN, "", 0),
        (Act.LOST_AFTER, State.UNKNOWN, "", 1),
        (Act.BROKEN_BEFORE, State.UNKNOWN, "", 0),
        (Act.BROKEN_AFTER, State.UNKNOWN, "", 1),
        (Act.MUTE_BEFORE, State.UNKNOWN, "", 0),
        (Act.MUTE_AFTER, State.UNKNOWN, "", 1),
        (Act.NONSENSE, State.UNKNOWN, "", 0),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_a_provider_does_with_a_call(
    office: Office, provider: ProviderStandIn, act: Act, state: State, reason: str, effects: int
) -> None:
    core, provider.acts = office.process(), [act]
    (seat,) = office.hire(1)
    action = await carried(office, core, seat)
    assert (action.state, action.reason) == (state, reason)
    assert provider.world.effects[action.token] == effects
    assert provider.calls[action.token] == 1
    assert office.row(seat).assigned == (0 if state is State.DONE else 1)
    assert office.audit(action.token)[:2] == ["intent", "sending"]


GONE, SAME, OTHER, PENDING, NOBODY_KNOWS = Seen.GONE, Seen.SAME, Seen.OTHER, Seen.PENDING, Seen.UNKNOWN


class Case(NamedTuple):
    change: Change
    state: State
    seen: Seen
    data: Seen
    often: bool
    """Tried as often as may be."""
    long: bool
    """Nothing was heard for longer than anybody should wait."""


def expected(case: Case) -> tuple[State, str] | None:
    """The table of states once more, line by line as reliability.md tells it: the first that fits holds."""
    unassign, unknown = case.change is Change.UNASSIGN, case.state is State.UNKNOWN
    happened = {GONE} if unassign else {SAME, OTHER}
    lines: list[tuple[bool, tuple[State, str] | None]] = [
        (case.seen in happened, (State.DONE, "")),
        (case.seen is OTHER, (State.PERSON, Cause.ASSIGNED_ANEW)),
        (unknown and case.seen is PENDING, (State.ACCEPTED, "")),
        (unknown and case.seen is (SAME if unassign else GONE) and case.often, (State.FAILED, Cause.NO_EFFECT)),
        (unknown and case.seen is (SAME if unassign else GONE), (State.CONFIRMED, "")),
        (case.data in happened, (State.DONE, "")),
        (case.data is OTHER, (State.PERSON, Cause.ASSIGNED_ANEW)),
        (case.long and case.seen is not PENDING, (State.PERSON, Cause.UNRESOLVED)),
        (True, None),
    ]
    return next(then for fits, then in lines if fits)


def test_what_is_seen_of_an_unknown_end_decides_by_the_table() -> None:
    data, either = [SAME, GONE, OTHER, NOBODY_KNOWS], [False, True]
    cases = [Case(*each) for each in product(Change, [State.UNKNOWN, State.ACCEPTED], Seen, data, either, either)]
    for case in cases:
        since = NOW - (timedelta(days=8) if case.long else timedelta(hours=1))
        about = {"change": case.change, "state": case.state, "attempt": 5 if case.often else 1, "since": since}
        step = deciding.after_look(replace(AN_ACTION, **about), case.seen, case.data, NOW)  # type: ignore[arg-type]
        assert (step and (step.to, step.reason)) == expected(case), case
    assert len(cases) == 320


AN_ACTION = Action("t", "b", Change.UNASSIGN, State.UNKNOWN, "p", *(1, 1, 1, 1), "U1", NOW, 1)


@pytest.mark.parametrize("answer", [None, "done", {"done": "done"}, 200, b"<html>", Exception("no")])
def test_what_is_no_answer_says_nothing(answer: object) -> None:
    assert deciding.after_answer(answer).to is State.UNKNOWN


async def test_the_same_press_twice_begins_nothing_anew(office: Office, core: Core, provider: ProviderStandIn) -> None:
    one, two, three = office.hire(3)
    office.change(two, origin="group", origin_group="CAD")
    first = await pressed(office, core, one, two, three)
    again = await pressed(office, core, one, two, three)
    assert [each.token for each in again.actions] == [each.token for each in first.actions]
    assert [each.assignment_id for each in first.actions] == [one, three]
    for found in (first, again):
        assert [(each.seat.assignment_id, each.reason) for each in found.refused] == [(two, Reason.GROUP)]
    for action in (*first.actions, *again.actions):
        await core.seats.carry_out(action.token)
    late = await pressed(office, core, one, two, three)
    assert [each.state for each in late.actions] == [State.DONE, State.DONE]
    assert sum(provider.calls.values()) == 2


async def test_the_loser_of_a_race_is_told_who_won(office: Office, core: Core) -> None:
    (seat,) = office.hire(1)
    shown = office.shown(seat)
    await core.seats.confirm(admin("U1"), "one", shown)
    lost = await core.seats.confirm(admin("U2"), "two", shown)
    assert [(each.reason, each.rival) for each in lost.refused] == [(Reason.BUSY, "U1")]
    again = await core.seats.confirm(admin("U2"), "two", shown)
    assert [(each.reason, each.rival) for each in again.refused] == [(Reason.BUSY, "U1")]
    # Even with a key that somebody else has used.
    same = await core.seats.confirm(admin("U3"), "one", shown)
    assert [(each.reason, each.rival) for each in same.refused] == [(Reason.BUSY, "U1")]
    assert same.actions == []


async def test_what_is_under_way_is_told_whatever_else_speaks_against_the_seat(office: Office, core: Core) -> None:
    mine, other = office.hire(2)
    await core.seats.confirm(admin("U1"), "one", office.shown(mine))
    office.rule("switched_on", "off")
    found = {each.seat.assignment_id: each for each in await core.seats.preview(admin("U2"), [mine, other])}
    assert {each.reason for each in found.values()} == {Reason.SWITCHED_OFF}
    assert (found[mine].under_way, found[other].under_way) == ("U1", "")


async def test_of_two_admins_on_two_bots_one_calls_and_the_other_hears_who_was_faster(
    office: Office, provider: ProviderStandIn
) -> None:
    seats = office.hire(100)
    bots = {"U1": office.process(), "U2": office.process()}

    async def click(name: str, seat: int) -> Confirmed:
        found = await bots[name].seats.confirm(admin(name), f"{name} {seat}", shown[seat])
        for action in found.actions:
            await asyncio.gather(*(bot.seats.carry_out(action.token) for bot in bots.values()))
        return found

    shown = {seat: office.shown(seat) for seat in seats}
    for seat in seats:
        names = ["U1", "U2"] if seat % 2 else ["U2", "U1"]
        found = dict(zip(names, await asyncio.gather(*(click(name, seat) for name in names)), strict=True))
        (winner,) = [name for name, each in found.items() if each.actions]
        (loser,) = set(names) - {winner}
        (refusal,) = found[loser].refused
        # Busy while it lasted; gone once it was over.
        assert (refusal.reason, refusal.rival) in {(Reason.BUSY, winner), (Reason.GONE, "")}
    assert len(provider.calls) == 100
    assert set(provider.calls.values()) == {1}
    assert provider.most_at_once == 1
    assert all(office.audit(token).count("done") == 1 for token in provider.calls)


async def nobody(_name: str) -> Asker | None:
    return None


async def broken(_name: str) -> Asker | None:
    raise KeyError(_name)


async def hanging(_name: str) -> Asker | None:
    await asyncio.Event().wait()
    return None


async def refused(_name: str) -> Asker | None:
    raise NotAllowed("no")


async def somebody_else(_name: str) -> Asker | None:
    return admin("U9")


async def of_another_account(name: str) -> Asker | None:
    return admin(name, account_id=2)


async def reporter_now(name: str) -> Asker | None:
    return Asker(1, name, name, "", teams={1: frozenset({Role.REPORTER})})


async def admin_elsewhere(name: str) -> Asker | None:
    return Asker(1, name, name, "", teams={2: frozenset({Role.PRIMARY_ADMIN})})


@pytest.mark.parametrize(
    "may",
    [None, nobody, broken, hanging, refused, somebody_else, of_another_account, reporter_now, admin_elsewhere],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_rights_are_looked_up_at_the_call_and_in_doubt_there_are_none(
    office: Office, core: Core, provider: ProviderStandIn, may: object
) -> None:
    (seat,) = office.hire(1)
    core.seats.provided_by(provider, may, WAITS)  # type: ignore[arg-type]
    action = await carried(office, core, seat)
    assert (action.state, action.reason) == (State.REFUSED, Reason.NO_RIGHTS)
    assert not provider.calls
    assert office.audit(action.token) == ["intent", "sending", "refused"]
    assert office.row(seat).assigned == 1


async def test_rights_are_looked_at_the_click(office: Office, core: Core) -> None:
    (seat,) = office.hire(1)
    weak = Asker(1, "U1", "Ann", "", every_team=True, teams={1: frozenset({Role.REPORTER})})
    found = await core.seats.confirm(weak, "b", office.shown(seat))
    assert [each.reason for each in found.refused] == [Reason.NO_RIGHTS]
    with pytest.raises(NotAllowed):
        await core.seats.confirm(admin("U1", account_id=2), "c", office.shown(seat))


async def test_an_admin_of_the_team_and_the_operator_may(office: Office, core: Core) -> None:
    one, two = office.hire(2)

    async def of_design(name: str) -> Asker | None:
        return Asker(1, name, name, "", teams={1: frozenset({Role.SECONDARY_ADMIN})})

    found = await core.seats.confirm(await of_design("U1") or admin(), "b", office.shown(one))
    done = await core.seats.carry_out(found.actions[0].token, of_design)
    found = await core.seats.confirm(core.operator, "c", office.shown(two))
    by_operator = await core.seats.carry_out(found.actions[0].token, nobody)
    assert done is not None
    assert by_operator is not None
    assert (done.state, by_operator.state, by_operator.asked_by) == (State.DONE, State.DONE, "operator")


CHANGES: dict[Reason, dict[str, Any]] = {
    Reason.GROUP: {"origin": "group", "origin_group": "CAD"},
    Reason.DEFAULT: {"origin": "default"},
    Reason.CHANGED: {"assigned_on": TODAY.toordinal() - 31},
    Reason.GONE: {"assigned": 0},
}


async def test_whatever_newer_data_says_in_between_is_heeded(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    seats = office.hire(60)
    for number, (seat, (reason, values)) in enumerate(zip(seats, list(CHANGES.items()) * 15, strict=True)):
        shown = office.shown(seat)
        step = number % 3

        async def meanwhile(name: str, seat: int = seat, values: dict[str, Any] = values) -> Asker:
            office.change(seat, **values)
            return admin(name)

        if step == 0:  # after it was shown
            office.change(seat, **values)
        found = await core.seats.confirm(admin(), f"batch {seat}", shown)
        if step == 1:  # after it was confirmed
            office.change(seat, **values)
        if step:
            may = meanwhile if step == 2 else anybody  # between the claim and the call
            action = await core.seats.carry_out(found.actions[0].token, may)
            assert action is not None
            assert (action.state, action.reason) == (State.REFUSED, reason)
        else:
            assert [each.reason for each in found.refused] == [reason]
    assert not provider.calls


async def test_the_kill_switch_and_hours_hold_at_the_call(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    one, two = office.hire(2)
    found = await pressed(office, core, one, two)
    office.rule("switched_on", "off")
    stopped = await core.seats.carry_out(found.actions[0].token)
    office.rule("switched_on", "on")
    office.rule("hours", "7-9")
    late = await core.seats.carry_out(found.actions[1].token)
    assert stopped is not None
    assert late is not None
    assert (stopped.reason, late.reason) == (Reason.SWITCHED_OFF, Reason.HOURS)
    assert not provider.calls


class FailingChain(Chain):
    """An audit that cannot be written for some kinds of rows: it fails, or only seems to write them."""

    def __init__(self, chain: Chain, kinds: set[str], how: str) -> None:
        super().__init__(chain.account_id, b"a key for tests that is long enough")
        self.kinds, self.how = kinds, how

    def append(self, connection: Connection, entry: Entry) -> int:
        if entry.kind not in self.kinds:
            return super().append(connection, entry)
        if self.how == "raises":
            raise OSError
        if self.how == "database":
            connection.execute(text("INSERT INTO audit_rows (nothing) VALUES (1)"))
        if self.how == "twice":
            super().append(connection, entry)
            connection.execute(text("INSERT INTO audit_rows SELECT * FROM audit_rows"))
        return 1


@pytest.mark.parametrize("kind", ["intent", "sending"])
@pytest.mark.parametrize("how", ["raises", "database", "twice"])
async def test_without_its_record_nothing_is_done(
    office: Office, core: Core, provider: ProviderStandIn, kind: str, how: str
) -> None:
    (seat,) = office.hire(1)
    records = core.seats.records
    core.seats.machine.records = replace(records, chain=FailingChain(records.chain, {kind}, how))

    async def whole() -> None:
        found = await pressed(office, core, seat)
        await core.seats.carry_out(found.actions[0].token)

    with pytest.raises((OSError, SQLAlchemyError, AskAgain)):
        await whole()
    assert not provider.calls
    assert [each.state for each in office.actions()] == ([State.CONFIRMED] if kind == "sending" else [])


@pytest.mark.parametrize("lost", ["never written", "deleted"])
async def test_an_intent_that_is_not_in_the_audit_is_not_carried_out(
    office: Office, core: Core, provider: ProviderStandIn, lost: str
) -> None:
    (seat,) = office.hire(1)
    if lost == "never written":
        records = core.seats.records
        core.seats.machine.records = replace(records, chain=FailingChain(records.chain, {"intent"}, "silent"))
    found = await pressed(office, core, seat)
    if lost == "deleted":
        with core.store.writing() as connection:
            connection.execute(text("DELETE FROM audit_rows"))
    action = await core.seats.carry_out(found.actions[0].token)
    office.clock.forward(3600)
    await core.seats.heal()
    assert action is not None
    assert action.state is State.CONFIRMED
    assert not provider.calls


async def test_a_final_row_that_cannot_be_written_ends_nothing_until_it_can(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    records = core.seats.records
    core.seats.machine.records = replace(records, chain=FailingChain(records.chain, {"done"}, "raises"))
    found = await pressed(office, core, seat)
    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        await core.seats.carry_out(found.actions[0].token)
    assert office.actions()[0].state is State.SENDING
    await office.heal(office.process())
    (action,) = office.actions()
    assert action.state is State.DONE
    assert office.audit(action.token) == ["intent", "sending", "unknown", "done"]
    assert provider.calls[action.token] == 1


async def test_what_cannot_be_reached_is_tried_five_times_and_ever_more_rarely(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    provider.then = Act.UNREACHED
    (seat,) = office.hire(1)
    action = await carried(office, core, seat)
    times, calls = [office.clock.now], 1
    while action.state is State.CONFIRMED:
        office.clock.forward(1)
        await core.seats.heal()
        if provider.calls[action.token] > calls:
            calls = provider.calls[action.token]
            times.append(office.clock.now)
        action = office.actions()[0]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert waits == [5, 10, 20, 40]
    assert (action.state, action.reason, action.detail) == (State.FAILED, Cause.NOT_REACHED, "nobody answers")
    assert provider.calls[action.token] == 5
    assert not provider.looks
    assert office.audit(action.token).count("failed") == 1


async def test_above_a_set_number_a_second_admin_confirms(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    office.rule("second_above", "2")
    seats = office.hire(3)
    found = await pressed(office, core, *seats)
    assert found.needs_second
    assert {each.state for each in found.actions} == {State.SECOND}
    for action in found.actions:
        await core.seats.carry_out(action.token)
    with pytest.raises(NotAllowed):
        await core.seats.second(admin("U1"), "b")
    elsewhere = Asker(1, "U2", "Ben", "", teams={2: frozenset({Role.PRIMARY_ADMIN})})
    with pytest.raises(NotAllowed):
        await core.seats.second(elsewhere, "b")
    assert not provider.calls
    office.change(seats[2], origin="default")
    second = await core.seats.second(admin("U2"), "b")
    assert [each.second_by for each in second.actions] == ["U2", "U2"]
    assert [each.reason for each in second.refused] == [Reason.DEFAULT]
    done = [await core.seats.carry_out(each.token) for each in second.actions]
    assert [each and each.state for each in done] == [State.DONE, State.DONE]
    assert office.audit(second.actions[0].token) == ["intent", "second", "sending", "done"]
    with pytest.raises(AskAgain):
        await core.seats.second(admin("U3"), "b")


async def test_the_second_admin_must_still_be_one_at_the_call(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    office.rule("second_above", "0")
    (seat,) = office.hire(1)

    async def without_u2(name: str) -> Asker | None:
        return admin(name) if name != "U2" else None

    await pressed(office, core, seat)
    (action,) = (await core.seats.second(admin("U2"), "b")).actions
    done = await core.seats.carry_out(action.token, without_u2)
    assert done is not None
    assert (done.state, done.reason) == (State.REFUSED, Reason.NO_RIGHTS)
    assert not provider.calls


async def test_what_waits_for_a_second_admin_can_be_withdrawn_and_does_not_wait_for_ever(
    office: Office, core: Core
) -> None:
    office.rule("second_above", "0")
    one, two = office.hire(2)
    await pressed(office, core, one, batch="one")
    await pressed(office, core, two, batch="two")
    (withdrawn,) = await core.seats.decline(admin("U1"), "one")
    assert (withdrawn.state, withdrawn.reason) == (State.REFUSED, Cause.DECLINED)
    office.clock.forward(24 * 3600 - 1)
    await core.seats.heal()
    assert office.actions()[1].state is State.SECOND
    office.clock.forward(1)
    await core.seats.heal()
    assert (office.actions()[1].state, office.actions()[1].reason) == (State.REFUSED, Reason.TOO_LATE)
    assert (await pressed(office, core, one, batch="three")).needs_second


async def test_a_seat_is_given_back_once(office: Office, core: Core, provider: ProviderStandIn) -> None:
    (seat,) = office.hire(1)
    action = await carried(office, core, seat)
    office.rule("switched_on", "off")  # stops taking, not giving back
    office.clock.forward(13 * 24 * 3600)
    undoing = await core.seats.undo(admin("U2"), action.token)
    again = await core.seats.undo(admin("U3"), action.token)
    assert (undoing.token, undoing.change, undoing.undoes) == (again.token, Change.ASSIGN, action.token)
    done = await core.seats.carry_out(undoing.token)
    assert done is not None
    assert (done.state, done.undo_until) == (State.DONE, None)
    row = office.row(seat)
    assert (row.assigned, row.unassigned_on) == (1, None)
    assert (await core.seats.undo(admin("U2"), action.token)).token == undoing.token
    with pytest.raises(NotUndone):
        await core.seats.undo(admin("U2"), undoing.token)
    assert provider.calls[undoing.token] == 1
    assert office.audit(undoing.token) == ["intent", "sending", "done"]


async def test_undoing_has_its_time_its_people_and_needs_a_free_seat(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    one, two, three = office.hire(3)
    office.company.load(office.company.subscriptions(("S1", "Revit", 3)))
    done = [await carried(office, core, seat, f"b{seat}") for seat in (one, two)]
    weak = Asker(1, "U1", "Ann", "", teams={1: frozenset({Role.REPORTER})})
    with pytest.raises(NotAllowed):
        await core.seats.undo(weak, done[0].token)
    with pytest.raises(NotUndone) as unknown:
        await core.seats.undo(admin(), "no such token")
    waiting = (await pressed(office, core, three, batch="three")).actions[0]
    with pytest.raises(NotUndone):
        await core.seats.undo(admin(), waiting.token)
    office.company.load(office.company.subscriptions(("S1", "Revit", 2)), exported_on=TODAY)
    first = await core.seats.undo(admin(), done[0].token)
    with pytest.raises(NotUndone) as full:
        await core.seats.undo(admin(), done[1].token)
    office.change(two, assigned=1)
    with pytest.raises(NotUndone) as changed:
        await core.seats.undo(admin(), done[1].token)
    office.clock.forward(14 * 24 * 3600 + 1)
    with pytest.raises(NotUndone) as late:
        await core.seats.undo(admin(), done[1].token)
    reasons = [each.value.reason for each in (unknown, full, changed, late)]
    assert reasons == [Reason.GONE, Reason.NO_SEAT, Reason.CHANGED, Reason.TOO_LATE]
    assert provider.calls[first.token] == 0


async def test_a_seat_that_was_filled_before_the_call_is_not_given_back(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    office.company.load(office.company.subscriptions(("S1", "Revit", 1)))
    action = await carried(office, core, seat)
    undoing = await core.seats.undo(admin(), action.token)
    office.hire(1)
    done = await core.seats.carry_out(undoing.token)
    assert done is not None
    assert (done.state, done.reason) == (State.REFUSED, Reason.NO_SEAT)
    assert provider.calls[undoing.token] == 0


async def test_a_provider_may_answer_later_and_even_before_it_has_answered(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    one, two, three = office.hire(3)
    provider.acts = [Act.ACCEPTED]
    accepted = await carried(office, core, one, "one")
    assert (accepted.state, accepted.reference) == (State.ACCEPTED, "task 1")
    early = (await pressed(office, core, two, batch="two")).actions[0]
    assert (await core.seats.answered(early.token, ProviderAnswer(Done.DONE))) == early
    done = await core.seats.answered(accepted.token, ProviderAnswer(Done.DONE))
    assert done is not None
    assert (done.state, office.row(one).assigned) == (State.DONE, 0)
    late = await core.seats.answered(accepted.token, ProviderAnswer(Done.REFUSED, reason="no"))
    assert late == done
    assert await core.seats.answered("no such token", ProviderAnswer(Done.DONE)) is None
    provider.gate = asyncio.Event()
    action = (await pressed(office, core, three, batch="three")).actions[0]
    call = asyncio.create_task(core.seats.carry_out(action.token))
    provider.entered.clear()
    await provider.entered.wait()
    await core.seats.answered(action.token, ProviderAnswer(Done.DONE))
    provider.gate.set()
    ended = await call
    assert ended is not None
    assert ended.state is State.DONE
    assert office.audit(action.token) == ["intent", "sending", "done"]


async def test_a_person_ends_what_only_a_person_can(office: Office, core: Core, provider: ProviderStandIn) -> None:
    one, two = office.hire(2)
    for seat in (one, two):
        provider.acts = [Act.LOST_BEFORE]
        action = await carried(office, core, seat, f"b{seat}")
        with pytest.raises(AskAgain):
            await core.seats.settle(admin(), action.token, done=True)
        provider.world.assign_anew(seat)
    office.clock.forward(60)
    await core.seats.heal()
    first, second = office.actions()
    assert {first.state, second.state} == {State.PERSON}
    with pytest.raises(NotAllowed):
        await core.seats.settle(Asker(1, "U9", "Zoe", ""), first.token, done=True)
    done = await core.seats.settle(admin("U5"), first.token, done=True)
    failed = await core.seats.settle(admin("U5"), second.token, done=False)
    assert (done.state, failed.state, failed.reason) == (State.DONE, State.FAILED, Cause.SETTLED)
    with pytest.raises(AskAgain):
        await core.seats.settle(admin(), first.token, done=False)
    with core.store.reading() as connection:
        last = [row for row in core.seats.records.chain.rows(connection) if row.subject == first.token][-1]
    assert (last.kind, last.actor, last.final_of) == ("done", "U5", first.token)
    assert not provider.world.wrong


async def test_each_piece_of_news_is_told_by_one_process(office: Office, core: Core, provider: ProviderStandIn) -> None:
    one, two = office.hire(2)
    other = office.process()
    office.change(two, origin="group", origin_group="CAD")
    provider.acts = [Act.LOST_BEFORE]
    confirmed = await pressed(office, core, one, two)
    token = confirmed.actions[0].token
    await core.seats.carry_out(token)
    assert await core.seats.to_tell() == []
    provider.world.assign_anew(one)
    office.clock.forward(60)
    await core.seats.heal()
    for _news in ("a person has to decide", "it has ended"):
        assert [each.token for each in await core.seats.to_tell()] == [token]
        turns = await asyncio.gather(*(bot.seats.told(token) for bot in (core, other, core, other)))
        assert sorted(turns) == [False, False, False, True]
        assert await core.seats.to_tell() == []
        if office.actions()[0].state is State.PERSON:
            await core.seats.settle(admin(), token, done=False)
    assert await core.seats.untold(token)
    assert await core.seats.told(token)


async def test_a_message_is_remembered_for_the_whole_press(office: Office, core: Core) -> None:
    one, two = office.hire(2)
    await core.seats.confirm(admin(), "b", office.shown(one, two), ("C1", ""))
    await core.seats.placed("b", ("C1", "17.5"))
    assert {(each.channel, each.message_ts) for each in await core.seats.batch(admin(), "b")} == {("C1", "17.5")}
    assert len(await core.seats.open(admin())) == len(await core.seats.recent(admin())) == 2
    weak = Asker(1, "U1", "Ann", "", teams={1: frozenset({Role.REPORTER})})
    assert await core.seats.open(weak) == await core.seats.recent(weak) == await core.seats.batch(weak, "b") == []


async def test_seats_and_actions_of_another_account_are_not_there(office: Office, core: Core, tmp_path: Path) -> None:
    (seat,) = office.hire(1)
    other = office.company.another("other").core
    other.seats.provided_by(office.provider, anybody, WAITS)
    found = await other.seats.confirm(admin("U1", other.account_id), "b", office.shown(seat))
    assert (found.actions, found.refused, list(found.missing)) == ([], [], [seat])
    action = (await pressed(office, core, seat)).actions[0]
    assert await other.seats.carry_out(action.token) is None
    assert await other.seats.answered(action.token, ProviderAnswer(Done.DONE)) is None
    with pytest.raises(NotUndone):
        await other.seats.undo(admin("U1", other.account_id), action.token)
    with pytest.raises(AskAgain):
        await other.seats.settle(admin("U1", other.account_id), action.token, done=True)
    assert not await other.seats.told(action.token)
    assert (await other.seats.heal()).moved == []
    assert office.actions() == [action]


async def test_a_preview_judges_what_a_question_finds_or_what_is_named(office: Office, core: Core) -> None:
    one, two, three = office.hire(3)
    office.change(two, origin="group", origin_group="CAD")
    wish = Wish(1, office.row(three).person_id, None, TODAY + timedelta(days=30), "parental leave")
    exemption = await core.seats.exempt(admin(), wish)
    found = {each.seat.assignment_id: each.reason for each in await core.seats.preview(admin(), "team=Design last=30d")}
    assert found == {one: None, two: Reason.GROUP, three: Reason.EXEMPT}
    (shown,) = await core.seats.preview(admin(), [one])
    assert [(one, shown.seat.print)] == office.shown(one)
    confirmed = await core.seats.confirm(admin(), "b", [(one, shown.seat.print)])
    wish = replace(wish, person_id=office.row(one).person_id)
    await core.seats.exempt(admin(), wish)
    done = await core.seats.carry_out(confirmed.actions[0].token)
    assert done is not None
    assert done.reason == Reason.EXEMPT
    assert {each.token for each in await core.seats.exemptions(admin())} > {exemption.token}
    assert await core.seats.unexempt(admin(), exemption.token)
    assert (await core.seats.set_policy(admin(), "switched_on", "off")).switched_on is False
    assert (await core.seats.policy()).switched_on is False


async def test_seats_of_teams_that_somebody_does_not_see_are_not_named(office: Office, core: Core) -> None:
    (seat,) = office.hire(1)
    elsewhere = Asker(1, "U2", "Ben", "", teams={2: frozenset({Role.PRIMARY_ADMIN})})
    assert await core.seats.preview(elsewhere, [seat]) == []
    assert await core.seats.preview(admin("U1", account_id=2), [seat]) == []
    found = await core.seats.confirm(elsewhere, "b", office.shown(seat))
    assert (found.actions, found.refused, list(found.missing)) == ([], [], [seat])


async def test_payloads_altered_by_hand_do_no_harm(office: Office, core: Core, provider: ProviderStandIn) -> None:
    (seat,) = office.hire(1)
    found = await core.seats.confirm(admin(), "\x00", [(seat, "no print"), (seat, "x"), (10**15, ""), (-1, "")])
    assert [each.reason for each in found.refused] == [Reason.CHANGED]
    assert sorted(found.missing) == [-1, 10**15]
    with pytest.raises(AskAgain):
        await core.seats.confirm(admin(), "c", [(number, "") for number in range(201)])
    assert await core.seats.carry_out("'; DROP TABLE seat_actions; --") is None
    assert await core.seats.confirm(admin(), "d", []) == Confirmed([], [], needs_second=False, missing=[])
    assert not provider.calls


async def test_without_a_provider_nothing_is_begun(office: Office) -> None:
    (seat,) = office.hire(1)
    with pytest.raises(SettingWrong, match="USAGEBOT_PROVIDER"):
        await office.company.core.seats.confirm(admin(), "b", office.shown(seat))
    assert office.actions() == []


async def test_a_process_that_was_frozen_writes_nothing_when_it_wakes_up(
    office: Office, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    frozen, other = office.process(), office.process(provider=ProviderStandIn(provider.world))
    frozen.seats.machine.waits = Waits(call=30)
    provider.gate, provider.acts = asyncio.Event(), [Act.REFUSED]
    action = (await pressed(office, frozen, seat)).actions[0]
    call = asyncio.create_task(frozen.seats.carry_out(action.token))
    await provider.entered.wait()
    office.clock.forward(61)
    await other.seats.heal()
    (done,) = office.actions()
    assert done.state is State.DONE
    before, rows = office.actions(), office.audit(action.token)
    provider.gate.set()
    assert await call == done
    assert (office.actions(), office.audit(action.token)) == (before, rows)
    assert rows == ["intent", "sending", "unknown", "confirmed", "sending", "done"]
    assert provider.world.effects[action.token] == 1


async def test_a_lease_that_is_over_or_nearly_so_carries_no_call(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    core.seats.machine.waits = Waits()

    async def slow(name: str) -> Asker:
        office.clock.forward(45)
        return admin(name)

    (seat,) = office.hire(1)
    action = (await pressed(office, core, seat)).actions[0]
    tried = await core.seats.carry_out(action.token, slow)
    assert tried is not None
    assert (tried.state, tried.reason) == (State.CONFIRMED, Cause.NOT_REACHED)
    assert not provider.calls
    with core.store.reading() as connection:
        assert sql.due(connection, core.account_id, State.CONFIRMED, office.clock.now + timedelta(hours=1), 5)
