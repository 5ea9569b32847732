"""All that can be asked about taking seats back, as coroutines that run in worker threads: `core.seats`."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from reporting_core.usecases.seats import (
    carrying_out,
    confirming,
    exempting,
    healing,
    previewing,
    seconding,
    settling,
    telling,
    undoing,
)
from reporting_core.usecases.seats import policy as rules
from reporting_core.usecases.seats.confirming import Place, Press
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.usecases.seats.healing import Healed
from reporting_core.usecases.seats.machine import Machine, May, Waits
from reporting_core.usecases.seats.records import Records
from reporting_core.words.errors import StoreBusy
from reporting_core.words.people import Asker
from reporting_core.words.seats import (
    Action,
    Confirmed,
    Exemption,
    OutOfGroups,
    Policy,
    ProviderAnswer,
    SeatControl,
    Verdict,
)

T = TypeVar("T")

Rows = Callable[[str, Asker, Mapping[str, str] | None], Sequence[int]]

NOWHERE: Place = ("", "")


class Seats:
    """One account's seats. The process sets the provider and who may, and heals every few seconds.

    `mark` is called after something was recorded: it writes down outside the database how far the audit goes. `rows`
    finds the assignments that a typed question is about.
    """

    def __init__(self, records: Records, operator: Asker, rows: Rows, mark: Callable[[], None] = lambda: None) -> None:
        self.records = replace(records, out_of_groups=self._out_of_groups)
        self.rows = rows
        self.machine = Machine(self.records, operator, records.token(), random.random)
        self.mark = mark

    def provided_by(
        self,
        provider: SeatControl,
        may: May | None = None,
        waits: Waits | None = None,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        """Set who carries actions out, who looks up rights at the call, how long is waited for what."""
        self.machine.provider, self.machine.may = provider, may
        self.machine.waits = waits or self.machine.waits
        self.machine.random = jitter or self.machine.random

    async def preview(
        self, asker: Asker, what: Sequence[int] | str, mentions: Mapping[str, str] | None = None
    ) -> list[Verdict]:
        """Judge seats as they are now: by their assignments, or all rows of a typed question, 200 at most.

        Raises what a question raises.
        """

        def preview() -> list[Verdict]:
            ids = self.rows(what, asker, mentions) if isinstance(what, str) else what
            return previewing.preview(self.records, asker, ids[: confirming.MOST])

        return await asyncio.to_thread(preview)

    async def policy(self) -> Policy:
        """Return what an owner set."""
        return await asyncio.to_thread(self._policy)

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        """Set one value; the switch can be turned off by any admin. Raises `NotAllowed`, `AskAgain`, `StoreBusy`."""
        return await self.recorded(self._set_policy, asker, name, value)

    async def exempt(self, asker: Asker, wish: Wish) -> Exemption:
        """Keep somebody's seat. Raises `AskAgain`, `NotAllowed`, `StoreBusy`."""
        return await self.recorded(exempting.exempt, self.records, asker, wish)

    async def unexempt(self, asker: Asker, token: str) -> bool:
        """Take an exemption back; False if there is none any more. Raises `NotAllowed`, `StoreBusy`."""
        return await self.recorded(exempting.unexempt, self.records, asker, token)

    async def exemptions(self, asker: Asker) -> list[Exemption]:
        """List the exemptions that hold now in the teams this person administers."""
        return await asyncio.to_thread(exempting.listed, self.records, asker)

    async def confirm(
        self, asker: Asker, batch: str, seats: Sequence[tuple[int, str]], place: Place = NOWHERE
    ) -> Confirmed:
        """Begin to take seats back: (assignment, fingerprint as shown). The same `batch` again begins nothing anew.

        Raises `NotAllowed`, `AskAgain`, `StoreBusy`, `SettingWrong`.
        """
        return await self.recorded(confirming.confirm, self.machine, Press(asker, batch, seats, place))

    async def second(self, asker: Asker, batch: str) -> Confirmed:
        """Confirm, as a second admin, what somebody else asked for. Raises `NotAllowed`, `AskAgain`, `StoreBusy`."""
        return await self.recorded(seconding.second, self.machine, asker, batch)

    async def decline(self, asker: Asker, batch: str) -> list[Action]:
        """Withdraw what waits for a second admin. Raises as `second`."""
        return await self.recorded(seconding.decline, self.machine, asker, batch)

    async def undo(self, asker: Asker, token: str, place: Place = NOWHERE) -> Action:
        """Begin to give a seat back. Raises `NotUndone` (an `AskAgain` with the reason), `NotAllowed`, `StoreBusy`."""
        return await self.recorded(undoing.undo, self.machine, asker, token, place)

    async def carry_out(self, token: str, may: May | None = None) -> Action | None:
        """Carry a confirmed action out, or find that somebody else does; returns it as it is then.

        `may` looks up whoever asked, anew; without one, or where it fails, it is refused. Raises `StoreBusy`,
        `SettingWrong`.
        """
        done = await carrying_out.carry_out(self.machine, token, may)
        await asyncio.to_thread(self._mark)
        return done

    async def heal(self, now: datetime | None = None, may: May | None = None) -> Healed:
        """Do one round of finding out what became of actions that nobody works on. Raises `StoreBusy`."""
        healed = await healing.heal(self.machine, may, now)
        # Also where nothing moved: a process may have gone away between what it did and its mark.
        await asyncio.to_thread(self._mark)
        return healed

    async def settle(self, asker: Asker, token: str, *, done: bool) -> Action:
        """End an action that needs a person. Raises `AskAgain` where it does not, `NotAllowed`, `StoreBusy`."""

        def settle() -> Action:
            return settling.settle(self.machine, asker, token, done=done)

        return await self.recorded(settle)

    async def answered(self, token: str, answer: ProviderAnswer) -> Action | None:
        """Take what the provider says of an order later (its callback, verified by the caller); None: no such order."""
        return await self.recorded(settling.answered, self.machine, token, answer)

    async def to_tell(self) -> list[Action]:
        """List the actions that ended or need a person and of which nobody has been told; then claim with `told`."""
        return await asyncio.to_thread(telling.to_tell, self.machine)

    async def told(self, token: str) -> bool:
        """Take the turn to tell of an action: True for one process only, for each piece of news."""
        return await asyncio.to_thread(telling.told, self.machine, token)

    async def untold(self, token: str) -> bool:
        """Give the turn back, after a message that certainly reached nobody."""
        return await asyncio.to_thread(telling.untold, self.machine, token)

    async def placed(self, batch: str, place: Place) -> None:
        """Note in which message (channel, timestamp) a batch is shown."""
        await asyncio.to_thread(telling.placed, self.machine, batch, place)

    async def batch(self, asker: Asker, batch: str) -> list[Action]:
        """List the actions of one press, those of this person's teams."""
        return await asyncio.to_thread(telling.batch, self.machine, asker, batch)

    async def open(self, asker: Asker) -> list[Action]:
        """List what is under way or waits for somebody in this person's teams, oldest first."""
        return await asyncio.to_thread(telling.open_ones, self.machine, asker)

    async def recent(self, asker: Asker) -> list[Action]:
        """List what was asked for in this person's teams within three months, newest first."""
        return await asyncio.to_thread(telling.recent, self.machine, asker)

    def _policy(self) -> Policy:
        with self.records.store.reading() as connection:
            return rules.policy(connection, self.records.account_id)

    def _set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        with self.records.store.writing() as connection:
            now = self.records.clock()
            return rules.set_value(self.records.chain, connection, asker, name, value, now)

    def _out_of_groups(self) -> OutOfGroups:
        return getattr(self.machine.provider, "out_of_groups", OutOfGroups.NO)

    async def recorded(self, change: Callable[..., T], *args: object) -> T:
        """Make a change that writes rows of the audit, in a worker thread, and mark how far the audit goes then."""
        try:
            return await asyncio.to_thread(change, *args)
        finally:
            await asyncio.to_thread(self._mark)

    def _mark(self) -> None:
        # What happened stands in the database; a mark that cannot be written now is made with the next one.
        with suppress(OSError, StoreBusy):
            self.mark()
