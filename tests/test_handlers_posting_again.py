"""What was begun and cut off, pressed twice or altered: it is told to somebody, sent once, promised never falsely."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from reporting_core.words.errors import StoreBusy
from reporting_core.words.schedules import Standing, State
from tests.coming_bot import WEDNESDAY, Coming, coming
from tests.company import Company
from tests.seat_bot import pressed, said, typed
from tests.test_handlers_posting import decisions, doubted, press_of, subscribed


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: the machine behind it is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"


@pytest.fixture
async def it(company: Company) -> AsyncIterator[Coming]:
    async with coming(company) as made:
        yield made


@dataclass
class Dying:
    """Schedules in a process that dies when it comes to these steps."""

    whole: Any
    at: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return self._dead if name in self.at else getattr(self.whole, name)

    async def _dead(self, *_given: object, **_named: object) -> Any:
        raise StoreBusy("It is being written elsewhere.")


def dying(it: Coming, *at: str) -> Dying:
    made = Dying(it.company.core.schedules, list(at))
    it.company.core.schedules = made  # type: ignore[assignment]
    return made


async def test_a_second_lost_answer_is_asked_about_as_well(it: Coming) -> None:
    await doubted(it)
    it.slack.faults["chat.postMessage"] = [500]
    await pressed(it.bot, "post_again")
    await it.later(minutes=2)
    await it.later(minutes=2)
    assert [post.state for post in await it.history()] == [State.HANDED]
    assert len(it.sent("D-U1")) == 2
    assert len(it.sent("C1")) == 2


async def test_who_dies_before_it_is_handed_over_has_asked_already(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    it.slack.faults["chat.postMessage"] = [500]
    process = dying(it, "handed")
    await it.at(WEDNESDAY)
    await it.later(minutes=1)
    process.at.clear()
    for _ in range(3):
        await it.later(minutes=5)
    assert [post.state for post in await it.history()] == [State.HANDED]
    assert len(it.sent("D-U1")) == 1


@pytest.mark.parametrize("step", ["trouble", "failed"])
async def test_who_dies_while_it_is_put_to_rest_has_told_already(it: Coming, step: str) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    it.slack.channel("C1", "U1", "UOWNER", is_archived=True)
    process = dying(it, step)
    await it.at(WEDNESDAY)
    process.at.clear()
    for _ in range(3):
        await it.later(minutes=5)
    assert (await it.schedule()).standing is Standing.TROUBLE
    for user in ("U1", "UOWNER"):
        assert ["The channel is archived" in each["text"] for each in it.sent(f"D-{user}")] == [True]


async def test_what_is_too_old_to_be_sent_again_is_not_promised(it: Coming) -> None:
    await doubted(it)
    await it.later(days=3)
    assert "It is not sent again" in await pressed(it.bot, "post_again")
    await it.later(minutes=2)
    assert [post.state for post in await it.history()] == [State.MISSED]
    assert len(it.sent("C1")) == 1


async def test_what_rests_meanwhile_is_not_promised_either(it: Coming) -> None:
    await doubted(it)
    token = (await it.schedule()).token
    await typed(it.bot, f"pause {token}")
    assert "It is not sent again" in await pressed(it.bot, "post_again")
    assert [post.state for post in await it.history()] == [State.WITHDRAWN]


async def test_two_who_ask_for_it_at_once_get_it_once(it: Coming) -> None:
    await subscribed(it)
    schedules, token = it.company.core.schedules, (await it.schedule()).token
    asker = await it.company.core.identify(await it.bot.desk.directory.person("U1"))
    presses = await asyncio.gather(*(schedules.send_now(asker, token, f"{each}.1") for each in range(4)))
    assert sorted(presses) == [False, False, False, True]
    await it.rounds()
    assert len(it.sent("D-U1")) == 1
    assert await schedules.send_now(asker, token, "9.1")


async def test_who_asks_for_one_while_it_is_paused_is_told_that_it_did_not_go(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    token = (await it.schedule()).token
    await typed(it.bot, f"pause {token}")
    it.slack.channel("C1", "U1", "UOWNER", is_archived=True)
    await typed(it.bot, f"send now {token}")
    await it.rounds()
    assert ["The channel is archived" in each["text"] for each in it.sent("D-U1")] == [True]
    assert it.sent("D-UOWNER") == []


async def test_a_press_on_what_was_never_sent_leads_nowhere(it: Coming) -> None:
    await subscribed(it, "team=Design daily 9:00")
    await it.at(WEDNESDAY)
    row = press_of(decisions(it.sent("D-U1")[-1])[0], "digest_keep")
    await it.later(days=1)
    skipped = (await it.history())[0]
    assert skipped.state is State.SKIPPED
    await it.bot.press(row | {"value": json.dumps(json.loads(row["value"]) | {"d": skipped.key})})
    assert "too old or was altered" in said(it.bot)


async def test_a_seat_that_is_no_decision_of_this_digest_is_not_written_into_it(it: Coming) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    (before,) = await it.history()
    row = press_of(decisions(it.sent("D-U1")[-1])[0], "digest_keep")
    waiting = {json.loads(press_of(each, "digest_keep")["value"])["a"] for each in decisions(it.sent("D-U1")[-1])}
    for number in set(range(1, 9)) - waiting:
        await it.bot.press(row | {"value": json.dumps(json.loads(row["value"]) | {"a": number})}, user="UOWNER")
    assert [post.content for post in await it.history()] == [before.content]


ALTERED = (
    *('{"d":"K\\u0000","a":1}', '{"d":"\\ud800","a":1}', '{"d":["K"],"a":1}', '{"d":"K","a":true}', "[]", "null", "1"),
    *('{"d":"K","a":9223372036854775808}', '{"d":"K","a":-99999999999999999999}', '{"d":"K","a":1e400}'),
)


@pytest.mark.parametrize("value", ALTERED)
async def test_altered_presses_do_nothing_and_break_nothing(it: Coming, value: str) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    (before,) = await it.history()
    row = press_of(decisions(it.sent("D-U1")[-1])[0], "digest_keep")
    for name in (
        "digest_keep",
        "post_again",
        "post_arrived",
        "post_now",
        "schedule_take",
        "schedule_manage",
        "schedule_end",
    ):
        for carried in ("d", "k", "s"):
            altered = value.replace("K", before.key).replace('"d"', f'"{carried}"')
            await it.bot.press({**row, "action_id": name, "value": altered}, user="UOWNER")
            assert "incident" not in said(it.bot)
    assert await it.history() == [before]


async def test_a_digest_is_drawn_anew_without_names_where_somebody_came_who_may_not_read_them(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    await it.at(WEDNESDAY)
    rows = decisions(it.sent("C1")[-1])
    it.slack.channel("C1", "U1", "UOWNER", "U3")
    await it.bot.press(press_of(rows[0], "digest_keep"))
    drawn = it.slack.named("chat.update")[-1].arguments
    assert (drawn["channel"], "Cleo" in str(drawn)) == ("C1", False)
    assert "Not every member here may see the rows" in str(drawn)
    it.slack.channel("C1", "U1", "UOWNER")
    await it.bot.press(press_of(rows[1], "digest_keep"))
    assert "Cleo" in str(it.slack.named("chat.update")[-1].arguments)


async def test_a_digest_of_somebody_who_left_stays_as_it_is_and_says_why(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    await it.at(WEDNESDAY)
    row = press_of(decisions(it.sent("C1")[-1])[0], "digest_keep")
    it.slack.person("U1", real_name="Ann", deleted=True, profile={"email": "ann@example.com"})
    await it.later(minutes=1)
    await it.bot.press(row, user="UOWNER")
    assert "Whoever this digest was made for has left" in said(it.bot)
    assert it.slack.named("chat.update") == []


@pytest.mark.parametrize("fault", ["message_not_found", "is_archived", 500])
async def test_what_is_noted_is_not_denied_where_the_message_cannot_be_changed(it: Coming, fault: str | int) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    it.slack.faults["chat.update"] = [fault]
    await it.bot.press(press_of(decisions(it.sent("D-U1")[-1])[0], "digest_keep"))
    assert "That is noted, but this message could not be changed" in said(it.bot)
    assert '"kept":{"' in (await it.history())[0].content


REFUSED = [
    ("conversations.info", "missing_scope", "scope"),
    ("conversations.info", "token_revoked", "token"),
    ("conversations.members", "missing_scope", "scope"),
]


@pytest.mark.parametrize(("method", "word", "cause"), REFUSED)
async def test_what_slack_will_not_say_of_a_channel_for_good_lets_it_rest(
    it: Coming, method: str, word: str, cause: str
) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    it.slack.faults[method] = [word]
    await it.at(WEDNESDAY)
    plan = await it.schedule()
    assert (plan.standing, plan.cause) == (Standing.TROUBLE, cause)
    assert it.sent("C1") == []
    assert len(it.sent("D-U1")) == len(it.sent("D-UOWNER")) == 1
