"""A small language for saying which JSON is well formed, with Slack's wording for what is not.

Checks yield problems instead of raising, so one answer names everything that is wrong. What a block may hold is said in
`elements`, `layout`, `rich_text` and `tables`; this module knows no Slack type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and the JSON pointer to it."""

    text: str
    pointer: str

    def __str__(self) -> str:
        return f"[ERROR] {self.text} [json-pointer:{self.pointer}]"


Check: TypeAlias = Callable[[object, str], Iterator[Problem]]


def anything(_value: object, _pointer: str) -> Iterator[Problem]:
    """Accept every value; for keys that Slack itself only passes on."""
    return iter(())


def string(most: int | None = None, least: int = 1, pattern: str | None = None) -> Check:
    """A string of `least` to `most` characters, matching `pattern` in full if one is given."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("must provide a string", pointer)
        elif len(value) < least:
            yield Problem(f"must be more than {least - 1} characters", pointer)
        elif most is not None and len(value) > most:
            yield Problem(f"must be less than {most + 1} characters", pointer)
        elif pattern is not None and re.fullmatch(pattern, value) is None:
            yield Problem("failed to match pattern", pointer)

    return check


def boolean(value: object, pointer: str) -> Iterator[Problem]:
    """`true` or `false`; Slack refuses 0 and 1."""
    if not isinstance(value, bool):
        yield Problem("must provide a boolean", pointer)


def is_number(value: object) -> bool:
    """Whether a JSON value is a number, which `true` is not although Python says so."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def number(value: object, pointer: str) -> Iterator[Problem]:
    """A JSON number."""
    if not is_number(value):
        yield Problem("must provide a number", pointer)


def integer(least: int, most: int | None = None) -> Check:
    """A whole number between two bounds, both included."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Problem("must provide an integer", pointer)
        elif value < least or (most is not None and value > most):
            yield Problem(f"must be between {least} and {most if most is not None else 'any number'}", pointer)

    return check


def one_of(*allowed: object) -> Check:
    """One of a few fixed values."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not any(value is choice or (type(value) is type(choice) and value == choice) for choice in allowed):
            yield Problem(f"must be one of: {', '.join(map(str, allowed))}", pointer)

    return check


def items(check_item: Check, least: int = 1, most: int | None = None) -> Check:
    """A list of `least` to `most` values that each pass `check_item`."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("must provide an array", pointer)
            return
        if len(value) < least:
            yield Problem(f"no fewer than {least} items allowed", pointer)
        if most is not None and len(value) > most:
            yield Problem(f"no more than {most} items allowed", pointer)
        for index, item in enumerate(value):
            yield from check_item(item, f"{pointer}/{index}")

    return check


def mapping(keys: Mapping[str, Check], needed: Collection[str] = (), *rules: Check) -> Check:
    """An object with only these keys, the needed ones present; `rules` look at the whole once its keys are fine."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", pointer)
            return
        problems = [*_keys(value, keys, needed, pointer)]
        yield from problems
        if not problems:
            for rule in rules:
                yield from rule(value, pointer)

    return check


def _keys(value: Json, keys: Mapping[str, Check], needed: Collection[str], pointer: str) -> Iterator[Problem]:
    for key in needed:
        if value.get(key) is None:
            yield Problem(f"missing required field: {key}", pointer)
    for key, item in value.items():
        if key not in keys:
            yield Problem(f"invalid additional property: {key}", pointer)
        elif item is not None or key not in needed:
            yield from keys[key](item, f"{pointer}/{escaped(key)}")


def escaped(key: str) -> str:
    """A key as one step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def tagged(kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` picks the check; any other type is refused."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("must provide an object", pointer)
            return
        kind = value.get("type")
        if kind is None:
            yield Problem("missing required field: type", pointer)
        elif not isinstance(kind, str) or kind not in kinds:
            yield Problem(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from kinds[kind](value, pointer)

    return check


def exactly_one(*names: str) -> Check:
    """A rule for `mapping`: one of these keys, and not two."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        present = [name for name in names if isinstance(value, dict) and value.get(name) is not None]
        if not present:
            yield Problem(f"must provide one of: {', '.join(names)}", pointer)
        elif len(present) > 1:
            yield Problem(f"only one of these is allowed: {', '.join(names)}", pointer)

    return check


def at_least_one(*names: str) -> Check:
    """A rule for `mapping`: one or more of these keys."""

    def check(value: object, pointer: str) -> Iterator[Problem]:
        if not any(isinstance(value, dict) and value.get(name) is not None for name in names):
            yield Problem(f"must provide one of: {', '.join(names)}", pointer)

    return check
