"""A question about use, as a value: what is counted, which rows are picked, for which range of dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Key(StrEnum):
    """Keys that take names or enumerated values; the first six say what is counted, the last two only pick rows."""

    TEAM = "team"
    PRODUCT = "product"
    GROUP = "group"
    USER = "user"
    ACCESS = "access"
    VERSION = "version"
    STATUS = "status"
    ASSIGNED = "assigned"


COUNTED_KEYS = (Key.TEAM, Key.PRODUCT, Key.GROUP, Key.USER, Key.ACCESS, Key.VERSION)
PICKING_KEYS = (Key.STATUS, Key.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Filter:
    """`key=a,b` (or) or `key!=a,b` (none). Values are as in the account for names, lower case for enumerated ones.

    A value may hold `*` wildcards (after three characters); `group` knows the value `none`; `user` values are free
    text, an e-mail, `me`, or `<@U123>` for a Slack person.
    """

    key: Key
    values: tuple[str, ...]
    negated: bool = False


class Unit(StrEnum):
    """Units of `last=`: rolling days, weeks, months, years."""

    DAYS = "d"
    WEEKS = "w"
    MONTHS = "mo"
    YEARS = "y"


@dataclass(frozen=True, slots=True)
class Last:
    """Rolling: `last=30d`, `2w`, `3mo`, `1y`, ending on the as-of date."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar range: `week month quarter year` (the last whole one), or a named one.

    `2026-09`, `2026-q3`, `2026`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Between:
    """`from=… to=…`, both included; each an ISO date, `today` or `yesterday`; no `last` means up to the as-of date."""

    first: date | str
    last: date | str | None = None


Range = Last | Calendar | Between

DEFAULT_RANGE = Last(30, Unit.DAYS)


class SortKey(StrEnum):
    """Columns a report can be sorted by."""

    PERSON = "person"
    TEAM = "team"
    PRODUCT = "product"
    STATUS = "status"
    DAYS = "days"
    LAST = "last"
    TOKENS = "tokens"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key; `-` in front in the command means descending."""

    key: SortKey
    descending: bool = False


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """A whole question. `filters` are in canonical order (order of `Key`, plain before negated).

    No sort means riskiest first.
    """

    filters: tuple[Filter, ...] = ()
    range: Range = DEFAULT_RANGE
    sort: tuple[Sort, ...] = ()
    top: int | None = None
    page: int = 1
    guesses: tuple[str, ...] = field(default=(), compare=False)
    """Sentences about what was guessed from bare words, e.g. “Design” read as team=Design."""

    def of(self, key: Key) -> tuple[Filter, ...]:
        """Return the filters on one key (at most one plain and one negated)."""
        return tuple(each for each in self.filters if each.key is key)

    def turned_to(self, page: int) -> "UsageQuery":
        """Return the same question at another page."""
        return replace(self, page=page)

    def with_filters(self, filters: Iterable[Filter]) -> "UsageQuery":
        """Return the same question with other filters."""
        return replace(self, filters=tuple(filters))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names the asker may use, spelt as in the account.

    The grammar checks values against them and suggests the nearest.
    """

    teams: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Display names and e-mails, only to guess bare words; empty when the asker may not see names."""
