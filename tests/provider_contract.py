"""What every provider keeps to, whatever stands behind it. A provider's tests hand in its world:

    class TestLedger(ProviderContract):
        @pytest.fixture
        def world(self, company: Company) -> World: ...

In that world Ann holds Revit and AutoCAD, Ben holds Revit, and Cleo holds nothing. Names, ids and e-mails are personal.
"""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from structlog.testing import capture_logs

from reporting_core.words.seats import Change, Done, ProviderAnswer, ProviderError, SeatControl, SeatOrder, Seen

Held = frozenset[tuple[str, str]]
"""Who holds what in the world behind the provider: (ann, Revit)."""

LONGEST = 30
"""Seconds within which a provider whose world is mute must have given up; its world sets a shorter limit."""


class World(ABC):
    """A provider, and whatever it works on."""

    provider: SeatControl
    waits = False
    """Whether its first answer is `ACCEPTED`: then `settle` makes happen what was accepted."""
    secrets: tuple[str, ...] = ()
    """Tokens, signatures' keys, addresses: what must not be said anywhere."""

    @abstractmethod
    def order(
        self, who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = ""
    ) -> SeatOrder:
        """An order about somebody's seat as it is now; a key of its own unless one is named."""

    @abstractmethod
    async def held(self) -> Held:
        """Who holds what."""

    @property
    @abstractmethod
    def effects(self) -> int:
        """How often a seat was taken or given in the world."""

    @abstractmethod
    async def assign_anew(self, who: str, product: str) -> None:
        """Somebody gives the seat in another way, or on a later day, than it was when an order was made."""

    async def settle(self) -> None:  # noqa: B027 - there is nothing to settle where an answer is the end of it
        """Let happen what was accepted."""

    def mute(self) -> bool:
        """Let the world take requests and never answer; False where there is nothing to wait for."""
        return False


class ProviderContract:
    """The contract. Each test is one promise."""

    async def test_only_the_seat_of_the_order_is_taken(self, world: World) -> None:
        before = await world.held()
        answer = await carried_out(world, world.order())
        assert answer.done is (Done.ACCEPTED if world.waits else Done.DONE)
        assert before - await world.held() == {("ann", "Revit")}
        assert await world.held() <= before

    async def test_the_same_key_twice_is_one_effect(self, world: World) -> None:
        order = world.order()
        await carried_out(world, order)
        again = await carried_out(world, order)
        assert again.done is Done.DONE or world.waits
        assert again.done is not Done.REFUSED
        assert world.effects == 1

    async def test_the_same_key_at_the_same_time_is_one_effect(self, world: World) -> None:
        order = world.order()
        await asyncio.gather(*(carried_out(world, order) for _ in range(4)), return_exceptions=True)
        assert world.effects == 1
        assert ("ann", "Revit") not in await world.held()

    async def test_a_key_that_comes_back_after_a_new_assignment_takes_nothing(self, world: World) -> None:
        order = world.order()
        await carried_out(world, order)
        await world.assign_anew("ann", "Revit")
        before = world.effects
        await tried(world, order)
        assert world.effects == before
        assert ("ann", "Revit") in await world.held()

    async def test_what_is_gone_is_not_taken_again(self, world: World) -> None:
        order = world.order(key="second")
        await carried_out(world, world.order())
        before = await world.held()
        answer = await tried(world, order)
        assert answer is None or answer.done in {Done.DONE, Done.REFUSED}
        assert (await world.held(), world.effects) == (before, 1)

    async def test_a_seat_is_given_again(self, world: World) -> None:
        before = await world.held()
        await carried_out(world, world.order())
        order = world.order(change=Change.ASSIGN, key="back")
        for _ in range(2):
            answer = await carried_out(world, order)
            assert answer.done is not Done.REFUSED
        assert await world.held() == before
        assert world.effects == 2

    async def test_it_sees_what_became_of_an_order_to_unassign(self, world: World) -> None:
        order = world.order()
        assert await world.provider.state(order) is Seen.SAME
        await tried(world, order)
        assert await world.provider.state(order) is (Seen.PENDING if world.waits else Seen.GONE)
        await world.settle()
        assert await world.provider.state(order) is Seen.GONE

    async def test_it_sees_what_became_of_an_order_to_assign(self, world: World) -> None:
        await carried_out(world, world.order())
        order = world.order(change=Change.ASSIGN, key="back")
        assert await world.provider.state(order) is Seen.GONE
        await tried(world, order)
        assert await world.provider.state(order) in ({Seen.PENDING} if world.waits else {Seen.SAME, Seen.OTHER})
        await world.settle()
        assert await world.provider.state(order) in {Seen.SAME, Seen.OTHER}

    async def test_a_seat_assigned_anew_is_another_one(self, world: World) -> None:
        order = world.order()
        await world.assign_anew("ann", "Revit")
        assert await world.provider.state(order) is Seen.OTHER

    @pytest.mark.parametrize(("who", "product"), [("cleo", "Revit"), ("ben", "AutoCAD")])
    async def test_who_holds_nothing_loses_nothing(self, world: World, who: str, product: str) -> None:
        before = await world.held()
        answer = await tried(world, world.order(who, product))
        assert answer is None or answer.done in {Done.DONE, Done.REFUSED}
        await world.settle()
        assert (await world.held(), world.effects) == (before, 0)

    async def test_a_mute_world_is_given_up_and_nothing_is_claimed(self, world: World) -> None:
        order = world.order()
        if not world.mute():
            return  # nothing to wait for
        async with asyncio.timeout(LONGEST):
            with pytest.raises(ProviderError) as caught:
                await world.provider.unassign(order)
            with pytest.raises(ProviderError):
                await world.provider.state(order)
        assert (caught.value.sent, caught.value.permanent) == (True, False)

    async def test_nothing_secret_or_personal_is_said(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        order = world.order()
        with overheard(caplog) as said:
            said.append(await tried(world, world.order("cleo")))
            said.append(await tried(world, order))
            said.append(await world.provider.state(order))
            said.append(world.provider)
            if world.mute():
                for attempt in (world.provider.unassign, world.provider.assign, world.provider.state):
                    with pytest.raises(ProviderError) as caught:
                        await attempt(order)
                    said += [caught.value.message, repr(caught.value), str(caught.value.__cause__)]
        personal = (order.email, order.name, order.autodesk_id, order.hashed_autodesk_id, "ann@", "cleo@")
        for word in filter(None, (*world.secrets, *personal)):
            assert word not in repr(said)


async def carried_out(world: World, order: SeatOrder) -> ProviderAnswer:
    """Give an order and let it happen."""
    answer = await _given(world, order)
    await world.settle()
    return answer


async def tried(world: World, order: SeatOrder) -> ProviderAnswer | None:
    """Give an order that may be refused; None: refused for good, by an error, without having been sent."""
    try:
        return await _given(world, order)
    except ProviderError as error:
        if not error.permanent or error.sent:
            raise
        return None


@contextmanager
def overheard(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    """What is said and logged meanwhile, at every level."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        said: list[Any] = []
        yield said
        said += [*logged, caplog.text]


async def _given(world: World, order: SeatOrder) -> ProviderAnswer:
    if order.change is Change.UNASSIGN:
        return await world.provider.unassign(order)
    return await world.provider.assign(order)
