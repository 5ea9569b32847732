"""`/usage doctor`: what an owner is told about the installation, with the real core behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from handlers import checks, doctor, language
from handlers.checks import Finding
from handlers.views import doctor as view
from reporting_core.words.condition import CheckUp, Condition
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Kind, Rhythm, Schedule, Standing, State
from tests.bot_under_test import Bot
from tests.company import BEN, NOW, Company
from tests.seat_bot import pressed, seat_bot, typed

OWNER = "UOWNER"
TODAY = date(2026, 11, 24)


@pytest.fixture
async def bot(company: Company) -> AsyncIterator[Bot]:
    async with seat_bot(company) as bot:
        yield bot


async def subscribed(company: Company, channel: str = "") -> Schedule:
    asker = Asker(company.core.account_id, OWNER, "Oz", "oz@example.com", owner=True, every_team=True)
    weekly = Cadence(Rhythm.WEEKLY, time(9))
    return await company.core.schedules.subscribe(asker, Kind.DIGEST, "team=Design", weekly, "UTC", channel)


async def found(bot: Bot, about: str) -> Finding:
    return next(each for each in await doctor.examined(bot.desk) if each.about == about)


async def test_it_says_what_is_worth_a_look_first_and_what_is_in_order_in_small_letters(bot: Bot) -> None:
    await typed(bot, "doctor", OWNER)
    blocks = bot.slack.posted[-1].blocks
    kinds = [each["type"] for each in blocks]
    assert (kinds[0], kinds[1], kinds[-2:]) == ("header", "context", ["context", "actions"])
    small = " ".join(each["text"] for each in blocks[-2]["elements"])
    for part in ("🟢 Database: answers", "🟢 Schedules: none yet", "🟢 Messages: nothing is late", "🟢 Slack: answers"):
        assert part in small
    text = str(bot.slack.posted[-1].arguments["text"])
    assert text.startswith("How usagebot is doing\n")
    assert "🟢 Prices: not entered" in text
    assert "Everything is in order" not in text


@pytest.mark.parametrize("user", ["U1", "U3"])
async def test_nobody_but_an_owner_is_told(bot: Bot, user: str) -> None:
    assert "Database" not in await typed(bot, "doctor", user)


async def test_it_looks_again_at_a_press_and_only_for_an_owner(bot: Bot, company: Company) -> None:
    assert "1 go on" not in await typed(bot, "doctor", OWNER)
    await subscribed(company)
    assert "Schedules: 1 go on" in await pressed(bot, "doctor_again", OWNER)
    company.core.rules = replace(company.core.rules, owners=frozenset())
    bot.now[0] += 60
    assert "Schedules: 1" not in await pressed(bot, "doctor_again", OWNER)


async def test_it_speaks_german(bot: Bot) -> None:
    bot.slack.person(OWNER, real_name="Oz", profile={"email": "oz@example.com"}, locale="de-DE")
    told = await typed(bot, "doctor", OWNER)
    for part in ("Wie es usagebot geht", "🟢 Datenbank: antwortet", "🟢 Preise: nicht eingetragen", "Erneut prüfen"):
        assert part in told


async def test_a_schedule_in_trouble_is_named_by_its_token(bot: Bot, company: Company) -> None:
    schedule = await subscribed(company)
    await company.core.schedules.trouble(schedule.token, "archived")
    trouble = await found(bot, "Schedules")
    assert (trouble.state, schedule.token in trouble.said) == ("broken", True)
    assert "🔴 Schedules: something is in the way of" in await typed(bot, "doctor", OWNER)


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ({"is_member": True}, None),
        ({"is_member": False}, "Type /invite @usagebot there"),
        ({"is_member": True, "is_archived": True}, "is archived"),
        (None, "(channel_not_found)"),
    ],
)
async def test_channels_where_something_comes_are_looked_at(
    bot: Bot, company: Company, channel: dict[str, bool] | None, said: str | None
) -> None:
    if channel is not None:
        bot.slack.channel("C0DESIGN", "UBOT", name="design", **channel)
    await subscribed(company, "C0DESIGN")
    findings = [each for each in await doctor.examined(bot.desk) if "hannel" in each.about]
    if said is None:
        assert [(each.state, each.said) for each in findings] == [
            ("fine", "1 of what comes by itself, each can be reached.")
        ]
        return
    (broken,) = findings
    assert (broken.state, said in broken.said) == ("broken", True)
    assert broken.about == ("Channel #design" if channel is not None else "Channel C0DESIGN")


async def test_a_paused_schedules_channel_is_left_alone(bot: Bot, company: Company) -> None:
    schedule = await subscribed(company, "C0GONE")
    await company.core.schedules.pause(company.core.operator, schedule.token)
    assert not [each for each in await doctor.examined(bot.desk) if "hannel" in each.about]


async def test_a_refused_token_and_a_slack_out_of_reach_keep_nothing_from_being_told(bot: Bot) -> None:
    bot.slack.faults["auth.test"] = ["token_revoked"]
    refused = await found(bot, "Slack")
    assert (refused.state, "(token_revoked)" in refused.said) == ("broken", True)
    assert (await found(bot, "Database")).state == "fine"


async def test_a_team_without_report_is_named(bot: Bot, company: Company) -> None:
    company.load(company.usage(BEN.of("Build").used("Revit", 1)))
    assert "no Usage Report" in (await found(bot, "Team Build")).said


async def test_the_newest_event_is_told_and_silence_after_an_hour_is_a_fault(bot: Bot) -> None:
    newest = checks.events({"message": 100.0, "app_home_opened": 400.0}, 0.0, 1000.0)
    assert newest.said == "the newest one came 10 minutes ago."
    assert checks.events({}, 0.0, 600.0).state == "note"
    silent = checks.events({}, 0.0, 7200.0)
    assert (silent.state, "120 minutes ago" in silent.said) == ("broken", True)
    assert "Event Subscriptions" in silent.said
    await bot.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    assert (await found(bot, "Events")).state == "fine"


def standing(**changes: object) -> Condition:
    return replace(Condition(is_current=True, data_through=TODAY, schedules={}, waiting={}, finished={}), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (standing(), ["fine"]),
        (standing(due_since=NOW - timedelta(minutes=14)), ["fine"]),
        (standing(due_since=NOW - timedelta(minutes=16)), ["broken"]),
        (standing(finished={(Kind.DIGEST, State.FAILED): 2, (Kind.ALERT, State.HANDED): 1}), ["note", "note", "fine"]),
    ],
)
def test_messages_that_are_late_or_failed_are_told(condition: Condition, expected: list[str]) -> None:
    said = [each for each in checks.by_itself(CheckUp(condition), NOW) if each.about == "Messages"]
    assert [each.state for each in said] == expected


@pytest.mark.parametrize(
    ("through", "state", "about"),
    [
        (TODAY, "fine", "Data"),
        (TODAY - timedelta(8), "note", "Data"),
        (None, "note", "Data"),
        (TODAY + timedelta(1), "broken", "Clock"),
    ],
)
def test_the_age_of_the_data(through: date | None, state: str, about: str) -> None:
    told = checks.data(through, TODAY)
    assert (told.state, told.about) == (state, about)


def test_a_clock_and_scopes_by_slacks_own_headers() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    date_ = {"Date": "Tue, 24 Nov 2026 11:57:00 GMT"}
    (off,) = checks.clock(date_, now)
    assert (off.state, off.said.startswith("180 seconds")) == ("broken", True)
    assert [each.state for each in checks.clock(date_, now - timedelta(minutes=3))] == ["fine"]
    assert list(checks.clock({}, now)) == []
    assert checks.scopes({"X-OAuth-Scopes": ["chat:write"]}).state == "broken"
    assert checks.scopes({"x-oauth-scopes": ",".join(checks.SCOPES)}).state == "fine"


def test_many_findings_stay_within_a_message_and_are_text() -> None:
    nasty = "<!channel> *bold* `x` https://example.com"
    many = [Finding(state, f"Channel {number}", nasty) for state in ("broken", "note", "fine") for number in range(60)]
    message = view.findings(many)
    assert len(message.blocks) <= 50
    assert "… and 40 more" in str(message.blocks)
    shown = [each["text"] for each in message.blocks if each["type"] == "section"]
    assert {each["type"] for each in shown} == {"plain_text"}
    assert "60 to mend · 60 worth a look · 60 in order" in message.text
    with language.speaking("de"):
        assert "60 zu beheben" in view.findings(many).text


def test_when_all_is_well_that_is_said() -> None:
    assert "Everything is in order." in view.findings([Finding("fine", "Data", "through today.")]).text


def test_tokens_of_many_schedules_in_trouble_are_cut_short() -> None:
    made = Schedule(
        *(1, "abc", Kind.DIGEST, "team=Design", Cadence(Rhythm.WEEKLY), "UTC", TODAY, "", "U1", NOW, Standing.TROUBLE)
    )
    some = tuple(replace(made, token=f"token{number}") for number in range(9))
    told = next(iter(checks.by_itself(CheckUp(standing(), schedules=some), NOW)))
    assert told.said.endswith("lets it go on.")
    assert told.said.count("token") == 5
