"""Which blocks, views and metadata the local workspace takes, limit by limit."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slackblocks import _limits as theirs

from bot.playground.blocks import block_problems, metadata_problems, view_problems

Json = dict[str, Any]


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: str = "x") -> Json:
    return {"text": plain(text), "value": value}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": [*elements], **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def field(element: Json) -> Json:
    return {"type": "input", "label": plain(), "element": element}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rich(*marks: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*marks]}]}


def word(text: str = "x") -> Json:
    return {"type": "text", "text": text}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    return {"type": "table", "rows": [[cell(text)] * columns for _ in range(rows)]}


def data_table(rows: int = 2, columns: int = 2, **more: Any) -> Json:
    return {"type": "data_table", "caption": "x", "rows": [[cell()] * columns for _ in range(rows)], **more}


def pie(count: int = 2) -> Json:
    segments = [{"label": str(number), "value": 1} for number in range(count)]
    return {"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": segments}}


def line(series: int = 2, points: int = 2, **axis: Any) -> Json:
    categories = [str(number) for number in range(points)]
    data = [{"label": label, "value": 1.5} for label in categories]
    plotted = [{"name": f"s{number}", "data": data} for number in range(series)]
    chart = {"type": "line", "series": plotted, "axis_config": {"categories": categories, **axis}}
    return {"type": "data_visualization", "title": "x", "chart": chart}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "x"}
FEEDBACK = {
    "type": "feedback_buttons",
    "positive_button": {"text": plain(), "value": "up"},
    "negative_button": {"text": plain(), "value": "down"},
}
CARD = {"type": "card", "title": plain(), "body": mrkdwn(), "actions": [button()]}
TASK = {"task_id": "1", "title": "x", "status": "complete"}

GOOD: dict[str, Json] = {
    "actions": actions(button(url="https://x.y", value="v", style="primary", confirm=CONFIRM), select()),
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD]},
    "container": {"type": "container", "title": plain(), "child_blocks": [section(), table()], "is_collapsible": True},
    "context": {"type": "context", "elements": [mrkdwn(), plain(), IMAGE]},
    "context_actions": {
        "type": "context_actions",
        "elements": [FEEDBACK, {"type": "icon_button", "icon": "trash", "text": plain()}],
    },
    "data_table": data_table(page_size=10, row_header_column_index=1),
    "data_table with numbers": {
        **data_table(),
        "rows": [[cell()], [{"type": "raw_number", "value": 3, "text": "3"}], [rich(word())]],
    },
    "divider": {"type": "divider", "block_id": "b"},
    "header": {"type": "header", "text": {**plain(), "emoji": True}},
    "image": {**IMAGE, "title": plain()},
    "line": line(x_label="x", y_label="y"),
    "markdown": {"type": "markdown", "text": "**x**"},
    "pie": pie(),
    "plan": {"type": "plan", "title": "x", "tasks": [{**TASK, "status": "pending"}]},
    "rich_text": rich(word(), {"type": "link", "url": "https://x.y"}, {"type": "user", "user_id": "U1"}),
    "rich_text list": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": rich(word())["elements"]}],
    },
    "section": section(accessory=button(), fields=[plain(), mrkdwn()]),
    "section with a select": section(accessory=select(initial_option=option("1"), placeholder=plain())),
    "table": {**table(), "column_settings": [{"align": "right", "is_wrapped": True}, None]},
    "table with rich text": {"type": "table", "rows": [[rich(word())]]},
    "task_card": {"type": "task_card", **TASK, "details": rich(word())},
    "input": field({"type": "plain_text_input", "multiline": True, "min_length": 0, "max_length": 3000}),
    "input number": field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    "input date": field({"type": "datepicker", "initial_date": "2026-11-24"}),
    "input time": field({"type": "timepicker", "initial_time": "23:59"}),
    "input people": field({"type": "multi_users_select", "initial_users": ["U1"], "max_selected_items": 3}),
    "input conversations": field({"type": "conversations_select", "filter": {"include": ["im"]}}),
    "input external": field({"type": "external_select", "min_query_length": 0}),
    "input boxes": field({"type": "checkboxes", "options": options(10), "initial_options": [option("3")]}),
    "input radio": field({"type": "radio_buttons", "options": options(10)}),
    "input groups": field({"type": "static_select", "option_groups": [{"label": plain(), "options": options(100)}]}),
}


def with_text(block: Json, *path: str | int, length: int) -> Json:
    """A block whose text at this place has so many characters."""
    copied = copy.deepcopy(block)
    inner: Any = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = "x" * length
    return copied


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_of_block_is_taken(name: str) -> None:
    assert block_problems([GOOD[name]]) == []


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
        for key, item in value.items():
            yield from objects(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, (*path, index))


@pytest.mark.parametrize("name", GOOD)
def test_an_unknown_key_anywhere_is_refused(name: str) -> None:
    for path in objects(GOOD[name]):
        spoilt = json.loads(json.dumps(GOOD[name]))
        inner: Any = spoilt
        for step in path:
            inner = inner[step]
        inner["surprise"] = 1
        problems = block_problems([spoilt])
        pointer = "".join(f"/{step}" for step in ("blocks", 0, *path))
        assert [str(p) for p in problems] == [f"[ERROR] invalid additional property: surprise [json-pointer:{pointer}]"]


HEADER, ONE_BUTTON, ONE_SELECT = GOOD["header"], actions(button()), actions(select())
LIMITS: list[tuple[str, Any, Any, int]] = [
    ("header", lambda n: with_text(HEADER, "text", "text", length=n), theirs.HEADER_TEXT_MAX_LENGTH, 150),
    ("section", lambda n: section(text=mrkdwn("x" * n)), theirs.SECTION_TEXT_MAX_LENGTH, 3000),
    ("fields", lambda n: section(fields=[plain()] * n), theirs.SECTION_FIELDS_MAX_ITEMS, 10),
    ("field", lambda n: section(fields=[plain("x" * n)]), theirs.SECTION_FIELDS_ITEM_MAX_LENGTH, 2000),
    ("button", lambda n: actions(button(text=plain("x" * n))), theirs.BUTTON_TEXT_MAX_LENGTH, 75),
    ("button value", lambda n: actions(button(value="x" * n)), theirs.BUTTON_VALUE_MAX_LENGTH, 2000),
    ("button url", lambda n: actions(button(url="https://" + "x" * (n - 8))), theirs.BUTTON_URL_MAX_LENGTH, 3000),
    ("action_id", lambda n: actions(button(action_id="x" * n)), theirs.ACTION_ID_MAX_LENGTH, 255),
    ("block_id", lambda n: section(block_id="x" * n), theirs.BLOCK_ID_MAX_LENGTH, 255),
    ("actions", lambda n: actions(*[button()] * n), theirs.ACTIONS_ELEMENTS_MAX_ITEMS, 25),
    ("context", lambda n: {"type": "context", "elements": [plain()] * n}, theirs.CONTEXT_ELEMENTS_MAX_ITEMS, 10),
    ("select", lambda n: actions(select(options=options(n))), theirs.SELECT_OPTIONS_MAX_ITEMS, 100),
    ("option text", lambda n: actions(select(options=[option("v", "x" * n)])), theirs.OPTION_TEXT_MAX_LENGTH, 75),
    ("option value", lambda n: actions(select(options=[option("v" * n)])), theirs.OPTION_VALUE_MAX_LENGTH, 150),
    ("placeholder", lambda n: actions(select(placeholder=plain("x" * n))), theirs.SELECT_PLACEHOLDER_MAX_LENGTH, 150),
    (
        "confirm title",
        lambda n: actions(button(confirm={**CONFIRM, "title": plain("x" * n)})),
        theirs.CONFIRMATION_TITLE_MAX_LENGTH,
        100,
    ),
    (
        "confirm text",
        lambda n: actions(button(confirm={**CONFIRM, "text": plain("x" * n)})),
        theirs.CONFIRMATION_TEXT_MAX_LENGTH,
        300,
    ),
    (
        "confirm button",
        lambda n: actions(button(confirm={**CONFIRM, "deny": plain("x" * n)})),
        theirs.CONFIRMATION_DENY_MAX_LENGTH,
        30,
    ),
    (
        "overflow",
        lambda n: actions({"type": "overflow", "options": options(n)}),
        theirs.OVERFLOW_OPTIONS_MAX_ITEMS,
        5,
    ),
    (
        "checkboxes",
        lambda n: field({"type": "checkboxes", "options": options(n)}),
        theirs.CHECKBOXES_OPTIONS_MAX_ITEMS,
        10,
    ),
    (
        "radio buttons",
        lambda n: field({"type": "radio_buttons", "options": options(n)}),
        theirs.RADIO_BUTTONS_OPTIONS_MAX_ITEMS,
        10,
    ),
    ("table rows", lambda n: table(rows=n), theirs.TABLE_ROWS_MAX_ITEMS, 100),
    ("table columns", lambda n: table(columns=n), theirs.TABLE_COLUMNS_MAX_ITEMS, 20),
    ("data_table columns", lambda n: data_table(columns=n), theirs.DATA_TABLE_COLUMNS_MAX_ITEMS, 20),
    ("data_table page", lambda n: data_table(page_size=n), theirs.DATA_TABLE_PAGE_SIZE_MAX, 100),
    ("chart title", lambda n: {**pie(), "title": "x" * n}, theirs.DATA_VISUALIZATION_TITLE_MAX_LENGTH, 50),
    ("points", lambda n: line(points=n), theirs.DATA_VISUALIZATION_DATA_MAX_ITEMS, 20),
    ("axis label", lambda n: line(x_label="x" * n), theirs.DATA_VISUALIZATION_AXIS_LABEL_MAX_LENGTH, 50),
    (
        "point label",
        lambda n: with_text(pie(1), "chart", "segments", 0, "label", length=n),
        theirs.DATA_VISUALIZATION_SEGMENT_LABEL_MAX_LENGTH,
        20,
    ),
    ("markdown", lambda n: {"type": "markdown", "text": "x" * n}, theirs.MARKDOWN_TEXT_MAX_LENGTH, 12_000),
    (
        "context actions",
        lambda n: {"type": "context_actions", "elements": [FEEDBACK] * n},
        theirs.CONTEXT_ACTIONS_ELEMENTS_MAX_ITEMS,
        5,
    ),
    ("label", lambda n: {**GOOD["input"], "label": plain("x" * n)}, theirs.INPUT_LABEL_MAX_LENGTH, 2000),
]


@pytest.mark.parametrize(("build", "published", "limit"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_a_limit_holds_to_the_unit_and_is_the_published_one(build: Any, published: int, limit: int) -> None:
    assert published == limit
    assert block_problems([build(limit)]) == []
    assert block_problems([build(limit + 1)]) != []


# Smaller than slackblocks' numbers: Slack's own page says six series, and 100 rows below the header of a data table.
@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (data_table(rows=101), data_table(rows=102)),
        (line(series=6), line(series=7)),
        (pie(6), pie(7)),
        (table(text="x" * 2500), table(text="x" * 2501)),
    ],
)
def test_where_numbers_disagree_the_smaller_one_holds(good: Json, bad: Json) -> None:
    assert block_problems([good]) == []
    assert block_problems([bad]) != []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({"type": "nonsense"}, "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
        ({"text": "x"}, "missing required field: type [json-pointer:/blocks/0]"),
        ("text", "must provide an object [json-pointer:/blocks/0]"),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "header", "text": mrkdwn()}, "must be one of: plain_text [json-pointer:/blocks/0/text/type]"),
        ({"type": "header", "text": plain("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            {"type": "header", "text": {**plain(), "emoji": 1}},
            "must provide a boolean [json-pointer:/blocks/0/text/emoji]",
        ),
        (
            section(text={**mrkdwn(), "emoji": True}),
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        ({"type": "section"}, "must provide one of: text, fields [json-pointer:/blocks/0]"),
        (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            actions(button(action_id="a"), button(action_id="a")),
            "action_id already exists: a [json-pointer:/blocks/0/elements]",
        ),
        (actions(button(style="loud")), "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"),
        (
            actions(button(confirm={"title": plain()})),
            "missing required field: text [json-pointer:/blocks/0/elements/0/confirm]",
        ),
        (
            actions(select(initial_option=option("9"))),
            "initial option must be one of the options [json-pointer:/blocks/0/elements/0]",
        ),
        (table(text=""), "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"),
        (
            {"type": "table", "rows": [[rich()]]},
            "must be more than 0 characters [json-pointer:/blocks/0/rows/0/0]",
        ),
        (
            {"type": "data_table", "rows": [[cell()], [cell()]]},
            "missing required field: caption [json-pointer:/blocks/0]",
        ),
        (
            {**data_table(), "rows": [[cell()], [cell(), cell()]]},
            "all rows must have the same number of cells [json-pointer:/blocks/0/rows]",
        ),
        (
            {**data_table(), "rows": [[rich(word())], [cell()]]},
            "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]",
        ),
        (
            data_table(row_header_column_index=2),
            "must be the index of a column [json-pointer:/blocks/0/row_header_column_index]",
        ),
        (
            with_text(line(), "chart", "series", 1, "name", length=0),
            "must be more than 0 characters [json-pointer:/blocks/0/chart/series/1/name]",
        ),
        (
            with_text(line(), "chart", "series", 1, "data", 0, "label", length=1),
            "must have one point for every category [json-pointer:/blocks/0/chart/series/1/data]",
        ),
        (
            {**pie(), "chart": {"type": "pie", "segments": [{"label": "x", "value": 0}]}},
            "must be greater than 0 [json-pointer:/blocks/0/chart/segments/0/value]",
        ),
        (
            {**pie(), "chart": {"type": "donut", "segments": []}},
            "unsupported type: donut [json-pointer:/blocks/0/chart/type]",
        ),
        (
            {"type": "task_card", **TASK, "status": "pending"},
            "must be one of: in_progress, complete, error [json-pointer:/blocks/0/status]",
        ),
        ({"type": "alert", "text": plain()}, "unsupported type: alert [json-pointer:/blocks/0/type]"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(block: Any, problem: str) -> None:
    assert f"[ERROR] {problem}" in [str(found) for found in block_problems([block])]


@pytest.mark.parametrize(
    ("blocks", "problem"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [section(block_id="a"), section(block_id="a")],
            "block_id already exists: a [json-pointer:/blocks/1/block_id]",
        ),
        ([table(), data_table()], "only_one_table_allowed [json-pointer:/blocks]"),
        ([pie(), pie(), pie()], "no more than 2 data_visualization blocks allowed [json-pointer:/blocks]"),
        (
            [section(text=mrkdwn("x" * 2700))] * 5,
            "must be less than 13001 characters in all blocks [json-pointer:/blocks]",
        ),
        (
            [{"type": "markdown", "text": "x" * 6001}] * 2,
            "must be less than 12001 characters in all markdown blocks [json-pointer:/blocks]",
        ),
        ("[]", "must provide an array [json-pointer:/blocks]"),
    ],
)
def test_what_is_wrong_between_blocks(blocks: Any, problem: str) -> None:
    assert [str(found) for found in block_problems(blocks)] == [f"[ERROR] {problem}"]


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [*blocks] or [section()], **more}


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=mrkdwn()), "must be one of: plain_text [json-pointer:/view/close/type]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
        (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
        (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(table()), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
        (modal(pie()), "unsupported type: data_visualization [json-pointer:/view/blocks/0/type]"),
        ({**modal(GOOD["input"]), "submit": None}, "must provide an object [json-pointer:/view/submit]"),
        (
            {key: value for key, value in modal(GOOD["input"]).items() if key != "submit"},
            "missing required field: submit [json-pointer:/view]",
        ),
        ({"type": "home"}, "missing required field: blocks [json-pointer:/view]"),
        (
            {"type": "home", "blocks": [section()], "title": plain()},
            "invalid additional property: title [json-pointer:/view]",
        ),
        ({"type": "workflow_step"}, "unsupported type: workflow_step [json-pointer:/view/type]"),
        ([], "must provide an object [json-pointer:/view]"),
    ],
)
def test_what_is_wrong_with_a_view(view: Any, problem: str) -> None:
    assert [str(found) for found in view_problems(view)] == [f"[ERROR] {problem}"]


def test_views_that_are_taken() -> None:
    fields = [{**GOOD[name], "block_id": name} for name in GOOD if name.startswith("input")]
    assert view_problems(modal(*fields, private_metadata="x" * 3000, callback_id="x" * 255)) == []
    assert view_problems(modal({"type": "alert", "text": plain(), "level": "warning"})) == []
    assert view_problems({"type": "home", "blocks": [section()] * 100, "private_metadata": ""}) == []
    assert view_problems({"type": "home", "blocks": [table(), pie(), data_table()]}) == []


def test_metadata() -> None:
    assert metadata_problems({"event_type": "report", "event_payload": {"id": "1", "deep": {"er": [1]}}}) == []
    assert metadata_problems({"event_type": "report"}) != []
    assert metadata_problems({"event_type": "report", "event_payload": "1"}) != []
    assert metadata_problems({"event_type": 1, "event_payload": {}}) != []


KEYS = (
    "type",
    "text",
    "blocks",
    "elements",
    "element",
    "rows",
    "chart",
    "series",
    "options",
    "initial_option",
    "value",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from(sorted(GOOD)), st.sampled_from(KEYS))
def test_no_json_at_all_breaks_the_check(value: Any, name: str, key: str) -> None:
    block_problems(value)
    view_problems(value)
    metadata_problems(value)
    for path in objects(GOOD[name]):
        spoilt = json.loads(json.dumps(GOOD[name]))
        inner: Any = spoilt
        for step in path:
            inner = inner[step]
        inner[key] = value
        block_problems([spoilt])
        view_problems(modal(spoilt))
