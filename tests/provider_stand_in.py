"""A provider that does what a test tells it, and a world behind it that counts what really happened to each seat."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reporting_core.words.seats import Change, Done, ProviderAnswer, ProviderError, SeatOrder, Seen


class Act(StrEnum):
    """What the provider does with a call."""

    DONE = "done"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNREACHED = "unreached"
    """Raises, and says that nothing was sent."""
    CANNOT = "cannot"
    """Raises, for good, and says that nothing was sent."""
    LOST_BEFORE = "lost_before"
    """Raises without an effect, and cannot tell."""
    LOST_AFTER = "lost_after"
    """Raises after the effect, and cannot tell."""
    BROKEN_BEFORE = "broken_before"
    """Fails in a way that no provider should."""
    BROKEN_AFTER = "broken_after"
    MUTE_BEFORE = "mute_before"
    """Never answers."""
    MUTE_AFTER = "mute_after"
    NONSENSE = "nonsense"
    """Answers something that is no answer, without an effect."""


EFFECTIVE = {Act.DONE, Act.LOST_AFTER, Act.BROKEN_AFTER, Act.MUTE_AFTER}


@dataclass
class SeatWorld:
    """Seats by assignment: taken, or assigned anew so many times. Shared by all processes of a test."""

    taken: set[int] = field(default_factory=set)
    anew: Counter[int] = field(default_factory=Counter)
    accepted: dict[str, SeatOrder] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)
    """By the order's key."""
    wrong: list[str] = field(default_factory=list)
    """Keys of orders that took a seat which was assigned anew."""

    def assign_anew(self, assignment: int) -> None:
        """Somebody gives the seat again, past the bot."""
        self.taken.discard(assignment)
        self.anew[assignment] += 1

    def act(self, order: SeatOrder) -> None:
        """Do what is ordered, once for a key."""
        if self.effects[order.key]:
            return
        self.effects[order.key] += 1
        if order.change is Change.ASSIGN:
            self.taken.discard(order.assignment_id)
            return
        if self.anew[order.assignment_id]:
            self.wrong.append(order.key)
        self.taken.add(order.assignment_id)

    def settle(self, key: str) -> None:
        """Whoever accepted it carries it out."""
        self.act(self.accepted.pop(key))

    def seen(self, order: SeatOrder) -> Seen:
        """How the seat of an order stands."""
        if order.key in self.accepted:
            return Seen.PENDING
        if order.assignment_id in self.taken:
            return Seen.GONE
        return Seen.OTHER if self.anew[order.assignment_id] else Seen.SAME


def nothing() -> None:
    """Do nothing."""


@dataclass
class ProviderStandIn:
    """`acts` are used up one a call, then it does `then`; `sees` likewise, then it sees what is there.

    `before` and `after` are called around each call and each look, as places to fail at; `meanwhile` between a call's
    arrival and its effect.
    """

    world: SeatWorld = field(default_factory=SeatWorld)
    name: str = "stand-in"
    acts: list[Act] = field(default_factory=list)
    then: Act = Act.DONE
    sees: list[Seen | Exception] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    looks: Counter[str] = field(default_factory=Counter)
    orders: list[SeatOrder] = field(default_factory=list)
    at_once: Counter[int] = field(default_factory=Counter)
    """Calls under way, by assignment."""
    most_at_once: int = 0
    before: Callable[[], Any] = nothing
    after: Callable[[Any], None] = lambda _before: None
    meanwhile: Callable[[], None] = nothing
    gate: asyncio.Event | None = None
    """Calls wait until it is set."""
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Take a seat, as the script says."""
        return await self._called(order)

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Give a seat, as the script says."""
        return await self._called(order)

    async def state(self, order: SeatOrder) -> Seen:
        """Look at a seat."""
        began = self.before()
        self.looks[order.key] += 1
        seen = self.sees.pop(0) if self.sees else self.world.seen(order)
        if isinstance(seen, Exception):
            raise seen
        self.after(began)
        return seen

    async def _called(self, order: SeatOrder) -> ProviderAnswer:
        began = self.before()
        self.calls[order.key] += 1
        self.orders.append(order)
        self.at_once[order.assignment_id] += 1
        self.most_at_once = max(self.most_at_once, self.at_once[order.assignment_id])
        try:
            self.entered.set()
            if self.gate is not None:
                await self.gate.wait()
            self.meanwhile()
            return await self._acted(order, self.acts.pop(0) if self.acts else self.then)
        finally:
            self.at_once[order.assignment_id] -= 1
            self.after(began)

    async def _acted(self, order: SeatOrder, act: Act) -> ProviderAnswer:
        if act in EFFECTIVE:
            self.world.act(order)
        if act in {Act.MUTE_BEFORE, Act.MUTE_AFTER}:
            await asyncio.Event().wait()
        if act in FAILURES:
            raise FAILURES[act]
        if act is Act.ACCEPTED:
            self.world.accepted[order.key] = order
        answer: ProviderAnswer = ANSWERS[act]
        return answer


FAILURES: dict[Act, Exception] = {
    Act.UNREACHED: ProviderError("nobody answers", sent=False),
    Act.CANNOT: ProviderError("never here", sent=False, permanent=True),
    Act.LOST_BEFORE: ProviderError("status 502"),
    Act.LOST_AFTER: ProviderError("status 504"),
    Act.BROKEN_BEFORE: KeyError("id"),
    Act.BROKEN_AFTER: ValueError("half JSON"),
}
ANSWERS: dict[Act, Any] = {
    Act.DONE: ProviderAnswer(Done.DONE),
    Act.ACCEPTED: ProviderAnswer(Done.ACCEPTED, reference="task 1"),
    Act.REFUSED: ProviderAnswer(Done.REFUSED, reason="not on Fridays"),
    Act.NONSENSE: {"status": "ok"},
}
