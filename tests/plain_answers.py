"""Answers about use, worked out from `PlainDays` by loops over plain days, as domain.md §2-§4 say; no product code."""

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from tests.plain_days import PlainDays
from tests.plain_rows import SEAT, TOKEN, USAGE, Reported, Seat

ORIGINS = {"Individual": "individual", "Default": "default", "": "unknown"}


class Pick(NamedTuple):
    """One filter: `key=values` or `key!=values`."""

    key: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Asked:
    """A question: filters, a range as it is typed, an as-of date."""

    picks: tuple[Pick, ...]
    range: str
    as_of: date | None = None

    @property
    def text(self) -> str:
        """The command."""
        parts = [
            f"{pick.key}{'!=' if pick.negated else '='}{','.join(map(_quoted, pick.values))}" for pick in self.picks
        ]
        return " ".join([*parts, self.range])


def _quoted(value: str) -> str:
    return f'"{value}"' if not value.isalnum() else value


class Line(NamedTuple):
    """A row of an answer, as far as it is compared."""

    status: str
    days: int | None
    average: float | None
    last: date | None
    inactive: int | None
    tokens: float | None
    assigned_on: date | None
    origin: str
    groups: tuple[str, ...]
    stale: bool


@dataclass
class Answer:
    """What must come out."""

    first: date
    last: date
    lines: dict[Seat, Line] = field(default_factory=dict)
    tiles: dict[str, Any] = field(default_factory=dict)
    chart: list[tuple[date, date, int, int]] = field(default_factory=list)
    daily: list[tuple[date, int, int, float]] = field(default_factory=list)
    hashed: bool = False


def dates_of(asked: str, as_of: date) -> tuple[date, date, Fraction | None]:
    """First and last date of a range, and its length in months if it is said in months."""
    text = asked.removeprefix("last=")
    if text.endswith("mo") or text == "1y":
        months = 12 if text == "1y" else int(text[:-2])
        return _back(as_of, months), as_of, Fraction(months)
    if text[-1] in "dw" and text[:-1].isdigit():
        count = int(text[:-1]) * (7 if text[-1] == "w" else 1)
        return as_of - timedelta(days=count - 1), as_of, None
    if text.startswith("from="):
        first, _, last = text.partition(" to=")
        return date.fromisoformat(first[5:]), date.fromisoformat(last) if last else as_of, None
    return *_whole(text, as_of), None


def _back(day: date, months: int) -> date:
    year, month = day.year, day.month - months
    while month < 1:
        year, month = year - 1, month + 12
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _whole(text: str, as_of: date) -> tuple[date, date]:
    """The last whole week, month, quarter or year; a named month or quarter, cut at the as-of date."""
    if text == "week":
        last = next(day for back in range(7) if (day := as_of - timedelta(days=back)).isoweekday() == 7)
        return last - timedelta(days=6), last
    if text in {"month", "quarter", "year"}:
        length = {"month": 1, "quarter": 3, "year": 12}[text]
        last = as_of
        while last.month % length or (last + timedelta(days=1)).month == last.month:
            last -= timedelta(days=1)
        first = date(last.year, last.month - length + 1, 1)
        return first, last
    year, _, part = text.partition("-")
    months = (1, 12) if not part else (int(part[1:]) * 3 - 2, int(part[1:]) * 3) if part[0] == "q" else (int(part),) * 2
    end = date(int(year), months[1], calendar.monthrange(int(year), months[1])[1])
    return date(int(year), months[0], 1), min(end, as_of)


def half_up(amount: Fraction) -> float:
    """One decimal, half up."""
    return int(amount * 10 + Fraction(1, 2)) / 10


class Asker:
    """Works out one answer."""

    def __init__(self, known: PlainDays, asked: Asked, hash_of: Callable[[str], str]) -> None:
        self.known = known
        self.asked = asked
        self.hash_of = hash_of
        self.as_of = asked.as_of or date.fromordinal(through(known))
        self.first, self.last, self.stated = dates_of(asked.range, self.as_of)
        self.days = range(self.first.toordinal(), self.last.toordinal() + 1)
        self.months = self.stated or max(Fraction(len(self.days), 30), Fraction(1))
        self.teams = [team for team in sorted(self._all_teams()) if self._is_asked("team", team)]
        self.hashed = any(team in known.masked for team in self.teams)

    def _all_teams(self) -> set[str]:
        return {self.known.team(team) for team in self.known.met["team"]}

    def _passes(self, key: str, fits: Callable[[str], bool]) -> bool:
        return all(any(map(fits, pick.values)) != pick.negated for pick in self.asked.picks if pick.key == key)

    def _is_asked(self, key: str, name: str) -> bool:
        return self._passes(key, lambda value: value == name)

    def answer(self) -> Answer:
        """All of it."""
        found = Answer(self.first, self.last, hashed=self.hashed)
        counted = [seat for seat in self.known.seats if self._counted(seat)]
        use = {seat: self._use(seat) for seat in counted}
        status = {seat: self._status(seat, use[seat]) for seat in counted}
        for seat in counted:
            if (said := status[seat]) and self._picked(seat, said):
                found.lines[seat] = self._line(seat, said, use[seat])
        found.tiles = self._tiles(status, use)
        found.chart = [self._point(first, last, counted) for first, last in self._points()]
        found.daily = [self._day(on, counted) for on in self.days if on <= self.as_of.toordinal()]
        return found

    def answerable(self) -> bool:
        """Whether the range can be asked for and anything is known of it."""
        newest = self.as_of.toordinal()
        if not self.teams or not 0 < len(self.days) <= 366 or self.days[0] > newest:
            return False
        seats = [Seat("", team, "", access) for team in self.teams for access in ("subscription", "flex")]
        return any(
            not self._covered(seat) or any(on in self.days and on <= newest for on in self._covered(seat))
            for seat in seats
        )

    # --- what is counted --------------------------------------------------------------------------------------------

    def _counted(self, seat: Seat) -> bool:
        if seat.team not in self.teams or not self._is_asked("product", seat.product):
            return False
        groups = self._groups(seat)
        in_group = self._passes("group", lambda value: not groups if value == "none" else value in groups)
        is_person = self._passes("user", lambda value: self._is(seat.person, value))
        by_access = self._is_asked("access", seat.access)
        versioned = not self._has("version") or bool(self._used_days(seat) & set(self.days))
        return in_group and is_person and by_access and versioned

    def _has(self, *keys: str) -> bool:
        return any(pick.key in keys for pick in self.asked.picks)

    def _is(self, person: str, value: str) -> bool:
        email, name, _ = self.known.emails.get(person, ("", "", 0))
        if self.hashed:
            return value == self.hash_of(person)
        if "@" in value:
            return email.casefold() == value.casefold()
        return value.casefold() in (name or email or self.hash_of(person)).casefold()

    def _groups(self, seat: Seat) -> tuple[str, ...]:
        known = self.known
        if known.grouped:
            return tuple(sorted(group for person, group in known.members if person == seat.person))
        return tuple(sorted(known.cells.get((seat.person, seat.team), (0, ()))[1]))

    def _used_days(self, seat: Seat) -> set[int]:
        """Days of use up to the as-of date; of the releases asked for, if any."""
        return {
            one.day
            for some in self.known.use.values()
            for one in some
            if one.seat == seat
            and one.day <= self.as_of.toordinal()
            and (not self._has("version") or (one.release and self._is_asked("version", one.release)))
        }

    # --- one assignment ---------------------------------------------------------------------------------------------

    def _covered(self, seat: Seat) -> set[int]:
        kinds = (USAGE, TOKEN if seat.access == "flex" else SEAT)
        return {on for kind in kinds for on in self.known.covered.get((kind, seat.team), ())}

    def _use(self, seat: Seat) -> tuple[int | None, bool | None, int | None]:
        """Days used, whether used (None: cannot be known), last accessed."""
        used = self._used_days(seat)
        inside = used & set(self.days)
        covered = self._covered(seat)
        report = self.known.reports.get(seat)
        every = {one.day for some in self.known.use.values() for one in some if one.seat == seat}
        last = max((on for on in every if on <= self.as_of.toordinal()), default=None)
        reported = report.last if report and report.last not in covered else None
        if reported and reported <= self.as_of.toordinal():
            last = max(last or 0, reported)
        seen = {on for on in covered if on <= self.as_of.toordinal()} & set(self.days)
        if inside:
            return len(inside), True, last
        if covered and len(seen) == len(self.days):
            return 0, False, last
        whole = (self.days[0], self.days[-1])
        exact = report.days if report and report.span == whole and whole[1] <= self.as_of.toordinal() else None
        if last in self.days:
            return exact, True, last

        if covered:
            return 0 if seen else None, None, last
        return *self._by_report(report, exact, reported), last

    def _by_report(
        self, report: Reported | None, exact: int | None, last: int | None
    ) -> tuple[int | None, bool | None]:
        if exact is not None:
            return exact, exact > 0
        end = min(self.days[-1], self.as_of.toordinal())
        if report is None or report.span[1] < self.days[-1] or (last or 0) > end:
            return None, None
        return 0, False

    def _assigned(self, seat: Seat) -> bool | None:
        """Whether the seat was assigned on the as-of date."""
        report, on = self.known.reports.get(seat), self.as_of.toordinal()
        if report is None:
            return False if seat.team in self.known.reported else None
        if report.assigned_on and report.assigned_on > on:
            return False
        return report.assigned or bool(report.unassigned_on and report.unassigned_on > on)

    def _status(self, seat: Seat, use: tuple[int | None, bool | None, int | None]) -> str | None:
        _, used, _ = use
        assigned, report = self._assigned(seat), self.known.reports.get(seat)
        since = report.assigned_on if report else None
        if seat.access == "flex":
            return "active" if used else None if assigned is False else "not_applicable"
        if assigned is None:
            return "unknown"
        if not assigned:
            begun = since is None or since <= self.as_of.toordinal()
            return "unassigned" if used or (self._asks_for_unassigned() and begun) else None
        if used:
            return "active"
        if used is None or since is None:
            return "unknown"
        return "inactive" if since <= self.days[0] else "not_yet_active"

    def _asks_for_unassigned(self) -> bool:
        asks = {("status", "unassigned", False), ("assigned", "no", False), ("assigned", "yes", True)}
        return any((pick.key, value, pick.negated) in asks for pick in self.asked.picks for value in pick.values)

    def _origin(self, seat: Seat) -> str:
        report = self.known.reports.get(seat)
        said = (report.origin if report else "") or self.known.rules.get((seat.team, seat.product), "")
        return "group" if said.startswith("Group:") else ORIGINS[said]

    def _picked(self, seat: Seat, status: str) -> bool:
        assigned = {True: "yes", False: "no", None: ""}[self._assigned(seat)]
        return self._is_asked("status", status) and self._passes(
            "assigned", lambda value: value in {assigned, self._origin(seat)}
        )

    def _line(self, seat: Seat, status: str, use: tuple[int | None, bool | None, int | None]) -> Line:
        days, _, last = use
        report, tokens = self.known.reports.get(seat), self._tokens(seat, use)
        since = report.assigned_on if report else None
        return Line(
            status,
            days,
            None if days is None else half_up(days / self.months),
            date.fromordinal(last) if last else None,
            self.as_of.toordinal() - last if last else None,
            None if tokens is None else tokens / 1000,
            date.fromordinal(since) if since else None,
            self._origin(seat),
            self._groups(seat),
            bool(report and report.stale),
        )

    def _tokens(self, seat: Seat, use: tuple[int | None, bool | None, int | None]) -> int | None:
        if seat.access != "flex":
            return 0
        last = min(self.days[-1], self.as_of.toordinal())
        charged = [
            amount for (one, on), amount in self.known.tokens.items() if one == seat and self.days[0] <= on <= last
        ]
        loaded = any(self.days[0] <= on <= last for on in self.known.covered.get((TOKEN, seat.team), ()))
        if charged or loaded:
            return sum(charged)
        report = self.known.reports.get(seat)
        if report and report.span == (self.days[0], last) and report.tokens is not None:
            return report.tokens
        return 0 if use[1] is False else None

    # --- tiles and chart --------------------------------------------------------------------------------------------

    def _tiles(self, status: Mapping[Seat, str | None], use: Mapping[Seat, Any]) -> dict[str, Any]:
        known_seats = [seat for seat in status if seat.access == "subscription" and self._assigned(seat)]
        count = {
            name: sum(status[seat] == name for seat in known_seats)
            for name in ("active", "inactive", "not_yet_active", "unknown")
        }
        flex = [seat for seat in status if seat.access == "flex"]
        tokens = sum(self._tokens(seat, use[seat]) or 0 for seat in flex)
        seats = self._bought()
        return {
            **count,
            "inactive": count["inactive"] if len(self.teams) == 1 else None,
            "assigned": len(known_seats),
            "seats": seats,
            "available": None if seats is None else seats - len(known_seats),
            "tokens_used": tokens / 1000,
            "tokens_remaining": self._left(),
            "users": len({seat.person for seat in flex if use[seat][1]}),
            "monthly_average": half_up(Fraction(tokens, 1000) / self.months),
        }

    def _bought(self) -> int | None:
        on = self.as_of.toordinal()
        narrowed = self._has("group", "user", "version") or not self._is_asked("access", "subscription")
        if narrowed or not self.known.pools:
            return None
        total = 0
        for (team, product, _), (seats, starts, ends) in self.known.pools.items():
            is_counted = self.known.team(team) in self.teams and self._is_asked("product", product)
            total += seats if is_counted and (starts or 0) <= on <= (ends or on) else 0
        return total

    def _left(self) -> float | None:
        found = ((self.known.team(key[0]), *key[1:], left) for key, left in self.known.balances.items())
        packs = [pack for pack in found if pack[0] in self.teams]
        if self._has("group", "user", "version") or not self._is_asked("access", "flex") or not packs:
            return None
        newest = {team: max(on for name, on, *_ in packs if name == team) for team, *_ in packs}
        return sum(
            left / 1000
            for team, on, ends, left in packs
            if on == newest[team] and (ends is None or ends >= self.as_of.toordinal())
        )

    def _points(self) -> Sequence[tuple[date, date]]:
        days = [date.fromordinal(on) for on in self.days]
        if len(days) <= 20:
            return [(on, on) for on in days]
        weeks = _runs(days, lambda on: on.isocalendar()[:2])
        return weeks if len(weeks) <= 20 else _runs(days, lambda on: (on.year, on.month))

    def _day(self, on: int, counted: Sequence[Seat]) -> tuple[date, int, int, float]:
        day = date.fromordinal(on)
        flex = [seat for seat in counted if seat.access == "flex"]
        tokens = sum(self.known.tokens.get((seat, on), 0) for seat in flex)
        return day, *self._point(day, day, counted)[2:], tokens / 1000

    def _point(self, first: date, last: date, counted: Sequence[Seat]) -> tuple[date, date, int, int]:
        inside = range(first.toordinal(), last.toordinal() + 1)
        sums = {"subscription": 0, "flex": 0}
        for seat in counted:
            sums[seat.access] += sum(on in inside for on in self._used_days(seat))
        return first, last, sums["subscription"], sums["flex"]


def _runs(days: Sequence[date], mark: Callable[[date], object]) -> list[tuple[date, date]]:
    runs: list[tuple[date, date]] = []
    for on in days:
        if runs and mark(runs[-1][0]) == mark(on):
            runs[-1] = (runs[-1][0], on)
        else:
            runs.append((on, on))
    return runs


def through(known: PlainDays) -> int:
    """The newest date with loaded data: daily data if there is any, else the newest Usage Report."""
    days = [on for covered in known.covered.values() for on in covered]
    return max(days) if days else max(known.reported.values())
