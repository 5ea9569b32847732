"""Token days on disk: replaces the amounts of the days that a Token Usage export speaks for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, insert, select

from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.storage.directory import chunks

Span = tuple[int, int]


@dataclass(slots=True)
class TokenDays:
    """Charges to be stored: by (assignment, day) and feature the amount in millitokens and the files that told it."""

    amounts: dict[tuple[int, int], dict[str, int]] = field(default_factory=dict)
    files: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    """One entry for each charge row (repeats of a row in one file are not in it)."""

    def add(self, assignment_id: int, day: int, feature: str, charge: tuple[int, int]) -> None:
        """Note one charge (amount, file); the same feature told twice is one charge."""
        amount, file = charge
        place = (assignment_id, day)
        features = self.amounts.setdefault(place, {})
        features[feature] = max(amount, features.get(feature, amount))
        self.files.setdefault(place, []).append(file)


@dataclass(slots=True)
class TokenReplacement:
    """What replacing did: rows stored by file, and places (file, assignment, day) that a newer export speaks for."""

    stored: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    late: list[tuple[int, int, int]] = field(default_factory=list)
    known: int = 0
    """Days with charges that were known where the export speaks."""
    removed: dict[int, int] = field(default_factory=dict)
    """Days whose charges were taken away, by assignment."""
    changed: bool = False


def replace_tokens(
    connection: Connection,
    account_id: int,
    incoming: TokenDays,
    windows: Mapping[int, Sequence[Span]],
    places: Mapping[int, tuple[int, int]],
) -> TokenReplacement:
    """Apply charges; `windows[team]` are the days this export speaks for, `places` gives (team, flex) by id."""
    known = _known(connection, account_id, windows)
    wanted = {place: sum(features.values()) for place, features in incoming.amounts.items()}
    done = TokenReplacement()
    open_ = {
        place: amount for place, amount in wanted.items() if _inside(windows.get(places[place[0]][0], ()), place[1])
    }
    for place in wanted.keys() - open_.keys():
        if known.get(place) != wanted[place]:
            done.late += [(file, *place) for file in incoming.files[place]]
    replaced = {place for place in known if _inside(windows.get(places[place[0]][0], ()), place[1])}
    changed = {place for place, amount in open_.items() if known.get(place) != amount}
    for place in changed:
        for file in incoming.files[place]:
            done.stored[file] += 1
    gone = [place for place in replaced if place not in open_ or place in changed]
    done.known, done.removed = len(replaced), dict(Counter(place[0] for place in replaced - open_.keys()))
    _write(connection, account_id, gone, {place: open_[place] for place in changed})
    done.changed = bool(gone or changed)
    return done


def _inside(spans: Sequence[Span], day: int) -> bool:
    return any(first <= day <= last for first, last in spans)


def _known(
    connection: Connection, account_id: int, windows: Mapping[int, Sequence[Span]]
) -> dict[tuple[int, int], int]:
    t, a = schema.token_days.c, schema.assignments.c
    of_teams = select(a.id).where(a.account_id == account_id, one_of(a.team_id, bindparam("teams")))
    statement = select(t.assignment_id, t.day, t.millitokens).where(
        t.account_id == account_id, t.assignment_id.in_(of_teams)
    )
    rows = connection.execute(statement, {"teams": str(sorted(windows))})
    return {(assignment_id, day): amount for assignment_id, day, amount in rows}


def _write(
    connection: Connection, account_id: int, gone: list[tuple[int, int]], new: Mapping[tuple[int, int], int]
) -> None:
    t = schema.token_days
    one = (t.c.account_id == account_id, t.c.assignment_id == bindparam("b_assignment"), t.c.day == bindparam("b_day"))
    if gone:
        connection.execute(
            delete(t).where(*one), [{"b_assignment": assignment, "b_day": day} for assignment, day in gone]
        )
    rows = [
        {"account_id": account_id, "assignment_id": assignment, "day": day, "millitokens": amount}
        for (assignment, day), amount in new.items()
    ]
    for some in chunks(rows):
        connection.execute(insert(t), some)
