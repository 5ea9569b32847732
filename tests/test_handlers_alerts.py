"""Alerts in Slack: told to the owners or a channel, once; looked at by anybody with reports, set by an owner."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers import alerts, limits
from reporting_core.words.alerts import AlertKind, AlertRule
from tests.coming_bot import Coming, coming
from tests.company import Company
from tests.seat_bot import pressed, said, typed


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"


@pytest.fixture
async def it(company: Company) -> AsyncIterator[Coming]:
    """Design has 100 of 1,000 tokens left, in a pack that ends in 200 days."""
    company.load(company.balances((1000, 100, 200)))
    async with coming(company) as made:
        made.slack.channel("C1", "U1", "UOWNER")
        yield made


async def looked(it: Coming) -> None:
    await alerts.look(it.bot.desk)
    await it.rounds()


async def rule(it: Coming, kind: AlertKind) -> AlertRule:
    return next(each for each in await it.company.core.alerts.rules() if each.kind is kind)


def told(it: Coming, to: str) -> list[str]:
    return [each["text"] for each in it.sent(to) if "Few tokens" in each["text"]]


async def test_an_owner_is_told_once_of_each_time_it_begins(it: Coming) -> None:
    await looked(it)
    await it.later(days=1)
    await looked(it)
    (text,) = told(it, "D-UOWNER")
    assert "🔔 Few tokens left" in text
    assert "Design: " in text
    assert "100" in text
    assert told(it, "D-U1") == []
    assert all(limits.problems(each["blocks"]) == [] for each in it.sent("D-UOWNER"))


async def test_its_report_is_one_press_away_and_leaves_it_standing(it: Coming) -> None:
    await looked(it)
    await pressed(it.bot, "alert_report_0", user="UOWNER")
    assert "Usage of Design" in said(it.bot)
    assert it.slack.named("chat.update") == []


async def test_it_goes_to_a_channel_that_was_set_and_to_nobody_else(it: Coming) -> None:
    assert "to <#C1>" in await typed(it.bot, "alerts tokens_low here", user="UOWNER")
    await looked(it)
    assert len(told(it, "C1")) == 1
    assert told(it, "D-UOWNER") == []


async def test_who_is_owner_no_more_is_not_told(it: Coming) -> None:
    it.slack.person("UOWNER", profile={"email": "oz@example.com"}, deleted=True)
    await looked(it)
    assert told(it, "D-UOWNER") == []


async def test_an_owner_sets_threshold_switch_and_place(it: Coming) -> None:
    await typed(it.bot, "alerts tokens_low 15% off <#C1|ops>", user="UOWNER")
    found = await rule(it, AlertKind.TOKENS_LOW)
    assert (found.threshold, found.on, found.channel) == (15, False, "C1")
    assert "*Few tokens left* · switched off (changed)" in said(it.bot)
    assert "when no seat is free, to the owners" in said(it.bot)
    await typed(it.bot, "alerts tokens_low owners on", user="UOWNER")
    found = await rule(it, AlertKind.TOKENS_LOW)
    assert (found.threshold, found.on, found.channel) == (15, True, "")
    assert "'accessibility_label': 'Switch off: Few tokens left'" in str(it.slack.posted[-1].arguments["blocks"])
    await pressed(it.bot, "alert_off_tokens_low", user="UOWNER")
    assert not (await rule(it, AlertKind.TOKENS_LOW)).on
    await looked(it)
    assert told(it, "D-UOWNER") == []


WRONG = {
    "nosuch on": "There is no alert “nosuch”. They are tokens_low, run_out,",
    "tokens_low": "/usage alerts tokens_low 15, … off",
    "tokens_low 101": "Give a number",
    "tokens_low maybe": "I cannot read “maybe”. Behind tokens_low goes a whole number",
    "tokens_low 1e9": "I cannot read “1e9”",
}


@pytest.mark.parametrize("words", WRONG)
async def test_what_cannot_be_is_told_and_changes_nothing(it: Coming, words: str) -> None:
    before = await it.company.core.alerts.rules()
    text = await typed(it.bot, f"alerts {words}", user="UOWNER")
    assert WRONG[words] in text
    assert "`" not in text
    assert await it.company.core.alerts.rules() == before


async def test_a_place_where_others_read_along_or_the_bot_is_not_is_refused(it: Coming) -> None:
    it.slack.channel("C2", "UOWNER", is_ext_shared=True)
    it.slack.channel("C3", "UOWNER", is_archived=True)
    for channel, words in (("C2", "Another organisation"), ("C3", "archived"), ("C9", "/invite @usagebot")):
        assert words in await typed(it.bot, f"alerts tokens_low <#{channel}|x>", user="UOWNER")
    assert (await rule(it, AlertKind.TOKENS_LOW)).channel == ""


async def test_others_see_what_is_watched_and_change_nothing(it: Coming) -> None:
    text = await typed(it.bot, "alerts")
    assert "Few tokens left" in text
    assert "alert_off" not in text
    assert "Only an owner" in await typed(it.bot, "alerts tokens_low off")
    assert (await rule(it, AlertKind.TOKENS_LOW)).on
    assert limits.problems(it.slack.posted[-1].blocks) == []


@pytest.mark.parametrize("how", ["refused", "archived", "shared"])
async def test_what_a_channel_does_not_take_comes_to_the_owners_with_the_reason(it: Coming, how: str) -> None:
    await typed(it.bot, "alerts tokens_low here", user="UOWNER")
    if how == "refused":
        it.slack.faults["chat.postMessage"] = ["restricted_action"]
    else:
        it.slack.channel("C1", "UOWNER", **({"is_archived": True} if how == "archived" else {"is_ext_shared": True}))
    await looked(it)
    await it.later(hours=1)
    assert len(told(it, "C1")) == (how == "refused")
    assert len(told(it, "D-UOWNER")) == 1
    (notice,) = [each["text"] for each in it.sent("D-UOWNER") if "takes no alerts any more" in each["text"]]
    assert "<#C1>" in notice
