"""Why somebody has a status: typed, pressed under a report, chosen in the modal; in both languages."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers import limits
from handlers.language import LANGUAGES, speaking
from handlers.limits import Surface
from handlers.sentences import label
from handlers.views import why as view
from handlers.views.blocks import Block
from reporting_core.words.errors import NotAllowed
from reporting_core.words.evidence import Evidence, Explanation
from reporting_core.words.query import UsageQuery
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import Access, Origin, Status
from tests import hand_made
from tests.bot_under_test import Bot, body_of, bot_under_test
from tests.hand_made import HOSTILE

REFERENCE = {"q": "team=Design last=30d"}
WHY = "Inactive: the seat is assigned since 2026-01-31, for the whole range, and was used on none of its dates."


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def report(*rows: Row, **changes: Any) -> UsageReport:
    return hand_made.report(rows, **changes)


def row(number: int = 1, **changes: Any) -> Row:
    return hand_made.row(number, why=WHY, **changes)


def explained(*rows: Row, **changes: Any) -> Explanation:
    found = tuple(Evidence(each) for each in rows)
    return Explanation(report(*rows, **changes), found)


def shown(blocks: Any) -> str:
    return json.dumps(list(blocks), ensure_ascii=False)


def modal(bot: Bot) -> Block:
    """What the modal shows now; every view that was sent keeps Slack's limits."""
    for call in [*bot.slack.named("views.open"), *bot.slack.named("views.update")]:
        assert limits.view_problems(call.arguments["view"]) == []
    view: Block = bot.slack.named("views.update")[-1].arguments["view"]
    return view


def choice(bot: Bot, row: int | str) -> dict[str, Any]:
    """Choose a row in the modal that is open."""
    action = {"type": "static_select", "action_id": "why_row", "block_id": "why_0"}
    view = modal(bot) | {"id": "V1"}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "trigger_id": "1.1.x",
        "container": {"type": "view", "view_id": "V1"},
        "view": view,
        "actions": [action | {"selected_option": {"value": str(row)}}],
    }


def test_each_fact_stands_with_its_name() -> None:
    one = row(status=Status.INACTIVE, assigned_by=Origin.GROUP, origin_group="CAD users", groups=("CAD users",))
    facts = dict(view.items(Evidence(one, gaps=((date(2026, 11, 1), date(2026, 11, 7)),)), report(one)))
    assert facts == {
        "Status": "🔴 Inactive",
        "Access": "Subscription",
        "Assigned on": "31 Jan 2026",
        "Assigned by": "Group: CAD users",
        "Range": "26 Oct – 24 Nov 2026 (UTC, 30 dates)",
        "Days used in the range": "0",
        "Last accessed": "9 Mar 2026, 260 days before the newest data",
        "Dates without data": "1 Nov 2026 – 7 Nov 2026",
        "Groups now": "CAD users",
        "Data through": "24 Nov 2026",
    }


def test_flex_brings_its_tokens_and_no_gaps_of_seats() -> None:
    one = row(access=Access.FLEX, status=Status.ACTIVE, tokens_used=70.0, days_used=7)
    facts = dict(view.items(Evidence(one), report(one)))
    assert facts["Tokens used in the range"] == "70"
    assert "Dates without data" not in facts
    assert view.caveats(Evidence(one), report(one)) == [
        "Flex is charged by the day of use: nobody is expected to come regularly, and taking it away saves nothing."
    ]


def test_what_is_not_known_is_said_and_never_empty() -> None:
    one = row(assigned_on=None, days_used=None, last_accessed=None, days_inactive=None, assigned_by=Origin.UNKNOWN)
    facts = dict(view.items(Evidence(one), report(one)))
    assert [facts[name] for name in ("Assigned on", "Days used in the range", "Last accessed")] == ["not known"] * 3
    never = replace(one, days_used=0)
    assert dict(view.items(Evidence(never), report(never)))["Last accessed"] == "never"


@pytest.mark.parametrize(
    ("changes", "evidence", "words"),
    [
        ({}, {}, "may have worked offline"),
        ({"stale": True}, {}, "no longer lists this assignment"),
        ({"assigned_by": Origin.UNKNOWN}, {}, "it may come from a group"),
        ({"status": Status.NOT_YET_ACTIVE}, {"grace_until": date(2026, 12, 1)}, "until 1 Dec 2026"),
        ({"status": Status.ACTIVE}, {"launched": {"Revit": 3, "Civil 3D": 1}}, "a day counts once"),
        ({"status": Status.UNKNOWN}, {"gaps": ((date(2026, 11, 1), date(2026, 11, 7)),)}, "no daily data is loaded"),
    ],
)
def test_what_the_status_does_not_say_is_said(changes: dict[str, Any], evidence: dict[str, Any], words: str) -> None:
    one = row(**changes)
    found = Evidence(one, **evidence)
    assert any(words in each for each in view.caveats(found, report(one)))
    sent = view.message(Explanation(report(one), (found,)), REFERENCE)
    assert words in shown(sent.blocks)
    assert words in sent.text


def test_an_active_seat_raises_no_doubts() -> None:
    one = row(status=Status.ACTIVE)
    assert view.caveats(Evidence(one, grace_until=date(2026, 12, 1)), report(one)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 3, 4, 10])
def test_the_text_holds_what_the_blocks_hold(language: str, rows: int) -> None:
    with speaking(language):
        found = explained(*(row(number, stale=True) for number in range(1, rows + 1)))
        sent = view.message(found, REFERENCE)
        assert limits.problems(sent.blocks) == []
        for each in found.evidence:
            assert f"Person {each.row.assignment_id} · Revit · Design" in sent.text
            for name, value in view.items(each, found.report) if rows <= view.WHOLE else []:
                assert f"{name}: {value}" in sent.text
                assert value in shown(sent.blocks)


def test_german_has_no_english_in_it() -> None:
    with speaking("de"):
        text = view.message(explained(row(stale=True)), REFERENCE).text
        assert label("why.title") == "Warum?"
    assert "Zuletzt verwendet: 9. März 2026" in text
    assert not {"Assigned", "Range", "Last", "Only", "known"} & set(text.replace(WHY, "").split())


@pytest.mark.parametrize("name", HOSTILE)
def test_names_stay_names(name: str) -> None:
    rows = [
        row(number, person=name, product=name, team=name, email=name, assigned_by=Origin.GROUP, origin_group=name)
        for number in range(1, 11)
    ]
    rows = [replace(each, groups=(name,) * 30) for each in rows]
    for some in (rows[:1], rows[:3], rows):
        found = Explanation(report(*some, canonical=name), tuple(Evidence(each, launched={name: 1}) for each in some))
        sent = view.message(found, REFERENCE)
        assert limits.problems(sent.blocks) == []
        assert not any(mark in sent.text for mark in ("<!", "<@", "<http", "://", "`"))
        assert limits.view_problems(view.modal(found, some, REFERENCE, chosen=1)) == []


async def test_a_typed_name_is_explained(bot: Bot) -> None:
    bot.core.report = report(row())
    await bot.command('why user="Person 1"')
    sent = bot.slack.posted[-1]
    assert WHY in shown(sent.blocks)
    assert "Person 1 · Revit · Design (person1@example.com)" in shown(sent.blocks)
    assert '/usage why user=\\"Person 1\\" last=30d' in shown(sent.blocks)
    assert bot.core.asked == []


async def test_several_products_come_each_with_its_own_status(bot: Bot) -> None:
    rows = [row(1), row(2, product="AutoCAD", status=Status.ACTIVE)]
    bot.core.report = report(*rows)
    await bot.command("why user=ann")
    headers = [block["text"]["text"] for block in bot.slack.posted[-1].blocks if block["type"] == "header"]
    assert headers == [
        "Person 1 · Revit · Design (person1@example.com)",
        "Person 2 · AutoCAD · Design (person2@example.com)",
    ]
    assert {"🔴 Inactive", "🟢 Active"} <= set(shown(bot.slack.posted[-1].blocks).split('"'))


async def test_of_more_than_three_rows_each_has_its_rule_and_a_button_for_the_evidence(bot: Bot) -> None:
    bot.core.report = report(*(row(number) for number in range(1, 5)))
    await bot.command("why user=ann")
    buttons = [block["accessory"] for block in bot.slack.posted[-1].blocks if "accessory" in block]
    assert len(buttons) == 4
    await bot.press(buttons[2])
    assert bot.core.explained[-1] == ("user=ann last=30d", 3)
    assert "Person 3 · Revit" in shown(modal(bot)["blocks"])


async def test_too_many_rows_are_asked_back(bot: Bot) -> None:
    await bot.command("why team=Design")
    assert bot.slack.posted[-1].arguments["text"].startswith("40 rows match. Choose one")
    await bot.press(bot.button("why"))
    assert modal(bot)["blocks"][0]["accessory"]["type"] == "static_select"


async def test_nobody_found_offers_the_nearest_names_which_explain_at_a_press(bot: Bot) -> None:
    bot.core.report = report(nearest=('user="Ann Lee" last=30d', 'user="Anna Lee" last=30d'))
    await bot.command("why user=anne")
    assert bot.button("why_0")["text"]["text"] == "Ann Lee"
    bot.core.report = report(row())
    await bot.press(bot.button("why_1"))
    assert bot.core.explained[-1] == ('user="Anna Lee" last=30d', None)
    assert WHY in shown(bot.slack.posted[-1].blocks)


async def test_where_names_are_hidden_the_teams_that_show_theirs_are_offered(bot: Bot) -> None:
    near = ("team=Design user=ann last=30d", "team=Build user=ann last=30d")
    bot.core.report = report(hashed=True, hashed_because=("West",), nearest=near)
    await bot.command("why user=ann")
    assert [bot.button(f"why_{number}")["text"]["text"] for number in (0, 1)] == ["ann · Design", "ann · Build"]


def test_two_rows_of_one_name_are_told_apart_by_their_e_mail() -> None:
    twins = [row(1, person="Ann Lee", email="ann@a.example"), row(2, person="Ann Lee", email="ann@b.example")]
    shown_as = [each["text"]["text"] for each in view.options(twins)]
    assert shown_as == [f"Ann Lee · Revit · Design (ann@{letter}.example)" for letter in "ab"]


async def test_hidden_names_are_said_to_be_hidden(bot: Bot) -> None:
    bot.core.report = report(hashed=True, hashed_because=("Design",))
    await bot.command("why user=ann")
    assert "Names are hidden in this answer" in bot.slack.posted[-1].arguments["text"]
    bot.core.report = report(row(person="3fa91c02d7ee", email=None), hashed=True, hashed_because=("Design",))
    await bot.command("why user=3fa91c02d7ee")
    assert "people are shown and found by their hash" in bot.slack.posted[-1].arguments["text"]


async def test_without_words_the_last_report_is_offered_to_choose_from(bot: Bot) -> None:
    await bot.command("why")
    assert "Type whom" in bot.slack.posted[-1].arguments["text"]
    bot.core.last = "team=Design last=7d"
    await bot.command("why")
    assert bot.core.explained[-1] == ("team=Design last=7d", None)


async def test_the_button_opens_a_modal_at_once_and_then_the_rows_to_choose_from(bot: Bot) -> None:
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    assert [call.method for call in bot.slack.calls if call.method.startswith("views.")] == [
        "views.open",
        "views.update",
    ]
    opened = modal(bot)
    select = opened["blocks"][0]["accessory"]
    assert [each["value"] for each in select["options"]] == [str(number) for number in range(1, 41)]
    assert select["options"][0]["text"]["text"] == "Person 1 · Revit · Design"
    await bot.dispatch(choice(bot, 7))
    assert bot.core.explained[-1] == ("team=Design last=30d", 7)
    blocks = modal(bot)["blocks"]
    assert "Person 7 · Revit" in blocks[1]["text"]["text"]
    assert blocks[0]["accessory"]["initial_option"]["value"] == "7"


async def test_the_rows_of_the_page_stand_first(bot: Bot) -> None:
    await bot.command("team=Design last=30d page=2")
    await bot.press(bot.button("why"))
    values = [each["value"] for each in modal(bot)["blocks"][0]["accessory"]["options"]]
    assert (values[:2], values[24:27], len(values)) == (["16", "17"], ["40", "1", "2"], 40)
    await bot.dispatch(choice(bot, 7))
    assert modal(bot)["blocks"][0]["accessory"]["options"][0]["value"] == "16"


async def test_the_one_row_of_a_report_is_shown_directly(bot: Bot) -> None:
    bot.core.report = report(row())
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    assert [block["type"] for block in modal(bot)["blocks"]] == ["header", "section", "rich_text", "context", "context"]


async def test_more_rows_than_a_list_holds_are_looked_up_by_person_product_and_team(bot: Bot) -> None:
    bot.core.report = report(*(row(number) for number in range(1, 151)))
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    opened = modal(bot)
    assert opened["blocks"][0]["accessory"]["type"] == "external_select"
    look_up = {"view": opened | {"id": "V1"}}
    answer = await bot.dispatch(
        {
            "type": "block_suggestion",
            "team": {"id": "T1"},
            "user": {"id": "U1", "team_id": "T1"},
            "action_id": "why_row",
            "block_id": "why_0",
            "value": "person 14",
            **look_up,
        }
    )
    assert [each["value"] for each in body_of(answer)["options"]] == [
        "14",
        *(str(number) for number in range(140, 150)),
    ]


@pytest.mark.parametrize("value", ["", "999", "-1", "abc", "٣", "9" * 400, "1; DROP TABLE people"])
async def test_a_row_that_is_not_in_the_report_is_not_explained(bot: Bot, value: str) -> None:
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    await bot.dispatch(choice(bot, value))
    assert WHY not in shown(modal(bot)["blocks"])
    assert "rich_text" not in [block["type"] for block in modal(bot)["blocks"]]


async def test_a_modal_altered_by_hand_leads_nowhere(bot: Bot) -> None:
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    before = len(bot.core.explained)
    for metadata in ("", "{", json.dumps({"k": "of somebody else"}), "[" * 10_000):
        body = choice(bot, 7)
        body["view"]["private_metadata"] = metadata
        await bot.dispatch(body)
    assert len(bot.core.explained) == before
    assert "too old or was altered" in shown(modal(bot)["blocks"])


async def test_rights_are_looked_at_again_when_a_row_is_chosen(bot: Bot) -> None:
    await bot.command("team=Design last=30d")
    await bot.press(bot.button("why"))
    before = len(bot.core.explained)
    bot.core.admins.clear()
    await bot.dispatch(choice(bot, 7))
    assert len(bot.core.explained) == before
    assert "You are no administrator" in shown(modal(bot)["blocks"])


async def test_a_refusal_stands_in_the_modal(bot: Bot) -> None:
    await bot.command("team=Design last=30d")
    bot.core.fails = NotAllowed("Your role does not cover a team named there. Ask Ann for a role in it.")
    await bot.press(bot.button("why"))
    assert "Your role does not cover" in shown(modal(bot)["blocks"])


async def test_asking_why_needs_the_right_to_reports(bot: Bot) -> None:
    bot.slack.person("U2")
    for text in ("why ann", "why"):
        await bot.command(text, user="U2")
        assert "You are no administrator" in bot.slack.posted[-1].arguments["text"]
    assert bot.core.explained == []


def test_the_surfaces_keep_their_limits_with_a_hundred_rows() -> None:
    rows = [row(number, groups=("g" * 200,) * 20) for number in range(1, 101)]
    found = Explanation(report(*rows, query=UsageQuery(guesses=("x" * 2_000,) * 5)), ())
    assert limits.view_problems(view.modal(found, rows, REFERENCE)) == []
    assert limits.problems(view.message(found, REFERENCE).blocks, Surface.MESSAGE) == []


async def test_in_a_channel_of_two_organisations_names_stand_in_a_modal_alone(bot: Bot) -> None:
    bot.core.report = report(row())
    bot.slack.channel("C1", "U1", is_ext_shared=True)
    await bot.command("why user=ann")
    assert bot.slack.posted == []
    assert "Person 1 · Revit" in shown(modal(bot)["blocks"])
