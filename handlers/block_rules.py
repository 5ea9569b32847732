"""The numbers behind `handlers.limits`: how much each block and element may hold. Source: docs.slack.dev, Block Kit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Rule:
    """What one key may hold: a text of so many characters, a list of so many items, an element, or an object."""

    text: int = 0
    plain: bool = False
    items: tuple[int, int] | None = None
    each: "Rule | None" = None
    element: bool = False
    inside: "Mapping[str, Rule] | None" = None
    needed: bool = False


MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_CHARACTERS = 13_000
MOST_VIEW_TEXT = {"title": 24, "submit": 24, "close": 24, "private_metadata": 3_000, "callback_id": 255}

_BOTH = frozenset({"header", "section", "context", "divider", "actions", "rich_text", "input"})
BLOCKS_OF_SURFACE = {
    "message": _BOTH | {"data_table", "data_visualization", "context_actions"},
    "modal": _BOTH,
    "home": _BOTH | {"data_table", "data_visualization"},
}

_ANY = Rule()
_TEXT = Rule(text=3_000)
_LABEL = Rule(text=20, needed=True)
_ACTION_ID = Rule(text=255, needed=True)
_PLACEHOLDER = Rule(text=150, plain=True)
_CONFIRM = {
    "title": Rule(text=100, plain=True, needed=True),
    "text": Rule(text=300, needed=True),
    "confirm": Rule(text=30, plain=True, needed=True),
    "deny": Rule(text=30, plain=True, needed=True),
    "style": _ANY,
}
_OPTION = {"text": Rule(text=75, plain=True, needed=True), "value": Rule(text=150, needed=True)}
_DESCRIBED = {**_OPTION, "description": Rule(text=75, plain=True)}
_CHOICES = Rule(items=(1, 10), each=Rule(inside=_DESCRIBED))
_OPTIONS = Rule(items=(1, 100), each=Rule(inside=_OPTION), needed=True)
_CELL = Rule(inside={"text": Rule(text=10_000, needed=True), "value": _ANY})
_POINT = Rule(inside={"label": _LABEL, "value": Rule(needed=True)})
_SERIES = Rule(inside={"name": _LABEL, "data": Rule(items=(1, 20), each=_POINT, needed=True)})
_AXIS = {
    "categories": Rule(items=(1, 20), each=Rule(text=20), needed=True),
    "x_label": Rule(text=50),
    "y_label": Rule(text=50),
}
_CHART = {"series": Rule(items=(1, 6), each=_SERIES, needed=True), "axis_config": Rule(inside=_AXIS, needed=True)}
_THUMB = Rule(
    inside={
        "text": Rule(text=75, plain=True, needed=True),
        "value": Rule(text=2_000, needed=True),
        "accessibility_label": Rule(text=75),
    },
    needed=True,
)

BLOCKS: Mapping[str, Mapping[str, Rule]] = {
    "header": {"text": Rule(text=150, plain=True, needed=True)},
    "section": {
        "text": _TEXT,
        "fields": Rule(items=(1, 10), each=Rule(text=2_000)),
        "accessory": Rule(element=True),
    },
    "context": {"elements": Rule(items=(1, 10), each=_TEXT, needed=True)},
    "divider": {},
    "actions": {"elements": Rule(items=(1, 25), each=Rule(element=True), needed=True)},
    "context_actions": {"elements": Rule(items=(1, 5), each=Rule(element=True), needed=True)},
    "rich_text": {"elements": Rule(items=(1, 100), each=_ANY, needed=True)},
    "input": {
        "label": Rule(text=2_000, plain=True, needed=True),
        "hint": Rule(text=2_000, plain=True),
        "optional": _ANY,
        "element": Rule(element=True, needed=True),
    },
    "data_table": {
        "caption": Rule(text=2_000, needed=True),
        # 100 rows and the heading.
        "rows": Rule(items=(2, 101), each=Rule(items=(1, 20), each=_CELL), needed=True),
        "page_size": _ANY,
        "row_header_column_index": _ANY,
    },
    "data_visualization": {"title": Rule(text=50, needed=True), "chart": Rule(inside=_CHART, needed=True)},
}

ELEMENTS: Mapping[str, Mapping[str, Rule]] = {
    "button": {
        "action_id": _ACTION_ID,
        "text": Rule(text=75, plain=True, needed=True),
        "value": Rule(text=2_000),
        "style": _ANY,
        "accessibility_label": Rule(text=75),
        "confirm": Rule(inside=_CONFIRM),
        "url": Rule(text=3_000),
    },
    "feedback_buttons": {"action_id": _ACTION_ID, "positive_button": _THUMB, "negative_button": _THUMB},
    "static_select": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "options": _OPTIONS,
        "initial_option": Rule(inside=_OPTION),
    },
    "external_select": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "min_query_length": _ANY,
        "initial_option": Rule(inside=_OPTION),
    },
    "conversations_select": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "initial_conversation": _ANY,
        "filter": _ANY,
    },
    "users_select": {"action_id": _ACTION_ID, "placeholder": _PLACEHOLDER, "initial_user": _ANY},
    "multi_static_select": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "options": _OPTIONS,
        "initial_options": Rule(items=(1, 100), each=Rule(inside=_OPTION)),
    },
    "multi_external_select": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "min_query_length": _ANY,
        "initial_options": Rule(items=(1, 100), each=Rule(inside=_OPTION)),
    },
    "checkboxes": {"action_id": _ACTION_ID, "options": replace(_CHOICES, needed=True), "initial_options": _CHOICES},
    "datepicker": {"action_id": _ACTION_ID, "placeholder": _PLACEHOLDER, "initial_date": Rule(text=10)},
    "plain_text_input": {
        "action_id": _ACTION_ID,
        "placeholder": _PLACEHOLDER,
        "max_length": _ANY,
        "multiline": _ANY,
        "initial_value": Rule(text=3_000),
    },
}
