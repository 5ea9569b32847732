"""Finding the words that say when and where something comes, in a text that is for the rest a question."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple

from reporting_core.grammar import lexing, rhythms
from reporting_core.grammar.crons import EXAMPLE, FIELDS, bad_line
from reporting_core.grammar.faults import did_you_mean
from reporting_core.grammar.lexing import Token, lex
from reporting_core.grammar.nearness import ranked
from reporting_core.grammar.rhythms import HIDDEN, TAKEN, Clock
from reporting_core.grammar.zones import no_zone, zone
from reporting_core.words.names import fold
from reporting_core.words.said import either, say
from reporting_core.words.schedules import Rhythm

_ZONE_KEYS = frozenset({"zone", "timezone", "tz", "zeitzone"})
_ZONE_WORDS = 3
_SLIP = 0.9
_LEAST_SLIP = 5
_MOST_WORDS = 100
"""Words of a text that are looked at for slips; each takes a third of a millisecond."""
_LAST_MONTHDAY = 31
_A_DAY = 24
_INSTEAD = {"week": "every 2 weeks", "woche": "every 2 weeks", "month": "quarterly", "monat": "quarterly",
            "year": "quarterly", "annu": "quarterly", "jahr": "quarterly", "jähr": "quarterly"}  # fmt: skip
_WORD = re.compile(r"(?<![^\s,;\x02])[^\W\d_]+(?![^\s,;\x02])")
_CRON = re.compile(r"(?<![^\s,;])cron\s*[=:]?\s*(?=[^\s=:])", re.IGNORECASE)
_QUOTES = f"{lexing.DOUBLE}{lexing.SINGLE}`"
_FIELD = re.compile(rf"[^\s{_QUOTES}]+")


Value = Rhythm | Clock | int | str
Span = tuple[int, int]


class Sort(Enum):
    """What is said."""

    RHYTHM = auto()
    WEEKDAY = auto()
    MONTHDAY = auto()
    TIME = auto()
    CRON = auto()
    ZONE = auto()
    PLACE = auto()
    NOTHING = auto()


class Bad(NamedTuple):
    """Why words say nothing, and what to type instead, the nearest first."""

    message: str
    near: tuple[str, ...] = ()


class Piece(NamedTuple):
    """Words at [start, end) of the text and what they say."""

    sort: Sort
    value: Value
    start: int
    end: int
    typed: str
    bad: Bad | None = None


Reading = tuple[Sort, Value, Bad | None]


def pieces(text: str, today: date) -> list[Piece]:
    """Return everything that is said about when and where, and faults among it, from left to right."""
    scan = _Scan(text)
    found = [*_cron(scan, today), *_zones(scan)]
    found += scan.take(rhythms.MONTHDAY, lambda match: _monthday(match["day"] or match["tag"]))
    for rhythm, pattern in rhythms.RHYTHMS:
        found += _rhythms(scan, rhythm, pattern)
    found += scan.take(rhythms.NEVER, _never)
    found += scan.take(rhythms.WEEKDAY, _weekday)
    for pattern in rhythms.TIMES:
        found += scan.take(pattern, _time, group="clock")
    found += _places(scan)
    found += scan.take(rhythms.LONELY, _lonely)
    return sorted([*found, *_slips(scan)], key=lambda piece: piece.start)


class _Scan:
    """The text in small letters, of the same length; values of keys, and what was taken, are hidden."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = lex(text)
        self.left = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
        for start, end in _values(self.tokens):
            self.hide(start, end, HIDDEN)

    def hide(self, start: int, end: int, by: str = TAKEN) -> None:
        """Keep patterns from finding anything there."""
        self.left = f"{self.left[:start]}{by * (end - start)}{self.left[end:]}"

    def take(
        self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Reading], group: str | int = 0
    ) -> Iterator[Piece]:
        """Read whatever matches; a fault is shown under the group."""
        for match in list(pattern.finditer(self.left)):
            sort, value, bad = read(match)
            yield from self.taken(sort, value, match.span(), bad, match.span(group))

    def taken(
        self, sort: Sort, value: Value, span: Span, bad: Bad | None = None, at: Span | None = None
    ) -> Iterator[Piece]:
        """Hide what was read."""
        self.hide(*span)
        start, end = at if bad and at else span
        yield Piece(sort, value, start, end, self.text[start:end].strip(), bad)


def _values(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Places of quoted names, of values right behind an operator, and of those right behind a comma of such a value."""
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        comma = before is not None and before.sort is lexing.Sort.COMMA and before.end == token.start
        if token.sort is lexing.Sort.QUOTED or (before is not None and before.operator) or comma:
            yield token.start, token.end


def _cron(scan: _Scan, today: date) -> Iterator[Piece]:
    for found in list(_CRON.finditer(scan.text)):
        if scan.left[found.start()] not in (HIDDEN, TAKEN):
            yield from _line(scan, found.start(), found.end(), today)


def _line(scan: _Scan, start: int, at: int, today: date) -> Iterator[Piece]:
    fields, end = _fields(scan.text, at)
    line = " ".join(each[0] for each in fields).upper()
    bad = bad_line(line.split(), today)
    if bad is None:
        yield from scan.taken(Sort.CRON, line, (start, end))
        return
    instead = f'cron "{bad.instead}"' if bad.instead else ""
    message = say("{message}{hint}", message=bad.message, hint=did_you_mean((instead,) if instead else ()))
    # The corrected command puts the whole line anew, so the fault covers it unless one field alone is wrong.
    where = fields[bad.field].span() if bad.field >= 0 and not instead else (start, end)
    yield from scan.taken(Sort.CRON, line, (start, end), Bad(message, (instead,) if instead else ()), where)


def _fields(text: str, at: int) -> tuple[list[re.Match[str]], int]:
    """Return the fields of a line and its end: up to the closing quote, else five."""
    if text[at] not in _QUOTES:
        found = [each for _, each in zip(range(FIELDS), _FIELD.finditer(text, at), strict=False)]
        return found, found[-1].end() if found else len(text)
    closing = next((place for place in range(at + 1, len(text)) if text[place] in _QUOTES), len(text))
    return list(_FIELD.finditer(text, at + 1, closing)), min(closing + 1, len(text))


def _zones(scan: _Scan) -> Iterator[Piece]:
    tokens = scan.tokens
    for at in range(len(tokens) - 1):
        if tokens[at].sort is lexing.Sort.WORD and fold(tokens[at].value) in _ZONE_KEYS and tokens[at + 1].operator:
            yield from _zone(scan, at)
    for pattern in (rhythms.PLACE, rhythms.UTC):
        for found in list(pattern.finditer(scan.left)):
            if known := zone(found[0]):
                yield from scan.taken(Sort.ZONE, known, found.span())


def _zone(scan: _Scan, at: int) -> Iterator[Piece]:
    tokens, first = scan.tokens, at + 2
    last = first
    while last < min(first + _ZONE_WORDS, len(tokens)) and tokens[last].sort in (lexing.Sort.WORD, lexing.Sort.QUOTED):
        last += 1
    for end in range(last, first, -1):
        if known := zone(_typed(scan, first, end)):
            yield from scan.taken(Sort.ZONE, known, (tokens[at].start, tokens[end - 1].end))
            return
    named = last > first and not tokens[first].value[:1].isdigit()
    yield from _no_zone(scan, at) if named else _empty_zone(scan, at)


def _no_zone(scan: _Scan, at: int) -> Iterator[Piece]:
    message, near = no_zone(_typed(scan, at + 2, at + 3))
    name = scan.tokens[at + 2]
    whole = scan.tokens[at].start, name.end
    yield from scan.taken(Sort.ZONE, "", whole, Bad(message, near), (name.start, name.end))


def _empty_zone(scan: _Scan, at: int) -> Iterator[Piece]:
    example = "zone=Europe/Berlin"
    message = say("{key}= needs a value{example}.", key="zone", example=say(", for example {pair}", pair=example))
    span = scan.tokens[at].start, scan.tokens[at + 1].end
    yield from scan.taken(Sort.ZONE, "", span, Bad(message, (example,)))


def _typed(scan: _Scan, first: int, end: int) -> str:
    raw = scan.text[scan.tokens[first].start : scan.tokens[end - 1].end]
    return raw.strip(_QUOTES)


def _rhythms(scan: _Scan, rhythm: Rhythm, pattern: re.Pattern[str]) -> Iterator[Piece]:
    for found in list(pattern.finditer(scan.left)):
        day = found.groupdict().get("day")
        end = found.end()
        if day:
            sort, value, bad = _monthday(day)
            end = found.start("day")
            yield from scan.taken(sort, value, found.span("day"), bad)
        yield from scan.taken(Sort.RHYTHM, rhythm, (found.start(), end))


def _weekday(found: re.Match[str]) -> Reading:
    return Sort.WEEKDAY, rhythms.weekday(found["weekday"]), None


def _monthday(typed: str) -> Reading:
    number = rhythms.monthday(typed)
    if 1 <= number <= _LAST_MONTHDAY:
        return Sort.MONTHDAY, number, None
    message = say("There is no {typed} of a month. Type 1 to 31; 31 is the last day of every month.", typed=typed)
    return Sort.MONTHDAY, 1, Bad(message, ("31", "1", "15"))


def _time(found: re.Match[str]) -> Reading:
    at = rhythms.clock(found)
    if at.exists:
        return Sort.TIME, at, None
    typed = found["clock"].strip()
    near = _near_times(int(found["hour"]), at.minute)
    message = say("There is no {typed}: a day goes from 0:00 to 23:59.{hint}", typed=typed, hint=did_you_mean(near))
    return Sort.TIME, at, Bad(message, near)


def _near_times(hour: int, minute: int) -> tuple[str, ...]:
    """Return a quarter of the same hour, or an hour that differs in one digit."""
    if not Clock(0, minute).exists:
        return tuple(f"{min(hour, 23)}:{quarter:02}" for quarter in (0, 15, 45))
    hours = [hour, 0 if hour == _A_DAY else hour - 10, 23, hour % 10]
    return tuple(f"{each}:{minute:02}" for each in dict.fromkeys(hours) if Clock(each, minute).exists)[:3]


def _never(found: re.Match[str]) -> Reading:
    message = say(
        "I know no “{typed}”. There are {rhythms}, and cron lines, such as {example}.",
        typed=found[0],
        rhythms=either(list(Rhythm)[:-1]),
        example=EXAMPLE,
    )
    return Sort.NOTHING, "", Bad(message, (next((_INSTEAD[part] for part in _INSTEAD if part in found[0]), "daily"),))


def _places(scan: _Scan) -> Iterator[Piece]:
    yield from scan.take(rhythms.CHANNEL, _elsewhere)
    yield from scan.take(rhythms.HERE, lambda _: (Sort.PLACE, "here", None))
    yield from scan.take(rhythms.ME, lambda _: (Sort.PLACE, "me", None))


def _elsewhere(_found: re.Match[str]) -> Reading:
    message = say("For a channel, type this in the channel itself, with “here” at the end.")
    # Nothing to type instead: “here” would be the channel in which this is read.
    return Sort.PLACE, "", Bad(message)


def _lonely(found: re.Match[str]) -> Reading:
    word = found["word"]
    near = {"cron": (EXAMPLE,), "at": ("at 9:00",), "um": ("um 9:00",)}.get(word, ("every monday", "every 2 weeks"))
    message = say("Something is missing behind “{word}”, as in {example}.", word=word, example=near[0])
    return Sort.NOTHING, "", Bad(message, near)


def _slips(scan: _Scan) -> Iterator[Piece]:
    for found in islice(_WORD.finditer(scan.left), _MOST_WORDS):
        near = ranked(found[0], rhythms.SPOKEN, 1) if len(found[0]) >= _LEAST_SLIP else []
        if near and near[0].likeness >= _SLIP and found[0] not in rhythms.NO_SLIPS:
            message = say("I know no “{typed}”.{hint}", typed=found[0], hint=did_you_mean((near[0].name,)))
            hint = say("{message} If it is a name, put it in quotes.", message=message)
            yield Piece(Sort.NOTHING, "", *found.span(), found[0], Bad(hint, (near[0].name,)))
