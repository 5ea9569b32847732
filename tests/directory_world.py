"""A directory as the world behind a provider: groups carry Revit and AutoCAD."""

import itertools
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot import settings
from bot.directory import InGroups
from bot.ground import Ground, sessions
from bot.providers import provider
from reporting_core.core import Core
from reporting_core.words.seats import Change, Done, ProviderError, SeatOrder
from reporting_core.words.terms import Origin
from tests.company import KEY, NOW, Company
from tests.directory_stand_in import DirectoryStandIn
from tests.provider_contract import Held, World


class DirectoryWorld(World):
    """A directory in which groups carry Revit and AutoCAD."""

    now: datetime = NOW
    seconds: float = 2
    prefix: str
    reads: tuple[str, ...]

    def __init__(self, company: Company, here: DirectoryStandIn) -> None:
        self.company, self.here, self.words = company, here, itertools.count(1)
        company.core = Core(company.core.store, "main", company.core.account_id, lambda: self.now, KEY)
        self.provider: InGroups = self.made()

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What has to be set."""

    @abstractmethod
    def otherwise(self, group: str, person: str) -> None:
        """Let somebody who is in a group be in it in another way."""

    def made(self, **environment: str) -> InGroups:
        named = {f"{self.prefix}_{name}": value for name, value in environment.items()}
        core, given = self.company.core, settings.read(self.environment() | named)
        ground = Ground(given, core.store, core.account_id, lambda: self.now, self.word, sessions, self.seconds)
        made = provider(ground)
        assert isinstance(made, InGroups)
        return made

    def word(self) -> str:
        return f"word {next(self.words)}"

    def order(
        self, who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = ""
    ) -> SeatOrder:
        return SeatOrder(
            key=key or f"{who}-{product}-{change}",
            change=change,
            account="main",
            team="Design",
            product=product,
            assignment_id=1,
            assigned_on=date(2026, 5, 8),
            origin=Origin.GROUP,
            origin_group=f"{product} Users",
            email=f"{who}@example.com",
            name=f"{who.title()} Lee",
            autodesk_id=f"ID-{who}-7",
            asked_by="U1",
        )

    def is_in(self, who: str = "ann", product: str = "Revit") -> bool:
        return self.here.people[who] in self.here.members[self.here.groups[product]]

    async def held(self) -> Held:
        return frozenset(
            (who, product) for who in self.here.people for product in ("Revit", "AutoCAD") if self.is_in(who, product)
        )

    @property
    def effects(self) -> int:
        return self.here.effects

    async def assign_anew(self, who: str, product: str) -> None:
        group, person = self.here.groups[product], self.here.people[who]
        if self.is_in(who, product):
            self.otherwise(group, person)
        else:
            self.here.change(group, person, in_it=True)

    def mute(self) -> bool:
        self.here.mute = True
        return True

    async def refusal(self, **changes: Any) -> str:
        """The reason why an order is refused, which changed nothing."""
        answer = await self.provider.unassign(replace(self.order(), **changes))
        assert (answer.done, self.here.effects) == (Done.REFUSED, 0)
        return answer.reason

    async def error(self, ask: Callable[[SeatOrder], Any] | None = None) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await (ask or self.provider.unassign)(self.order())
        return caught.value
