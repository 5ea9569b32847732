"""Reading when something is to come: `team=Design weekly mon 9:00 here`, in any order, in English or German.

What it is about is an ordinary question. The words that say when and where are taken out of it, by blanks, so that a
fault in the rest is still found at its place.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time
from typing import NamedTuple

from reporting_core.grammar.parsing import check_length
from reporting_core.grammar.rhythms import Clock
from reporting_core.grammar.telling import Bad, Piece, Sort, pieces
from reporting_core.words.errors import BadQuery
from reporting_core.words.said import say
from reporting_core.words.schedules import Cadence, Rhythm

USUAL = Cadence(Rhythm.WEEKLY)
"""Where nothing is said: Mondays at nine."""
# Any day of any year decides whether a line ever holds.
_SOME_DAY = date(2026, 1, 1)
_BY_WEEK = (Rhythm.WEEKLY, Rhythm.FORTNIGHTLY)
_BY_MONTH = (Rhythm.MONTHLY, Rhythm.QUARTERLY)


class Wanted(NamedTuple):
    """What was read."""

    question: str
    """What it is about, at its place in the text, blanks in front included; empty where only the rest was said."""
    cadence: Cadence
    zone: str
    place: str
    """`here`, `me`, or empty where neither was said, which means `me`."""
    again: str
    """All of it, ready to be typed again."""
    when: str
    """As `again`, without the question."""


def read(text: str, today: date, zone: str, *, before: Cadence = USUAL, verb: str = "subscribe") -> Wanted:
    """Read what is typed after `/usage subscribe`; what is not said stays as in `before` and `zone`.

    Raises `BadQuery` with place, nearest forms and, behind `verb`, a corrected command that reads.
    """
    check_length(text)
    told = _Told(pieces(text, today), before)
    if told.wrong:
        raise _bad_query(text, told.wrong, _corrected(text, told.wrong, today, verb))
    return _wanted(text, told, zone)


def whole(error: BadQuery, text: str, wanted: Wanted, verb: str = "subscribe") -> BadQuery:
    """Return a fault in `wanted.question` as one of the whole text, the correction with when and where behind it."""
    return BadQuery(
        error.message,
        text=text,
        position=error.position,
        length=error.length,
        suggestions=error.suggestions,
        corrected=f"{verb} {error.corrected} {wanted.when}" if error.corrected else None,
    )


def says_when(text: str, today: date) -> bool:
    """Tell whether words say how often something is to come; a time or a day alone may mean something else."""
    said = {each.sort for each in pieces(text, today) if not each.bad}
    return bool(said & {Sort.RHYTHM, Sort.CRON}) or {Sort.TIME, Sort.WEEKDAY} <= said


def cadence(text: str) -> Cadence:
    """Read a cadence alone, as `str(cadence)` writes it."""
    wanted = read(text, _SOME_DAY, "UTC")
    if wanted.question or wanted.place:
        message = say("“{text}” does not say when, as {example} does.", text=text, example=str(USUAL))
        raise BadQuery(message, text=text, position=0, length=max(len(text), 1), suggestions=(str(USUAL),))
    return wanted.cadence


class _Told:
    """What each sort of word came to; two that differ are a fault."""

    def __init__(self, found: Sequence[Piece], before: Cadence) -> None:
        self.found = found
        self.wrong = [each for each in found if each.bad]
        self.said: dict[Sort, Piece] = {}
        for each in found:
            self._keep(each)
        self.cadence = self._cadence(before)
        self.wrong.sort(key=lambda wrong: wrong.start)

    def value(self, sort: Sort) -> str:
        """Return a text that was said, or nothing."""
        return str(self.said[sort].value) if sort in self.said else ""

    def _keep(self, piece: Piece) -> None:
        first = self.said.setdefault(piece.sort, piece)
        values = {first.value, piece.value}
        if values == {Rhythm.DAILY, Rhythm.WEEKDAYS}:
            self.said[piece.sort] = piece if piece.value is Rhythm.WEEKDAYS else first
        elif len(values) > 1 and not (first.bad or piece.bad):
            self._refuse(piece, _twice(piece.sort, first, piece))

    def _cadence(self, before: Cadence) -> Cadence:
        rhythm = self._rhythm(before)
        at = self.said[Sort.TIME].value if Sort.TIME in self.said else before.at
        if rhythm is Rhythm.CRON:
            self._leave_out(_line_says_all(), Sort.TIME, Sort.WEEKDAY, Sort.MONTHDAY, Sort.RHYTHM)
            return Cadence(rhythm, cron=self.value(Sort.CRON) or before.cron)
        found = Cadence(rhythm, time(*at) if isinstance(at, Clock) and at.exists else before.at)
        if rhythm in _BY_WEEK:
            self._leave_out(_no_monthday(rhythm), Sort.MONTHDAY)
            return replace(found, weekday=self._number(Sort.WEEKDAY, before.weekday))
        self._leave_out(_no_weekday(rhythm), Sort.WEEKDAY)
        if rhythm in _BY_MONTH:
            return replace(found, day=self._number(Sort.MONTHDAY, before.day))
        self._leave_out(_no_monthday(rhythm), Sort.MONTHDAY)
        return found

    def _rhythm(self, before: Cadence) -> Rhythm:
        said = self.said.get(Sort.RHYTHM)
        if Sort.CRON in self.said:
            return Rhythm.CRON
        if said and isinstance(said.value, Rhythm):
            return said.value
        if Sort.MONTHDAY in self.said:
            return before.rhythm if before.rhythm in _BY_MONTH else Rhythm.MONTHLY
        if Sort.WEEKDAY in self.said:
            return before.rhythm if before.rhythm in _BY_WEEK else Rhythm.WEEKLY
        return before.rhythm

    def _number(self, sort: Sort, unsaid: int) -> int:
        value = self.said[sort].value if sort in self.said else unsaid
        return value if isinstance(value, int) else unsaid

    def _leave_out(self, message: str, *sorts: Sort) -> None:
        for sort in sorts:
            if sort in self.said and not self.said[sort].bad:
                self._refuse(self.said[sort], message)

    def _refuse(self, piece: Piece, message: str) -> None:
        self.wrong.append(piece._replace(bad=Bad(message, ("",))))


def _wanted(text: str, told: _Told, zone: str) -> Wanted:
    question = list(text)
    for each in told.found:
        question[each.start : each.end] = " " * (each.end - each.start)
    left = "".join(question).rstrip(" \t\r\n,;")
    where = told.value(Sort.ZONE) or zone
    named = f"zone={where}" if where != zone else ""
    when = " ".join(filter(None, (str(told.cadence), named, told.value(Sort.PLACE))))
    return Wanted(left, told.cadence, where, told.value(Sort.PLACE), " ".join([*left.split(), when]), when)


def _bad_query(text: str, wrong: Sequence[Piece], corrected: str | None) -> BadQuery:
    first = wrong[0]
    message, near = first.bad or Bad("")
    return BadQuery(
        message,
        text=text,
        position=first.start,
        length=max(first.end - first.start, 1),
        suggestions=tuple(filter(None, near[:3])),
        corrected=corrected,
    )


def _corrected(text: str, wrong: Sequence[Piece], today: date, verb: str) -> str | None:
    mended, end = "", 0
    for each in wrong:
        if each.bad and each.bad.near and each.start >= end:
            mended, end = f"{mended}{text[end : each.start]}{each.bad.near[0]}", each.end
    mended = " ".join(f"{mended}{text[end:]}".split())
    if not mended or _Told(pieces(mended, today), USUAL).wrong:
        return None
    return f"{verb} {mended}"


def _twice(sort: Sort, first: Piece, again: Piece) -> str:
    if sort is Sort.WEEKDAY:
        days = ",".join(str((int(each.value) + 1) % 7) for each in (first, again) if isinstance(each.value, int))
        line = f'cron "0 9 * * {days}"'
        return say("One day of the week only. For several type a cron line, such as {example}.", example=line)
    if sort is Sort.TIME:
        return say("One time only. For several type a cron line, such as {example}.", example='cron "0 9,17 * * *"')
    return say("“{first}” and “{again}” cannot both be. Say one.", first=first.typed, again=again.typed)


def _line_says_all() -> str:
    return say("A cron line says everything about when: leave this out, or the line.")


def _no_weekday(rhythm: Rhythm) -> str:
    return say("{rhythm} takes no day of the week. For one a week type weekly mon.", rhythm=rhythm.value)


def _no_monthday(rhythm: Rhythm) -> str:
    return say("{rhythm} takes no day of the month. For one a month type monthly 31.", rhythm=rhythm.value)
