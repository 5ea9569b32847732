"""What the core says, in English, and still open to another language: a sentence that remembers what it is made of.

The core knows no language but English. Whoever shows a sentence looks its pattern up in a catalogue of another language
and fills in the same values. A sentence that is cut, joined or changed as a plain text forgets its pattern, so parts
are put together as values of a larger pattern, or by `joined`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Self

Value = str | float | date
"""A name or what is typed, the same in every language; a number of things; a date; or another `Said`.

A number that names something, such as a line of a file, is a name: `str(line)`.
"""


def number(value: float, digits: int = 0) -> str:
    """Return 1,234 or 1,234.5; whole numbers lose their decimals unless digits are asked for."""
    if digits == 0 and not float(value).is_integer():
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,.{digits}f}"


class Said(str):
    """The English sentence; `pattern` is what it was made from, `values` what stands in the braces of the pattern."""

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, Value]

    def __new__(cls, pattern: str, values: Mapping[str, Value]) -> Self:
        """Fill the pattern in; dates come out as in ISO, numbers as in tables."""
        written = {key: number(each) if isinstance(each, int | float) else each for key, each in values.items()}
        made = super().__new__(cls, pattern.format_map(written) if written else pattern)
        made.pattern = pattern
        made.values = values
        return made

    def __reduce__(self) -> tuple[type["Said"], tuple[str, Mapping[str, Value]]]:
        """Copies remember the pattern as well."""
        return Said, (self.pattern, self.values)


def say(pattern: str, /, **values: Value) -> Said:
    """Say `pattern` with its `{values}`. Catalogues find it under the pattern, so that is a literal in the source."""
    return Said(pattern, values)


def counted(count: int, one: str, many: str, /, **values: Value) -> Said:
    """Say one of two patterns, by number; both may use `{count}`."""
    return Said(one if count == 1 else many, {"count": count, **values})


def joined(parts: Iterable[str], by: str = " ") -> Said:
    """Put parts together with nothing but signs or spaces between them."""
    values = {f"part{index}": part for index, part in enumerate(parts)}
    return Said(by.join(f"{{{name}}}" for name in values), values)


def advised(fact: str, by_command: str) -> Said:
    """Say what is so, and what to type on the command line about it; `fact` takes that away for everybody else."""
    return Said("{fact} {by_command}", {"fact": fact, "by_command": by_command})


def fact(text: str) -> str:
    """Return an `advised` sentence without what to type about it; any other text as it is."""
    so = text.values.get("fact") if isinstance(text, Said) else None
    return so if isinstance(so, str) else text


def either(options: Iterable[str]) -> Said:
    """Join options for a sentence: “A, B or C”."""
    *first, last = options
    return say("{options} or {last}", options=joined(first, ", "), last=last) if first else joined([last])


def both(parts: Iterable[str]) -> Said:
    """Join parts for a sentence: “A, B and C”."""
    *first, last = parts
    return say("{parts} and {last}", parts=joined(first, ", "), last=last) if first else joined([last])
