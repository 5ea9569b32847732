"""Every block Slack takes, what each may hold, and on which surface it may stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.elements import (
    ACCESSORIES,
    ACTIONS,
    BUTTON,
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE_ELEMENT,
    INPUTS,
    URL,
    URL_SOURCE,
    any_text,
    mrkdwn,
    plain,
)
from bot.playground.rich_text import RICH_TEXT
from bot.playground.schema import (
    Check,
    Problem,
    anything,
    at_least_one,
    boolean,
    exactly_one,
    items,
    mapping,
    one_of,
    string,
    tagged,
)
from bot.playground.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE

NEW_BLOCKS = frozenset({"table", "data_table", "data_visualization"})


def _block(keys: dict[str, Check], needed: tuple[str, ...] = (), *rules: Check) -> Check:
    return mapping({"type": anything, "block_id": string(255), **keys}, ("type", *needed), *rules)


def _collapses(value: Any, pointer: str) -> Iterator[Problem]:
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        yield Problem("default_collapsed needs is_collapsible", pointer)
    if value.get("has_header_divider") and value.get("is_collapsible"):
        yield Problem("has_header_divider needs a container that does not collapse", pointer)


def _one_icon(value: Any, pointer: str) -> Iterator[Problem]:
    if "icon" in value and "slack_icon" in value:
        yield Problem("only one of these is allowed: icon, slack_icon", pointer)


def _different_tasks(value: Any, pointer: str) -> Iterator[Problem]:
    ids = [task["task_id"] for task in value["tasks"]]
    if len(set(ids)) < len(ids):
        yield Problem("task_id must be unique", f"{pointer}/tasks")


_SECTION = _block(
    {
        "text": any_text(3000),
        "fields": items(any_text(2000), 1, 10),
        "accessory": ACCESSORIES,
        "expand": boolean,
    },
    (),
    at_least_one("text", "fields"),
)
_IMAGE = _block(
    {
        "image_url": URL,
        "slack_file": mapping({"id": string(255), "url": URL}, (), exactly_one("id", "url")),
        "alt_text": string(2000),
        "title": plain(2000),
    },
    ("alt_text",),
    exactly_one("image_url", "slack_file"),
)
_CONTEXT = _block(
    {"elements": items(tagged({"image": IMAGE_ELEMENT, "mrkdwn": mrkdwn(3000), "plain_text": plain(3000)}), 1, 10)},
    ("elements",),
)
_INPUT = _block(
    {
        "label": plain(2000),
        "element": INPUTS,
        "dispatch_action": boolean,
        "hint": plain(2000),
        "optional": boolean,
    },
    ("label", "element"),
)
_VIDEO = _block(
    {
        "alt_text": string(2000),
        "author_name": string(50),
        "description": plain(200),
        "provider_icon_url": string(2000),
        "provider_name": string(50),
        "title": plain(200),
        "title_url": string(2000),
        "thumbnail_url": URL,
        "video_url": URL,
    },
    ("alt_text", "title", "thumbnail_url", "video_url"),
)
_CARD = _block(
    {
        "hero_image": IMAGE_ELEMENT,
        "icon": IMAGE_ELEMENT,
        "slack_icon": mapping({"type": one_of("icon"), "name": string(50)}, ("type", "name")),
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "subtext": any_text(200),
        "actions": items(BUTTON, 1, 3),
    },
    (),
    at_least_one("hero_image", "title", "actions", "body"),
    _one_icon,
)
_SIMPLE: dict[str, Check] = {
    "actions": _block({"elements": items(ACTIONS, 1, 25)}, ("elements",)),
    "context": _CONTEXT,
    "divider": _block({}),
    "header": _block({"text": plain(150)}, ("text",)),
    "image": _IMAGE,
    "input": _INPUT,
    "rich_text": RICH_TEXT,
    "section": _SECTION,
    "video": _VIDEO,
}
_CONTAINER = _block(
    {
        "title": plain(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": any_text(150),
        "child_blocks": items(tagged({**_SIMPLE, "table": TABLE}), 1, 10),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": IMAGE_ELEMENT,
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    ("child_blocks",),
    exactly_one("title", "rich_text_title"),
    _collapses,
)


def _task(*statuses: str, standalone: bool) -> Check:
    keys: dict[str, Check] = {
        "task_id": string(),
        "title": string(),
        "details": RICH_TEXT,
        "output": RICH_TEXT,
        "sources": items(URL_SOURCE),
        "status": one_of(*statuses),
    }
    needed = ("task_id", "title", "status")
    return _block(keys, needed) if standalone else mapping(keys, needed)


_DONE = ("in_progress", "complete", "error")
_NEWER: dict[str, Check] = {
    "card": _CARD,
    "carousel": _block({"elements": items(tagged({"card": _CARD}), 1, 10)}, ("elements",)),
    "container": _CONTAINER,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
}
_ONLY_MESSAGE: dict[str, Check] = {
    "context_actions": _block(
        {"elements": items(tagged({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 1, 5)},
        ("elements",),
    ),
    "markdown": _block({"text": string(12_000)}, ("text",)),
    "plan": _block(
        {"title": string(), "tasks": items(_task("pending", *_DONE, standalone=False), 0, 50)},
        ("title", "tasks"),
        _different_tasks,
    ),
    "task_card": _task(*_DONE, standalone=True),
}
_ALERT = _block({"text": any_text(200), "level": one_of("default", "info", "warning", "error", "success")}, ("text",))

SURFACES: dict[str, dict[str, Check]] = {
    "message": {**_SIMPLE, **_NEWER, **_ONLY_MESSAGE},
    "modal": {**_SIMPLE, "card": _CARD, "alert": _ALERT},
    "home": {**_SIMPLE, **_NEWER},
}
