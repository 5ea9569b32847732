"""One run: what was measured, and how it stands to the figures that are aimed at."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from bench.importing import Imported
from bench.postgresql import OnPostgresql
from bench.reports import DAILY, Reports


class Target(NamedTuple):
    """A figure with what it should be, in words and as a verdict."""

    name: str
    wanted: str
    measured: str
    reached: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The results of one run on one machine."""

    on: str
    command: str
    machine: Mapping[str, str]
    days: int
    assignments: int
    teams: int
    reports: Reports
    sqlite: Imported
    postgresql: OnPostgresql | None

    def targets(self) -> list[Target]:
        """Compare with the figures of the project's first issue."""
        times = {name: each.whole.median for name, each in self.reports.asked.items()}
        month, year = times["one team, 30 days"], times["one team, 365 days"]
        ratio = times[DAILY] / times["all teams, 365 days"]
        memory, lag = self.sqlite.memory / 2**20, self.reports.lag
        return [
            _most("one team, 30 days, whole report", month * 1000, 60, "ms"),
            _most("one team, 365 days, whole report", year * 1000, 60, "ms"),
            _most("365 days beside 30 days", year / month, 1.5, "times"),
            _least("all teams, 365 days: faster than over daily rows", ratio, 5, "times"),
            _least("import into SQLite from CSV", self.sqlite.rate, 150_000, "rows a second"),
            _most(f"memory while importing {self.sqlite.rows:,} rows", memory, 400, "MB"),
            _most("event loop's lag during reports over all teams", lag * 1000, 50, "ms"),
        ]

    def plain(self) -> dict[str, Any]:
        """Return everything as JSON knows it."""
        return {**_plain(asdict(self)), "targets": [each._asdict() for each in self.targets()]}


def _plain(value: Any) -> Any:
    """Named tuples become dictionaries, all the way down."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return _plain(value._asdict()) if hasattr(value, "_asdict") else value


def _most(name: str, value: float, most: float, unit: str) -> Target:
    return Target(name, f"<= {most:,} {unit}", _said(value, unit), value <= most)


def _least(name: str, value: float, least: float, unit: str) -> Target:
    return Target(name, f">= {least:,} {unit}", _said(value, unit), value >= least)


def _said(value: float, unit: str) -> str:
    return f"{value:,.0f} {unit}" if value >= 10 else f"{value:.2f} {unit}"
