"""What was tried until it was given up is told to its owner once, with a press that sends it after all."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers import alerts, limits
from reporting_core.words.schedules import Standing, State
from tests.coming_bot import WEDNESDAY, Coming, coming
from tests.company import Company
from tests.seat_bot import pressed, said, typed
from tests.test_handlers_posting import subscribed


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: what is written down is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"


@pytest.fixture
async def it(company: Company) -> AsyncIterator[Coming]:
    company.load(company.balances((1000, 100, 200)))
    async with coming(company) as made:
        made.slack.channel("C1", "U1", "UOWNER")
        yield made


async def fails(it: Coming, times: int, fault: str = "request_timeout") -> None:
    """Let Slack take nothing for so many attempts, each as soon as it is due; the notice of the last one arrives."""
    for attempt in range(times):
        it.slack.faults["chat.postMessage"] = [fault]
        await it.at(WEDNESDAY if not attempt else it.now + PAUSES[attempt - 1])


async def fails_and_waits(it: Coming, words: str = "team=Design weekly wed 9:00 here") -> None:
    """Let it be given up, with the notice of it still on its way."""
    await subscribed(it, words)
    await fails(it, 7)
    it.slack.faults["chat.postMessage"] = ["request_timeout"] * 2
    await it.at(it.now + PAUSES[-1])
    assert [post.state for post in await it.history()] == [State.FAILED]


PAUSES = [timedelta(seconds=each) for each in (30, 60, 300, 900, 3600, 3 * 3600, 6 * 3600)]


async def given_up(it: Coming, words: str = "team=Design weekly wed 9:00 here") -> None:
    await subscribed(it, words)
    await fails(it, 8)
    assert [post.state for post in await it.history()] == [State.FAILED]


def told(it: Coming, user: str = "U1") -> list[str]:
    return [each["text"] for each in it.sent(f"D-{user}") if "was not sent" in each["text"]]


async def test_after_eight_attempts_the_owner_hears_what_where_why_and_when_the_next_comes_once(it: Coming) -> None:
    await given_up(it)
    await it.later(minutes=1)
    await it.later(minutes=1)
    (text,) = told(it)
    assert "*Digest* `team=Design last=30d` of " in text
    assert "was not sent to <#C1>. It was given up after 8 attempts: Slack could not be reached." in text
    assert f"The next one comes <!date^{int((WEDNESDAY + timedelta(days=7)).timestamp())}^" in text
    assert told(it, "UOWNER") == []
    assert (await it.schedule()).standing is Standing.ON
    assert limits.problems(it.sent("D-U1")[-1]["blocks"]) == []


async def test_send_now_sends_it_after_all(it: Coming) -> None:
    await given_up(it)
    await it.later(minutes=1)
    before = len(it.sent("C1"))
    await pressed(it.bot, "schedule_send")
    await it.rounds()
    assert [post.state for post in await it.history()] == [State.POSTED, State.FAILED]
    assert len(it.sent("C1")) == before + 1
    assert "is on its way to <#C1>" in str(it.slack.calls)


async def test_the_history_says_how_often_and_why(it: Coming) -> None:
    await given_up(it)
    shown = await typed(it.bot, f"subscriptions {(await it.schedule()).token}")
    assert "given up after 8 attempts: Slack could not be reached." in shown
    assert "not sent" not in shown


async def test_german_is_spoken_to_who_has_it(it: Coming) -> None:
    it.slack.person("U1", real_name="Ann", locale="de-DE", profile={"email": "ann@example.com"})
    await it.later(minutes=10)
    await it.bot.command("subscribe team=Design weekly wed 9:00")
    await fails(it, 8)
    await it.later(minutes=1)
    text = it.sent("D-U1")[-1]["text"]
    assert "wurde nicht an Sie gesendet. Nach 8 Versuchen wurde aufgegeben: Slack war nicht zu erreichen." in text
    assert "Das nächste Mal kommt es am " in text


async def test_what_was_stopped_meanwhile_is_told_to_nobody(it: Coming) -> None:
    await fails_and_waits(it)
    before = told(it)
    await typed(it.bot, f"pause {(await it.schedule()).token}")
    await it.later(minutes=1)
    assert told(it) == before


async def test_one_that_was_asked_for_is_told_of_also_while_it_is_paused(it: Coming) -> None:
    await subscribed(it, "team=Design weekly wed 9:00 here")
    token = (await it.schedule()).token
    await typed(it.bot, f"pause {token}")
    it.slack.faults["chat.postMessage"] = ["request_timeout"]
    await it.bot.command(f"send now {token}")
    await fails(it, 7)
    await it.later(minutes=1)
    (text,) = told(it)
    assert "The next one" not in text


async def test_slack_that_takes_nothing_holds_the_notice_up_as_well_and_it_arrives_once(it: Coming) -> None:
    await fails_and_waits(it)
    assert len(told(it)) == 1  # the attempt
    for _ in range(3):
        await it.later(minutes=1)
    assert len(told(it)) == 2


async def test_a_notice_that_is_given_up_itself_tells_nobody(it: Coming) -> None:
    await fails_and_waits(it)
    for pause in PAUSES:
        it.slack.faults["chat.postMessage"] = ["request_timeout"]
        await it.at(it.now + pause)
    await it.later(hours=1)
    assert len(told(it)) == 8  # attempts


@pytest.mark.parametrize("place", ["here", "owners"])
async def test_an_alert_that_is_given_up_is_told_and_sent_by_a_press_once(it: Coming, place: str) -> None:
    await typed(it.bot, f"alerts tokens_low {place}", user="UOWNER")
    where = "C1" if place == "here" else "D-UOWNER"
    await alerts.look(it.bot.desk)
    for pause in [timedelta(0), *PAUSES]:
        it.slack.faults["chat.postMessage"] = ["request_timeout"] * 9  # other alerts begin with it
        await it.at(it.now + pause)
    it.slack.faults["chat.postMessage"] = []
    await it.later(minutes=1)
    text = next(each for each in told(it, "UOWNER") if "*Few tokens left*" in each)
    assert "given up after 8 attempts" in text
    assert text.startswith("⚠️ The alert *Few tokens left* of ")
    assert ("<#C1>" in text) == (place == "here")
    assert told(it, "U1") == []
    before = len(alerted(it, where))
    for _ in range(2):
        await sent_anyway(it)
    assert len(alerted(it, where)) == before + 1


def alerted(it: Coming, where: str) -> list[str]:
    return [each["text"] for each in it.sent(where) if "🔔 Few tokens left" in each["text"]]


async def sent_anyway(it: Coming) -> None:
    """Press *Send now* of the notice about few tokens, though others may stand below it."""
    notice = next(each for each in it.sent("D-UOWNER") if "*Few tokens left*" in each["text"])
    button = notice["blocks"][-1]["elements"][0]
    await it.bot.press({**button, "block_id": notice["blocks"][-1]["block_id"]}, user="UOWNER")
    assert "The alert is on its way" in said(it.bot)
    await it.later(minutes=1)


async def test_a_button_altered_to_another_post_sends_nothing(it: Coming) -> None:
    await given_up(it)
    (post,) = await it.history()
    await it.bot.press(
        {"action_id": "post_now", "block_id": "given_up", "value": f'{{"k": "{post.key}"}}'}, user="UOWNER"
    )
    assert "too old or was altered" in said(it.bot)
