"""Reading dates: ISO, or day and month in the one order that the file proves. Nothing is guessed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from reporting_core.exports.asking import DateOrder, Refused, Unreadable
from reporting_core.words.said import Value, advised, say

EARLIEST = date(1980, 1, 1).toordinal()
"""The vendor was founded in 1982; an older year is a typing error (or a spreadsheet's zero)."""

_TIME = r"(?:[T ]\s?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|GMT|[+-]00:?00))?)?"
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)

Slashed = tuple[int, int, int]
"""First, second and year of 24/11/2026, before it is known which is the month."""


def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def iso(text: str) -> int | None:
    """Return the ordinal of a date that is written year first, with or without a time in UTC."""
    found = _ISO.fullmatch(text)
    if found:
        return _ordinal(int(found[1]), int(found[3]), int(found[4]))
    found = _COMPACT.fullmatch(text)
    return _ordinal(int(found[1]), int(found[2]), int(found[3])) if found else None


def slashed(text: str) -> Slashed | None:
    """Return the parts of a date that is written year last."""
    found = _SLASHED.fullmatch(text)
    return (int(found[1]), int(found[3]), int(found[4])) if found else None


def in_order(parts: Slashed, order: DateOrder) -> int | None:
    """Return the ordinal of 24/11/2026 read in one order, None if it is no date then."""
    first, second, year = parts
    return _ordinal(year, second, first) if order == "dmy" else _ordinal(year, first, second)


@dataclass(slots=True)
class Seen:
    """What a column's dates show: how many are ISO and year-last, the first proof of each order, the first doubt."""

    iso: int = 0
    year_last: int = 0
    small_days: bool = True
    """Every ISO cell so far has a day <= 12."""
    proofs: dict[DateOrder, tuple[int, str]] = field(default_factory=dict)
    doubtful: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The order of day and month in the file; in `iso_columns` dates are ISO and a few others do not belong."""

    order: DateOrder
    iso_columns: frozenset[int] = frozenset()


class Survey:
    """Looks at every date of a file once, to decide the order of day and month over all of it."""

    def __init__(self, columns: Iterable[int], *, sheet: bool) -> None:
        """Look at these columns; `sheet` tells that the file is a workbook, where programs turn texts into dates."""
        self.columns = {column: Seen() for column in columns}
        self._sheet = sheet
        self._known: dict[str, int | Slashed | None] = {}

    def look(self, column: int, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Take in one column of some rows."""
        seen = self.columns[column]
        for text, count in Counter(cells).items():
            if text not in self._known:
                self._learn(text)
            what = self._known[text]
            if isinstance(what, int):
                seen.iso += count
                seen.small_days = seen.small_days and date.fromordinal(what).day <= 12  # noqa: PLR2004 - months
            elif what is not None:
                seen.year_last += count
                _note(seen, what, lines[cells.index(text)], text)

    def _learn(self, text: str) -> None:
        # A file of a million different texts in its date column must not fill the memory.
        if len(self._known) > 100_000:  # noqa: PLR2004
            self._known.clear()
        bare = text.strip()
        ordinal = iso(bare)
        self._known[text] = slashed(bare) if ordinal is None else ordinal

    def decide(self) -> Decision:
        """Say which order it is. Raises Unreadable, with the question if it may be either, the lines if it is both."""
        iso_columns = frozenset(place for place, seen in self.columns.items() if seen.iso > seen.year_last)
        mixed = [seen for place, seen in self.columns.items() if place not in iso_columns]
        proofs: dict[DateOrder, tuple[int, str]] = {}
        for seen in mixed:
            proofs = seen.proofs | proofs
        self._check_half_converted()
        if len(proofs) > 1:
            raise Unreadable(_both(proofs))
        doubtful = next((seen.doubtful for seen in mixed if seen.doubtful), "")
        if doubtful and not proofs:
            raise Unreadable(_question(doubtful))
        return Decision(next(iter(proofs), "dmy"), iso_columns)

    def _check_half_converted(self) -> None:
        """Refuse a workbook in which a program made dates of 5/6/2026, exchanged, and left 24/6/2026 as text."""
        for seen in self.columns.values():
            if self._sheet and len(seen.proofs) == 1 and seen.iso > 2 and seen.small_days:  # noqa: PLR2004 - chance
                line, text = next(iter(seen.proofs.values()))
                raise Unreadable(
                    say(
                        "One column holds real dates, all up to the 12th, and texts such as “{text}” (row {line}): "
                        "a spreadsheet program seems to have converted part of it, with day and month exchanged. "
                        "Export the file again and import it without opening it; "
                        "--dates dmy or mdy reads it as it stands.",
                        text=text,
                        line=str(line),
                    )
                )


def _note(seen: Seen, parts: Slashed, line: int, text: str) -> None:
    as_dmy, as_mdy = in_order(parts, "dmy"), in_order(parts, "mdy")
    if as_dmy is not None and as_mdy is not None:
        seen.doubtful = seen.doubtful or ("" if as_dmy == as_mdy else text.strip())
    elif as_dmy is not None:
        seen.proofs.setdefault("dmy", (line, text.strip()))
    elif as_mdy is not None:
        seen.proofs.setdefault("mdy", (line, text.strip()))


def _both(proofs: dict[DateOrder, tuple[int, str]]) -> str:
    (dmy_line, dmy), (mdy_line, mdy) = proofs["dmy"], proofs["mdy"]
    return say(
        "The dates are not all in one order: “{dmy}” in line {dmy_line} is day/month/year, “{mdy}” in line {mdy_line} "
        "is month/day/year. Export the file again, or mend those dates; ISO dates (2026-11-24) are always understood.",
        dmy=dmy,
        dmy_line=str(dmy_line),
        mdy=mdy,
        mdy_line=str(mdy_line),
    )


def asks_for_order(reason: str) -> bool:
    """Tell whether a file was refused only because its dates can be read both ways."""
    return _ORDER in reason


_ORDER = "Import it with --dates dmy ("


def _question(text: str) -> str:
    parts = slashed(text)
    assert parts is not None  # noqa: S101 - only such dates are doubtful
    dmy, mdy = (date.fromordinal(in_order(parts, order) or 1) for order in ("dmy", "mdy"))
    days: dict[str, Value] = {"dmy": _spoken(dmy), "mdy": _spoken(mdy), "dmy_day": dmy, "mdy_day": mdy}
    question = say("Is “{text}” {dmy} or {mdy}? Every date in this file can be read both ways.", text=text, **days)
    return advised(question, say("Import it with --dates dmy ({dmy}) or --dates mdy ({mdy}).", **days))


def _spoken(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


class DateReader:
    """Turns the texts of a file into ordinals; asks for the decision about day and month only when a date needs it."""

    def __init__(self, order: DateOrder | None, decide: Callable[[], Decision]) -> None:
        """Read in this order, or in the one `decide` finds by looking at the whole file."""
        self._decision = Decision(order) if order else None
        self._decide = decide

    def ordinal(self, text: str, column: int) -> int:
        """Return the ordinal of a date in a column. Raises Refused if it is none, Unreadable from the decision."""
        found = iso(text)
        if found is None:
            parts = slashed(text)
            found = self._of_parts(parts, text, column) if parts else None
        if found is None:
            raise Refused(f"“{text[:40]}” is no date (2026-11-24 is one)")
        if found < EARLIEST:
            raise Refused(f"“{text[:40]}” is before 1980")
        return found

    def _of_parts(self, parts: Slashed, text: str, column: int) -> int | None:
        if self._decision is None:
            self._decision = self._decide()
        if column in self._decision.iso_columns:
            raise Refused(f"“{text[:40]}” is not written like the other dates of its column (2026-11-24)")
        return in_order(parts, self._decision.order)
