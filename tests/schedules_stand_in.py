"""Stand-ins for `core.schedules`, `core.digests` and `core.alerts` where a test is about something else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reporting_core.words.alerts import DELIVERED, Alert, AlertKind, AlertRule
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Post, Schedule


@dataclass
class SchedulesStandIn:
    """Nothing comes by itself here, and whatever is asked about one schedule finds none."""

    found: list[Schedule] = field(default_factory=list)

    async def listed(self, asker: Asker, *, everyone: bool = False) -> list[Schedule]:
        return self.found

    async def last(self, tokens: Iterable[str]) -> dict[str, Post]:
        return {}

    async def one(self, asker: Asker, token: str) -> Schedule:
        raise AskAgain("There is no such schedule.")

    async def due_now(self, now: datetime) -> int:
        return 0

    async def claim(self, now: datetime, most: int) -> list[Post]:
        return []

    async def doubtful(self, now: datetime) -> list[Post]:
        return []

    async def expire(self) -> int:
        return 0

    def __getattr__(self, name: str) -> Any:
        """Whatever else a person may ask for names a schedule that is not there."""

        async def refused(*_given: object, **_named: object) -> Any:
            raise AskAgain("There is no such schedule.")

        return refused


@dataclass
class DigestsStandIn:
    async def of(self, wishes: Sequence[DigestWish]) -> Mapping[str, Digest]:
        return {}


@dataclass
class AlertsStandIn:
    async def rules(self) -> list[AlertRule]:
        return [AlertRule(kind, threshold=threshold) for kind, threshold in DELIVERED.items()]

    async def set_rule(self, asker: Asker, kind: AlertKind, **changes: Any) -> AlertRule:
        return AlertRule(kind, **changes)

    async def look(self, now: datetime) -> list[Alert]:
        return []

    async def drawn(self, content: str) -> Alert:
        raise AskAgain("There is no such alert.")
