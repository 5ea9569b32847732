"""A company for tests that try to break in: teams of made-up people, as export files, imported for real."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import app, settings
from reporting_core.core import Core, open_core
from reporting_core.storage.engines import Store, open_store
from reporting_core.usecases.identity import Rules
from tests.exporting import usage_file, usage_row, write_csv
from tests.playground_cast import CAST, CREDENTIALS, Stage, raise_curtain

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = b"a key for tests that is long enough"
WORKSPACE = "T0PLAY"

REPORT = (
    "team", "email", "first_name", "last_name", "offering_name", "access_option", "seat_assignment", "assigned_date",
    "days_used", "last_accessed", "group", "assigned_by", "hashed_autodesk_id", "autodesk_id",
)  # fmt: skip
USERS = ("email", "first_name", "last_name", "role", "account_status", "team")


@dataclass(frozen=True)
class Seat:
    """One person's seat, as the Usage Report has it."""

    email: str
    first: str = "Ann"
    last: str = "Lee"
    team: str = "Design"
    product: str = "Revit"
    access: str = "Subscription"
    group: str = ""
    assigned_by: str = ""
    number: str = ""

    def row(self) -> list[str]:
        return [
            self.team, self.email, self.first, self.last, self.product, self.access, "Assigned", "2026-01-31",
            "3", "2026-11-20", self.group, self.assigned_by, "", self.number,
        ]  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """A line of the Users export: who has which role where."""

    email: str
    role: str = "Primary admin"
    team: str = "Design"
    status: str = "Active"

    def row(self) -> list[str]:
        return [self.email, self.email.partition("@")[0].title(), "Holder", self.role, self.status, self.team]


def write(folder: Path, seats: Sequence[Seat] = (), holders: Iterable[Holder] = (), days: int = 24) -> list[Path]:
    """Write the exports: report, daily use of the first seat of each team over the last 30 days, users."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    if seats:
        paths.append(write_csv(folder / "report.csv", [REPORT, *(seat.row() for seat in seats)]))
        paths.append(usage_file(folder / "usage.csv", _used(seats, days)))
    if rows := [holder.row() for holder in holders]:
        paths.append(write_csv(folder / "users.csv", [USERS, *rows]))
    return paths


def _used(seats: Sequence[Seat], days: int) -> Iterator[list[str]]:
    for team in dict.fromkeys(seat.team for seat in seats):
        seat = next(seat for seat in seats if seat.team == team)
        about = {"email": seat.email, "first_name": seat.first, "last_name": seat.last, "team": seat.team}
        about |= {"offering_name": seat.product, "access_option": seat.access}
        for day in (f"2026-10-{number}" for number in range(20, 32)):
            yield usage_row(day, **about)
        for number in range(1, days + 1):
            yield usage_row(f"2026-11-{number:02}", **about)


def core_of(store: Store, account: str = "main", rules: Rules | None = None) -> Core:
    return open_core(store, account, clock=lambda: NOW, key=KEY, rules=rules)


@contextmanager
def opened(url: str, paths: Sequence[Path] = (), rules: Rules | None = None) -> Iterator[Core]:
    """Open an account in an empty database and import some files."""
    store = open_store(url)
    core = core_of(store, rules=rules)
    if paths:
        core.load(paths)
    yield core
    store.close()


@asynccontextmanager
async def on_stage(
    core: Core, folder: Path, transport: app.Transport = "socket", emails: dict[str, str] | None = None
) -> AsyncIterator[tuple[Stage, app.Running]]:
    """Run the real bot over this core in a local workspace whose people have other e-mails."""
    people = tuple(replace(person, email=(emails or {}).get(person.id, person.email)) for person in CAST.people)
    async with AsyncExitStack() as stack:
        stage = await raise_curtain(stack, _wall_clock, cast=replace(CAST, people=people))
        given = settings.read(
            {
                "SLACK_BOT_TOKEN": CREDENTIALS.bot_token,
                "SLACK_APP_TOKEN": CREDENTIALS.app_token,
                "SLACK_SIGNING_SECRET": CREDENTIALS.signing_secret,
                "SLACK_API_URL": stage.playground.api_url,
                "USAGEBOT_DATA": str(folder),
                "USAGEBOT_PORT": "0",
            }
        )
        running = await app.start(given, transport, core)
        if transport == "http":
            stage.playground.use_http(f"{running.address}/slack/events")
        try:
            yield stage, running
        finally:
            await running.stop()


def _wall_clock() -> float:
    import time  # noqa: PLC0415 - only here

    return time.time()
