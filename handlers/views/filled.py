"""Reading the form back: the question as typed words, or what is wrong beside which input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from handlers.sentences import sentence
from handlers.views import spoken
from handlers.views.form import CUSTOM, NAMED, RISKIEST, option_value
from reporting_core.words.query import Key, Vocabulary

MOST_DAYS = 366
TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Filled:
    """What a submitted form says: words for the grammar, or errors by block id."""

    text: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def read(state: Mapping[str, Any], vocabulary: Vocabulary, blocks: Sequence[Mapping[str, Any]] = ()) -> Filled:
    """Return the question that was filled in; names are looked up again, so values altered by hand come to nothing.

    `blocks` is the form as it was opened, by which a date that was filled in is told from one that stood there.
    """
    values = _flat(state)
    offered = {str(block.get("block_id")): (block.get("element") or {}).get("initial_date") for block in blocks}
    names = {Key.TEAM: vocabulary.teams, Key.PRODUCT: vocabulary.products}
    parts = [_filter(key, _named(values.get(key.value), names[key])) for key in NAMED]
    parts += [_filter(key, _several(values.get(key.value))) for key in (Key.STATUS, Key.ACCESS)]
    errors, dates = _dates(values, offered)
    sort = _one(values.get("sort"))
    parts += [dates, "" if sort == RISKIEST else sort, str(values.get(TYPED) or "")]
    return Filled(errors=errors) if errors else Filled(" ".join(part for part in parts if part))


def _dates(values: Mapping[str, Any], offered: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    chosen = _one(values.get("range"))
    if chosen != CUSTOM:
        unused = any(values.get(name) not in {None, offered.get(name)} for name in ("from", "to"))
        return ({"range": sentence("form_dates_unused")} if unused else {}), chosen
    first, last = _date(values.get("from")), _date(values.get("to"))
    if first is None:
        return {"from": sentence("form_from_missing")}, ""
    if last is None:
        return {}, f"from={first}"
    if last < first:
        return {"to": sentence("form_reversed")}, ""
    if (last - first).days >= MOST_DAYS:
        return {"to": sentence("form_too_long", days=(last - first).days + 1, most=MOST_DAYS)}, ""
    return {}, f"from={first} to={last}"


def _flat(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each input holds, by action id, whatever kind of input it is."""
    inputs = (item for block in state.values() for item in block.items())
    return {action: _content(element) for action, element in inputs}


def _content(element: Mapping[str, Any]) -> Any:
    for kind in ("selected_options", "selected_option", "selected_date", "value"):
        if element.get(kind):
            return element[kind]
    return None


def _one(content: Any) -> str:
    return str(content["value"]) if isinstance(content, dict) else ""


def _several(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [str(each["value"]) for each in content or ()]


def _named(content: Any, names: Sequence[str]) -> list[str]:
    by_value = {option_value(name): name for name in names}
    return [by_value.get(value, value) for value in _several(content)]


def _filter(key: Key, values: Sequence[str]) -> str:
    return spoken.names(key, values) if values else ""


def _date(content: Any) -> date | None:
    try:
        return date.fromisoformat(str(content))
    except ValueError:
        return None
