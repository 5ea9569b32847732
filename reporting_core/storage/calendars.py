"""The calendar on disk: replaces the days an export speaks for in one ordered pass, and writes only what changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from reporting_core.metrics.calendar import month_start
from reporting_core.metrics.replacing import Change, Series, change, own_bits
from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.words.errors import ImportRefused
from reporting_core.words.said import say

_FLUSH = 20_000
_FILE_BITS, _SERIES_BITS, _MONTH_BITS = 12, 14, 16
_KEY_COLUMNS = ("account_id", "assignment_id", "month", "product_id", "release_id", "source")
_VALUE_COLUMNS = ("mask", "own", "days")

Piece = tuple[Series, int, int]
Group = tuple[tuple[int, int], list[Piece]]


@dataclass(slots=True)
class Incoming:
    """Use to be stored: masks under packed integers that sort by assignment and month and cost little memory."""

    masks: dict[int, int] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    numbers: dict[Series, int] = field(default_factory=dict)

    def prefix(self, assignment_id: int, series: Series, file: int) -> int:
        """Return the packed key of a piece in month 0; add `month << shift` for another."""
        number = self.numbers.setdefault(series, len(self.numbers))
        if number == len(self.series):
            self._add(series)
        return (((assignment_id << _MONTH_BITS) << _SERIES_BITS | number) << _FILE_BITS) | file

    def _add(self, series: Series) -> None:
        if len(self.series) >> _SERIES_BITS:
            raise ImportRefused(
                say(
                    "Nothing was stored: these files name more than {most} different pairs of product and "
                    "release. Is the Version column what it should be? If so, import the files one by one.",
                    most=1 << _SERIES_BITS,
                )
            )
        self.series.append(series)

    def groups(self) -> Iterator[Group]:
        """Yield the pieces of each (assignment, month), in order."""
        keys = sorted(self.masks)
        by_month = groupby(keys, key=lambda key: key >> MONTH_SHIFT)
        for month_key, pieces in by_month:
            yield (month_key >> _MONTH_BITS, month_key & ((1 << _MONTH_BITS) - 1)), [self._piece(key) for key in pieces]

    def _piece(self, key: int) -> Piece:
        number = key >> _FILE_BITS & ((1 << _SERIES_BITS) - 1)
        return self.series[number], self.masks[key], key & ((1 << _FILE_BITS) - 1)


MONTH_SHIFT = _SERIES_BITS + _FILE_BITS
MOST_FILES = 1 << _FILE_BITS


@dataclass(slots=True)
class Replacement:
    """What replacing did, over all months."""

    stored: dict[int, int] = field(default_factory=dict)
    late: list[tuple[int, int, int, Series, int]] = field(default_factory=list)
    """(file, assignment, month, series, bits) a newer export speaks for."""
    known: int = 0
    removed: dict[int, int] = field(default_factory=dict)
    """Days taken away, by assignment."""
    newest: dict[int, int] = field(default_factory=dict)
    """For touched assignments the newest day of use (ordinal) in touched months, 0 if there is none."""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Which months and teams an export speaks for.

    `windows(team, month)` gives the bits by source, `team`/`flex` describe an assignment.
    """

    team_ids: tuple[int, ...]
    first_month: int
    last_month: int
    windows: Mapping[tuple[int, int], Mapping[int, int]]
    places: Mapping[int, tuple[int, int]]
    """assignment id → (team id, flex)."""


def replace_use(connection: Connection, account_id: int, incoming: Incoming, reach: Reach) -> Replacement:
    """Apply an export to the calendar; every change is written in this transaction."""
    done = Replacement()
    writer = _Writer(connection, account_id)
    for (assignment_id, month), existing, pieces in _merged(_known(connection, account_id, reach), incoming.groups()):
        team_id, flex = reach.places[assignment_id]
        masks = {series: mask for series, mask, _own in existing}
        result = change(masks, pieces, reach.windows.get((team_id, month), {}), flex=bool(flex))
        _account_for(done, assignment_id, month, result)
        if _write_month(writer, (assignment_id, month), existing, result.masks):
            done.changed = True
            _touch(done, assignment_id, month, result.masks)
    writer.flush()
    return done


def _account_for(done: Replacement, assignment_id: int, month: int, result: Change) -> None:
    for file, count in result.stored:
        done.stored[file] = done.stored.get(file, 0) + count
    done.late += [(file, assignment_id, month, series, bits) for file, series, bits in result.late]
    done.known += result.known
    if result.removed:
        done.removed[assignment_id] = done.removed.get(assignment_id, 0) + result.removed.bit_count()


def _touch(done: Replacement, assignment_id: int, month: int, masks: Mapping[Series, int]) -> None:
    newest = max(masks.values(), key=int.bit_length, default=0).bit_length()
    day = month_start(month).toordinal() + newest - 1 if newest else 0
    if day >= done.newest.get(assignment_id, 0):
        done.newest[assignment_id] = day


def _write_month(
    writer: "_Writer", place: tuple[int, int], existing: list[tuple[Series, int, int]], masks: Mapping[Series, int]
) -> bool:
    own = masks if len(masks) == 1 else own_bits({series: mask for series, mask in masks.items() if mask})
    before = {series: (mask, bits) for series, mask, bits in existing}
    changed = False
    for series, mask in masks.items():
        if not mask:
            writer.drop(place, series) if series in before else None
            changed |= series in before
        elif before.get(series) != (mask, own[series]):
            writer.put(place, series, mask, own[series])
            changed = True
    return changed


class _Writer:
    """Collects upserts and deletes and sends them in pieces.

    Rows behind the reading cursor only, so the pass never sees its own writes.
    """

    def __init__(self, connection: Connection, account_id: int) -> None:
        self.connection = connection
        self.account_id = account_id
        self.puts: list[tuple[int, ...]] = []
        self.drops: list[tuple[int, ...]] = []
        self.sqlite = connection.dialect.name == "sqlite"

    def put(self, place: tuple[int, int], series: Series, mask: int, own: int) -> None:
        self.puts.append((self.account_id, *place, *series, mask, own, own.bit_count()))
        if len(self.puts) >= _FLUSH:
            self.flush()

    def drop(self, place: tuple[int, int], series: Series) -> None:
        self.drops.append((self.account_id, *place, *series))

    def flush(self) -> None:
        if self.puts:
            self._upsert()
        if self.drops:
            self.connection.execute(
                _DROP,
                [{f"b_{name}": value for name, value in zip(_KEY_COLUMNS, row, strict=True)} for row in self.drops],
            )
        self.puts, self.drops = [], []

    def _upsert(self) -> None:
        if self.sqlite:
            # The driver's own executemany: compiled once, no per-row dictionaries.
            self.connection.exec_driver_sql(_SQLITE_PUT, self.puts)
        else:
            names = (*_KEY_COLUMNS, *_VALUE_COLUMNS)
            self.connection.execute(_POSTGRESQL_PUT, [dict(zip(names, row, strict=True)) for row in self.puts])


def _put(insert: Any) -> Any:
    statement = insert(schema.calendar)
    return statement.on_conflict_do_update(
        index_elements=list(_KEY_COLUMNS), set_={name: statement.excluded[name] for name in _VALUE_COLUMNS}
    )


_POSTGRESQL_PUT = _put(postgresql.insert)
_SQLITE_PUT = str(_put(sqlite.insert).compile(dialect=sqlite.dialect(paramstyle="qmark")))
_DROP = delete(schema.calendar).where(*(schema.calendar.c[name] == bindparam(f"b_{name}") for name in _KEY_COLUMNS))


def _known(
    connection: Connection, account_id: int, reach: Reach
) -> Iterator[tuple[tuple[int, int], list[tuple[Series, int, int]]]]:
    c, a = schema.calendar.c, schema.assignments.c
    of_teams = select(a.id).where(a.account_id == account_id, one_of(a.team_id, bindparam("teams")))
    statement = (
        select(c.assignment_id, c.month, c.product_id, c.release_id, c.source, c.mask, c.own)
        .where(
            c.account_id == account_id,
            c.month.between(reach.first_month, reach.last_month),
            c.assignment_id.in_(of_teams),
        )
        .order_by(c.assignment_id, c.month, c.product_id, c.release_id, c.source)
    )
    rows = connection.execute(statement, {"teams": str(list(reach.team_ids))}, execution_options={"yield_per": 10_000})
    for place, same in groupby(rows, key=itemgetter(0, 1)):
        yield place, [((row[2], row[3], row[4]), row[5], row[6]) for row in same]


def _merged(
    known: Iterable[tuple[tuple[int, int], list[tuple[Series, int, int]]]], new: Iterable[Group]
) -> Iterator[tuple[tuple[int, int], list[tuple[Series, int, int]], list[Piece]]]:
    """Walk both in order; a month may be in either or both."""
    end: tuple[tuple[int, int], list[Any]] = ((1 << 62, 0), [])
    olds, news = iter(known), iter(new)
    old, fresh = next(olds, end), next(news, end)
    while old is not end or fresh is not end:
        place = min(old[0], fresh[0])
        yield place, old[1] if old[0] == place else [], fresh[1] if fresh[0] == place else []
        if old[0] == place:
            old = next(olds, end)
        if fresh[0] == place:
            fresh = next(news, end)


def refresh_last_used(connection: Connection, account_id: int, newest: Mapping[int, int]) -> None:
    """Bring `assignments.last_used` up to date for touched assignments (id → a day of use, 0 for none known).

    A day that is newer than what is stored decides; only for others the calendar is searched.
    """
    ids = list(newest)
    for start in range(0, len(ids), _FLUSH):
        stored = _stored_last_used(connection, account_id, ids[start : start + _FLUSH])
        later = {id_: newest[id_] for id_, day in stored.items() if newest[id_] and newest[id_] >= (day or 0)}
        rest = [id_ for id_ in stored if id_ not in later]
        found = later | (_searched(connection, account_id, rest) if rest else {})
        rows = [{"b_id": id_, "last_used": day} for id_, day in found.items() if day != stored[id_]]
        if rows:
            connection.execute(_LAST_USED, rows)


def _stored_last_used(connection: Connection, account_id: int, ids: list[int]) -> dict[int, int | None]:
    a = schema.assignments.c
    statement = select(a.id, a.last_used).where(a.account_id == account_id, one_of(a.id, bindparam("ids")))
    return {id_: day for id_, day in connection.execute(statement, {"ids": str(ids)})}  # noqa: C416 - rows are no plain pairs


def _searched(connection: Connection, account_id: int, ids: list[int]) -> dict[int, int | None]:
    c = schema.calendar.c
    statement = select(c.assignment_id, c.month, c.mask).where(
        c.account_id == account_id, one_of(c.assignment_id, bindparam("ids"))
    )
    newest: dict[int, tuple[int, int]] = {}
    for id_, month, mask in connection.execute(statement, {"ids": str(ids)}):
        newest[id_] = max(newest.get(id_, (0, 0)), (month, mask.bit_length()))
    return {id_: _ordinal(newest[id_]) if id_ in newest else None for id_ in ids}


def _ordinal(newest: tuple[int, int]) -> int:
    month, day = newest
    return month_start(month).toordinal() + day - 1


_LAST_USED = (
    update(schema.assignments)
    .where(schema.assignments.c.id == bindparam("b_id"))
    .values(last_used=bindparam("last_used"))
)
