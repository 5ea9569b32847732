"""What both directories keep to beside the contract of every provider: nothing is done in doubt, nothing twice.

A test class hands in its world, whose stand-in goes wrong as told.
"""

import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from reporting_core.usecases.seats import memberships as words
from reporting_core.usecases.seats.judging import judged
from reporting_core.words.errors import SettingWrong
from reporting_core.words.people import Asker
from reporting_core.words.seats import (
    Action,
    Change,
    Done,
    OutOfGroups,
    Seen,
    State,
)
from reporting_core.words.terms import Origin
from tests.company import ANN, BEN, ago
from tests.directory_world import DirectoryWorld
from tests.provider_contract import ProviderContract
from tests.provider_world import InOurData

NO_ANSWERS = ["html", "half", "empty", "success", "number", "null", "strange_list", "deep", "huge"]
NO_ANSWERS += ["hang", "cut", "cut_in_body", "404", "408", "409", "500", "502", "503", "504"]
TURNED_DOWN = ["400", "403", "405", "410", "redirect"]


class DirectoryContract(ProviderContract):
    """The contract of directories."""

    # -- what is refused in words

    async def test_nobody_is_taken_out_unless_that_is_switched_on(self, world: DirectoryWorld) -> None:
        world.provider = world.made(ALLOW="")
        assert await world.refusal() == words.OFF
        assert world.here.asked == []
        assert world.provider.out_of_groups is OutOfGroups.NO

    @pytest.mark.parametrize("origin", [Origin.INDIVIDUAL, Origin.DEFAULT])
    async def test_a_seat_that_did_not_come_from_a_group_stays(self, world: DirectoryWorld, origin: Origin) -> None:
        assert await world.refusal(origin=origin, origin_group="") == words.NOT_BY_GROUP

    async def test_a_seat_of_another_group_stays(self, world: DirectoryWorld) -> None:
        assert await world.refusal(origin_group="BIM") == words.ANOTHER_GROUP

    async def test_whose_origin_is_not_known_is_looked_for_in_the_group(self, world: DirectoryWorld) -> None:
        ann, cleo = (replace(world.order(who), origin=Origin.UNKNOWN, origin_group="") for who in ("ann", "cleo"))
        assert (await world.provider.unassign(cleo)).reason == words.NOT_IN
        assert (await world.provider.unassign(ann)).done is Done.DONE

    async def test_a_product_without_a_group_stays(self, world: DirectoryWorld) -> None:
        assert await world.refusal(product="Inventor") == words.NO_GROUP
        assert await world.provider.state(replace(world.order(), product="Inventor")) is Seen.UNKNOWN

    async def test_a_group_can_be_named_for_one_team(self, world: DirectoryWorld) -> None:
        world.provider = world.made(GROUPS=f"Design / revit={world.here.groups['Revit']}")
        assert await world.refusal(team="West") == words.NO_GROUP
        assert (await world.provider.unassign(world.order())).done is Done.DONE

    async def test_a_group_that_carries_more_stays_unless_that_is_allowed_by_name(self, world: DirectoryWorld) -> None:
        group = world.here.groups["Revit"]
        both = f'{{"Revit": "{group}", "West/AutoCAD": "{group}"}}'
        world.provider = world.made(GROUPS=both)
        assert await world.refusal() == words.SHARED
        world.provider = world.made(GROUPS=both, ALLOW="Also-Shared")
        assert world.provider.out_of_groups is OutOfGroups.SHARED
        assert (await world.provider.unassign(world.order())).done is Done.DONE

    async def test_somebody_without_an_e_mail_cannot_be_found(self, world: DirectoryWorld) -> None:
        assert await world.refusal(email=None) == words.NO_EMAIL
        assert await world.provider.state(replace(world.order(), email=None)) is Seen.UNKNOWN

    @pytest.mark.parametrize("email", ["zoe@example.com", "ann@example.co", "o'neil\"x\\+1&a=b#c@example.com"])
    async def test_nobody_of_that_e_mail_is_nobody(self, world: DirectoryWorld, email: str) -> None:
        assert await world.refusal(email=email) == words.NO_PERSON

    async def test_a_group_that_is_gone_is_said(self, world: DirectoryWorld) -> None:
        world.here.gone.add(world.here.groups["Revit"])
        assert await world.refusal() == words.LOST_GROUP
        assert await world.provider.state(world.order()) is Seen.UNKNOWN

    async def test_whoever_is_in_by_another_way_stays(self, world: DirectoryWorld) -> None:
        await world.assign_anew("ann", "Revit")
        assert await world.refusal() == words.NESTED

    async def test_giving_a_seat_that_somebody_has_is_refused(self, world: DirectoryWorld) -> None:
        assert await world.refusal(change=Change.ASSIGN) == words.HELD

    # -- answers that are none

    async def test_reading_that_fails_changes_nothing(self, world: DirectoryWorld) -> None:
        for where in world.reads:
            for fault in NO_ANSWERS:
                world.here.faults.append((where, fault))
                error = await world.error()
                assert (error.sent, world.effects, world.here.faults) == (False, 0, []), (where, fault)
                world.here.faults.append((where, fault))
                assert not (await world.error(world.provider.state)).sent
        assert (await world.provider.unassign(world.order())).done is Done.DONE

    async def test_reading_that_is_turned_down_is_not_tried_again(self, world: DirectoryWorld) -> None:
        for where in world.reads:
            for fault in TURNED_DOWN:
                world.here.faults.append((where, fault))
                error = await world.error()
                assert (error.permanent, error.sent, world.effects) == (True, False, 0), (where, fault)
        assert not any("elsewhere" in each for each in world.here.asked)

    @pytest.mark.parametrize("fault", [*NO_ANSWERS, "200"])
    async def test_a_change_without_its_answer_is_unknown(self, world: DirectoryWorld, fault: str) -> None:
        world.here.faults.append(("remove", fault))
        error = await world.error()
        assert (error.sent, error.permanent, world.effects) == (True, False, 0)

    @pytest.mark.parametrize("fault", TURNED_DOWN)
    async def test_a_change_that_is_turned_down_had_no_effect(self, world: DirectoryWorld, fault: str) -> None:
        world.here.faults.append(("remove", fault))
        error = await world.error()
        assert (error.sent, error.permanent, world.effects) == (False, True, 0)
        assert await world.provider.state(world.order()) is Seen.SAME
        assert (await world.provider.unassign(world.order())).done is Done.DONE

    @pytest.mark.parametrize(
        "fault", ["then_hang", "then_500", "then_html", "then_cut", "then_cut_in_body", "then_404"]
    )
    async def test_an_effect_whose_answer_is_lost_is_found_by_looking(self, world: DirectoryWorld, fault: str) -> None:
        world.here.faults.append(("remove", fault))
        assert (await world.error()).sent
        assert await world.provider.state(world.order()) is Seen.GONE
        assert (await world.provider.unassign(world.order())).done is Done.DONE
        assert world.effects == 1

    @pytest.mark.parametrize("fault", ["then_hang", "then_500", "500"])
    async def test_a_seat_given_again_is_given_once(self, world: DirectoryWorld, fault: str) -> None:
        await world.provider.unassign(world.order())
        order = world.order(change=Change.ASSIGN, key="back")
        world.here.faults.append(("add", fault))
        assert (await world.error(lambda _order: world.provider.assign(order))).sent
        assert (await world.provider.assign(order)).done is Done.DONE
        assert (world.effects, world.is_in()) == (2, True)

    # -- somebody is put into the group again

    @pytest.mark.parametrize("fault", ["then_500", "then_hang"])
    async def test_whoever_came_back_while_the_outcome_was_unknown_stays(
        self, world: DirectoryWorld, fault: str
    ) -> None:
        world.here.faults.append(("remove", fault))
        await world.error()
        await world.assign_anew("ann", "Revit")
        assert await world.provider.state(world.order()) is Seen.UNKNOWN
        assert (await world.error()).sent
        assert (world.is_in(), world.effects) == (True, 2)

    async def test_whoever_came_back_after_it_was_done_is_another_seat(self, world: DirectoryWorld) -> None:
        await world.provider.unassign(world.order())
        await world.assign_anew("ann", "Revit")
        assert await world.provider.state(world.order()) is Seen.UNKNOWN  # copies of the directory may lag
        world.now += words.LAG
        assert await world.provider.state(world.order()) is Seen.OTHER

    # -- too many requests

    @pytest.mark.parametrize("fault", ["429", "busy"])
    async def test_a_service_without_time_is_left_alone(self, world: DirectoryWorld, fault: str) -> None:
        for where in (*world.reads, "remove"):
            world.here.faults.append((where, fault))
            error = await world.error()
            assert (error.sent, error.permanent) == (False, False)
            assert 30 <= error.after <= 120
            asked = len(world.here.asked)
            early = await world.error()
            assert (early.sent, len(world.here.asked)) == (False, asked)
            assert early.after <= error.after
            world.now += timedelta(seconds=error.after)
        assert await world.provider.state(world.order()) is Seen.SAME
        assert (await world.provider.unassign(world.order())).done is Done.DONE

    async def test_an_action_waits_as_long_as_the_service_asks(self, world: DirectoryWorld) -> None:
        world.here.faults.append(("remove", "429"))
        action = await pressed(world)
        assert (action.state, world.effects) == (State.CONFIRMED, 0)
        core, before = world.company.core, world.company.core.clock()
        for seconds, effects in ((60, 0), (121, 1)):
            world.now = before + timedelta(seconds=seconds)
            await core.seats.heal(world.now)
            assert world.effects == effects
        (ended,) = await core.seats.batch(core.operator, "press")
        assert ended.state is State.DONE

    # -- from the press to the group

    async def test_a_seat_of_a_group_is_taken_and_given_again(self, world: DirectoryWorld) -> None:
        action = await pressed(world)
        assert (action.state, action.reason, world.is_in(), world.effects) == (State.DONE, "", False, 1)
        core = world.company.core
        back = await core.seats.undo(core.operator, action.token)
        again = await core.seats.carry_out(back.token)
        assert again is not None
        assert (again.state, again.detail, world.is_in(), world.effects) == (State.DONE, "", True, 2)

    # -- who cannot be reached, and where nothing is sent

    async def test_who_cannot_be_reached_was_not_told(self, world: DirectoryWorld) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, and not listening: nobody else listens there either
            world.here.address = f"http://127.0.0.1:{taken.getsockname()[1]}"
            world.provider = world.made()
            error = await world.error()
        assert (error.sent, error.permanent) == (False, False)

    async def test_a_list_that_goes_on_elsewhere_is_not_followed(self, world: DirectoryWorld) -> None:
        world.here.page_size = 0
        world.here.next_host = world.here.address.replace("127.0.0.1", "localhost")
        error = await world.error()
        assert (error.permanent, error.sent, world.effects) == (True, False, 0)
        assert not any("skiptoken" in each or "after=" in each for each in world.here.asked)

    async def test_a_list_without_an_end_comes_to_one(self, world: DirectoryWorld) -> None:
        world.seconds = 20
        world.provider = world.made()
        world.here.page_size = 0
        error = await world.error()
        assert (error.permanent, error.sent, world.effects) == (True, False, 0)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("GROUPS", ""),
            ("GROUPS", "Revit"),
            ("GROUPS", "Revit=Ann's group"),
            ("GROUPS", "Revit=../users/1"),
            ("GROUPS", '{"Revit": '),
            ("GROUPS", '{"Revit": 1}'),
            ("ALLOW", "perhaps"),
        ],
    )
    def test_a_setting_of_no_use_is_named(self, world: DirectoryWorld, name: str, value: str) -> None:
        with pytest.raises(SettingWrong, match=f"{world.prefix}_{name}"):
            world.made(**{name: value})

    def test_two_groups_for_one_product_are_named(self, world: DirectoryWorld) -> None:
        one, two = world.here.groups["Revit"], world.here.groups["AutoCAD"]
        with pytest.raises(SettingWrong, match="has two groups"):
            world.made(GROUPS=f"Revit={one},revit={two}")


async def pressed(world: DirectoryWorld) -> Action:
    """An admin takes Ann's Revit, which came from a group; the action as it is after the first attempt."""
    company, core = world.company, world.company.core
    company.load(
        company.report(
            ANN.holds("Revit", since=200, assigned_by="Group: Revit users"),
            BEN.holds("Revit", since=200, assigned_by="Group: Revit users"),
        ),
        company.subscriptions(("s1", "Revit", 2)),
        exported_on=ago(1),
    )
    core.seats.provided_by(world.provider, nobody)
    seat, _on = InOurData(company, world.provider).seat("ann", "Revit")
    with core.store.reading() as connection:
        (verdict,) = judged(connection, core.seats.records.bench(connection), core.operator, [seat])
    assert verdict.reason is None
    confirmed = await core.seats.confirm(core.operator, "press", [(seat, verdict.seat.print)])
    done = await core.seats.carry_out(confirmed.actions[0].token)
    assert done is not None
    return done


async def nobody(_name: str) -> Asker | None:
    return None
