"""The form behind a bare `/usage`, filled in with a question. What is no choice in it stays as typed words."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.sentences import label
from handlers.views import spoken, wording
from handlers.views.blocks import Block, field, option, plain, section
from handlers.views.wording import shown
from reporting_core import grammar
from reporting_core.words.query import Between, Filter, Key, UsageQuery, Vocabulary
from reporting_core.words.terms import Access, Status

CALLBACK = "usage_form"
MOST_OPTIONS = 100
LONGEST_VALUE = 150
NAMED = (Key.TEAM, Key.PRODUCT)
"""Keys whose names are chosen from a list; with over 100 names the list is looked up while typing."""

CUSTOM = "custom"
RANGES = (
    "last=7d",
    "last=30d",
    "last=90d",
    "last=3mo",
    "last=6mo",
    "last=12mo",
    "last=month",
    "last=quarter",
    "last=year",
)
RISKIEST = "riskiest"
SORTS = (
    RISKIEST,
    "sort=person",
    "sort=team",
    "sort=product",
    "sort=days",
    "sort=-days",
    "sort=last",
    "sort=-tokens",
)
_FIXED: dict[Key, tuple[Status, ...] | tuple[Access, ...]] = {Key.STATUS: tuple(Status), Key.ACCESS: tuple(Access)}


def loading(metadata: str) -> Block:
    """Return the form's frame, shown at once while the names are looked up."""
    return _view([section(plain(label("form.loading")))], metadata, submit=False)


def ended(text: str, title: str = "") -> Block:
    """Return the frame with one sentence instead of the form: refused, or failed. `title` is that of another form."""
    view = _view([section(plain(shown(text, 2_000)))], "", submit=False)
    return view | ({"title": plain(title)} if title else {})


def form(query: UsageQuery, vocabulary: Vocabulary, metadata: str) -> Block:
    """Return the form filled in with a question; the names are those this asker may use."""
    chosen, typed = split(query, vocabulary)
    blocks = [
        _names(Key.TEAM, vocabulary.teams, chosen),
        _names(Key.PRODUCT, vocabulary.products, chosen),
        _fixed(Key.STATUS, chosen),
        _fixed(Key.ACCESS, chosen),
        *_range(query),
        _select("sort", _named(SORTS), spoken.sort_words(query) or RISKIEST),
        field("typed", label("form.typed"), _typed(typed), label("form.typed_hint")),
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
    if name.strip() and len(name) <= LONGEST_VALUE and not name.startswith("#"):
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


def _names(key: Key, names: Sequence[str], chosen: dict[Key, tuple[str, ...]]) -> Block:
    none = label(f"form.any_{key}")
    element: dict[str, Any] = {"action_id": key.value, "placeholder": plain(none)}
    picked = options(chosen.get(key, ()))
    if len(names) > MOST_OPTIONS:
        element |= {"type": "multi_external_select", "min_query_length": 0}
    else:
        element |= {"type": "multi_static_select", "options": options(names)}
    if picked:
        element["initial_options"] = picked[:MOST_OPTIONS]
    # A select without options is refused by Slack; an asker without any name left types instead.
    return field(key.value, label(f"form.{key}"), element if names else _typed("", key.value, none))


def _fixed(key: Key, chosen: dict[Key, tuple[str, ...]]) -> Block:
    said = [wording.status(value) if isinstance(value, Status) else wording.access(value) for value in _FIXED[key]]
    choices = {str(value): option(text, value) for value, text in zip(_FIXED[key], said, strict=True)}
    element: dict[str, Any] = {"type": "multi_static_select", "action_id": key.value}
    element |= {"placeholder": plain(label(f"form.any_{key}")), "options": list(choices.values())}
    if chosen.get(key):
        element["initial_options"] = [choices[value] for value in chosen[key]]
    return field(key.value, label(f"form.{key}"), element)


def _named(choices: Sequence[str]) -> dict[str, str]:
    """Return what each choice is called; `sort=-days` is `sort_down_days` among the labels."""
    return {each: label(f"form.{each.replace('=-', '_down_').replace('=', '_')}") for each in choices}


def _range(query: UsageQuery) -> list[Block]:
    picked = _picked(query)
    words = CUSTOM if picked else grammar.spell_range(query.range)
    first, last = picked or (None, None)
    return [
        _select("range", _named(RANGES) | {CUSTOM: label("form.custom")}, words),
        _date("from", first),
        _date("to", last),
    ]


def _picked(query: UsageQuery) -> tuple[date, date | None] | None:
    """Return the dates for the pickers; `today` and `yesterday` cannot be shown there and stay a choice in words."""
    dates = query.range
    if not isinstance(dates, Between) or isinstance(dates.first, str) or isinstance(dates.last, str):
        return None
    return dates.first, dates.last


def _date(name: str, value: date | None) -> Block:
    element: dict[str, Any] = {"type": "datepicker", "action_id": name}
    element |= {"initial_date": value.isoformat()} if value else {}
    return field(name, label(f"form.{name}"), element, label(f"form.{name}_hint"))


def _select(name: str, choices: dict[str, str], chosen: str) -> Block:
    # A question may have been typed that is not among the usual ones: it becomes one more choice.
    extra = {} if chosen in choices or len(chosen) > LONGEST_VALUE else {chosen: shown(chosen, 75)}
    entries = {value: option(label_, value) for value, label_ in (extra | choices).items()}
    element = {"type": "static_select", "action_id": name, "options": list(entries.values())}
    chosen_entry = {"initial_option": entries[chosen]} if chosen in entries else {}
    return field(name, label(f"form.{name}"), element | chosen_entry)


def _typed(value: str, name: str = "typed", placeholder: str = "") -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": 3_000}
    extras = {"initial_value": value[:3_000], "placeholder": placeholder and plain(placeholder)}
    return element | {key: each for key, each in extras.items() if each}


def _view(blocks: list[Block], metadata: str, *, submit: bool) -> Block:
    view: Block = {"type": "modal", "callback_id": CALLBACK, "title": plain(label("form.title")), "blocks": blocks}
    view |= {"close": plain(label("form.cancel" if submit else "form.close")), "private_metadata": metadata}
    return view | ({"submit": plain(label("form.submit"))} if submit else {})
