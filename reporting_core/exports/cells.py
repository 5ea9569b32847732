"""From a row of texts to the words of the trade: names, people, access, days and numbers; the rest is refused."""

import re
from collections.abc import Callable, Sequence

from reporting_core.exports.asking import Refused
from reporting_core.exports.columns import IDENTITY, LABELS, PERSON
from reporting_core.exports.dates import DateReader
from reporting_core.exports.numbers import NumberReader
from reporting_core.exports.recognising import Layout
from reporting_core.words.imports import PersonKey
from reporting_core.words.terms import Access, Kind, Origin

LONGEST_NAME = 500
"""Characters; the longest e-mail address has 254. PostgreSQL cannot index a name of several thousand."""

_MASKED = re.compile(r"\*{3,}")
# A name stays as it is, but for line breaks and tabs, which become a space (domain.md knows no name with them).
_BREAKS = str.maketrans(dict.fromkeys("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029", " "))
_SHEET_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})

ACCESS = {
    "subscription": Access.SUBSCRIPTION,
    "subscriptions": Access.SUBSCRIPTION,
    "seat": Access.SUBSCRIPTION,
    "flex": Access.FLEX,
}
DEFAULT_ACCESS = {Kind.SEAT_USAGE: Access.SUBSCRIPTION, Kind.TOKEN_USAGE: Access.FLEX}
ASSIGNED = {"assigned": True, "unassigned": False}


def clean(text: str, what: str) -> str:
    """Return a cell's text, stripped. Raises Refused for NUL, bytes that are no text, a sheet's error, a novel."""
    if not text.isprintable():
        text = _printable(text, what)
    text = text.strip()
    if len(text) > LONGEST_NAME:
        raise Refused(f"{what} is longer than {LONGEST_NAME} characters")
    if text in _SHEET_ERRORS:
        raise Refused(f"{what} holds the spreadsheet error {text}")
    return text


def _printable(text: str, what: str) -> str:
    if "\0" in text:
        raise Refused(f"{what} holds a NUL character: the row was not written completely")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused(f"{what} holds bytes that are no text in the file's encoding") from None
    return text.translate(_BREAKS)


def origin_of(text: str, what: str = "assigned_by") -> tuple[Origin, str]:
    """Read `Individual`, `Group: NAME`, `Default` or `Unknown`, letters in any case; the name may hold anything."""
    word, colon, name = text.partition(":")
    kind = word.strip().casefold()
    if kind == "group":
        return Origin.GROUP, name.strip()
    if not colon and kind in {"individual", "default", "unknown"}:
        return Origin(kind), ""
    raise Refused(f"{what} “{text[:40]}” is none of Individual, Group: NAME, Default")


class Cells:
    """Reads the cells of the rows of one file by concept. A column the file does not have reads as blank."""

    def __init__(self, layout: Layout, dates: DateReader, numbers: NumberReader, today: int) -> None:
        """Read rows of this layout; `today` is an ordinal."""
        self._places = layout.places
        self._dates = dates
        self._numbers = numbers
        self._today = today
        self._default_access = DEFAULT_ACCESS.get(layout.kind)
        self.masked = False
        """Whether a personal column of the last person read was `*****`."""

    def has(self, concept: str) -> bool:
        """Tell whether the file has such a column."""
        return concept in self._places

    def text(self, row: Sequence[str], concept: str) -> str:
        """Return a text, '' for a blank one and for `*****`."""
        place = self._places.get(concept)
        if place is None or not row[place]:
            return ""
        found = clean(row[place], LABELS[concept])
        return "" if _MASKED.fullmatch(found) else found

    def name(self, row: Sequence[str], concept: str) -> str:
        """Return a text that must be there."""
        found = self.text(row, concept)
        if not found:
            raise Refused(f"{LABELS[concept]} is blank")
        return found

    def person(self, row: Sequence[str]) -> PersonKey:
        """Return the person of a row, and note in `masked` whether personal data was masked."""
        self.masked = any(concept in self._places and "***" in row[self._places[concept]] for concept in PERSON)
        found = PersonKey(*(self.text(row, concept) for concept in PERSON))
        if not any(found[: len(IDENTITY)]):
            raise Refused(
                "the person is masked and the row has no id, so it cannot be told apart"
                if self.masked
                else "the row names no person: e-mail and ids are blank"
            )
        return found

    def access(self, row: Sequence[str]) -> Access:
        """Return the access option; Seat Usage is of seats and Token Usage of Flex where the column is missing."""
        if self._default_access and not self.has("access"):
            return self._default_access
        text = self.text(row, "access")
        found = ACCESS.get(text.casefold())
        if found is None:
            raise Refused(
                f"Access option “{text[:40]}” is neither Subscription nor Flex" if text else "Access option is blank"
            )
        return found

    def assigned(self, row: Sequence[str]) -> bool:
        """Return whether the seat is assigned now."""
        text = self.name(row, "seat_assignment")
        if text.casefold() not in ASSIGNED:
            raise Refused(f"Seat assignment “{text[:40]}” is neither Assigned nor Unassigned")
        return ASSIGNED[text.casefold()]

    def day(self, row: Sequence[str], concept: str) -> int | None:
        """Return a date's ordinal, None for a blank cell."""
        text = self.text(row, concept)
        try:
            return self._dates.ordinal(text, self._places[concept]) if text else None
        except Refused as refused:
            raise Refused(f"{LABELS[concept]} {refused}") from None

    def past_day(self, row: Sequence[str], concept: str) -> int | None:
        """Return the ordinal of a date that something happened on. Raises Refused for one still to come."""
        found = self.day(row, concept)
        if found is not None and found > self._today:
            raise Refused(f"{LABELS[concept]} {self.text(row, concept)[:40]} is in the future")
        return found

    def whole(self, row: Sequence[str], concept: str) -> int | None:
        """Return a whole number, None for a blank cell."""
        return self._number(row, concept, self._numbers.whole)

    def milli(self, row: Sequence[str], concept: str) -> int | None:
        """Return a number times 1000, None for a blank cell."""
        return self._number(row, concept, self._numbers.milli)

    def _number(self, row: Sequence[str], concept: str, read: Callable[[str], int]) -> int | None:
        text = self.text(row, concept)
        try:
            return read(text) if text else None
        except Refused as refused:
            raise Refused(f"{LABELS[concept]} {refused}") from None
