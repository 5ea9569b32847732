"""From a header row to a layout: kind of file, generation, and where each column stands. File names do not matter."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from reporting_core.exports.asking import Unreadable
from reporting_core.exports.columns import (
    COLUMNS,
    CONCEPTS,
    IDENTITY,
    LABELS,
    REPORT_MARKS,
    RULE_MARKS,
    SPELLINGS,
    SUBSCRIPTION_MARKS,
    normal,
)
from reporting_core.words.said import both, counted, joined, say
from reporting_core.words.terms import Kind

SHOWN = 12
"""Columns that are named where none is known."""
CLOSE = 0.75
"""Likeness (difflib) from which a header is taken for a misspelling; “Prodcut” and “Product” have 0.86."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each concept stands (0-based) in a file of `kind` whose header row has `width` columns."""

    kind: Kind
    generation: str
    places: Mapping[str, int]
    width: int
    ignored: tuple[str, ...]


def familiar(headers: Sequence[str]) -> int:
    """Count the headers that any kind of file has: tells a header row from a title, one delimiter from another."""
    return len({CONCEPTS[name] for name in map(normal, headers) if name in CONCEPTS})


def layout(headers: Sequence[str]) -> Layout:
    """Recognise a header row, or say what is missing and what it looks like. Raises Unreadable."""
    while headers and not headers[-1].strip():
        headers = headers[:-1]
    places = _places(headers)
    kind = _kind(places)
    if kind is None:
        raise Unreadable(_no_kind(headers, places))
    _check_needed(kind, headers, places)
    known = {concept: place for concept, place in places.items() if concept in COLUMNS[kind].known}
    return Layout(kind, _generation(headers), known, len(headers), _ignored(headers, set(known.values())))


def _places(headers: Sequence[str]) -> dict[str, int]:
    names = [normal(header) for header in headers]
    for name, count in Counter(name for name in names if name in CONCEPTS).items():
        if count > 1:
            raise Unreadable(
                say(
                    "Two columns are called “{column}”. Keep one of them and import the file again.",
                    column=LABELS[CONCEPTS[name]],
                )
            )
    found = {}
    for concept, spellings in SPELLINGS.items():
        standing = [names.index(spelling) for spelling in spellings if spelling in names]
        if standing:
            found[concept] = standing[0]
    return found


def _kind(found: Collection[str]) -> Kind | None:  # noqa: PLR0911 - one line for each kind
    """Decide by the columns that only one kind has; what else that kind needs is looked at afterwards."""
    has = set(found)
    if "day_used" in has:
        return _daily_kind(has)
    if len(has & REPORT_MARKS) > 1:
        return Kind.USAGE_REPORT
    if has & {"tokens_purchased", "tokens_remaining"}:
        return Kind.TOKEN_BALANCES
    if len(has & SUBSCRIPTION_MARKS) > 1 or "seat_quantity" in has:
        return Kind.SUBSCRIPTIONS
    if "account_status" in has or ({"role", "team"} <= has and not has & {"groups", "group_type"}):
        return Kind.USERS
    if "group_type" in has or {"email", "groups"} <= has:
        return Kind.GROUPS
    if {"team", "offering"} <= has and has & RULE_MARKS:
        return Kind.ASSIGNMENT_RULES
    return None


def _daily_kind(has: set[str]) -> Kind:
    if has & {"tokens_used", "feature"}:
        return Kind.TOKEN_USAGE
    return Kind.USAGE if has & {"access", "child", "version"} else Kind.SEAT_USAGE


def _check_needed(kind: Kind, headers: Sequence[str], found: Mapping[str, int]) -> None:
    columns = COLUMNS[kind]
    missing = [concept for concept in columns.needed if concept not in found]
    if columns.person and not any(concept in found for concept in IDENTITY):
        missing.append("email")
    if kind is Kind.SEAT_USAGE and not missing:
        # A misspelt “Access option” or “Tokens used” would turn another kind into Seat Usage, in silence.
        missing = [concept for concept in ("access", "tokens_used") if _lookalike(concept, headers, found)]
        if missing:
            raise Unreadable(_misspelt(missing[0], _lookalike(missing[0], headers, found)))
    if missing:
        raise Unreadable(_missing(kind, missing, headers, found))


def _lookalike(concept: str, headers: Sequence[str], found: Mapping[str, int]) -> str:
    """Return the header, not in use for anything else, that is nearest to a concept's names; '' if none is near."""
    free = {normal(header): header.strip() for place, header in enumerate(headers) if place not in found.values()}
    for spelling in SPELLINGS[concept]:
        for near in get_close_matches(spelling, list(free), n=1, cutoff=CLOSE):
            return free[near]
    return ""


def _misspelt(concept: str, header: str) -> str:
    return say(
        "“{header}” looks like “{column}”. Rename that column and import the file again.",
        header=header,
        column=LABELS[concept],
    )


def _missing(kind: Kind, missing: Sequence[str], headers: Sequence[str], found: Mapping[str, int]) -> str:
    title = COLUMNS[kind].title
    told = counted(
        len(missing),
        "This looks like {article} {title} file, but the column {names} is missing.",
        "This looks like {article} {title} file, but the columns {names} are missing.",
        article="an" if title[0] in "aA" else "a",
        title=title,
        names=both(f"“{LABELS[concept]}”" for concept in missing),
    )
    hints = [_misspelt(concept, near) for concept in missing if (near := _lookalike(concept, headers, found))]
    if not hints:
        # The vendor's page exports every column unless some are unticked.
        hints = [say("Export it again with all columns, or add the column, and import the file again.")]
    return joined([told, *hints])


def _no_kind(headers: Sequence[str], found: Mapping[str, int]) -> str:
    """Say what was found; if reading misspelt headers right would make a known kind, say that instead."""
    guessed = {
        concept: near for concept in SPELLINGS if concept not in found and (near := _lookalike(concept, headers, found))
    }
    kind = _kind([*found, *guessed]) if found else None
    if kind is not None:
        missing = [concept for concept in COLUMNS[kind].needed if concept not in found]
        if missing:
            return _missing(kind, missing, headers, found)
    names = [f"“{header.strip()[:40]}”" for header in headers[:SHOWN] if header.strip()]
    shown = joined(names, ", ") if names else say("none")
    if len(headers) > SHOWN:
        shown = say("{names} and {count} more", names=shown, count=len(headers) - SHOWN)
    return say(
        "This is no kind of file that can be imported: its first row has the columns {shown}. "
        "Known are {kinds}, by the vendor's own column names in the first row.",
        shown=shown,
        kinds=joined((columns.title for columns in COLUMNS.values()), ", "),
    )


def _generation(headers: Sequence[str]) -> str:
    names = {normal(header) for header in headers}
    known = [header.strip() for header in headers if normal(header) in CONCEPTS]
    if sum(header != header.lower() or " " in header for header in known) * 2 > len(known):
        return "Title Case"
    return "2023 snake_case" if names & {"team_alias", "groups"} else "2026 snake_case"


def _ignored(headers: Sequence[str], used: set[int]) -> tuple[str, ...]:
    rest = [(place, header.strip()) for place, header in enumerate(headers) if place not in used]
    return tuple(header[:80] or f"column {place + 1} (no header)" for place, header in rest)
