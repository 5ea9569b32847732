"""The exports of a company kept as plain days: what domain.md says an import does, in loops over rows and days.

It shares no code with the product, so that a property can hold the product equal to it. `tests.plain_answers` answers
questions from it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from tests.plain_rows import (
    BALANCES,
    DAILY,
    GROUPS,
    POOLS,
    REPORT,
    RULES,
    SEAT,
    TOKEN,
    USAGE,
    File,
    Reported,
    Row,
    Seat,
    Told,
    Use,
    day,
    ids,
    milli,
    reported,
    united,
)

BRIDGED = 3
"""Days between two daily files of one command that still count as covered (docs/decisions.md)."""


class TakesTooMuch(Exception):
    """More than a tenth of the known use would go."""


@dataclass
class PlainDays:
    """Everything loaded, as sets of days."""

    today: int
    use: dict[str, set[Use]] = field(default_factory=lambda: {kind: set() for kind in DAILY})
    covered: dict[tuple[str, str], dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """(kind, team) → day → when the export that covers it was made."""
    tokens: dict[tuple[Seat, int], int] = field(default_factory=dict)
    seats: set[Seat] = field(default_factory=set)
    reports: dict[Seat, Reported] = field(default_factory=dict)
    reported: dict[str, int] = field(default_factory=dict)
    members: set[tuple[str, str]] = field(default_factory=set)
    cells: dict[tuple[str, str], tuple[int, set[str]]] = field(default_factory=dict)
    """(person, team) → when the newest Usage Report was made that names somebody's groups, and those."""
    grouped: bool = False
    pools: dict[tuple[str, str, str], tuple[int, int | None, int | None]] = field(default_factory=dict)
    """(team as exported, product, subscription) → seats, first and last day."""
    balances: dict[tuple[str, int, int | None], int] = field(default_factory=dict)
    rules: dict[tuple[str, str], str] = field(default_factory=dict)
    masked: set[str] = field(default_factory=set)
    emails: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """person → (e-mail, name, when the export that says so was made)."""
    one: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    met: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Names of teams, products and releases that were ever imported."""

    @property
    def loaded(self) -> bool:
        """Whether there is anything to answer from."""
        return bool(self.reported) or any(self.covered.values())

    def knows(self, picks: Iterable[tuple[str, Sequence[str], bool]]) -> bool:
        """Whether every name in some filters is one of the account's."""
        groups = {group for _, group in self.members} if self.grouped else {
            group for _, some in self.cells.values() for group in some
        }  # fmt: skip
        known = {"team": {self.team(team) for team in self.met["team"]}, "group": groups | {"none"}}
        known |= {"product": self.met["product"], "version": self.met["version"] - {""}}
        return all(set(values) <= known.get(key, set(values)) for key, values, _ in picks)

    def copy(self) -> "PlainDays":
        """Another one with the same contents."""
        return deepcopy(self)

    # --- people -----------------------------------------------------------------------------------------------------

    def person(self, row: Row) -> str:
        """The person of a row, once `meet` has seen it."""
        return self.root(ids(row)[0])

    def root(self, id_: str) -> str:
        while self.one.get(id_, id_) != id_:
            id_ = self.one[id_]
        return id_

    def meet(self, row: Row, made: int) -> None:
        """Whoever shares an id is one person."""
        mine = ids(row)
        for each in mine:
            self.one.setdefault(each, each)
        roots = {self.root(each) for each in mine}
        keep = min(roots)
        for each in roots:
            self.one[each] = keep
        known = [self.emails.pop(each) for each in roots if each in self.emails]
        if row["email"].strip("*"):
            known.append((row["email"], f"{row['first_name']} {row['last_name']}".strip(), made))
        if known:
            _, name, newest = max(known, key=lambda one: (one[2], one[1]))
            # Of two spellings of one address the one in small letters is shown.
            self.emails[keep] = max(one[0] for one in known), name, newest

    def _unite(self) -> None:
        """Bring everything stored under the ids that turned out to be one person together."""
        self.use = {kind: {one._replace(seat=self._same(one.seat)) for one in some} for kind, some in self.use.items()}
        tokens: dict[tuple[Seat, int], int] = defaultdict(int)
        for (seat, on), amount in self.tokens.items():
            tokens[self._same(seat), on] += amount
        self.tokens = dict(tokens)
        self.seats = {self._same(seat) for seat in self.seats}
        reports: dict[Seat, Reported] = {}
        for seat, said in self.reports.items():
            place = self._same(seat)
            reports[place] = united(reports[place], said) if place in reports else said
        self.reports = reports
        self.members = {(self.root(person), group) for person, group in self.members}
        cells = self.cells
        self.cells = {}
        for (person, team), told in cells.items():
            self._tell(self.root(person), self.team(team), told, also=True)

    def _tell(self, person: str, team: str, told: tuple[int, set[str]], *, also: bool) -> None:
        old = self.cells.get((person, team), (0, set()))
        if also:
            self.cells[person, team] = max(told[0], old[0]), told[1] | old[1]
        elif told[0] >= old[0]:
            self.cells[person, team] = told

    def _same(self, seat: Seat) -> Seat:
        return seat._replace(person=self.root(seat.person), team=self.team(seat.team))

    def team(self, name: str) -> str:
        """The team a name stands for now."""
        while name in self.merged:
            name = self.merged[name]
        return name

    def seat(self, row: Row, kind: str = USAGE) -> Seat:
        """The assignment of a row."""
        access = {SEAT: "subscription", TOKEN: "flex"}.get(kind) or row["access_option"].lower()
        return Seat(self.person(row), self.team(row["team"]), row["offering_name"], access)

    # --- loading ----------------------------------------------------------------------------------------------------

    def load(self, files: Sequence[File], told: Told) -> list[int]:
        """Take in the files of one command; how many rows of each are refused. Raises `TakesTooMuch`."""
        for file in files:
            for row in file.rows:
                self.met["team"] |= {row["team"]} if "team" in row else set()
                self.met["product"] |= {row[name] for name in ("offering_name", "product_name") if name in row}
                self.met["version"] |= {row["version"]} if "version" in row else set()
                if "email" in row and file.kind != GROUPS:
                    self.meet(row, self.made(file, told))
        for file in files:
            if file.kind == GROUPS:
                for row in file.rows:
                    self.meet({"first_name": "", "last_name": "", **row}, 0)
        self._unite()
        self._load_lists(files, told)
        refused = self._load_daily([file for file in files if file.kind in DAILY], told)
        for file in files:
            self.masked |= {self.team(row["team"]) for row in file.rows if "*****" in row.get("email", "")}
        return [refused.pop(0) if file.kind in DAILY else 0 for file in files]

    def made(self, file: File, told: Told) -> int:
        """When an export was made: as told, else the newest date in it."""
        if told.exported_on:
            return told.exported_on
        if file.kind in DAILY:
            return max([*(day(row["day_used"]) or 0 for row in file.rows), told.last or 0])
        if file.kind == REPORT:
            seen = [
                min(self.today, on + int(row["days_inactive"] or 0))
                for row in file.rows
                if (on := day(row["last_accessed"]))
            ]
            dates = [on for row in file.rows for on in (day(row["assigned_date"]), day(row["unassigned_date"])) if on]
            return max(seen, default=max((on for on in dates if on <= self.today), default=self.today))
        return 0

    def _load_lists(self, files: Sequence[File], told: Told) -> None:
        self._load_reports(
            [(self.made(file, told), row) for file in files if file.kind == REPORT for row in file.rows], told
        )
        for file in files:
            for row in file.rows:
                if file.kind == POOLS:
                    key = (row["team"], row["offering_name"], row["subscription_id"])
                    self.pools[key] = (int(row["seat_quantity"]), day(row["start_date"]), day(row["end_date"]))
                if file.kind == BALANCES:
                    pack = (row["team"], day(row["as_of"]) or 0, day(row["expires_on"]))
                    self.balances[pack] = milli(row["tokens_remaining"]) or 0
                if file.kind == RULES:
                    self.rules[self.team(row["team"]), row["offering_name"]] = row["assigned_by"]
        groups = [row for file in files if file.kind == GROUPS for row in file.rows]
        if groups:
            self.grouped = True
            self.members = {(self.person(row), row["group"]) for row in groups}

    def _load_reports(self, rows: Sequence[tuple[int, Row]], told: Told) -> None:
        by_seat: dict[Seat, list[tuple[int, Row]]] = defaultdict(list)
        cells: dict[tuple[str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for made, row in rows:
            by_seat[self.seat(row)].append((made, row))
            place = self.person(row), self.team(row["team"])
            cells[place][made] |= {name for name in re.split(r"; *", row["group"]) if name}
        for (person, team), by_date in cells.items():
            self._tell(person, team, max(by_date.items(), key=lambda told: told[0]), also=False)
        here: dict[str, int] = defaultdict(int)
        for made, row in rows:
            here[self.team(row["team"])] = max(here[self.team(row["team"])], made)
        for seat, said in by_seat.items():
            made = max(on for on, _ in said)
            old = self.reports.get(seat)
            if old is None or old.made <= made:
                self.reports[seat] = reported([row for on, row in said if on == made], made, old, told)
        for team, made in here.items():
            self.reported[team] = max(made, self.reported.get(team, 0))
        for seat, report in self.reports.items():
            left_out = seat not in by_seat and report.made <= here.get(seat.team, -1)
            older = report.made < self.reported[seat.team]
            missing = seat.team in here and (left_out or older)
            report.stale = report.assigned and (report.stale or missing)
        self.seats |= set(by_seat)

    def _load_daily(self, daily: Sequence[File], told: Told) -> list[int]:
        incoming = [(file.kind, {self._use(file, row) for row in file.rows}) for file in daily]
        open_ = self._open(daily, told)
        confirmed = {(one.seat, one.day) for _, some in incoming for one in some}
        before = {kind: set(some) for kind, some in self.use.items()}
        after = {
            kind: {one for one in some if self._stays(kind, one, open_, confirmed)} for kind, some in before.items()
        }
        for kind, some in incoming:
            after[kind] |= {one for one in some if one.day in open_[kind, one.seat.team]}
        charges = self._charges(daily)
        self._check(before, after, open_, charges, told)
        refused = [self._late(file, before, open_, charges) for file in daily]
        self.use = after
        self.seats |= {one.seat for _, some in incoming for one in some}
        self._load_tokens(charges, open_)
        self._cover(daily, told)
        return refused

    def _use(self, file: File, row: Row) -> Use:
        child = row.get("product_name", "")
        child = "" if child == row["offering_name"] else child
        return Use(self.seat(row, file.kind), child, row.get("version", ""), day(row["day_used"]) or 0)

    def _stays(
        self, kind: str, one: Use, open_: Mapping[tuple[str, str], set[int]], confirmed: set[tuple[Seat, int]]
    ) -> bool:
        if one.day in open_[kind, one.seat.team]:
            return False
        other = SEAT if kind == USAGE and one.seat.access == "subscription" else USAGE if kind != USAGE else ""
        spoken = bool(other) and one.day in open_[other, one.seat.team]
        return not spoken or (one.seat, one.day) in confirmed

    def _check(
        self,
        before: Mapping[str, set[Use]],
        after: Mapping[str, set[Use]],
        open_: Mapping[tuple[str, str], set[int]],
        charges: Mapping[tuple[Seat, int], int],
        told: Told,
    ) -> None:
        def reach(one: Use) -> bool:
            other = TOKEN if one.seat.access == "flex" else SEAT
            return one.day in open_[USAGE, one.seat.team] or one.day in open_[other, one.seat.team]

        known = {(one.seat, one.day) for some in before.values() for one in some if reach(one)}
        kept = {(one.seat, one.day) for some in after.values() for one in some}
        charged = {place for place in self.tokens if place[1] in open_[TOKEN, place[0].team]}
        gone = charged - charges.keys()
        if (len(known - kept) * 10 > len(known) or len(gone) * 10 > len(charged)) and not told.replace:
            raise TakesTooMuch

    def _late(
        self,
        file: File,
        before: Mapping[str, set[Use]],
        open_: Mapping[tuple[str, str], set[int]],
        wanted: Mapping[tuple[Seat, int], int],
    ) -> int:
        lost = 0
        for row in file.rows:
            one = self._use(file, row)
            place = one.seat, one.day
            known = self.tokens.get(place) == wanted[place] if file.kind == TOKEN else one in before[file.kind]
            lost += one.day not in open_[file.kind, one.seat.team] and not known
        return lost

    def _charges(self, daily: Iterable[File]) -> dict[tuple[Seat, int], int]:
        by_feature: dict[tuple[Seat, int], dict[str, int]] = defaultdict(dict)
        for file in daily:
            for row in file.rows:
                if file.kind == TOKEN:
                    place = by_feature[self.seat(row, TOKEN), day(row["day_used"]) or 0]
                    place[row["feature"]] = max(place.get(row["feature"], 0), milli(row["tokens_used"]) or 0)
        return {place: sum(features.values()) for place, features in by_feature.items()}

    def _load_tokens(self, wanted: Mapping[tuple[Seat, int], int], open_: Mapping[tuple[str, str], set[int]]) -> None:
        for seat, on in list(self.tokens):
            if on in open_[TOKEN, seat.team]:
                del self.tokens[seat, on]
        self.tokens |= {place: amount for place, amount in wanted.items() if place[1] in open_[TOKEN, place[0].team]}

    def exports(self, daily: Sequence[File], told: Told) -> Iterator[tuple[str, int, int, set[str], int]]:
        """Files of one kind that follow one another within a few days are one export."""
        for kind in DAILY:
            some = []
            for file in daily:
                days = [on for row in file.rows if (on := day(row["day_used"]))]
                if file.kind == kind and days:
                    teams = {self.team(row["team"]) for row in file.rows}
                    some.append((told.first or min(days), told.last or max(days), teams, self.made(file, told)))
            while some:
                first, last, teams, made = min(some, key=lambda one: one[:2])
                some.remove((first, last, teams, made))
                while near := [one for one in some if one[0] <= last + 1 + BRIDGED]:
                    for one in near:
                        some.remove(one)
                        last, teams, made = max(last, one[1]), teams | one[2], max(made, one[3])
                yield kind, first, last, teams, made

    def _open(self, daily: Sequence[File], told: Told) -> dict[tuple[str, str], set[int]]:
        open_: dict[tuple[str, str], set[int]] = defaultdict(set)
        for kind, first, last, teams, made in self.exports(daily, told):
            for team in teams:
                known = self.covered[kind, team]
                open_[kind, team] |= {on for on in range(first, last + 1) if known.get(on, 0) <= made}
        return open_

    def _cover(self, daily: Sequence[File], told: Told) -> None:
        for kind, first, last, teams, made in self.exports(daily, told):
            for team in teams:
                known = self.covered[kind, team]
                known |= {on: max(made, known.get(on, 0)) for on in range(first, last + 1)}

    # --- merging ----------------------------------------------------------------------------------------------------

    def merge(self, old: str, new: str) -> None:
        """Make everything of a team another's."""
        self.merged[old] = new
        self._unite()
        covered: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
        for (kind, team), days in self.covered.items():
            place = covered[kind, self.team(team)]
            for on, made in days.items():
                place[on] = max(made, place.get(on, 0))
        self.covered = covered
        reported: dict[str, int] = {}
        for team, on in self.reported.items():
            reported[self.team(team)] = max(on, reported.get(self.team(team), 0))
        self.reported = reported
        self.masked = {self.team(team) for team in self.masked}
        self.rules = {(self.team(key[0]), key[1]): rule for key, rule in self.rules.items()}
