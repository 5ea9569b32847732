"""Healing: whatever dies when, a seat is taken at most once, its action ends once, and soon."""

import asyncio
from datetime import timedelta

import pytest

from reporting_core.core import Core
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Cause, Change, ProviderError, Reason, Seen, State
from tests.company import TODAY, Person
from tests.provider_stand_in import Act, ProviderStandIn
from tests.seat_faults import HEALED, WAITS, Died, Fault, Faults, Mode, Office, Outcome, admin, anybody, struck


@pytest.fixture
def core(office: Office) -> Core:
    return office.process()


async def lost(office: Office, core: Core, seat: int, act: Act = Act.LOST_BEFORE) -> Action:
    """An action of which nobody knows what became."""
    provider = core.seats.machine.control
    assert isinstance(provider, ProviderStandIn)
    provider.acts = [act]
    found = await core.seats.confirm(admin(), f"batch {seat}", office.shown(seat))
    action = await core.seats.carry_out(found.actions[0].token)
    assert action is not None
    return action


@pytest.mark.parametrize("change", list(Change))
@pytest.mark.parametrize("mode", list(Mode))
async def test_whichever_operation_fails_there_is_one_effect_and_one_end(
    office: Office, core: Core, change: Change, mode: Mode
) -> None:
    """Every third operation here, each in `make chaos`; the first one differs from mode to mode."""
    first = 1 + list(Mode).index(mode) % 3
    outcomes: list[Outcome] = []
    for at in range(first, 1000, 3):
        outcomes.append(await struck(office, core, Faults(at, mode), change))
        if not outcomes[-1].hit:
            break
    assert len(outcomes) > 10
    for outcome in outcomes:
        outcome.check()
    assert {each.state for each in outcomes} <= {State.DONE, None}
    assert sum(each.state is None for each in outcomes) < len(outcomes) / 2


async def test_a_seat_assigned_anew_while_nobody_knows_is_never_taken_away(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    seats = office.hire(50)
    other = office.process()
    for number, seat in enumerate(seats):
        action = await lost(office, core, seat, Act.LOST_AFTER if number % 2 else Act.LOST_BEFORE)
        if number % 5 == 0:  # between the look that found it unchanged and the call: looked at once more
            provider.sees = [Seen.SAME]
        provider.world.assign_anew(seat)
        office.clock.forward(20)
        await (other if number % 3 else core).seats.heal()
        (now,) = [each for each in office.actions() if each.token == action.token]
        assert (now.state, now.reason) == (State.PERSON, Cause.ASSIGNED_ANEW)
        assert office.audit(action.token)[-1] == "person"
    assert provider.world.wrong == []
    assert not any(seat in provider.world.taken for seat in seats)
    assert set(provider.calls.values()) == {1}
    assert len(await core.seats.to_tell()) == 50


async def test_what_is_not_known_is_read_and_not_repeated(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    action = await lost(office, core, seat, Act.LOST_AFTER)
    assert action.state is State.UNKNOWN
    assert await office.heal(core) <= HEALED
    (done,) = office.actions()
    assert (done.state, done.attempt, provider.calls[action.token]) == (State.DONE, 1, 1)
    assert office.row(seat).assigned == 0


async def test_what_had_no_effect_is_tried_again_after_a_second_look(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    action = await lost(office, core, seat)
    await office.heal(core)
    (done,) = office.actions()
    assert (done.state, done.attempt) == (State.DONE, 2)
    assert (provider.calls[action.token], provider.looks[action.token]) == (2, 2)
    assert office.audit(action.token) == ["intent", "sending", "unknown", "confirmed", "sending", "done"]


async def test_what_never_has_an_effect_ends_as_failed(office: Office, core: Core, provider: ProviderStandIn) -> None:
    provider.then = Act.LOST_BEFORE
    (seat,) = office.hire(1)
    action = await lost(office, core, seat)
    await office.heal(core, most=3600)
    (failed,) = office.actions()
    assert (failed.state, failed.reason, provider.calls[action.token]) == (State.FAILED, Cause.NO_EFFECT, 5)


@pytest.mark.parametrize("seen", [Seen.UNKNOWN, ProviderError("status 500"), KeyError("id")])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_cannot_be_read_is_looked_at_ever_more_rarely_and_after_a_day_by_a_person(
    office: Office, core: Core, provider: ProviderStandIn, seen: Seen | Exception
) -> None:
    (seat,) = office.hire(1)
    action = await lost(office, core, seat)
    provider.sees = [seen] * 10_000
    for _quarter in range(25 * 4):
        office.clock.forward(900)
        await core.seats.heal()
    (now,) = office.actions()
    assert (now.state, now.reason) == (State.PERSON, Cause.UNRESOLVED)
    assert provider.calls[action.token] == 1
    assert 15 < provider.looks[action.token] < 40


async def test_newer_data_settles_what_the_provider_cannot_tell(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    gone, anew, same = office.hire(3)
    for seat in (gone, anew, same):
        await lost(office, core, seat)
    provider.sees = [Seen.UNKNOWN] * 3
    office.change(gone, assigned=0, unassigned_on=TODAY.toordinal())
    office.change(anew, assigned_on=TODAY.toordinal())
    office.clock.forward(20)
    await core.seats.heal()
    assert [each.state for each in office.actions()] == [State.DONE, State.PERSON, State.UNKNOWN]
    assert office.row(anew).assigned == 1


async def test_what_was_accepted_is_done_once_the_provider_or_newer_data_says_so(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    by_provider, by_import, anew, waiting = seats = office.hire(4)
    for seat in seats:
        await lost(office, core, seat, Act.ACCEPTED)
    office.clock.forward(20)
    await core.seats.heal()
    assert {each.state for each in office.actions()} == {State.ACCEPTED}
    provider.world.settle(office.actions()[0].token)
    person = office.company.report
    office.company.load(
        person(Person("person-1").gave_back("Revit", 0), Person("person-2").holds("Revit", 0)),
        exported_on=TODAY + timedelta(days=1),
    )
    for _hour in range(48):
        office.clock.forward(3600)
        await core.seats.heal()
    states = {each.assignment_id: (each.state, each.reason) for each in office.actions()}
    assert states[by_provider] == states[by_import] == (State.DONE, "")
    assert states[anew] == (State.PERSON, Cause.ASSIGNED_ANEW)
    assert states[waiting] == (State.ACCEPTED, "")
    assert set(provider.calls.values()) == {1}


async def test_an_undoing_with_an_unknown_end_is_healed_the_other_way_round(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    for number, act in enumerate((Act.LOST_BEFORE, Act.LOST_AFTER)):
        (seat,) = office.hire(1)
        taken = await lost(office, core, seat, Act.DONE)
        provider.acts = [act]
        undoing = await core.seats.undo(admin(), taken.token)
        await core.seats.carry_out(undoing.token)
        await office.heal(core)
        assert office.actions()[-1].state is State.DONE
        assert provider.calls[undoing.token] == 2 - number
        assert provider.world.effects[undoing.token] == 1
        assert office.row(seat).assigned == 1


async def test_a_process_that_died_is_healed_by_another_within_two_minutes(
    office: Office, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    dying, other = office.process(), office.process()

    def dies() -> None:
        raise Died

    provider.meanwhile = dies
    found = await dying.seats.confirm(admin(), "b", office.shown(seat))
    with pytest.raises(Died):
        await dying.seats.carry_out(found.actions[0].token)
    provider.meanwhile = lambda: None
    assert await office.heal(other) <= 75
    assert office.actions()[0].state is State.DONE


async def test_what_was_confirmed_and_forgotten_is_carried_out_with_the_rights_of_then(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    one, two = office.hire(2)

    async def not_u2(name: str) -> Asker | None:
        return admin(name) if name != "U2" else None

    core.seats.provided_by(provider, not_u2, WAITS)
    await core.seats.confirm(admin("U1"), "one", office.shown(one))
    await core.seats.confirm(admin("U2"), "two", office.shown(two))
    await core.seats.heal()
    assert not provider.calls  # they are left to whoever confirmed them, for a while
    assert await office.heal(core) <= HEALED
    first, second = office.actions()
    assert (first.state, second.state, second.reason) == (State.DONE, State.REFUSED, Reason.NO_RIGHTS)


async def test_several_bots_heal_at_once_and_each_action_is_called_once(
    office: Office, provider: ProviderStandIn
) -> None:
    bots = [office.process() for _ in range(3)]
    for seat in office.hire(30):
        await bots[0].seats.confirm(admin(), f"b{seat}", office.shown(seat))
    office.clock.forward(60)
    await asyncio.gather(*(bot.seats.heal() for bot in bots for _ in range(2)))
    assert {each.state for each in office.actions()} == {State.DONE}
    assert set(provider.calls.values()) == {1}
    assert provider.most_at_once == 1


async def test_one_action_that_fails_does_not_hold_up_the_others(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    seats = office.hire(5)
    for seat in seats:
        await core.seats.confirm(admin(), f"b{seat}", office.shown(seat))
    office.clock.forward(60)
    provider.acts = [Act.MUTE_BEFORE, Act.BROKEN_BEFORE]
    healed = await core.seats.heal()
    assert (len(healed.moved), healed.errors) == (5, [])
    assert sorted(each.state for each in office.actions()) == [State.DONE] * 3 + [State.UNKNOWN] * 2
    await office.heal(core)
    assert {each.state for each in office.actions()} == {State.DONE}


async def test_another_provider_is_not_asked_about_what_went_to_the_one_before(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    action = await lost(office, core, seat, Act.LOST_AFTER)
    another = ProviderStandIn(name="another")
    core.seats.provided_by(another, anybody, WAITS)
    office.clock.forward(25 * 3600)
    await core.seats.heal()
    assert (office.actions()[0].state, office.actions()[0].reason) == (State.PERSON, Cause.UNRESOLVED)
    assert not another.looks
    assert not another.calls
    assert provider.calls[action.token] == 1


async def test_group_and_default_are_heeded_before_another_try_as_well(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    changes = [{"origin": "group", "origin_group": "CAD"}, {"origin": "default"}]
    for number, seat in enumerate(office.hire(20)):
        await lost(office, core, seat)
        office.change(seat, **changes[number % 2])
    office.clock.forward(20)
    await core.seats.heal()
    await office.heal(core)
    found = office.actions()
    assert {(each.state, each.reason) for each in found} == {
        (State.REFUSED, Reason.GROUP),
        (State.REFUSED, Reason.DEFAULT),
    }
    assert set(provider.calls.values()) == {1}
    assert not provider.world.taken


async def test_an_error_of_the_database_ends_nothing(office: Office, provider: ProviderStandIn) -> None:
    (seat,) = office.hire(1)
    faults = Faults()
    core = office.process(faults)
    found = await core.seats.confirm(admin(), "b", office.shown(seat))
    faults.at, faults.mode = faults.count + 1, Mode.RAISE_BEFORE
    with pytest.raises(Fault):
        await core.seats.heal()
    assert office.actions() == list(found.actions)
