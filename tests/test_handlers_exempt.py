"""`/usage exempt` and `/usage unassign off|on|policy`: who may, what is said, what is recorded; with the real core."""

from collections.abc import AsyncIterator

import pytest

from handlers import language, limits
from handlers.views import exempting as view
from reporting_core.words.cards import Kept
from reporting_core.words.seats import Exemption, Reason
from tests.bot_under_test import Bot
from tests.company import TODAY, WEST, Company
from tests.seat_bot import button, entries, pressed, said, seat_bot, typed

KEEP = '<@U3|cleo> product=Revit until=2027-01-31 reason="parental leave"'


@pytest.fixture
async def bot(company: Company) -> AsyncIterator[Bot]:
    async with seat_bot(company) as bot:
        yield bot


async def reasons(company: Company, question: str = "user=cleo") -> list[Reason | None]:
    return [each.reason for each in await company.core.seats.preview(company.core.operator, question)]


async def test_a_mention_is_exempted_and_it_is_said_what_that_does(bot: Bot, company: Company) -> None:
    told = await typed(bot, f"exempt {KEEP}")
    for part in ("Cleo Lee", "Revit", "Design", "31 Jan 2027", "parental leave", "whatever its use"):
        assert part in told
    assert sorted(map(str, await reasons(company))) == ["None", "exempt"]
    assert entries(company) == [("exempt", "U1")]


async def test_it_is_undone_by_a_press_once(bot: Bot, company: Company) -> None:
    await typed(bot, f"exempt {KEEP}")
    undo = button(bot, "exempt_undo")
    assert "has ended" in await pressed(bot, "exempt_undo")
    await bot.press(undo)
    assert "no such exemption" in said(bot)
    assert await reasons(company) == [None, None]
    assert entries(company) == [("exempt", "U1"), ("unexempt", "U1")]


async def test_a_press_of_another_teams_admin_undoes_nothing(bot: Bot, company: Company) -> None:
    await typed(bot, f"exempt {KEEP}")
    assert "Only an admin of the team" in await pressed(bot, "exempt_undo", "U2")
    assert "exempt" in map(str, await reasons(company))


@pytest.mark.parametrize("value", ["", "[]", '{"x": 7}', '{"x": ""}', '{"x": "nobody"}', "no json"])
async def test_a_press_that_was_altered_changes_nothing(bot: Bot, company: Company, value: str) -> None:
    await typed(bot, f"exempt {KEEP}")
    await pressed(bot, "exempt_undo", value=value)
    assert "exempt" in map(str, await reasons(company))
    assert "incident" not in str(bot.slack.posted)


async def test_the_list_has_a_way_to_end_each(bot: Bot, company: Company) -> None:
    assert "Nobody is exempt" in await typed(bot, "exempt")
    await typed(bot, f"exempt {KEEP}")
    await typed(bot, "exempt user=cleo product=AutoCAD until=2026-12-24 reason=holiday")
    listed = await typed(bot, "exempt")
    assert listed.index("AutoCAD") < listed.index("Revit")
    left = await pressed(bot, "exempt_end_0")
    assert "AutoCAD" not in left
    assert "Revit" in left


async def test_the_same_seat_again_replaces_what_was_there(bot: Bot, company: Company) -> None:
    for day in ("02", "01", "03"):
        await typed(bot, f"exempt user=cleo product=Revit until=2026-12-{day} reason=holiday")
    assert [each.until.day for each in await company.core.seat_rules.exemptions(company.core.operator)] == [3]


@pytest.mark.parametrize(
    ("offset", "lines", "turns"),
    [(0, 6, ["later"]), (6, 6, ["earlier", "later"]), (18, 2, ["earlier"]), (99, 6, ["later"])],
)
def test_a_long_list_is_turned(offset: int, lines: int, turns: list[str]) -> None:
    kept = [
        Kept(Exemption(f"t{n}", 1, n, 1, TODAY, "leave", "U1"), "Design", f"Person {n}", "Revit") for n in range(20)
    ]
    message = view.listed(kept, offset)
    assert sum("accessory" in block for block in message.blocks) == lines
    row = [each["action_id"] for block in message.blocks if block["type"] == "actions" for each in block["elements"]]
    assert row == [f"exempt_{turn}" for turn in turns]


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_the_longest_names_fit(spoken: str) -> None:
    long = "&" * 400
    kept = Kept(Exemption("t", 1, 1, 1, TODAY, long, "U1"), long, long, long)
    with language.speaking(spoken):
        for message in (view.listed([kept] * 20, 6), view.kept(kept)):
            assert limits.problems(message.blocks) == []


async def test_other_teams_exemptions_are_not_listed(bot: Bot) -> None:
    await typed(bot, f"exempt {KEEP}")
    assert "Nobody is exempt" in await typed(bot, "exempt", "U2")
    assert "Cleo" in await typed(bot, "exempt", "UOWNER")


@pytest.mark.parametrize(
    ("text", "user", "told"),
    [
        ("exempt user=cleo", "U1", "until= and reason="),
        ('exempt user=cleo until=2027-01-31 reason="\u200b \u202e"', "U1", "Say why"),
        ("exempt user=cleo until=31/01/2027 reason=x", "U1", "2027-01-31"),
        ("exempt <@U99> until=2027-01-31 reason=x", "U1", ""),
        (f'exempt user=dan team="{WEST}" until=2027-01-31 reason=x', "U1", "does not cover"),
        (f"exempt {KEEP}", "U2", ""),
        (f"exempt {KEEP}", "U3", "⛔"),
    ],
)
async def test_what_may_not_be_or_is_not_understood_changes_nothing(
    bot: Bot, company: Company, text: str, user: str, told: str
) -> None:
    assert told in await typed(bot, text, user)
    assert entries(company) == []
    assert "incident" not in str(bot.slack.posted)


async def test_hostile_words_stay_words(bot: Bot) -> None:
    told = await typed(bot, 'exempt user=cleo product=Revit until=2027-01-31 reason="<!channel> *bold* <@U1>"')
    assert "✅" in told
    for part in ("<!channel>", "*bold*", "<@U1>"):
        assert part not in told


async def test_it_is_said_in_german(bot: Bot) -> None:
    bot.slack.person("U1", real_name="Ann", locale="de-DE", profile={"email": "ann@example.com"})
    assert "behält" in await typed(bot, f"exempt {KEEP}")


# -- the switch


async def test_any_admin_stops_it_and_an_owner_allows_it_again(bot: Bot, company: Company) -> None:
    told = await typed(bot, "unassign off")
    assert "switched off" in told
    assert "<@U1>" in told
    assert await reasons(company) == [Reason.SWITCHED_OFF, Reason.SWITCHED_OFF]
    again = await typed(bot, "unassign OFF", "U2")
    assert "already" in again
    assert "<@U1>" in again
    assert "Only an owner" in await typed(bot, "unassign on", "U2")
    assert "again" in await typed(bot, "unassign on", "UOWNER")
    assert await reasons(company) == [None, None]
    assert entries(company) == [("policy", "U1"), ("policy", "UOWNER")]


async def test_nobody_else_stops_it(bot: Bot, company: Company) -> None:
    await typed(bot, "unassign off", "U3")
    assert entries(company) == []


# -- what an owner sets


async def test_an_owner_reads_and_sets_each_value(bot: Bot, company: Company) -> None:
    listed = await typed(bot, "unassign policy", "UOWNER")
    for name in ("switched_on", "second_above", "grace_days", "undo_days", "old_data_days", "hours"):
        assert name in listed
    for name, value in (("grace_days", "14"), ("hours", "7-18"), ("Second_Above", "3")):
        told = await typed(bot, f"unassign policy {name} {value}", "UOWNER")
        assert f"✅ `{name.casefold()}` *{value}*" in told
        assert "<@UOWNER>" in told
    policy = await company.core.seats.policy()
    assert (policy.grace_days, policy.hours, policy.second_above) == (14, (7, 18), 3)


@pytest.mark.parametrize(
    "text",
    [
        *("policy grace_days", "policy grace_days x", "policy nothing 3", "policy a b c", "policy grace_days ²"),
        *("policy hours ²-³", f"policy hours 7-{'9' * 5_000}", f"policy second_above {'9' * 5_000}"),
    ],
)
async def test_what_is_no_value_is_told(bot: Bot, company: Company, text: str) -> None:
    await typed(bot, f"unassign {text}", "UOWNER")
    assert entries(company) == []
    assert "incident" not in said(bot)


@pytest.mark.parametrize("text", ["policy", "policy grace_days 14"])
async def test_admins_neither_read_nor_set_it(bot: Bot, company: Company, text: str) -> None:
    assert "owner" in await typed(bot, f"unassign {text}")
    assert entries(company) == []


async def test_all_else_is_a_question_about_seats(bot: Bot) -> None:
    await bot.command("unassign off Revit")
    await bot.command("unassign")
    assert "switched off" not in str(bot.slack.posted)
