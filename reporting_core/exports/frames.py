"""Messages between the reader's child process and its parent: a length, then plain values (marshal).

Never pickles: a child that reads hostile files must not be able to name what its parent runs.
"""

import marshal
import re
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum
from sys import intern
from typing import Any, BinaryIO, NamedTuple

from reporting_core.exports.daily import Batch
from reporting_core.exports.keys import MONTH_BITS
from reporting_core.words.imports import (
    BalanceRow,
    FileTail,
    GroupRow,
    PersonKey,
    Record,
    Refusal,
    ReportRow,
    RuleRow,
    SubscriptionRow,
    UseBatch,
    UseKey,
    UserRow,
)
from reporting_core.words.said import Said, Value
from reporting_core.words.terms import Access, Kind, Origin

Message = tuple[Any, ...]
LENGTH = 8
ROWS: dict[Kind, Callable[..., Record]] = {
    Kind.USAGE_REPORT: ReportRow,
    Kind.SUBSCRIPTIONS: SubscriptionRow,
    Kind.USERS: UserRow,
    Kind.GROUPS: GroupRow,
    Kind.TOKEN_BALANCES: BalanceRow,
    Kind.ASSIGNMENT_RULES: RuleRow,
}
FIELDS: dict[str, Callable[[Any], Any]] = {
    "person": lambda value: PersonKey(*value),
    "access": Access,
    "origin": lambda value: None if value is None else Origin(value),
}
"""How a field of a row gets its type back."""


def packed(message: Message) -> bytes:
    """Return a message with its length in front."""
    content = marshal.dumps(message)
    return len(content).to_bytes(LENGTH, "big") + content


def unpacked(content: bytes) -> Message:
    """Return the message of a frame without its length."""
    message: Message = marshal.loads(content)  # noqa: S302 - plain values only; nothing in it is ever called
    return message


def received(stream: BinaryIO) -> Message | None:
    """Wait for the next message; None at the end of the stream."""
    head = stream.read(LENGTH)
    return unpacked(stream.read(int.from_bytes(head, "big"))) if len(head) == LENGTH else None


def plain(value: Any) -> Any:
    """Return a value without the types that marshal does not know."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value


def opened(reason: str) -> Message | str:
    """Return a sentence with its pattern and values, as plain values."""
    if isinstance(reason, Said):
        return reason.pattern, {key: opened_value(each) for key, each in reason.values.items()}
    return str(reason)


def opened_value(value: Value) -> Any:
    """Return a value of a sentence; a date as a tuple of its ordinal."""
    return opened(value) if isinstance(value, str) else (value.toordinal(),) if isinstance(value, date) else value


def closed(reason: Message | str) -> str:
    """Return the sentence again. What is no pattern of ours stays text: a child that reads hostile files may lie."""
    if isinstance(reason, str):
        return reason
    pattern, values = reason
    if set("{}") & set(_HOLE.sub("", pattern)):
        return str(pattern)
    return Said(pattern, {key: _closed_value(each) for key, each in values.items()})


def _closed_value(value: Any) -> Value:
    if isinstance(value, tuple) and len(value) == 1:
        return date.fromordinal(value[0])
    return closed(value) if isinstance(value, tuple | str) else float(value) if isinstance(value, float) else int(value)


_HOLE = re.compile(r"\{[a-z]\w*\}", re.ASCII)
"""A place for a value: its name alone, never a way into it."""


def key_of(values: Sequence[Any]) -> UseKey:
    """Return a key that came as plain values."""
    team, person, offering, access, child, release = values
    return UseKey(team, PersonKey(*person), offering, Access(access), child, release)


class _Fields(NamedTuple):
    make: Callable[..., Record]
    convert: tuple[tuple[int, Callable[[Any], Any]], ...]


def _fields(kind: Kind) -> _Fields:
    make: Any = ROWS[kind]
    return _Fields(make, tuple((at, FIELDS[name]) for at, name in enumerate(make._fields) if name in FIELDS))


def records_of(kind: Kind, rows: Iterable[Sequence[Any]]) -> list[Record]:
    """Return records that came as plain values."""
    make, convert = _fields(kind)
    found = []
    for values in rows:
        row = list(values)
        for place, typed in convert:
            row[place] = typed(row[place])
        found.append(make(*row))
    return found


def batch_message(batch: Batch) -> Message:
    """Return a batch as a few arrays of numbers; a dictionary of tuples would be ten times as large."""
    tokens = [(number >> MONTH_BITS, day, feature, amount) for (number, day, feature), amount in batch.tokens.items()]
    return (
        batch.anew,
        [plain(key) for key in batch.fresh],
        _numbers(batch.masks),
        _numbers(batch.masks.values()),
        tokens,
    )


def _numbers(values: Iterable[int]) -> bytes:
    return array("q", values).tobytes()


def _array(content: bytes) -> "array[int]":
    found = array("q")
    found.frombytes(content)
    return found


class Batches:
    """Builds the batches of one file from messages; keys that recur are the same objects, which saves memory."""

    def __init__(self) -> None:
        """Begin without keys."""
        self._keys: list[UseKey] = []
        self._persons: dict[PersonKey, PersonKey] = {}

    def batch(self, message: Message) -> UseBatch:
        """Return the batch of a message."""
        anew, fresh, months, masks, tokens = message
        if anew:
            self._keys = []
        self._keys += [self._shared(key_of(key)) for key in fresh]
        places = _array(months)
        used = sorted({number >> MONTH_BITS for number in places})
        place = {number: at for at, number in enumerate(used)}
        return UseBatch(
            keys=[self._keys[number] for number in used],
            masks=_masks(place, places, _array(masks)),
            millitokens={(place[number], day, feature): amount for number, day, feature, amount in tokens},
        )

    def _shared(self, key: UseKey) -> UseKey:
        """Return an equal key whose person and names are the same objects as those of other keys."""
        team, person, offering, access, child, release = key
        person = self._persons.setdefault(person, person)
        return UseKey(intern(team), person, intern(offering), access, intern(child), intern(release))


def _masks(place: Mapping[int, int], months: Iterable[int], masks: Iterable[int]) -> dict[tuple[int, int], int]:
    low = (1 << MONTH_BITS) - 1
    return {(place[index >> MONTH_BITS], index & low): mask for index, mask in zip(months, masks, strict=True)}


def tail_message(tail: FileTail) -> Message:
    """Return a tail as plain values."""
    return (
        tail.read,
        [tuple(refusal) for refusal in tail.refused],
        sorted(tail.masked_teams),
        sorted(tail.teams),
        tail.first_day,
        tail.last_day,
        tail.newest,
    )


def tail_of(message: Message) -> FileTail:
    """Return the tail of a message."""
    read, refused, masked, teams, first, last, newest = message
    return FileTail(read, [Refusal(*refusal) for refusal in refused], set(masked), set(teams), first, last, newest)
