"""The form behind a bare `/usage`, filled in with a question. What is no choice in it stays as typed words."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.views import spoken
from handlers.views.blocks import Block, field, option, plain, section
from handlers.views.wording import STATUS, shown
from reporting_core import grammar
from reporting_core.words.query import Between, Filter, Key, UsageQuery, Vocabulary
from reporting_core.words.terms import Access, Status

CALLBACK = "usage_form"
MOST_OPTIONS = 100
LONGEST_VALUE = 150
NAMED = (Key.TEAM, Key.PRODUCT)
"""Keys whose names are chosen from a list; with over 100 names the list is looked up while typing."""

CUSTOM = "custom"
RANGES = {
    "last=7d": "Last 7 days",
    "last=30d": "Last 30 days",
    "last=90d": "Last 90 days",
    "last=3mo": "Last 3 months, rolling",
    "last=6mo": "Last 6 months, rolling",
    "last=12mo": "Last 12 months, rolling",
    "last=month": "Last whole month",
    "last=quarter": "Last whole quarter",
    "last=year": "Last whole year",
}
RISKIEST = "riskiest"
SORTS = {
    RISKIEST: "Riskiest first",
    "sort=person": "Person, A to Z",
    "sort=team": "Team",
    "sort=product": "Product",
    "sort=days": "Days used, fewest first",
    "sort=-days": "Days used, most first",
    "sort=last": "Last accessed, longest ago first",
    "sort=-tokens": "Tokens used, most first",
}
_FIXED = {
    Key.STATUS: {status.value: f"{STATUS[status][0]} {STATUS[status][1]}" for status in Status},
    Key.ACCESS: {Access.SUBSCRIPTION.value: "Subscription", Access.FLEX.value: "Flex"},
}


def loading(metadata: str) -> Block:
    """Return the form's frame, shown at once while the names are looked up."""
    return _view([section(plain("⏳ Fetching the names of your teams and products…"))], metadata, submit=False)


def ended(text: str) -> Block:
    """Return the frame with one sentence instead of the form: refused, or failed."""
    return _view([section(plain(shown(text, 2_000)))], "", submit=False)


def form(query: UsageQuery, vocabulary: Vocabulary, metadata: str) -> Block:
    """Return the form filled in with a question; the names are those this asker may use."""
    chosen, typed = split(query, vocabulary)
    blocks = [
        _names(Key.TEAM, "Team", "All teams", vocabulary.teams, chosen),
        _names(Key.PRODUCT, "Product", "All products", vocabulary.products, chosen),
        _fixed(Key.STATUS, "Status", "Any status", chosen),
        _fixed(Key.ACCESS, "Access", "Subscription and Flex", chosen),
        *_range(query),
        _select("sort", "Order", SORTS, spoken.sort_words(query) or RISKIEST),
        field(
            "typed",
            "More filters, as you would type them",
            _typed(typed),
            'Such as: group="CAD users" user!=ann top=20',
        ),
    ]
    return _view(blocks, metadata, submit=True)


def split(query: UsageQuery, vocabulary: Vocabulary) -> tuple[dict[Key, tuple[str, ...]], str]:
    """Part a question into what the lists can show and the words that are left."""
    chosen: dict[Key, tuple[str, ...]] = {}
    rest: list[Filter] = []
    for each in query.filters:
        names = () if each.negated else _offered(each, vocabulary)
        if names:
            chosen[each.key] = names
        else:
            rest.append(each)
    words = [*map(grammar.spell_filter, rest), *([f"top={query.top}"] if query.top else [])]
    return chosen, " ".join(words)


def _offered(one: Filter, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names of a filter if all of them are among the choices, else nothing."""
    choices = {Key.TEAM: vocabulary.teams, Key.PRODUCT: vocabulary.products}.get(
        one.key, tuple(_FIXED.get(one.key, ()))
    )
    names = [grammar.literal(value) for value in one.values]
    return tuple(name for name in names if name) if set(names) <= set(choices) else ()


def option_value(name: str) -> str:
    """Return the value that stands for a name: itself, or its digest where Slack has no room for it."""
    if name.strip() and len(name) <= LONGEST_VALUE:
        return name
    return f"#{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:32]}"


def options(names: Sequence[str]) -> list[Block]:
    """Return names as entries of a select."""
    return [option(shown(name, 75), option_value(name)) for name in names]


def matching(names: Sequence[str], typed: str) -> list[Block]:
    """Return the entries that contain what was typed, those that begin with it first, at most 100."""
    wanted = typed.strip().casefold()
    found = [name for name in names if wanted in name.casefold()]
    found.sort(key=lambda name: not name.casefold().startswith(wanted))
    return options(found[:MOST_OPTIONS])


def _names(key: Key, label: str, none: str, names: Sequence[str], chosen: dict[Key, tuple[str, ...]]) -> Block:
    element: dict[str, Any] = {"action_id": key.value, "placeholder": plain(none)}
    picked = options(chosen.get(key, ()))
    if len(names) > MOST_OPTIONS:
        element |= {"type": "multi_external_select", "min_query_length": 0}
    else:
        element |= {"type": "multi_static_select", "options": options(names)}
    if picked:
        element["initial_options"] = picked[:MOST_OPTIONS]
    # A select without options is refused by Slack; an asker without any name left types instead.
    return field(key.value, label, element if names else _typed("", key.value, none))


def _fixed(key: Key, label: str, none: str, chosen: dict[Key, tuple[str, ...]]) -> Block:
    choices = {value: option(label_, value) for value, label_ in _FIXED[key].items()}
    element: dict[str, Any] = {"type": "multi_static_select", "action_id": key.value, "placeholder": plain(none)}
    element["options"] = list(choices.values())
    if chosen.get(key):
        element["initial_options"] = [choices[value] for value in chosen[key]]
    return field(key.value, label, element)


def _range(query: UsageQuery) -> list[Block]:
    picked = _picked(query)
    words = CUSTOM if picked else grammar.spell_range(query.range)
    first, last = picked or (None, None)
    return [
        _select("range", "Dates (UTC)", RANGES | {CUSTOM: "From … to …, as below"}, words),
        _date("from", "From", first, "Only for “From … to …”. Report days are days in UTC."),
        _date("to", "To", last, "Empty: up to the newest data. At most 366 days."),
    ]


def _picked(query: UsageQuery) -> tuple[date, date | None] | None:
    """Return the dates for the pickers; `today` and `yesterday` cannot be shown there and stay a choice in words."""
    dates = query.range
    if not isinstance(dates, Between) or isinstance(dates.first, str) or isinstance(dates.last, str):
        return None
    return dates.first, dates.last


def _date(name: str, label: str, value: date | None, hint: str) -> Block:
    element: dict[str, Any] = {"type": "datepicker", "action_id": name}
    return field(name, label, element | ({"initial_date": value.isoformat()} if value else {}), hint)


def _select(name: str, label: str, choices: dict[str, str], chosen: str) -> Block:
    # A question may have been typed that is not among the usual ones: it becomes one more choice.
    extra = {} if chosen in choices or len(chosen) > LONGEST_VALUE else {chosen: shown(chosen, 75)}
    entries = {value: option(label_, value) for value, label_ in (extra | choices).items()}
    element = {"type": "static_select", "action_id": name, "options": list(entries.values())}
    return field(name, label, element | ({"initial_option": entries[chosen]} if chosen in entries else {}))


def _typed(value: str, name: str = "typed", placeholder: str = "") -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": 3_000}
    extras = {"initial_value": value[:3_000], "placeholder": placeholder and plain(placeholder)}
    return element | {key: each for key, each in extras.items() if each}


def _view(blocks: list[Block], metadata: str, *, submit: bool) -> Block:
    view: Block = {"type": "modal", "callback_id": CALLBACK, "title": plain("Usage report"), "blocks": blocks}
    view |= {"close": plain("Cancel" if submit else "Close"), "private_metadata": metadata}
    return view | ({"submit": plain("Show report")} if submit else {})
