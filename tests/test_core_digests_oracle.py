"""What changed equals a naive loop over plain days, whatever was imported, merged and asked, and many at once."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import select

from reporting_core.core import Core
from reporting_core.storage import schema
from reporting_core.storage.engines import Store, open_store
from reporting_core.storage.upgrade import upgrade
from reporting_core.usecases.seats.previewing import preview
from reporting_core.words.alerts import AlertKind
from reporting_core.words.digests import Digest, DigestWish, Listed
from reporting_core.words.errors import AskAgain
from tests.made_up_worlds import TODAY, World, worlds
from tests.plain_answers import Asked, Asker
from tests.plain_days import PlainDays
from tests.plain_rows import DAILY, Seat
from tests.test_core_oracle import Run, new_core, people_by_id

EXAMPLES = int(os.environ.get("USAGEBOT_TEST_EXAMPLES", "40"))
PICKING = {"status", "assigned"}
OLDEST = 90
"""Days that data may be old, so that none is held back here."""


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = open_store(database_url)
    upgrade(opened)
    yield opened
    opened.close()


class Plain:
    """What one digest must say."""

    def __init__(self, run: Run, asked: Asked, seats: Mapping[int, Seat]) -> None:
        self.known: PlainDays = run.plain
        self.seats = seats
        people = {person: id_ for id_, person in people_by_id(run.core, run.plain).items()}
        self.hash_of: Callable[[str], str] = lambda person: run.core.pseudonyms.of(people[person])
        self.picks = tuple(pick for pick in asked.picks if pick.key not in PICKING)
        self.range = asked.range
        self.now = self.asker(TODAY)
        self.teams = self.now.teams
        newest = [day for team in self.teams if (day := self.newest(team))]
        self.as_of = date.fromordinal(max(newest)) if newest else None
        self.since = min(asked.as_of, self.as_of) if asked.as_of and self.as_of else None

    def asker(self, as_of: date) -> Asker:
        return Asker(self.known, Asked(self.picks, self.range, as_of), self.hash_of)

    def newest(self, team: str) -> int | None:
        days = [on for kind in DAILY for on in self.known.covered.get((kind, team), ())]
        return max(days, default=self.known.reported.get(team))

    def answerable(self) -> bool:
        if self.as_of is None or not self.known.knows(self.picks):
            return False
        self.now = self.asker(self.as_of)
        return resolvable(self.now)

    def statuses(self, asker: Asker) -> dict[Seat, str | None]:
        return {seat: asker._status(seat, asker._use(seat)) for seat in self.known.seats if asker._counted(seat)}

    def check(self, found: Digest) -> None:
        assert self.as_of
        before = self.asker(self.since) if self.since else None
        if before is None or not resolvable(before):
            before = None
        assert (found.as_of, found.since) == (self.as_of, self.since if before else None)
        assert found.hashed == self.now.hashed
        now, then = self.statuses(self.now), self.statuses(before) if before else {}
        now = {seat: status for seat, status in now.items() if seat.access == "subscription"}
        inactive = {seat for seat, status in now.items() if status == "inactive"}
        newly = {seat for seat in inactive if then.get(seat) != "inactive"}
        assert self.named(found.newly_inactive) == newly
        assert self.named(found.back_again) == {
            seat for seat, status in now.items() if status == "active" and then.get(seat) == "inactive"
        }
        since = self.since.toordinal() if before and self.since else None
        unused = {seat for seat, status in now.items() if status in {"inactive", "not_yet_active"}} - newly
        assert self.named(found.unused_14) == {seat for seat in unused if self.is_unused(seat, since)}
        assert self.named(found.freed) == {seat for seat in now if since and self.was_freed(seat, since)}
        assert self.named(found.waiting) <= inactive
        self.check_figures(found, since)

    def is_unused(self, seat: Seat, since: int | None) -> bool:
        assert self.as_of
        report, (_, _, last) = self.known.reports[seat], self.now._use(seat)
        covered, until = self.now._covered(seat), self.as_of.toordinal()
        if not report.assigned_on or (last and last >= report.assigned_on):
            return False
        unseen = covered and any(on not in covered for on in range(report.assigned_on, until + 1))
        day = report.assigned_on + 14
        return not unseen and day <= until and (since is None or day > since)

    def was_freed(self, seat: Seat, since: int) -> bool:
        assert self.as_of
        report = self.known.reports.get(seat)
        on = report.unassigned_on if report and not report.assigned else None
        begun = bool(report and (report.assigned_on or 0) <= self.as_of.toordinal())
        return bool(on and since < on <= self.as_of.toordinal()) and (begun or not self.now._assigned(seat))

    def check_figures(self, found: Digest, since: int | None) -> None:
        assert found.seats
        assert found.chart
        assert self.as_of
        counted = [seat for seat in self.known.seats if self.now._counted(seat)]
        use = {seat: self.now._use(seat) for seat in counted}
        tiles = self.now._tiles({seat: self.now._status(seat, use[seat]) for seat in counted}, use)
        assert {name: getattr(found.seats, name) for name in found.seats.__slots__}.items() <= tiles.items()
        ends = [self.as_of - timedelta(days=7 * back) for back in reversed(range(12))]
        weeks = [self.now._point(end - timedelta(days=6), end, counted) for end in ends]
        assert [(one.first, one.last, one.subscription, one.flex) for one in found.chart.points] == weeks
        first, last = since + 1 if since else self.now.days[0], self.as_of.toordinal()
        used = sum(n for (seat, on), n in self.known.tokens.items() if seat in counted and first <= on <= last)
        assert (found.tokens.used if found.tokens else 0) == used / 1000
        if found.tokens and {pick.key for pick in self.picks} <= {"team"}:
            assert found.tokens.remaining == self.now._left()

    def named(self, some: Listed) -> set[Seat]:
        assert some.count == len(some.rows)
        for row in some.rows:
            seat = self.seats[row.assignment_id]
            email, name, _ = self.known.emails.get(seat.person, ("", "", 0))
            shown = self.hash_of(seat.person) if self.now.hashed else name or email or self.hash_of(seat.person)
            assert (row.person, row.team, row.product) == (shown, seat.team, seat.product)
        return {self.seats[row.assignment_id] for row in some.rows}


def resolvable(asker: Asker) -> bool:
    return 0 < len(asker.days) <= 366 and asker.days[0] <= asker.as_of.toordinal()


def seats_by_id(core: Core, plain: PlainDays) -> dict[int, Seat]:
    a, t, p = schema.assignments.c, schema.teams.c, schema.products.c
    persons = people_by_id(core, plain)
    statement = (
        select(a.id, a.person_id, t.name, p.name, a.flex)
        .join(schema.teams, t.id == a.team_id)
        .join(schema.products, p.id == a.product_id)
        .where(a.account_id == core.account_id)
    )
    with core.store.reading() as connection:
        return {
            id_: Seat(persons[person], team, product, "flex" if flex else "subscription")
            for id_, person, team, product, flex in connection.execute(statement)
        }


async def check(run: Run, world: World) -> None:
    core, operator = run.core, run.core.operator
    await core.alerts.set_rule(operator, AlertKind.DATA_STALE, threshold=OLDEST)
    wishes = [
        DigestWish(f"D{number}", operator, asked.text, asked.as_of, TODAY)
        for number, asked in enumerate(world.questions)
    ]
    found = core.digests.made(wishes)
    assert found.keys() == {wish.token for wish in wishes}
    seats = seats_by_id(core, run.plain)
    for wish, asked in zip(wishes, world.questions, strict=True):
        made = found[wish.token]
        if not run.plain.loaded or not run.plain.knows(asked.picks):
            assert isinstance(made, AskAgain)
            continue
        plain = Plain(run, asked, seats)
        if not plain.answerable():
            assert isinstance(made, AskAgain)
            continue
        assert isinstance(made, Digest), made
        plain.check(made)
        assert core.digests.made([wish]) == {wish.token: made}
        waiting = {row.assignment_id for row in made.waiting.rows}
        inactive = [row.assignment_id for row in first_of(core, wish).newly_inactive.rows]
        allowed = {each.seat.assignment_id for each in preview(core.seats.records, operator, inactive) if each.allowed}
        assert waiting == allowed


def first_of(core: Core, wish: DigestWish) -> Digest:
    """The same digest as a first one, which names every inactive seat."""
    (made,) = core.digests.made([replace(wish, since=None)]).values()
    assert isinstance(made, Digest)
    return made


@settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck], print_blob=True, report_multiple_bugs=False)
@given(world=worlds)
async def test_what_changed_equals_a_loop_over_plain_days(store: Store, tmp_path: Path, world: World) -> None:
    run = Run(new_core(store), tmp_path)
    for command in world.commands:
        run.do(command)
    await check(run, world)
