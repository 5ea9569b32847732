"""Tasks for admins: done when newer data or an admin says so, and not before."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.providers import provider
from bot.providers.task import TaskForAdmins, made
from reporting_core.storage import schema
from reporting_core.storage.acting import seat_actions
from reporting_core.storage.actions import begin
from reporting_core.storage.providing import open_tasks
from reporting_core.usecases.seats.tasks import Tasks
from reporting_core.words.seats import Action, Change, Done, SeatOrder, Seen, State
from reporting_core.words.tasks import TaskState
from tests.company import ANN, BEN, NOW, Company, ago
from tests.provider_contract import ProviderContract
from tests.provider_world import InOurData, filled, ground


class ByAdmins(InOurData):
    """Admins work in the vendor's portal, and the next export shows it: both at once, in `settle`."""

    waits = True

    def __init__(self, company: Company) -> None:
        super().__init__(company, made(ground(company)))
        self.settled: set[str] = set()
        self.orders: dict[str, SeatOrder] = {}

    @property
    def tasks(self) -> Tasks:
        assert isinstance(self.provider, TaskForAdmins)
        return self.provider.tasks

    def order(
        self, who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = ""
    ) -> SeatOrder:
        order = super().order(who, product, change, key)
        self.orders[order.key] = order
        self._acted(order)
        return order

    def _acted(self, order: SeatOrder) -> None:
        """An order belongs to an action, by which a reminder finds whom to remind."""
        state = State.ACCEPTED
        action = Action(order.key, "b", order.change, state, "", order.assignment_id, 1, 1, 1, "U1", NOW)
        with self.company.core.store.writing() as connection:
            begin(connection, self.company.core.account_id, action, None)

    @property
    def effects(self) -> int:
        return len(self.settled)

    async def settle(self) -> None:
        a = schema.assignments
        with self.company.core.store.reading() as connection:
            keys = {task.key for task in open_tasks(connection, self.company.core.account_id)} - self.settled
        for key in keys:
            order = self.orders[key]
            with self.company.core.store.writing() as connection:
                values = {"assigned": int(order.change is Change.ASSIGN)}
                connection.execute(update(a).where(a.c.id == order.assignment_id).values(**values))
            self.settled.add(key)


@pytest.fixture
def company(company: Company) -> Company:
    return filled(company)


@pytest.fixture
def world(company: Company) -> ByAdmins:
    return ByAdmins(company)


class TestContract(ProviderContract):
    pass


def test_it_is_what_takes_seats_where_nothing_else_is_set(company: Company) -> None:
    assert provider(ground(company)).name == "task"


async def test_a_task_has_a_number_and_is_opened_once(world: ByAdmins) -> None:
    order = world.order()
    answers = await asyncio.gather(*(world.provider.unassign(order) for _ in range(4)))
    assert {answer.done for answer in answers} == {Done.ACCEPTED}
    assert {answer.reference for answer in answers} == {"1"}
    assert (await world.provider.unassign(world.order("ben"))).reference == "2"


async def test_an_admin_says_that_it_is_done(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    assert world.tasks.close(order.key, done=True)
    assert await world.provider.state(order) is Seen.GONE
    assert (await world.provider.unassign(order)).done is Done.DONE
    assert not world.tasks.close(order.key, done=False)


async def test_an_admin_says_that_it_will_not_be_done(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    world.tasks.close(order.key, done=False)
    assert await world.provider.state(order) is Seen.SAME
    answer = await world.provider.unassign(order)
    assert (answer.done, answer.reason) == (Done.REFUSED, "An admin said that it will not be done.")


async def test_giving_a_seat_again_is_a_task_too(world: ByAdmins) -> None:
    world.company.load(world.company.report(ANN.gave_back("Revit", 1)), exported_on=ago(0))
    order = world.order(change=Change.ASSIGN)
    assert (await world.provider.assign(order)).done is Done.ACCEPTED
    assert await world.provider.state(order) is Seen.PENDING
    world.tasks.close(order.key, done=True)
    assert await world.provider.state(order) is Seen.SAME


async def test_an_export_that_shows_it_ends_it(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    world.company.load(world.company.report(ANN.gave_back("Revit", 0), BEN.holds("Revit")), exported_on=ago(0))
    assert await world.provider.state(order) is Seen.GONE


async def test_an_export_that_still_shows_the_seat_ends_nothing(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    same = ANN.holds("Revit", since=200, assigned_by="Individual")
    world.company.load(world.company.report(same), exported_on=ago(-1))
    assert await world.provider.state(order) is Seen.PENDING


@pytest.mark.parametrize(("days_later", "seen"), [(0, Seen.PENDING), (1, Seen.GONE)])
async def test_a_report_of_a_later_day_that_does_not_list_the_seat_shows_it(
    world: ByAdmins, days_later: int, seen: Seen
) -> None:
    order = world.order()
    await world.provider.unassign(order)
    world.company.load(world.company.report(BEN.holds("Revit")), exported_on=ago(-days_later))
    assert await world.provider.state(order) is seen


async def test_a_seat_that_the_data_shows_as_assigned_anew_is_not_done(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    world.company.load(world.company.report(ANN.holds("Revit", since=0, assigned_by="Individual")), exported_on=ago(0))
    assert await world.provider.state(order) is Seen.OTHER


def later(world: ByAdmins, days: float) -> Tasks:
    core = world.company.core
    return Tasks(core.store, core.account_id, lambda: NOW + timedelta(days=days))


async def test_a_task_is_told_at_once_and_then_after_3_7_and_14_days_each_once(world: ByAdmins) -> None:
    order = world.order()
    await world.provider.unassign(order)
    days = [day for day in range(30) for _ in range(2) if later(world, day).due_reminders()]
    assert days == [0, 3, 7, 14]


async def test_after_a_long_silence_one_reminder_is_enough(world: ByAdmins) -> None:
    await world.provider.unassign(world.order())
    later(world, 0).due_reminders()
    (reminder,) = later(world, 10).due_reminders()
    assert (reminder.task.number, reminder.action.asked_by) == (1, "U1")
    assert later(world, 10).due_reminders() == []
    assert len(later(world, 14).due_reminders()) == 1


async def test_of_two_processes_one_reminds(world: ByAdmins) -> None:
    await world.provider.unassign(world.order())
    found = await asyncio.gather(*(asyncio.to_thread(later(world, 3).due_reminders) for _ in range(4)))
    assert sum(map(len, found)) == 1


async def test_a_message_that_reached_nobody_comes_again(world: ByAdmins) -> None:
    await world.provider.unassign(world.order())
    (told,) = later(world, 0).due_reminders()
    assert later(world, 0).give_back(told.task)
    assert later(world, 0).due_reminders() == []
    (again,) = later(world, 0.01).due_reminders()
    assert again.task.reminders == told.task.reminders == 0


async def test_nobody_is_reminded_of_what_has_ended(world: ByAdmins) -> None:
    first, second = world.order(), world.order("ben")
    await world.provider.unassign(first)
    await world.provider.unassign(second)
    world.tasks.close(first.key, done=True)
    ended(world, second.key)
    assert later(world, 3).due_reminders() == []
    assert later(world, 3).waiting() == []


def ended(world: ByAdmins, key: str) -> None:
    with world.company.core.store.writing() as connection:
        done = update(seat_actions).where(seat_actions.c.token == key).values(state=State.DONE, claim=None)
        connection.execute(done)


async def test_a_task_holds_no_names(world: ByAdmins) -> None:
    await world.provider.unassign(world.order())
    (row,) = world.company.stored()["provider_tasks"]
    assert "ann" not in row.casefold().replace("ann-revit-unassign", "")
    assert TaskState.OPEN in row
