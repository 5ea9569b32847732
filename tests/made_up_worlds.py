"""Made-up companies for properties: commands of an operator (files to import, merges) and questions, by hypothesis."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.plain_answers import Asked, Pick
from tests.plain_rows import BALANCES, GROUPS, POOLS, REPORT, RULES, SEAT, TOKEN, USAGE, File, Told

TODAY = date(2026, 11, 26)
FIRST = date(2026, 9, 20)
SPAN = (TODAY - FIRST).days
TEAMS = ("Design", "Zürich Büro", "O'Brien, Labs")
PRODUCTS = ("Revit", "AutoCAD", "AEC Collection")
CHILDREN = ("Revit", "AutoCAD", "Civil 3D")
RELEASES = ("2026", "2027", "")
GROUP_NAMES = ("CAD users", "Everyone", "Rail, Road & Bridge")
NAMES = (("Ann", "Lee"), ("Ben", "Lee"), ("Cleo", "Núñez"), ("=1+1", "<!channel>"))
ACCESS = ("Subscription", "Flex")

Row = dict[str, str]


@dataclass(frozen=True)
class Command:
    """One import; `merge` instead merges two teams, and undoes it again if `undone`."""

    files: tuple[File, ...] = ()
    told: Told = field(default_factory=Told)
    merge: tuple[str, str] | None = None
    undone: bool = False


@dataclass(frozen=True)
class World:
    """What happens, in order, and what is asked then."""

    commands: tuple[Command, ...]
    questions: tuple[Asked, ...]


def _iso(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


offsets = st.integers(0, SPAN - 1)
teams = st.sampled_from(TEAMS)
flags = st.booleans()


@st.composite
def people(draw: Any) -> Row:
    """Columns of a person as one of their exports has them: with or without ids, masked, in any case."""
    number = draw(st.integers(0, 3))
    email = f"{['ann', 'ben', 'cleo', 'dan'][number]}@example.com"
    first, last = NAMES[number]
    with_hash, with_id, masked, loud = (draw(st.integers(0, n)) for n in (2, 2, 9, 3))
    row = {
        "email": email.title() if not loud else email,
        "first_name": first,
        "last_name": last,
        "autodesk_id": f"A{number}" if with_id else "",
        "hashed_autodesk_id": f"h{number}" if with_hash else "",
    }
    if not masked:
        hidden = dict.fromkeys(("email", "first_name", "last_name"), "*****")
        return {**row, **hidden, "hashed_autodesk_id": f"h{number}", "autodesk_id": ""}
    return row


@st.composite
def day_rows(draw: Any, kind: str) -> list[Row]:
    """A few rows of daily use, each stretched over several days."""
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        product = draw(st.sampled_from(PRODUCTS))
        child = draw(st.sampled_from(CHILDREN)) if product == "AEC Collection" else product
        row = {**draw(people()), "team": draw(teams), "offering_name": product}
        if kind == USAGE:
            row |= {"access_option": draw(st.sampled_from(ACCESS)), "product_name": child}
            row["version"] = draw(st.sampled_from(RELEASES))
        first, count, step = draw(offsets), draw(st.integers(1, 12)), draw(st.integers(1, 4))
        days = range(first, min(first + count * step, SPAN), step)
        rows += [{**row, "day_used": _iso(on), **(_charge(draw) if kind == TOKEN else {})} for on in days]
    return rows


def _charge(draw: Any) -> Row:
    return {"feature": draw(st.sampled_from(["", "Cloud"])), "tokens_used": draw(st.sampled_from(["0", "0.5", "7"]))}


@st.composite
def report_rows(draw: Any) -> list[Row]:
    """Assignments of every state."""
    rows = []
    made = draw(st.integers(SPAN // 2, SPAN - 1))
    for _ in range(draw(st.integers(1, 5))):
        on = draw(st.booleans())
        last = draw(st.none() | st.integers(0, made))
        since = draw(st.none() | st.integers(-200, SPAN + 10))
        rows.append(
            {
                **draw(people()),
                "team": draw(teams),
                "offering_name": draw(st.sampled_from(PRODUCTS)),
                "access_option": draw(st.sampled_from(ACCESS)),
                "seat_assignment": "Assigned" if on else "Unassigned",
                "assigned_date": "" if since is None else _iso(since),
                "unassigned_date": "" if on else draw(st.sampled_from(["", _iso(draw(st.integers(0, made)))])),
                "last_accessed": "" if last is None else _iso(last),
                "days_inactive": "" if last is None else str(made - last),
                "days_used": draw(st.sampled_from(["", "0", "3"])) if last is not None else "0",
                "tokens_used": draw(st.sampled_from(["", "0", "2.5"])),
                "group": "; ".join(draw(st.lists(st.sampled_from(GROUP_NAMES), unique=True, max_size=2))),
                "assigned_by": draw(st.sampled_from(["", "Individual", "Group: CAD users", "Default"])),
            }
        )
    return rows


@st.composite
def list_files(draw: Any) -> File:
    """One of the exports that are lists."""
    kind = draw(st.sampled_from([GROUPS, POOLS, BALANCES, RULES]))
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 3))):
        if kind == GROUPS:
            name = draw(st.sampled_from(["ann", "ben", "cleo", "dan", "eve"]))
            rows.append({"email": f"{name}@example.com", "group": draw(st.sampled_from(GROUP_NAMES))})
            rows[-1] |= {"group_type": "Team", "role": "Member"}
            continue
        team, product = draw(teams), draw(st.sampled_from(PRODUCTS))
        if kind == POOLS:
            starts, ends = draw(st.integers(-300, SPAN)), draw(st.integers(0, 300))
            rows.append({"team": team, "offering_name": product, "seat_quantity": str(draw(st.integers(0, 5)))})
            rows[-1] |= {"subscription_id": f"S-{number}", "start_date": _iso(starts), "end_date": _iso(starts + ends)}
        elif kind == BALANCES:
            rows.append({"team": team, "tokens_purchased": "1000", "tokens_remaining": str(draw(st.integers(0, 900)))})
            rows[-1] |= {"expires_on": _iso(draw(st.integers(SPAN // 2, SPAN * 2))), "as_of": _iso(draw(offsets))}
        else:
            how = draw(st.sampled_from(["Default", "Group: Everyone"]))
            rows.append({"team": team, "offering_name": product, "assigned_by": how})
    return File(kind, tuple(_distinct(rows, kind)))


def _distinct(rows: Sequence[Row], kind: str) -> list[Row]:
    """One row a key: which of two that differ counts is not what these properties are about."""
    keys = {
        GROUPS: ("email", "group"),
        POOLS: ("team", "offering_name", "subscription_id"),
        BALANCES: ("team", "as_of", "expires_on"),
        RULES: ("team", "offering_name"),
    }[kind]
    return list({tuple(row[key] for key in keys): row for row in rows}.values())


@st.composite
def files(draw: Any) -> tuple[File, ...]:
    """Files of one command."""
    found: list[File] = []
    for kind in draw(st.lists(st.sampled_from([USAGE, USAGE, USAGE, SEAT, TOKEN, REPORT, ""]), min_size=1, max_size=3)):
        if kind == REPORT:
            found.append(File(REPORT, tuple(draw(report_rows()))))
        elif kind:
            rows = draw(day_rows(kind))
            cut = draw(st.integers(0, len(rows)))
            found += [File(kind, tuple(some)) for some in (rows[:cut], rows[cut:]) if some]
        else:
            found.append(draw(list_files()))
    # Two files of one list in one command: which of two rows that differ counts is not what this is about.
    lists = {file.kind: file for file in found if file.kind in {GROUPS, POOLS, BALANCES, RULES}}
    return tuple(file for file in found if file is lists.get(file.kind, file))


@st.composite
def told(draw: Any) -> Told:
    """Options: mostly none, now and then a date or a range."""
    made = draw(st.none() | st.integers(SPAN // 2, SPAN + 20))
    first, last = draw(st.none() | offsets), draw(st.none() | offsets)
    ranged = first is not None and last is not None and first <= last and draw(st.integers(0, 3)) == 0
    start = FIRST.toordinal()
    return Told(
        start + first if ranged and first is not None else None,
        start + last if ranged and last is not None else None,
        None if made is None else start + made,
        replace=draw(st.integers(0, 2)) > 0,
    )


@st.composite
def commands(draw: Any) -> Command:
    """An import, or a merge."""
    if draw(st.integers(0, 7)) == 0:
        old, new = draw(st.permutations(TEAMS))[:2]
        return Command(merge=(old, new), undone=draw(flags))
    return Command(draw(files()), draw(told()))


ranges = st.sampled_from(
    [
        *("last=30d", "last=7d", "last=1d", "last=2w", "last=1mo", "last=3mo", "last=12mo", "last=1y", "last=45d"),
        *("last=week", "last=month", "last=quarter", "last=2026-11", "last=2026-q4", "last=2026", "last=2026-10"),
    ]
)
spans = st.tuples(offsets, offsets).map(lambda two: f"from={_iso(min(two))} to={_iso(max(two))}")
open_ends = offsets.map(lambda on: f"from={_iso(on)}")

VALUES = {
    "team": TEAMS,
    "product": PRODUCTS,
    "group": (*GROUP_NAMES, "none"),
    "user": ("ann@example.com", "lee", "Cleo", "BEN"),
    "access": ("subscription", "flex"),
    "version": ("2026", "2027"),
    "status": ("active", "inactive", "not_yet_active", "unassigned", "unknown", "not_applicable"),
    "assigned": ("yes", "no", "individual", "group", "default", "unknown"),
}


@st.composite
def picks(draw: Any) -> tuple[Pick, ...]:
    """Up to three filters on different keys."""
    keys = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3, unique=True))
    return tuple(
        Pick(key, tuple(draw(st.lists(st.sampled_from(VALUES[key]), min_size=1, max_size=2, unique=True))), draw(flags))
        for key in keys
    )


@st.composite
def questions(draw: Any) -> Asked:
    """A question."""
    as_of = draw(st.none() | st.none() | offsets.map(lambda on: FIRST + timedelta(days=on)))
    return Asked(draw(picks()), draw(st.one_of(ranges, spans, open_ends)), as_of)


worlds = st.builds(
    World,
    st.lists(commands(), min_size=1, max_size=4).map(tuple),
    st.lists(questions(), min_size=3, max_size=6).map(tuple),
)
