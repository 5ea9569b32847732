"""Text objects, options, confirm dialogs and the elements inside blocks, with Slack's limits.

Numbers follow Slack's reference (docs.slack.dev/reference/block-kit) as of November 2026.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.playground.rich_text import RICH_TEXT
from bot.playground.schema import (
    Check,
    Json,
    Problem,
    anything,
    at_least_one,
    boolean,
    exactly_one,
    integer,
    items,
    mapping,
    one_of,
    string,
    tagged,
)

ACTION_ID = string(255)
DATE = string(10, 10, r"\d{4}-\d{2}-\d{2}")
URL = string(3000, 1, r"(?s)[A-Za-z][A-Za-z0-9+.\-]*:.+")


def plain(most: int, least: int = 1) -> Check:
    """A `plain_text` object of at most so many characters."""
    keys = {"type": one_of("plain_text"), "text": string(most, least), "emoji": boolean}
    return mapping(keys, ("type", "text"))


def mrkdwn(most: int, least: int = 1) -> Check:
    """A `mrkdwn` object of at most so many characters."""
    keys = {"type": one_of("mrkdwn"), "text": string(most, least), "verbatim": boolean}
    return mapping(keys, ("type", "text"))


def any_text(most: int, least: int = 1) -> Check:
    """A text object of either kind."""
    return tagged({"plain_text": plain(most, least), "mrkdwn": mrkdwn(most, least)})


CONFIRM = mapping(
    {
        "title": plain(100),
        "text": any_text(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": one_of("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)


def _option(text: Check, **more: Check) -> Check:
    keys = {"text": text, "value": string(150), "description": plain(75), **more}
    return mapping(keys, ("text", "value"))


SELECT_OPTION = _option(plain(75))
OVERFLOW_OPTION = _option(plain(75), url=URL)
CHOICE_OPTION = _option(any_text(75))
OPTION_GROUP = mapping({"label": plain(75), "options": items(SELECT_OPTION, 1, 100)}, ("label", "options"))
# What an app may answer when a menu asks it for options.
OFFERED = mapping(
    {"options": items(SELECT_OPTION, 0, 100), "option_groups": items(OPTION_GROUP, 0, 100)},
    (),
    exactly_one("options", "option_groups"),
)
FILTER = mapping(
    {
        "include": items(one_of("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    (),
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH = mapping(
    {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}, ("trigger_actions_on",)
)


def _element(keys: dict[str, Check], needed: tuple[str, ...] = (), *rules: Check) -> Check:
    return mapping({"type": anything, "action_id": ACTION_ID, **keys}, ("type", *needed), *rules)


def _initial_is_offered(value: object, pointer: str) -> Iterator[Problem]:
    element = value if isinstance(value, dict) else {}
    offered = [option["value"] for option in offered_options(element)]
    single = [element["initial_option"]] if "initial_option" in element else []
    for option in element.get("initial_options", single):
        if option["value"] not in offered:
            yield Problem("initial option must be one of the options", pointer)


def offered_options(element: Json) -> list[Json]:
    """All options of a static menu or choice, those of its groups included."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group.get("options", []))]


_FOCUS: dict[str, Check] = {"focus_on_load": boolean}
_MENU: dict[str, Check] = {"placeholder": plain(150), "confirm": CONFIRM, **_FOCUS}
_MULTI: dict[str, Check] = {**_MENU, "max_selected_items": integer(1)}
_STATIC: dict[str, Check] = {"options": items(SELECT_OPTION, 1, 100), "option_groups": items(OPTION_GROUP, 1, 100)}
_QUERY: dict[str, Check] = {"min_query_length": integer(0)}
_CURRENT: dict[str, Check] = {"default_to_current_conversation": boolean, "filter": FILTER}
_ANSWER: dict[str, Check] = {"response_url_enabled": boolean}
_ID = string(255)
_CHOICES = {"confirm": CONFIRM, "options": items(CHOICE_OPTION, 1, 10), **_FOCUS}
_TYPED: dict[str, Check] = {"placeholder": plain(150), "dispatch_action_config": DISPATCH, **_FOCUS}
_STYLE = one_of("primary", "danger")

IMAGE_ELEMENT = mapping(
    {
        "type": anything,
        "image_url": URL,
        "slack_file": mapping({"id": _ID, "url": URL}, (), exactly_one("id", "url")),
        "alt_text": string(2000),
    },
    ("type", "alt_text"),
    exactly_one("image_url", "slack_file"),
)
BUTTON = _element(
    {
        "text": plain(75),
        "url": URL,
        "value": string(2000),
        "style": _STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
        "agent_prompt_display": string(),
    },
    ("text",),
)
_FEEDBACK = mapping({"text": plain(75), "value": string(2000), "accessibility_label": string(75)}, ("text", "value"))
FEEDBACK_BUTTONS = _element(
    {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, ("positive_button", "negative_button")
)
ICON_BUTTON = _element(
    {
        "icon": one_of("trash"),
        "text": plain(75),
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": items(_ID, 1, 10),
    },
    ("icon", "text"),
)
WORKFLOW_BUTTON = _element(
    {
        "text": plain(75),
        "workflow": anything,
        "style": _STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
    ("text", "workflow", "action_id"),
)
URL_SOURCE = mapping({"type": one_of("url"), "url": URL, "text": string()}, ("type", "url", "text"))

SELECTS: dict[str, Check] = {
    "static_select": _element(
        {**_MENU, **_STATIC, "initial_option": SELECT_OPTION},
        (),
        exactly_one("options", "option_groups"),
        _initial_is_offered,
    ),
    "external_select": _element({**_MENU, **_QUERY, "initial_option": SELECT_OPTION}),
    "users_select": _element({**_MENU, "initial_user": _ID}),
    "conversations_select": _element({**_MENU, **_CURRENT, **_ANSWER, "initial_conversation": _ID}),
    "channels_select": _element({**_MENU, **_ANSWER, "initial_channel": _ID}),
    "multi_static_select": _element(
        {**_MULTI, **_STATIC, "initial_options": items(SELECT_OPTION, 1, 100)},
        (),
        exactly_one("options", "option_groups"),
        _initial_is_offered,
    ),
    "multi_external_select": _element({**_MULTI, **_QUERY, "initial_options": items(SELECT_OPTION, 1, 100)}),
    "multi_users_select": _element({**_MULTI, "initial_users": items(_ID)}),
    "multi_conversations_select": _element({**_MULTI, **_CURRENT, "initial_conversations": items(_ID)}),
    "multi_channels_select": _element({**_MULTI, "initial_channels": items(_ID)}),
}
CHOICES: dict[str, Check] = {
    "checkboxes": _element(
        {**_CHOICES, "initial_options": items(CHOICE_OPTION, 1, 10)}, ("options",), _initial_is_offered
    ),
    "radio_buttons": _element({**_CHOICES, "initial_option": CHOICE_OPTION}, ("options",), _initial_is_offered),
}
PICKERS: dict[str, Check] = {
    "datepicker": _element({**_MENU, "initial_date": DATE}),
    "timepicker": _element(
        {**_MENU, "initial_time": string(5, 5, r"([01]\d|2[0-3]):[0-5]\d"), "timezone": string(100)}
    ),
    "datetimepicker": _element({**_FOCUS, "confirm": CONFIRM, "initial_date_time": integer(10**9, 10**10 - 1)}),
}
TYPED: dict[str, Check] = {
    "plain_text_input": _element(
        {
            **_TYPED,
            "initial_value": string(None, 0),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        }
    ),
    "number_input": _element(
        {
            **_TYPED,
            "is_decimal_allowed": boolean,
            "initial_value": string(None, 1, r"-?\d+(\.\d+)?"),
            "min_value": string(None, 1, r"-?\d+(\.\d+)?"),
            "max_value": string(None, 1, r"-?\d+(\.\d+)?"),
        },
        ("is_decimal_allowed",),
    ),
    "email_text_input": _element({**_TYPED, "initial_value": string()}),
    "url_text_input": _element({**_TYPED, "initial_value": string()}),
    "rich_text_input": _element(
        {**_TYPED, "initial_value": RICH_TEXT, "min_lines": integer(1, 100), "max_lines": integer(1, 100)},
        ("action_id",),
    ),
    "file_input": _element({"filetypes": items(string()), "max_files": integer(1, 10)}),
}
OVERFLOW = _element({"options": items(OVERFLOW_OPTION, 1, 5), "confirm": CONFIRM}, ("options",))

INTERACTIVE: dict[str, Check] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": OVERFLOW,
    **SELECTS,
    **CHOICES,
    **PICKERS,
}
ACCESSORIES = tagged({"image": IMAGE_ELEMENT, **INTERACTIVE})
ACTIONS = tagged({**INTERACTIVE, "plain_text_input": TYPED["plain_text_input"]})
INPUTS = tagged({**SELECTS, **CHOICES, **PICKERS, **TYPED})
