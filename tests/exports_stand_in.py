"""A stand-in for the core's spreadsheets: none is kept, expiry is counted. Tests of spreadsheets use the real ones."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import Claimed, Fetched, Spreadsheet, Turn, Withheld
from tests.company import NOW


@dataclass
class ExportsStandIn:
    expired: list[datetime] = field(default_factory=list)
    fails: Exception | None = None

    def clock(self) -> datetime:
        return NOW

    async def version(self) -> int:
        return 1

    async def request(self, asker: Asker, report: UsageReport, version: int, flavour: str = "") -> Claimed:
        sheet = Spreadsheet("x", report.canonical, None, "", frozenset(), True, 0, 0, NOW, None, NOW, None)  # type: ignore[arg-type]
        return Claimed(Turn.WAIT, sheet, Path("x.xlsx"))

    async def alive(self, token: str) -> None:
        pass

    async def made(self, token: str, rows: int) -> Fetched:
        return Fetched(None, withheld=Withheld.GONE)

    async def settled(self, token: str, reason: str = "") -> None:
        pass

    async def failed(self, token: str, reason: str) -> None:
        pass

    async def listed(self, asker: Asker) -> list[Spreadsheet]:
        return []

    async def file_of(self, asker: Asker, token: str) -> Fetched:
        return Fetched(None, withheld=Withheld.UNKNOWN)

    async def take(self, token: str) -> bool:
        return False

    async def delete(self, asker: Asker, token: str) -> bool:
        return False

    async def expire(self) -> int:
        self.expired.append(NOW)
        if self.fails:
            raise self.fails
        return 0
