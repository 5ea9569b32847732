"""What somebody filled in: the state of inputs, the action of an element, what Slack's client would not send."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.playground.blocks import elements_of
from bot.playground.elements import offered_options
from bot.playground.errors import NotPossible
from bot.playground.schema import Json

# Where each kind of element keeps what was chosen, and where it starts from.
RESULT = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "initial_files"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "checkboxes": ("selected_options", "initial_options"),
    "radio_buttons": ("selected_option", "initial_option"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_FROM_PAGE = ("value", "rich_text_value", "files", "timezone", *dict.fromkeys(pair[0] for pair in RESULT.values()))
_EMPTY: tuple[Any, ...] = (None, "", [])


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """The element a person used; nobody can press what is not there."""
    for block in _all(blocks):
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    raise NotPossible("element_not_found", "This button or field is no longer there.")


def _all(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _all(block.get("child_blocks", []))


def state_values(blocks: list[Json], values: Json) -> Json:
    """Slack's `state.values`: every stateful element with what was chosen or what it started from."""
    state: Json = {}
    for block in _all(blocks):
        for element in elements_of(block):
            if element["type"] in RESULT:
                given = values.get(block["block_id"], {}).get(element["action_id"], {})
                state.setdefault(block["block_id"], {})[element["action_id"]] = _state(element, given)
    return state


def _state(element: Json, given: Json) -> Json:
    result, initial = RESULT[element["type"]]
    several = result.startswith("selected_") and result.endswith("s")
    value = given.get(result, None if given else element.get(initial))
    if not _is_offered(element, value):
        value = element.get(initial)
    if value in _EMPTY:
        value = [] if several else None
    return {"type": element["type"], result: value}


def _is_offered(element: Json, value: Any) -> bool:
    # What was chosen before the message changed may no longer be there to choose.
    offered = [option["value"] for option in offered_options(element)]
    chosen = value if isinstance(value, list) else [value]
    return not offered or all(option.get("value") in offered for option in chosen if isinstance(option, dict))


def action_of(element: Json, block_id: str, sent: Json, stamp: str) -> Json:
    """The entry in `actions`; a button's text and value come from the message, never from the page."""
    action: Json = {"action_id": element["action_id"], "block_id": block_id, "type": element["type"]}
    if element["type"] == "feedback_buttons":
        action |= _feedback(element, sent)
    elif element["type"] in {"button", "icon_button", "workflow_button"}:
        action |= {key: element[key] for key in ("text", "value", "style", "url", "confirm") if key in element}
    else:
        action |= {key: sent[key] for key in _FROM_PAGE if key in sent}
        action |= {
            key: element[key]
            for key in ("placeholder", "confirm", RESULT.get(element["type"], ("", ""))[1])
            if key in element
        }
        _refuse_foreign_options(element, action)
    return {**action, "action_ts": stamp}


def _feedback(element: Json, sent: Json) -> Json:
    for name in ("positive_button", "negative_button"):
        if element[name]["value"] == sent.get("value"):
            return {"text": element[name]["text"], "value": element[name]["value"]}
    raise NotPossible("invalid_option", "This answer is not offered.")


def _refuse_foreign_options(element: Json, action: Json) -> None:
    offered = [option["value"] for option in offered_options(element)]
    chosen = [*(action.get("selected_options") or []), *filter(None, [action.get("selected_option")])]
    if offered and any(option.get("value") not in offered for option in chosen):
        raise NotPossible("invalid_option", "This choice is not offered.")


def input_errors(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client would not let through, by block: empty required fields and malformed values."""
    errors = {}
    for block in _all(blocks):
        if block["type"] == "input":
            element = block["element"]
            given = state[block["block_id"]][element["action_id"]][RESULT[element["type"]][0]]
            problem = _input_error(element, given, optional=block.get("optional", False))
            if problem:
                errors[block["block_id"]] = problem
    return errors


def _input_error(element: Json, given: Any, *, optional: bool) -> str | None:
    if given in _EMPTY:
        return None if optional else "Please complete this required field."
    check = _TYPED.get(element["type"])
    return check(element, given) if check is not None and isinstance(given, str) else None


def _email_error(_element: Json, given: str) -> str | None:
    valid = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given)
    return None if valid else "Please enter a valid email address."


def _url_error(_element: Json, given: str) -> str | None:
    return None if re.match(r"https?://\S", given) else "Please enter a valid URL."


def _length_error(element: Json, given: str) -> str | None:
    if len(given) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(given) > element.get("max_length", 3000):
        return f"Please enter no more than {element.get('max_length', 3000)} characters."
    return None


def _number_error(element: Json, given: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, given):
        return "Please enter a valid number."
    if "min_value" in element and float(given) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(given) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


_TYPED: dict[str, Callable[[Json, str], str | None]] = {
    "email_text_input": _email_error,
    "number_input": _number_error,
    "plain_text_input": _length_error,
    "url_text_input": _url_error,
}
