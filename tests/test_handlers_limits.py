"""Our walker over blocks against `slackblocks`, which knows Slack's limits from Slack's pages."""

from collections.abc import Mapping
from typing import Any

import pytest
import slackblocks
from slackblocks import _limits as theirs
from slackblocks._surfaces import validate_surface_blocks

from bot.playground.blocks import block_problems
from handlers import limits
from handlers.block_rules import BLOCKS, BLOCKS_OF_SURFACE, ELEMENTS, MOST_BLOCKS, MOST_VIEW_TEXT, Rule
from handlers.limits import Surface
from handlers.views import faults, form, guide, home
from handlers.views import report as view
from handlers.views.blocks import actions, button, context, header, plain, section
from reporting_core.words.errors import BadQuery
from reporting_core.words.people import Asker
from reporting_core.words.query import UsageQuery, Vocabulary
from tests import hand_made


def rule(rules: Mapping[str, Rule], *path: str) -> Rule:
    """Walk down: a key, into the items of a list, into an object."""
    found = rules[path[0]]
    for key in path[1:]:
        found = found.each or found if key == "[]" else (found.inside or {})[key]
    return found


def text(kind: str, *path: str) -> int:
    return rule(BLOCKS.get(kind) or ELEMENTS[kind], *path).text


def most(kind: str, *path: str) -> int:
    items = rule(BLOCKS.get(kind) or ELEMENTS[kind], *path).items
    assert items is not None
    return items[1]


CHART = ("chart", "series", "[]")
SAME = {
    "header": (text("header", "text"), theirs.HEADER_TEXT_MAX_LENGTH),
    "section": (text("section", "text"), theirs.SECTION_TEXT_MAX_LENGTH),
    "fields": (most("section", "fields"), theirs.SECTION_FIELDS_MAX_ITEMS),
    "field": (text("section", "fields", "[]"), theirs.SECTION_FIELDS_ITEM_MAX_LENGTH),
    "context": (most("context", "elements"), theirs.CONTEXT_ELEMENTS_MAX_ITEMS),
    "actions": (most("actions", "elements"), theirs.ACTIONS_ELEMENTS_MAX_ITEMS),
    "label": (text("input", "label"), theirs.INPUT_LABEL_MAX_LENGTH),
    "hint": (text("input", "hint"), theirs.INPUT_HINT_MAX_LENGTH),
    "columns": (most("data_table", "rows", "[]"), theirs.DATA_TABLE_COLUMNS_MAX_ITEMS),
    "chart title": (text("data_visualization", "title"), theirs.DATA_VISUALIZATION_TITLE_MAX_LENGTH),
    "points": (most("data_visualization", *CHART, "data"), theirs.DATA_VISUALIZATION_DATA_MAX_ITEMS),
    "series name": (text("data_visualization", *CHART, "name"), theirs.DATA_VISUALIZATION_SERIES_NAME_MAX_LENGTH),
    "categories": (
        most("data_visualization", "chart", "axis_config", "categories"),
        theirs.DATA_VISUALIZATION_CATEGORIES_MAX_ITEMS,
    ),
    "axis": (
        text("data_visualization", "chart", "axis_config", "x_label"),
        theirs.DATA_VISUALIZATION_AXIS_LABEL_MAX_LENGTH,
    ),
    "button": (text("button", "text"), theirs.BUTTON_TEXT_MAX_LENGTH),
    "value": (text("button", "value"), theirs.BUTTON_VALUE_MAX_LENGTH),
    "spoken": (text("button", "accessibility_label"), theirs.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
    "action id": (text("button", "action_id"), theirs.ACTION_ID_MAX_LENGTH),
    "options": (most("static_select", "options"), theirs.SELECT_OPTIONS_MAX_ITEMS),
    "option": (text("static_select", "options", "[]", "text"), theirs.OPTION_TEXT_MAX_LENGTH),
    "option value": (text("static_select", "options", "[]", "value"), theirs.OPTION_VALUE_MAX_LENGTH),
    "placeholder": (text("static_select", "placeholder"), theirs.SELECT_PLACEHOLDER_MAX_LENGTH),
    "typed": (text("plain_text_input", "initial_value"), theirs.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    "blocks": (MOST_BLOCKS["message"], theirs.MESSAGE_BLOCKS_MAX_ITEMS),
    "blocks of a modal": (MOST_BLOCKS["modal"], theirs.VIEW_BLOCKS_MAX_ITEMS),
    "blocks of a home": (MOST_BLOCKS["home"], theirs.VIEW_BLOCKS_MAX_ITEMS),
    "view title": (MOST_VIEW_TEXT["title"], theirs.VIEW_TITLE_MAX_LENGTH),
    "view submit": (MOST_VIEW_TEXT["submit"], theirs.VIEW_SUBMIT_MAX_LENGTH),
    "view close": (MOST_VIEW_TEXT["close"], theirs.VIEW_CLOSE_MAX_LENGTH),
    "metadata": (MOST_VIEW_TEXT["private_metadata"], theirs.VIEW_PRIVATE_METADATA_MAX_LENGTH),
    "callback": (MOST_VIEW_TEXT["callback_id"], theirs.VIEW_CALLBACK_ID_MAX_LENGTH),
}
STRICTER = {
    # Slack's pages give two numbers for each of these; the smaller one holds everywhere.
    "rows": (most("data_table", "rows"), theirs.DATA_TABLE_ROWS_MAX_ITEMS),
    "cells": (text("data_table", "rows", "[]", "[]", "text"), theirs.DATA_TABLE_CONTENT_MAX_LENGTH),
    "series": (most("data_visualization", "chart", "series"), theirs.DATA_VISUALIZATION_SERIES_MAX_ITEMS),
}


@pytest.mark.parametrize("name", SAME)
def test_a_limit_is_the_one_slackblocks_knows(name: str) -> None:
    ours, known = SAME[name]
    assert ours == known


@pytest.mark.parametrize("name", STRICTER)
def test_where_slack_gives_two_numbers_ours_is_the_smaller(name: str) -> None:
    ours, known = STRICTER[name]
    assert ours < known


@pytest.mark.parametrize("surface", Surface)
def test_no_kind_of_block_is_let_through_where_slack_has_none(surface: Surface) -> None:
    for kind in BLOCKS_OF_SURFACE[surface]:
        validate_surface_blocks([{"type": kind}], surface.value)


def accepted(block: dict[str, Any]) -> object:
    """Build the block with slackblocks, which raises where it breaks a limit; None for kinds it cannot read back."""
    match block["type"]:
        case "data_table":
            rows = [[_cell(cell) for cell in row] for row in block["rows"]]
            return slackblocks.DataTableBlock(rows, block["caption"], block["page_size"])
        case "data_visualization":
            return slackblocks.DataVisualizationBlock(block["title"], _bars(block["chart"]))
        case "actions":
            return slackblocks.ActionsBlock([_button(each) for each in block["elements"]])
        case "header" | "context" | "divider":
            return slackblocks.Block.from_dict(block)
        case "section":
            return slackblocks.Block.from_dict({key: part for key, part in block.items() if key != "accessory"})
    return None


def _button(button_: dict[str, Any]) -> slackblocks.Button:
    parts = {key: part for key, part in button_.items() if key not in {"type", "text"}}
    return slackblocks.Button(button_["text"]["text"], **parts)


def _cell(cell: dict[str, Any]) -> Any:
    known = {"raw_text": slackblocks.RawText, "raw_number": slackblocks.RawNumber}[cell["type"]]
    return known(**{key: value for key, value in cell.items() if key != "type"})


def _bars(chart: dict[str, Any]) -> slackblocks.BarChart:
    series = [
        slackblocks.DataSeries(each["name"], [slackblocks.DataPoint(**point) for point in each["data"]])
        for each in chart["series"]
    ]
    return slackblocks.BarChart(series, slackblocks.AxisConfig(**chart["axis_config"]))


ERROR = BadQuery(
    "x" * 5_000, text="x" * 5_000, position=4_000, length=9, suggestions=("a", "b", "c"), corrected="last=1y"
)
HOSTILE = Vocabulary(hand_made.HOSTILE, hand_made.HOSTILE)
SHOWN: dict[str, list[dict[str, Any]]] = {
    "report": list(view.message(hand_made.report(), {"q": "last=30d"}).blocks),
    "hostile report": list(view.message(hand_made.hostile_report(), {"q": "x" * 300}).blocks),
    "nothing found": list(view.message(hand_made.report(0, nearest=("last=1y",)), {"q": "last=30d"}).blocks),
    "error": list(faults.bad_query(ERROR).blocks),
    "help": list(guide.overview().blocks),
    "filters": list(guide.filters().blocks),
    "digests": list(guide.digests().blocks),
    "examples": list(guide.examples().blocks),
    "form": form.form(UsageQuery(), HOSTILE, "")["blocks"],
    "home": home.home(Asker(1, "U1", "Ann", "", owner=True), home.Today())["blocks"],
}


@pytest.mark.parametrize("name", SHOWN)
def test_slackblocks_accepts_what_we_send(name: str) -> None:
    built = [accepted(block) for block in SHOWN[name]]
    assert all(built[place] or SHOWN[name][place]["type"] in {"input", "rich_text"} for place in range(len(built)))


@pytest.mark.parametrize("name", SHOWN)
def test_the_local_workspace_accepts_what_we_send(name: str) -> None:
    surface = {"form": "modal", "home": "home"}.get(name, "message")
    assert block_problems(SHOWN[name], surface) == []  # type: ignore[arg-type]


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "long header": (header("x" * 151), "151 characters"),
    "formatted header": ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
    "empty text": (section(plain("")), "0 characters"),
    "long section": (section(plain("x" * 3_001)), "3001 characters"),
    "many fields": (section(plain("x"), [plain("x")] * 11), "11 items"),
    "long field": (section(plain("x"), [plain("x" * 2_001)]), "2001 characters"),
    "many in context": (context(*[plain("x")] * 11), "11 items"),
    "no buttons": (actions("a", []), "0 items"),
    "one action twice": (actions("a", [button("x", "x"), button("x", "y")]), "action_id occurs twice"),
    "long label": (actions("a", [button("x", "y" * 76)]), "76 characters"),
    "long value": (actions("a", [button("x", "y", "z" * 2_001)]), "2001 characters"),
    "unknown kind": ({"type": "carousel"}, "carousel"),
    "unknown key": (header("x") | {"colour": "red"}, "colour"),
    "missing key": ({"type": "header"}, "missing"),
    "empty cell": (
        {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": ""}]] * 2},
        "0 characters",
    ),
    "uneven rows": (
        {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": "x"}] * n for n in (1, 2)]},
        "not equally wide",
    ),
    "only a head": (
        {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": "x"}]]},
        "1 items",
    ),
    "much text": (
        {"type": "data_table", "caption": "x", "rows": [[{"type": "raw_text", "text": "x" * 6_000}]] * 2},
        "12000 characters",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_walker_finds_what_breaks_a_limit(name: str) -> None:
    block, found = BROKEN[name]
    assert found in "; ".join(limits.problems([block]))


def test_the_walker_counts_blocks_tables_and_characters() -> None:
    table = next(block for block in SHOWN["report"] if block["type"] == "data_table")
    assert "more than one table" in "; ".join(limits.problems([table, table]))
    assert "blocks: 51, at most 50" in limits.problems([{"type": "divider"}] * 51)
    assert any("in total" in each for each in limits.problems([section(plain("x" * 2_900))] * 5))
    assert "blocks: no data_table in a modal" in limits.problems([table], Surface.MODAL)
    assert any("block_id occurs twice" in each for each in limits.problems([actions("a", [button("x", "x")])] * 2))


def test_the_walker_counts_the_words_of_a_view() -> None:
    made = form.loading("x" * 3_001) | {"title": plain("x" * 25)}
    assert len(limits.view_problems(made)) == 2
