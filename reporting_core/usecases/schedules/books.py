"""What schedules and posts are kept with: the database, the clock, who this process is, how long is waited for what."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reporting_core.storage.engines import Connection, Store
from reporting_core.storage.post_rows import Lease
from reporting_core.words.schedules import Kind

PATIENCE = 8.0
"""Seconds that a change waits for another one on the same rows; imports are not waited for, but on SQLite."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long things are held and waited for. Seconds, where nothing else is said."""

    lease: float = 120.0
    """A process that claimed a post has so long to send it."""
    send: float = 30.0
    """Of which so much must be left when it begins to send: longer than Slack is waited for."""
    skew: float = 60.0
    """By so much the clocks of two processes may differ: so much later it is looked for what one seems to have left."""
    look: float = 15.0
    """After a lost answer, until the message is looked for: it may still be on its way."""
    again: tuple[float, ...] = (30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)
    """Between attempts; after the last of them there is one attempt more."""
    late: timedelta = timedelta(minutes=15)
    """A post that is sent later than that says so."""
    keeps: dict[Kind, timedelta] = field(
        default_factory=lambda: {Kind.DIGEST: DAY, Kind.EXPORT: DAY, Kind.ALERT: 7 * DAY, Kind.NOTICE: 7 * DAY}
    )
    """What waits for longer is not sent any more."""
    doubt: timedelta = timedelta(minutes=5)
    """What lies by more than that in the future was written by a clock that was put back since."""

    @property
    def longest(self) -> timedelta:
        """A lease that seems to last longer is not believed."""
        return timedelta(seconds=self.lease) + self.doubt

    @property
    def attempts(self) -> int:
        """How often a post is tried."""
        return len(self.again) + 1


@dataclass(slots=True)
class Books:
    """One account's schedules and posts in one process. `token` makes random words, `holder` names the process."""

    store: Store
    account_id: int
    clock: Callable[[], datetime]
    token: Callable[[], str]
    holder: str
    waits: Waits = field(default_factory=Waits)

    def changing(self, *, lasting: bool = False) -> AbstractContextManager[Connection]:
        """Open a short transaction; `lasting`: on the disk when it ends, before anything is sent."""
        return self.store.noting(PATIENCE, lasting=lasting)

    def lease(self, now: datetime) -> Lease:
        """Return a lease from now on."""
        return Lease(self.holder, now, now + timedelta(seconds=self.waits.lease))
