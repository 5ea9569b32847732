"""What a report message shows, how it takes hostile and huge reports, and what stands in for it where it is refused."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers import limits
from handlers.limits import Surface
from handlers.views import buttons, faults, guide, home, people
from handlers.views import report as view
from handlers.views.blocks import Block, Message
from handlers.views.filters import Controls
from handlers.views.paging import page_of
from handlers.views.wording import EMPTY
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed, StoreBusy
from reporting_core.words.people import Asker
from reporting_core.words.query import Filter, Key, UsageQuery, Vocabulary
from reporting_core.words.report import Chart, ChartPoint, UsageReport
from reporting_core.words.shown import Shown
from reporting_core.words.terms import Access, Origin, Status
from tests import hand_made
from tests.hand_made import HOSTILE, report, row, seats, tiles

REFERENCE = {"q": "team=Design last=30d"}
ABOUT = ("More…", "Spreadsheet", "Why?", "Share…")


def message(made: UsageReport) -> Message:
    return view.message(made, REFERENCE)


def kinds(blocks: tuple[Block, ...]) -> list[str]:
    return [block["type"] for block in blocks]


def block(made: Message, kind: str) -> Block:
    return next(each for each in made.blocks if each["type"] == kind)


def all_text(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from all_text(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from all_text(each)
    elif isinstance(value, str):
        yield value


def shown(made: Message) -> str:
    return "\n".join(all_text(made.blocks))


def cells(made: Message) -> list[list[str]]:
    return [[cell["text"] for cell in line] for line in block(made, "data_table")["rows"]]


def test_the_blocks_stand_in_the_order_an_admin_expects() -> None:
    made = message(report(caveats=("Offline use is never reported.",)))
    assert kinds(made.blocks) == [
        "header",
        "context",
        "section",
        "context",
        "section",
        "data_visualization",
        "data_table",
        "context",
        "actions",
    ]


def test_the_header_names_the_team_and_real_dates_in_utc() -> None:
    assert block(message(report()), "header")["text"]["text"] == "Design · 26 Oct – 24 Nov 2026 (UTC)"


def test_the_context_says_how_fresh_the_data_is_what_was_asked_and_how_many_rows() -> None:
    texts = [element["text"] for element in block(message(report()), "context")["elements"]]
    assert texts == ["Data through *24 Nov 2026*", "/usage team=Design last=30d", "Rows 1–15 of 40 · Page 1 of 3"]


def test_the_tiles_add_up_and_say_so() -> None:
    assert "100 assigned = 60 active + 25 inactive + 14 not yet active + 1 unknown." in shown(message(report()))


def test_the_text_carries_the_numbers_of_every_tile() -> None:
    made = message(report())
    fields = [field["text"].split("\n") for each in made.blocks for field in each.get("fields", ())]
    assert len(fields) == 11
    for label, figure in fields:
        assert f"{label.lower()} {figure.strip('*')}" in made.text.lower()


def test_a_withheld_total_says_why_and_gives_no_sum_it_could_be_worked_out_from() -> None:
    why = "one person may be inactive in one team and active in another"
    made = message(report(team=None, tiles=tiles(seats(inactive=None)), withheld={"inactive": why}))
    assert why in shown(made)
    assert "Inactive\n*–*" in shown(made)
    assert "100 assigned =" not in shown(made)
    assert why in made.text


def test_empty_seats_name_the_export_that_fills_them() -> None:
    made = message(report(tiles=tiles(seats(seats=None, available=None))))
    assert "Seats bought\n*–*" in shown(made)
    assert "load the Subscriptions export" in shown(made)


def test_empty_tokens_name_the_file_that_fills_them() -> None:
    assert "load a token balances file" in shown(message(report(tiles=tiles(tokens_remaining=None))))


def test_seats_left_out_by_a_filter_say_which_and_ask_for_no_export() -> None:
    query = UsageQuery(filters=(Filter(Key.GROUP, ("CAD",)),))
    empty = tiles(seats(seats=None, available=None), tokens_remaining=None)
    made = shown(message(report(query=query, tiles=empty)))
    assert "while group, user or version is set" in made
    assert "load the" not in made


def test_what_a_caveat_says_already_is_not_said_twice() -> None:
    told = "No Subscriptions export was loaded, so seats bought and available are not known."
    made = message(report(tiles=tiles(seats(seats=None, available=None)), caveats=(told,)))
    assert "load the Subscriptions export" not in shown(made)


def test_more_people_than_seats_is_explained() -> None:
    made = message(report(tiles=tiles(seats(seats=90, available=-10))))
    assert "Available\n*-10*" in shown(made)
    assert "10 people more assigned than there are seats bought" in shown(made)


@pytest.mark.parametrize("status", Status)
def test_a_status_is_a_word_beside_its_symbol(status: Status) -> None:
    word = cells(message(report(rows=[row(status=status)])))[1][3]
    symbol, _, name = word.partition(" ")
    assert len(symbol) == 1
    assert name.lower().replace(" ", "_") == status


def test_a_row_shows_person_product_access_status_and_figures() -> None:
    made = report(rows=[row(assigned_by=Origin.GROUP, origin_group="CAD users", days_used=3, monthly_average=3.0)])
    assert cells(message(made)) == [
        ["Person", "Product", "Access", "Status", "Days used", "Monthly average", "Last accessed", "Assigned by"],
        ["Person 1", "Revit", "Subscription", "🔴 Inactive", "3", "3.0", "2026-03-09", "Group: CAD users"],
    ]


def test_numbers_sort_as_numbers() -> None:
    made = block(message(report(rows=[row(days_used=12)])), "data_table")
    assert made["rows"][1][4] == {"type": "raw_number", "value": 12, "text": "12"}


@pytest.mark.parametrize(
    ("asked", "count", "heading"),
    [
        ((), 5, "All teams (5)"),
        (("Design", "West"), 2, "Design and West"),
        (("Design", "West", "Rail"), 3, "3 teams"),
        (("Des*",), 2, "2 teams"),
    ],
)
def test_several_teams_are_named_or_counted(asked: tuple[str, ...], count: int, heading: str) -> None:
    query = UsageQuery(filters=(Filter(Key.TEAM, asked),) if asked else ())
    made = message(report(query=query, team=None, team_count=count))
    assert block(made, "header")["text"]["text"].startswith(f"{heading} ·")
    assert block(made, "data_table")["caption"].startswith(f"Usage · {heading} ·")
    assert made.text.startswith(f"Usage of {heading},")


@pytest.mark.parametrize(
    ("only", "shown_group", "left_out"),
    [("flex", "Flex", "Subscriptions"), ("subscription", "Subscriptions", "Flex")],
)
def test_tiles_of_an_access_option_that_is_not_counted_are_left_out(only: str, shown_group: str, left_out: str) -> None:
    made = message(report(query=UsageQuery(filters=(Filter(Key.ACCESS, (only,)),))))
    titles = [each["text"]["text"] for each in made.blocks if each["type"] == "section" and each.get("fields")]
    assert titles == [f"*{shown_group}*"]
    assert f"{left_out}: " not in made.text


def test_all_teams_show_the_team_and_flex_rows_bring_their_tokens() -> None:
    made = report(team=None, rows=[row(access=Access.FLEX, tokens_used=70.0)])
    head, line = cells(message(made))
    assert (line[head.index("Team")], line[head.index("Tokens used")]) == ("Design", "70")


def test_what_is_not_known_is_a_dash_never_an_empty_cell() -> None:
    nothing = row(person="", email=None, product=" ", days_used=None, monthly_average=None, last_accessed=None)
    line = cells(message(report(rows=[nothing])))[1]
    assert [line[0], line[1], line[4], line[5], line[6]] == [EMPTY] * 5


def test_two_people_of_one_name_are_told_apart() -> None:
    twins = [row(1, person="Ann Lee", email="ann@a.example"), row(2, person="Ann Lee", email="ann@b.example")]
    assert [line[0] for line in cells(message(report(rows=twins)))[1:]] == [
        "Ann Lee (ann@a.example)",
        "Ann Lee (ann@b.example)",
    ]


def test_one_person_in_two_products_keeps_the_plain_name() -> None:
    one = [row(1, person="Ann Lee", email="ann@a.example"), row(2, person="Ann Lee", email="ann@a.example")]
    assert [line[0] for line in cells(message(report(rows=one)))[1:]] == ["Ann Lee", "Ann Lee"]


@pytest.mark.parametrize(
    ("asked", "labels", "first", "last"),
    [
        (1, ["Next", "Last page", *ABOUT], 1, 15),
        (2, ["Next", "Previous", *ABOUT], 16, 30),
        (3, ["First page", "Previous", *ABOUT], 31, 40),
        (9, ["First page", "Previous", *ABOUT], 31, 40),
    ],
)
def test_pages_hold_fifteen_rows_and_lead_to_their_neighbours(
    asked: int, labels: list[str], first: int, last: int
) -> None:
    made = message(report(query=UsageQuery(page=asked)))
    row = block(made, "actions")["elements"]
    assert [each["text"]["text"] for each in row] == labels
    assert [line[0] for line in cells(made)[1:]] == [f"Person {number}" for number in range(first, last + 1)]
    assert f"Page {min(asked, 3)} of 3" in shown(made)


@pytest.mark.parametrize(("asked", "labels"), [(1, ["Next", *ABOUT]), (2, ["Previous", *ABOUT])])
def test_two_pages_lead_to_each_other_once(asked: int, labels: list[str]) -> None:
    made = message(report(30, query=UsageQuery(page=asked)))
    assert [each["text"]["text"] for each in block(made, "actions")["elements"]] == labels


def test_one_page_has_none_to_turn_to() -> None:
    assert [each["text"]["text"] for each in block(message(report(15)), "actions")["elements"]] == [*ABOUT]


def test_a_page_behind_the_last_is_said_to_be_none() -> None:
    assert "There is no page 9; this is the last one." in shown(message(report(query=UsageQuery(page=9))))


def test_a_page_button_carries_the_question_and_the_page() -> None:
    button = block(message(report()), "actions")["elements"][0]
    assert (button["action_id"], json.loads(button["value"])) == ("page_next", {"q": "team=Design last=30d", "p": 2})


def test_rows_beyond_the_first_n_are_counted() -> None:
    made = message(report(rows=[row(number) for number in range(10)], row_count=100))
    assert "Rows 1–10 of 100 (the first 10 after sorting)" in shown(made)


def test_hashed_names_come_with_the_reason_and_who_can_change_it() -> None:
    made = message(report(hashed=True, hashed_because=("Structure",)))
    assert "Names are hashed because personal data is off for Structure." in shown(made)
    assert "primary admin" in shown(made)
    assert "Names are hashed." in made.text


def test_inactive_people_are_never_listed_without_the_caveat_about_offline_use() -> None:
    made = message(report(caveats=()))
    assert "Offline use is never reported" in shown(made)
    assert "Offline use is never reported" in made.text


def test_a_report_without_inactive_people_needs_no_such_caveat() -> None:
    made = report(rows=[row(status=Status.ACTIVE)], tiles=tiles(seats(inactive=0)))
    assert "offline" not in shown(message(made)).lower()


def test_a_long_reason_is_not_cut_in_the_text() -> None:
    why = "Over several teams there is no total of inactive people. " * 5
    made = message(report(tiles=tiles(seats(inactive=None)), withheld={"inactive": why}, caveats=(why[:-1],)))
    assert made.text.count(why.strip()) == 2


def test_guesses_are_told_once() -> None:
    guess = "“Design” was read as team=Design."
    made = message(report(query=UsageQuery(guesses=(guess,)), notes=(guess, "Narrowed to your teams.")))
    assert shown(made).count(guess) == 1
    assert "Narrowed to your teams." in shown(made)


def test_nothing_found_offers_the_nearest_that_exists_instead_of_an_empty_table() -> None:
    made = message(report(0, nearest=("team=Design last=90d",)))
    assert "data_table" not in kinds(made.blocks)
    offered = next(each for each in made.blocks if each.get("block_id") == "nearest")["elements"]
    assert json.loads(offered[0]["value"]) == {"q": "team=Design last=90d"}
    assert "Nothing was found." in made.text


def test_a_chart_has_one_point_for_every_category() -> None:
    drawn = block(message(report(chart=hand_made.chart(20))), "data_visualization")
    assert drawn["title"] == "Use per day"
    assert [series["name"] for series in drawn["chart"]["series"]] == ["Subscription", "Flex"]
    assert len(drawn["chart"]["axis_config"]["categories"]) == 20


def test_weeks_and_months_are_labelled_so() -> None:
    week = ChartPoint(date(2026, 10, 26), date(2026, 11, 1), 1, 0)
    month = ChartPoint(date(2026, 10, 1), date(2026, 10, 31), 1, 0)
    for grain, point, label in (("week", week, "26 Oct–1 Nov"), ("month", month, "Oct 2026")):
        drawn = block(message(report(chart=Chart(grain, (point,)))), "data_visualization")
        assert drawn["chart"]["axis_config"]["categories"] == [label]


def test_no_use_means_no_chart() -> None:
    idle = Chart("day", (ChartPoint(date(2026, 11, 24), date(2026, 11, 24), 0, 0),))
    assert "data_visualization" not in kinds(message(report(chart=idle)).blocks)


def test_the_fallback_shows_the_same_rows_and_buttons_without_the_newest_blocks() -> None:
    made = message(report(query=UsageQuery(page=2)))
    assert made.fallback is not None
    assert set(kinds(made.fallback.blocks)) == {"header", "context", "section", "actions"}
    for line in cells(made)[1:]:
        assert line[0] in shown(made.fallback)
        assert line[0] in made.fallback.text
    assert made.fallback.text.startswith(made.text)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_gets_out_of_the_fence(name: str) -> None:
    made = message(report(rows=[row(person=name, email=None)])).fallback
    assert made is not None
    fenced = [each["text"]["text"] for each in made.blocks if "```" in str(each)]
    assert all(text.startswith("```") and text.endswith("```") and text.count("```") == 2 for text in fenced)
    assert all(not re.search(r"<[!@#h]", text) for text in fenced)


def formatted(value: Any) -> Iterator[str]:
    """Every text that Slack would format: mrkdwn objects and the message's own text."""
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield value["text"]
        for each in value.values():
            yield from formatted(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from formatted(each)


@pytest.mark.parametrize("controls", [None, Controls(Shown("t" * 24, "U1", "", 1), Vocabulary(HOSTILE, HOSTILE))])
@pytest.mark.parametrize("rows", [0, 1, 15, 16, 100_000])
@pytest.mark.parametrize("page", [1, 2, 7_000])
def test_hostile_and_huge_reports_keep_every_limit_and_drop_no_row(
    rows: int, page: int, controls: Controls | None
) -> None:
    made = replace(hand_made.hostile_report(rows), query=UsageQuery(page=page), nearest=tuple(HOSTILE))
    sent = view.message(made, {"q": "x" * buttons.LONGEST_QUESTION}, controls)
    assert limits.problems(sent.blocks) == []
    assert sent.fallback is not None
    assert limits.problems(sent.fallback.blocks) == []
    if rows:
        assert len(cells(sent)) - 1 == len(page_of(made).rows) == min(15, rows - 15 * (page_of(made).number - 1))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_can_neither_ping_nor_link_nor_format(name: str) -> None:
    made = view.message(replace(hand_made.hostile_report(20), team=name, canonical=name), REFERENCE)
    assert made.fallback is not None
    outside = [*formatted(made.blocks), made.text]
    for text in outside:
        assert not re.search(r"<[!@#]|<https?:|://|\u202e", text)
        assert "`" not in text
    for each in all_text([made.blocks, made.fallback.blocks]):
        assert "\x00" not in each


def test_emoji_codes_in_names_stay_text() -> None:
    made = message(report(team=":tada:"))
    assert block(made, "header")["text"]["emoji"] is False


# --- Errors, help, Home, people


MISTYPED = BadQuery(
    "I know no team “Desgin”.",
    text="team=Desgin last=30d",
    position=5,
    length=6,
    suggestions=("Design", "Deck", "Dezign"),
    corrected="team=Design last=30d",
)


def test_a_mistyped_word_gets_a_caret_the_nearest_three_and_a_button_that_runs_the_corrected_command() -> None:
    made = faults.bad_query(MISTYPED)
    assert "team=Desgin last=30d\n     ^^^^^^" in shown(made)
    assert all(name in shown(made) and name in made.text for name in MISTYPED.suggestions)
    button = block(made, "actions")["elements"][0]
    assert (button["action_id"], json.loads(button["value"])) == ("run_0", {"q": "team=Design last=30d"})
    assert "/usage team=Design last=30d" in made.text


def test_refusals_say_why_and_whom_to_ask() -> None:
    made = faults.not_allowed(NotAllowed("Guests get no reports."), "Ann (IT desk)")
    assert "Guests get no reports." in shown(made)
    assert "Please ask Ann (IT desk)." in shown(made)
    assert made.text == "Guests get no reports. Please ask Ann (IT desk)."


def test_an_apology_names_the_incident_and_nothing_else() -> None:
    assert "incident ab12" in faults.apology("ab12", "Ann").text


LONG = "x" * 10_000
ASKER = Asker(1, "U1", "Ann", "ann@example.com", every_team=True)


class Known:
    unmatched = tuple(HOSTILE) * 20
    links = (("U1", "ann@example.com"),) * 100
    reporters = (("bob@example.com", None), ("cy@example.com", LONG))


MESSAGES = {
    "bad query": faults.bad_query(MISTYPED),
    "long command": faults.bad_query(
        BadQuery(LONG, text=LONG, position=9_999, length=1, suggestions=(LONG,) * 5, corrected=LONG)
    ),
    "hostile command": faults.bad_query(
        BadQuery("".join(HOSTILE), text="".join(HOSTILE), position=3, length=400, suggestions=HOSTILE)
    ),
    "empty command": faults.bad_query(BadQuery("What?", text="", position=0, length=0)),
    "ask again": faults.ask_again(AskAgain(LONG, HOSTILE)),
    "busy": faults.store_busy(StoreBusy(LONG)),
    "not allowed": faults.not_allowed(NotAllowed("<!channel>" * 500), "x" * 500),
    "apology": faults.apology("ab12", "Ann"),
    "not yet": faults.not_yet("unassign"),
    "working": guide.working(),
    "help": guide.about(""),
    "filters": guide.about("Filters"),
    "examples": guide.about("examples"),
    "people": people.people(Known()),
}


def test_what_can_be_asked_instead_is_a_press_away() -> None:
    made = faults.ask_again(AskAgain("No use is loaded for 2019.", ("team=Design last=30d",)))
    first = block(made, "actions")["elements"][0]
    assert first["text"]["text"] == "Run: /usage team=Design last=30d"
    assert json.loads(first["value"]) == {"q": "team=Design last=30d"}
    assert "rich_text" not in kinds(made.blocks)


def test_what_is_only_a_name_is_no_button() -> None:
    made = faults.ask_again(AskAgain("I know no such team.", ("Design",)))
    assert [each["text"]["text"] for each in block(made, "actions")["elements"]] == ["Open the form", "Help"]
    assert "Design" in shown(made)


def test_what_names_whom_to_ask_names_nobody_else() -> None:
    for message in ("Ask another admin to confirm it.", "Bitten Sie einen anderen Administrator."):
        assert "Ann" not in shown(faults.not_allowed(NotAllowed(message), "Ann"))


def test_a_command_in_what_can_be_mended_is_shown_without_marks() -> None:
    made = faults.ask_again(AskAgain("Say whose seat: `/usage unassign @ann`."))
    assert "`" not in str(made)
    assert "Say whose seat: /usage unassign @ann." in made.text


def test_what_the_button_says_is_not_listed_above_it() -> None:
    error = BadQuery("Backwards.", text="x", position=0, length=1, suggestions=("from=1",), corrected="from=1 to=2")
    assert "Did you mean" not in shown(faults.bad_query(error))


def test_names_behind_hashes_are_said_to_be_why_nobody_is_found() -> None:
    query = UsageQuery(filters=(Filter(Key.USER, ("ben",)),))
    made = message(report(0, query=query, hashed=True, hashed_because=("West",), nearest=("team=Design user=ben",)))
    assert "nobody can be found by name or e-mail. Ask for one team, or leave" in shown(made)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_keeps_every_limit(name: str) -> None:
    made = MESSAGES[name]
    assert limits.problems(made.blocks) == []
    assert 0 < len(made.text) <= 12_000
    assert not re.search(r"<[!@#]|<https?:", made.text)
    if made.fallback:
        assert limits.problems(made.fallback.blocks) == []


@pytest.mark.parametrize("made", [home.home(ASKER, home.Today()), home.outsider(LONG, LONG)])
def test_homes_keep_every_limit(made: Block) -> None:
    assert limits.view_problems(made) == []
    assert limits.Surface(made["type"]) is Surface.HOME


def test_home_says_who_one_is_here() -> None:
    assert "Ann: reports of all teams" in "\n".join(all_text(home.home(ASKER, home.Today())))


@pytest.mark.parametrize("query", [query for query, _ in guide.EXAMPLES])
def test_every_example_is_written_in_the_grammar(query: str) -> None:
    assert grammar.canonical(grammar.parse(query, Vocabulary(), hand_made.TODAY))
