"""The selects under a report: what each shows as chosen, and which question a choice in it makes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.sentences import label
from handlers.views import wording
from handlers.views.blocks import Block, actions, option, own
from handlers.views.form import MOST_OPTIONS, matching, option_value, options
from reporting_core import grammar
from reporting_core.words.query import Calendar, Filter, Key, Last, Range, Unit, UsageQuery, Vocabulary
from reporting_core.words.report import UsageReport
from reporting_core.words.shown import Shown
from reporting_core.words.terms import Access, Status

ALL, KEPT, CUSTOM = "#all", "#kept", "#custom"
"""Choices that are no name: `option_value` makes no value that begins with `#` and goes on like this."""

FILTERED = (Key.TEAM, Key.PRODUCT, Key.STATUS, Key.ACCESS)
RANGE = "range"
_NONE = {
    Key.TEAM: "filters.all_teams",
    Key.PRODUCT: "filters.all_products",
    Key.STATUS: "filters.any_status",
    Key.ACCESS: "filters.any_access",
}
RANGES: Mapping[str, Range] = {
    "7d": Last(7, Unit.DAYS),
    "30d": Last(30, Unit.DAYS),
    "90d": Last(90, Unit.DAYS),
    "month": Calendar("month"),
    "quarter": Calendar("quarter"),
    "12mo": Last(12, Unit.MONTHS),
}
_WIDTH = 75

NO_FILTERS = -1
"""No room at all for selects: *More…* is still there."""


@dataclass(frozen=True, slots=True)
class Controls:
    """What stands under a report besides its own: which message it is, and the names its reader may choose."""

    shown: Shown
    vocabulary: Vocabulary
    reviews: bool = False
    """Whether its reader may take back seats of a team in it."""

    def block_id(self, name: str) -> str:
        """Return the id of a row of this message.

        With the revision in it, Slack's apps show what the bot says is chosen, and not what was pressed last.
        """
        return f"{name}:{self.shown.token}:{self.shown.revision}"


def token_of(block_id: str) -> str:
    """Return the token that the id of a row carries, '' for a row of another kind."""
    name, token, *_rest = [*block_id.split(":"), ""]
    return token if name in {"filters", "report", "nearest"} else ""


def filter_row(report: UsageReport, controls: Controls, listed: int) -> Block:
    """Return the selects. Lists take about `listed` characters of the message; what has no room is looked up."""
    vocabulary = controls.vocabulary
    # The short lists first, since they are the ones that are used most; they stand in the order of the question.
    selects = [
        _range(report),
        _fixed(Key.ACCESS, report.query),
        _fixed(Key.STATUS, report.query),
        _names(Key.PRODUCT, vocabulary.products, report.query),
        _names(Key.TEAM, vocabulary.teams, report.query),
    ]
    period = report.period
    block_id = f"{controls.block_id('filters')}:{period.first}:{period.last}"
    return actions(block_id, list(_within(selects, listed))[::-1])


def looked_up(key: str, vocabulary: Vocabulary, typed: str) -> list[Block]:
    """Return what a list that is looked up offers: every name first, then those that hold what was typed."""
    if key == RANGE:
        entries = [*_ranges().values(), _own(label("filters.custom"), CUSTOM)]
    elif words := _words(Key(key)):
        entries = [_own(label(_NONE[Key(key)]), ALL), *(_own(text, value) for value, text in words.items())]
    else:
        none = [] if typed.strip() else [_own(label(_NONE[Key(key)]), ALL)]
        return [*none, *matching(_offered(Key(key), vocabulary), typed)][:MOST_OPTIONS]
    return [each for each in entries if typed.strip().casefold() in each["text"]["text"].casefold()]


def altered(query: UsageQuery, name: str, value: str, vocabulary: Vocabulary) -> UsageQuery | None:
    """Return the question with this one choice made, on its first page; None for a choice that is not offered."""
    if value == KEPT:
        return query.turned_to(1)
    if name == RANGE:
        return replace(query, range=RANGES[value], page=1) if value in RANGES else None
    key = Key(name)
    if value == ALL:
        return _with(query, key, ())
    chosen = {option_value(each): each for each in _offered(key, vocabulary)}.get(value)
    return _with(query, key, (Filter(key, (grammar.encode(chosen, key),)),)) if chosen is not None else None


def as_before(query: UsageQuery, before: UsageQuery, name: str) -> UsageQuery:
    """Return the question with one choice as it was before, and every other one as it is."""
    if name == RANGE:
        return replace(query, range=before.range)
    return _with(query, Key(name), before.of(Key(name)))


def shown_dates(block_id: str) -> tuple[date, date] | None:
    """Return the dates of the report under which the selects stand, for the form to begin with."""
    try:
        first, last = map(date.fromisoformat, block_id.split(":")[3:5])
    except ValueError:
        return None
    return first, last


def _with(query: UsageQuery, key: Key, filters: Sequence[Filter]) -> UsageQuery:
    order = list(Key)
    kept = [each for each in query.filters if each.key is not key]
    filters = sorted([*kept, *filters], key=lambda each: (order.index(each.key), each.negated))
    return query.with_filters(filters).turned_to(1)


def _offered(key: Key, vocabulary: Vocabulary) -> Sequence[str]:
    return {Key.TEAM: vocabulary.teams, Key.PRODUCT: vocabulary.products}.get(key) or _words(key).keys()  # type: ignore[return-value]


def _words(key: Key) -> dict[str, str]:
    if key is Key.STATUS:
        return {each.value: wording.status(each) for each in Status}
    if key is Key.ACCESS:
        return {each.value: label(f"filters.{each.value}") for each in Access}
    return {}


def _names(key: Key, names: Sequence[str], query: UsageQuery) -> Block:
    chosen, kept = _chosen(key, query, names)
    picked = kept or (_own(label(_NONE[key]), ALL) if chosen is None else options([chosen])[0])
    if len(names) > MOST_OPTIONS - 2:
        return _looked_up(_element("static_select", key.value, picked))
    offered = [*([kept] if kept else []), _own(label(_NONE[key]), ALL), *options(names)]
    return _element("static_select", key.value, picked) | {"options": offered}


def _fixed(key: Key, query: UsageQuery) -> Block:
    words = _words(key)
    chosen, kept = _chosen(key, query, tuple(words))
    none = _own(label(_NONE[key]), ALL)
    picked = kept or (none if chosen is None else _own(words[chosen], chosen))
    offered = [*([kept] if kept else []), none, *(_own(text, value) for value, text in words.items())]
    return _element("static_select", key.value, picked) | {"options": offered}


def _range(report: UsageReport) -> Block:
    offered = _ranges()
    chosen = next((value for value, each in RANGES.items() if each == report.query.range), None)
    # Any other range is shown by its dates.
    picked = offered[chosen] if chosen else _own(wording.dates(report.period), KEPT)
    own = [] if chosen else [picked]
    listed = [*own, *offered.values(), _own(label("filters.custom"), CUSTOM)]
    return _element("static_select", RANGE, picked) | {"options": listed}


def _ranges() -> dict[str, Block]:
    return {value: _own(label(f"filters.last_{value}"), value) for value in RANGES}


def _within(selects: Sequence[Block], listed: int) -> Iterator[Block]:
    for each in selects:
        size = len(json.dumps(each.get("options", ""), ensure_ascii=False, separators=(",", ":")))
        yield each if size <= listed else _looked_up(each)
        listed -= size if size <= listed else 0


def _looked_up(select: Block) -> Block:
    short = {key: each for key, each in select.items() if key != "options"}
    return short | {"type": "external_select", "min_query_length": 0}


def _chosen(key: Key, query: UsageQuery, names: Sequence[str]) -> tuple[str | None, Block | None]:
    """Return the one name that is chosen, or an entry for what the list cannot show; neither where nothing is."""
    filters = query.of(key)
    if not filters:
        return None, None
    first = filters[0]
    one = grammar.literal(first.values[0]) if len(filters) == len(first.values) == 1 and not first.negated else None
    return (one, None) if one in names else (None, option(_spoken(key, filters), KEPT))


def _spoken(key: Key, filters: Sequence[Filter]) -> str:
    """Say what is chosen, with the number where it is more than one: `Design, West (2)`."""
    words = _words(key)
    said = []
    for each in filters:
        names = [words.get(value, wording.clean(grammar.literal(value) or value)) for value in each.values]
        said.append(f"{label('filters.except')} {', '.join(names)}" if each.negated else ", ".join(names))
    count = sum(len(each.values) for each in filters)
    behind = f" ({count})" if count > 1 else ""
    return f"{wording.shown(', '.join(said), _WIDTH - len(behind))}{behind}"


def _own(text: str, value: str) -> Block:
    return {"text": own(text), "value": value}


def _element(kind: str, name: str, chosen: Block) -> Block:
    placeholder = own(label(f"filters.{name}"))
    return {"type": kind, "action_id": f"filter_{name}", "placeholder": placeholder, "initial_option": chosen}
