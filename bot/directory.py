"""Seats taken by ending a membership in the group of a directory: what is the same for every directory.

Looked at first, within one time limit and without any effect; then written down that it is going to be done; then done.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from bot.ground import Ground
from reporting_core.storage import attempts
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats import memberships
from reporting_core.words.errors import SettingWrong, StoreBusy
from reporting_core.words.memberships import Attempt, Tried, Way
from reporting_core.words.seats import (
    Change,
    OutOfGroups,
    ProviderAnswer,
    ProviderError,
    SeatOrder,
    Seen,
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group as the directory has it. `fault`: why nobody may be taken out; `mark` changes with every membership."""

    id: str
    name: str
    fault: str = ""
    mark: str = ""


class Directory(Protocol):
    """A directory over HTTP. Everything raises ProviderError; `remove` and `add` return once it has happened."""

    @property
    def name(self) -> str:
        """Name of the provider, as in USAGEBOT_PROVIDER."""

    async def group(self, id_: str) -> Group | None:
        """Find a group."""

    async def people(self, email: str) -> list[str]:
        """Find the ids of the people of this e-mail, several where it is not clear who is meant."""

    async def way(self, group: Group, person: str) -> Way:
        """Find how somebody is in a group."""

    async def remove(self, group: str, person: str) -> None:
        """End a membership, if there is one."""

    async def add(self, group: str, person: str) -> None:
        """Make somebody a member."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: which group carries what, and whether single people may be taken out."""

    groups: Mapping[str, str]
    allowed: OutOfGroups


@dataclass(frozen=True, slots=True)
class _Found:
    group: Group
    person: str
    way: Way
    attempt: Attempt | None


class InGroups:
    """Takes and gives seats as memberships."""

    def __init__(self, ground: Ground, directory: Directory, rules: Rules) -> None:
        self._ground = ground
        self._directory = directory
        self._rules = rules

    @property
    def name(self) -> str:
        """Name of the directory's provider."""
        return self._directory.name

    @property
    def out_of_groups(self) -> OutOfGroups:
        """What the settings allow about seats that came from a group."""
        return self._rules.allowed

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Take the person out of the group."""
        against = memberships.against(order, self._rules.groups, self._rules.allowed)
        return against or await self._carried_out(order)

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Put the person into the group again."""
        return await self.unassign(order)

    async def state(self, order: SeatOrder) -> Seen:
        """Read whether the person is in the group, also where the settings would not allow to end it any more."""
        if not memberships.carrier(self._rules.groups, order) or not order.email:
            return Seen.UNKNOWN
        found = await self._looked(order)
        if isinstance(found, ProviderAnswer):
            return Seen.UNKNOWN
        return memberships.seen(order, found.way, found.attempt, found.group.mark, self._ground.clock())

    async def _carried_out(self, order: SeatOrder) -> ProviderAnswer:
        found = await self._looked(order)
        if isinstance(found, ProviderAnswer):
            return found
        answer = _unfit(order, found) or memberships.judged(order, found.way, found.attempt, found.group.mark)
        return answer or await self._done(order, found)

    async def _looked(self, order: SeatOrder) -> _Found | ProviderAnswer:
        """Read all that a decision needs. Nothing happens by reading, so no error has `sent`."""
        try:
            async with self._in_time():
                return await self._found(order)
        except ProviderError as error:
            after = error.after
            raise ProviderError(error.message, permanent=error.permanent, sent=False, after=after) from None

    async def _found(self, order: SeatOrder) -> _Found | ProviderAnswer:
        group = await self._directory.group(memberships.carrier(self._rules.groups, order))
        if group is None:
            return memberships.refused(memberships.LOST_GROUP)
        people = await self._directory.people(order.email or "")
        if len(people) != 1:
            return memberships.refused(memberships.SEVERAL if people else memberships.NO_PERSON)
        way = await self._directory.way(group, people[0])
        return _Found(group, people[0], way, await asyncio.to_thread(self._attempt, order.key))

    def _attempt(self, key: str) -> Attempt | None:
        try:
            with self._ground.store.reading() as connection:
                return attempts.attempt_of(connection, self._ground.account_id, key)
        except StoreBusy as error:
            raise ProviderError(error.message, sent=False) from None

    async def _done(self, order: SeatOrder, found: _Found) -> ProviderAnswer:
        """Do it, with its attempt written down before and after."""
        attempt = Attempt(Tried.SENT, found.group.mark, self._ground.clock())
        await self._kept(lambda on, id_: attempts.begin(on, id_, order.key, attempt))
        try:
            async with self._in_time():
                await self._changed(order.change, found)
        except ProviderError as error:
            if not error.sent and found.attempt is None:
                await self._noted(lambda on, id_: attempts.forget(on, id_, order.key))
            raise
        await self._noted(lambda on, id_: attempts.end(on, id_, order.key, self._ground.clock()))
        return memberships.DONE

    async def _changed(self, change: Change, found: _Found) -> None:
        act = self._directory.remove if change is Change.UNASSIGN else self._directory.add
        await act(found.group.id, found.person)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        """Limit several requests together; what is cut off may have arrived."""
        try:
            async with asyncio.timeout(self._ground.seconds):
                yield
        except TimeoutError:
            raise ProviderError("The directory took too long to answer.") from None

    async def _noted(self, write: Callable[[Connection, int], None]) -> None:
        # What happened has happened; an attempt that stays open is looked at before it is repeated.
        with suppress(ProviderError):
            await self._kept(write)

    async def _kept(self, write: Callable[[Connection, int], None]) -> None:
        def kept() -> None:
            with self._ground.store.lasting() as connection:
                write(connection, self._ground.account_id)

        try:
            await asyncio.to_thread(kept)
        except StoreBusy as error:
            raise ProviderError(error.message, sent=False) from None


def _unfit(order: SeatOrder, found: _Found) -> ProviderAnswer | None:
    """Refuse a group that this seat did not come from, or that is not ours to change; not once something was sent."""
    if found.attempt is not None:
        return None
    if memberships.is_another(order, found.group.name):
        return memberships.refused(memberships.ANOTHER_GROUP)
    return memberships.refused(found.group.fault) if found.group.fault else None


def rules(groups: str, allowed: OutOfGroups, variable: str, is_id: "re.Pattern[str]") -> Rules:
    """Read which group carries what. Raises SettingWrong."""
    found: dict[str, str] = {}
    for name, group in _pairs(groups, variable):
        if not name or not is_id.fullmatch(group):
            raise SettingWrong(
                f"{variable}: behind “{name}” stands no id of a group. Write Revit=ID, Design/AutoCAD=ID."
            )
        if found.setdefault(memberships.place(name), group) != group:
            raise SettingWrong(f"{variable}: “{name}” has two groups. Name one.")
    return Rules(found, allowed)


def _pairs(text: str, variable: str) -> list[tuple[str, str]]:
    if not text.lstrip().startswith("{"):
        pairs = (each.rpartition("=") for each in text.split(",") if each.strip())
        return [(name.strip(), group.strip()) for name, _, group in pairs]
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise SettingWrong(f"{variable} begins like JSON and is none.") from None
    return [(str(name).strip(), str(group).strip()) for name, group in found.items()]
