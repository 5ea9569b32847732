"""What comes by itself arrives once: whatever Slack answers, wherever names may stand, whoever may see what."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.providers.ledger import Ledger
from handlers import digests, limits
from handlers.pacing import Pace
from reporting_core.usecases.digests.facade import Digests
from reporting_core.words.digests import DigestWish
from reporting_core.words.schedules import Standing, State
from tests.coming_bot import MONDAY, WEDNESDAY, Coming, coming
from tests.company import Company
from tests.provider_world import ground
from tests.seat_bot import pressed, said, typed


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """One kind of database is enough here: the machine behind it is tried on both elsewhere."""
    return f"sqlite:///{tmp_path / 'usagebot.sqlite3'}"


@pytest.fixture
async def it(company: Company) -> AsyncIterator[Coming]:
    """Cleo's two seats of Design were never used."""
    async with coming(company) as made:
        yield made


async def subscribed(it: Coming, words: str = "team=Design weekly wed 9:00", channel: str = "C1") -> None:
    await it.bot.command(f"subscribe {words}", channel_id=channel)
    assert "Subscribed" in said(it.bot)


# -- once, at its time


async def test_it_comes_at_nine_of_the_subscriber_and_once(it: Coming) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY - timedelta(minutes=1))
    assert it.sent("D-U1") == []
    await it.at(WEDNESDAY)
    await it.later(minutes=1)
    (digest,) = it.sent("D-U1")
    assert "2 seats are inactive" in digest["text"]
    assert "Cleo Lee · AutoCAD · never used" in str(digest["blocks"])
    assert limits.problems(digest["blocks"]) == []
    token = (await it.schedule()).token
    key = f"digest:{token}:2026-11-25T09:00"
    assert digest["metadata"] == {"event_type": "usagebot_post", "event_payload": {"key": key}}
    assert (await it.schedule()).next.local == MONDAY.replace(day=2, month=12, hour=9, tzinfo=None)  # type: ignore[union-attr]


async def test_no_name_is_kept_with_what_was_sent(it: Coming) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    (post,) = await it.history()
    assert post.state is State.POSTED
    assert "leo" not in post.content.casefold()


async def test_what_comes_late_says_so_and_what_is_a_day_late_does_not_come(it: Coming) -> None:
    await subscribed(it, "team=Design daily 9:00")
    await it.at(WEDNESDAY + timedelta(hours=3))
    (digest,) = it.sent("D-U1")
    assert "Sent late" in str(digest["blocks"])
    await it.at(WEDNESDAY + timedelta(days=2, hours=1))
    states = [post.state for post in await it.history()]
    assert states == [State.SKIPPED, State.MISSED, State.POSTED]


async def test_nothing_new_is_left_out_but_for_a_line_once_in_a_while(
    it: Coming, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribed(it, "team=Design daily 9:00")
    await it.at(WEDNESDAY)
    await it.at(WEDNESDAY + timedelta(days=1))
    assert len(it.sent("D-U1")) == 1
    assert [post.state for post in await it.history()] == [State.SKIPPED, State.POSTED]
    monkeypatch.setattr(digests, "QUIET", timedelta(days=2))  # a month later the data would be too old
    await it.at(WEDNESDAY + timedelta(days=2))
    assert "nothing new since" in it.sent("D-U1")[-1]["text"]


async def test_who_asks_for_one_sees_how_it_stands_also_where_nothing_is_new(it: Coming) -> None:
    await subscribed(it, "team=Design daily 9:00")
    await it.at(WEDNESDAY)
    await typed(it.bot, f"send now {(await it.schedule()).token}")
    first, again = it.sent("D-U1")
    assert "how it stands on" in again["text"]
    assert "no seat changed" in again["text"]
    assert "Decisions waiting" in str(first["blocks"])
    assert "Decisions waiting" in str(again["blocks"])


async def test_old_data_brings_its_age_and_no_figures(it: Coming) -> None:
    await subscribed(it, "team=Design weekly mon 9:00")
    await it.at(MONDAY)
    (digest,) = it.sent("D-U1")
    assert "is 6 days old, so no figures are given" in digest["text"]
    assert "seats" not in str(digest["blocks"])


# -- where names may stand


async def test_in_a_channel_where_all_may_see_the_rows_they_have_names(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    await it.at(WEDNESDAY)
    (digest,) = it.sent("C1")
    assert "Cleo Lee" in str(digest["blocks"])
    assert "unassign_row" in str(digest["blocks"])


PLACES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "some_may_not": (("U1", "U3"), {}),
    "public": (("U1",), {"is_private": False}),
    "shared": (("U1",), {"is_ext_shared": True}),
}


@pytest.mark.parametrize("why", PLACES)
async def test_elsewhere_there_are_totals_and_no_decisions(it: Coming, why: str) -> None:
    members, changes = PLACES[why]
    it.slack.channel("C1", *members, **changes)
    await subscribed(it, "team=Design weekly wed 9:00 here")
    await it.at(WEDNESDAY)
    (digest,) = it.sent("C1")
    shown = str(digest)
    assert "Cleo" not in shown
    assert "unassign_row" not in shown
    assert "so there are no names" in shown
    assert "3 seats assigned" in shown


async def test_who_reads_along_is_looked_at_when_it_is_sent(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    it.slack.channel("C1", "U1", "UOWNER", "U3")
    await it.at(WEDNESDAY)
    assert "Cleo" not in str(it.sent("C1"))


async def test_names_are_hashed_where_a_team_hides_them_by_then(it: Coming, company: Company) -> None:
    await subscribed(it)
    company.core.set_personal_data("Design", shown=False)
    await it.at(WEDNESDAY)
    assert "Cleo" not in str(it.sent("D-U1"))
    assert "Names are hashed" in str(it.sent("D-U1"))


# -- whose it is


async def test_who_has_left_gets_nothing_and_the_owners_may_take_it_over(it: Coming) -> None:
    await subscribed(it)
    it.slack.person("U1", real_name="Ann", deleted=True, profile={"email": "ann@example.com"})
    await it.later(minutes=1)
    await it.at(WEDNESDAY)
    assert it.sent("D-U1") == []
    assert (await it.schedule()).standing is Standing.TROUBLE
    (notice,) = it.sent("D-UOWNER")
    assert "has left or may not see these reports any more" in notice["text"]
    await pressed(it.bot, "schedule_take", user="UOWNER")
    plan = await it.schedule()
    assert (plan.owner, plan.standing) == ("UOWNER", Standing.ON)
    await it.at(WEDNESDAY + timedelta(days=7))
    assert len(it.sent("D-UOWNER")) == 2


async def test_who_lost_the_role_gets_nothing(it: Coming, company: Company) -> None:
    await subscribed(it)
    company.load(company.users(ANN_IS_NOBODY))
    await it.at(WEDNESDAY)
    assert it.sent("D-U1") == []
    assert (await it.schedule()).cause == "rights"


ANN_IS_NOBODY = [
    {"email": "ann@example.com", "first_name": "Ann", "last_name": "Lee", "team": "Design", "role": "User",
     "account_status": "Active", "autodesk_id": "", "hashed_autodesk_id": ""},
    {"email": "cleo@example.com", "first_name": "Cleo", "last_name": "Lee", "team": "Design", "role": "User",
     "account_status": "Active", "autodesk_id": "", "hashed_autodesk_id": ""},
]  # fmt: skip


# -- what Slack refuses for good

STAYS = {
    "is_archived": ("archived", "Bring it back in Slack"),
    "not_in_channel": ("not_in_channel", "/invite @usagebot"),
    "channel_not_found": ("channel_gone", "Choose another one"),
    "missing_scope": ("scope", "Install the app anew"),
    "token_revoked": ("token", "SLACK_BOT_TOKEN"),
    "account_inactive": ("token", "SLACK_BOT_TOKEN"),
    "invalid_auth": ("token", "SLACK_BOT_TOKEN"),
    "restricted_action": ("restricted", "Ask a workspace admin"),
    "something_new": ("something_new", "something∶new|something＿new"),
}


@pytest.mark.parametrize("word", STAYS)
async def test_what_stays_lets_it_rest_and_tells_owner_and_owners_the_remedy_once(it: Coming, word: str) -> None:
    cause, remedy = STAYS[word]
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design daily 9:00 here")
    it.slack.faults["chat.postMessage"] = [word]
    await it.at(WEDNESDAY)
    plan = await it.schedule()
    assert (plan.standing, plan.cause) == (Standing.TROUBLE, cause)
    await it.later(days=3)
    for user in ("U1", "UOWNER"):
        (notice,) = it.sent(f"D-{user}")
        assert any(each in notice["text"] for each in remedy.split("|"))
    assert len(it.sent("C1")) == 1  # the attempt
    assert [post.state for post in await it.history()] == [State.FAILED]


async def test_an_archived_channel_is_seen_before_anything_is_sent_and_resuming_goes_on(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design daily 9:00 here")
    it.slack.channel("C1", "U1", "UOWNER", is_archived=True)
    await it.at(WEDNESDAY)
    assert it.sent("C1") == []
    assert "The channel is archived" in it.sent("D-U1")[-1]["text"]
    await pressed(it.bot, "schedule_resume")
    assert "Bring it back in Slack, or choose another one" in said(it.bot)
    assert (await it.schedule()).standing is Standing.TROUBLE
    it.slack.channel("C1", "U1", "UOWNER", name="another-name")
    await pressed(it.bot, "schedule_resume")
    assert "Goes on" in said(it.bot)
    await it.at(WEDNESDAY + timedelta(days=1))
    assert len(it.sent("C1")) == 1


async def test_a_team_that_is_gone_lets_it_rest_with_the_way_out(it: Coming, company: Company) -> None:
    await subscribed(it, "team=Design weekly wed 9:00")
    company.core.merge_teams("Design", "Structural West")
    await it.at(WEDNESDAY)
    plan = await it.schedule()
    if plan.standing is Standing.TROUBLE:  # merged teams may be answered under their new name as well
        assert "Edit…" in it.sent("D-U1")[-1]["text"]


# -- what passes


@pytest.mark.parametrize("fault", [429, "ratelimited", "request_timeout"])
async def test_what_passes_is_tried_again_and_nobody_is_told(it: Coming, fault: str | int) -> None:
    await subscribed(it)
    it.slack.faults["chat.postMessage"] = [fault, fault]  # the client waits once by itself
    await it.at(WEDNESDAY)
    while it.slack.faults["chat.postMessage"]:
        await it.later(minutes=2)
    await it.later(minutes=2)
    (post,) = await it.history()
    assert post.state is State.POSTED
    assert (await it.schedule()).standing is Standing.ON
    assert it.sent("D-UOWNER") == []


async def test_blocks_that_are_refused_go_as_text(it: Coming) -> None:
    await subscribed(it)
    it.slack.faults["chat.postMessage"] = ["invalid_blocks"]
    await it.at(WEDNESDAY)
    _, second = it.sent("D-U1")
    assert "data_visualization" not in str(second)
    assert [post.state for post in await it.history()] == [State.POSTED]


# -- what nobody can tell


@pytest.mark.parametrize("fault", [500, "internal_error"])
async def test_a_lost_answer_in_a_direct_message_is_looked_for_and_not_sent_again(it: Coming, fault: str | int) -> None:
    await subscribed(it)
    it.slack.faults["chat.postMessage"] = [fault]
    await it.at(WEDNESDAY)
    assert [post.state for post in await it.history()] == [State.UNKNOWN]
    await it.later(minutes=1)
    assert [post.state for post in await it.history()] == [State.POSTED]
    assert len(it.sent("D-U1")) == 1


async def test_of_two_that_are_found_the_first_stays(it: Coming) -> None:
    """Somebody who stood still sent it as well, and does not know."""
    await subscribed(it)
    it.slack.faults["chat.postMessage"] = [500]
    await it.at(WEDNESDAY)
    (first,) = it.sent("D-U1")
    await it.bot.desk.client.chat_postMessage(channel="D-U1", text="again", metadata=first["metadata"])
    await it.later(minutes=1)
    (post,) = await it.history()
    assert post.state is State.POSTED
    (deleted,) = it.slack.named("chat.delete")
    newest, oldest = (each["ts"] for each in it.slack.history("D-U1"))
    assert (post.message_ts, deleted.arguments["ts"]) == (oldest, newest)


async def test_what_is_not_there_is_sent_again(it: Coming) -> None:
    await subscribed(it)
    it.slack.faults["chat.postMessage"], it.slack.swallows = [500], True
    await it.at(WEDNESDAY)
    await it.later(minutes=1)
    assert len(it.sent("D-U1")) == 2
    assert [post.state for post in await it.history()] == [State.POSTED]


async def doubted(it: Coming) -> None:
    it.slack.channel("C1", "U1", "UOWNER")
    await subscribed(it, "team=Design weekly wed 9:00 here")
    it.slack.faults["chat.postMessage"] = [500]
    await it.at(WEDNESDAY)
    await it.later(minutes=1)
    assert [post.state for post in await it.history()] == [State.HANDED]
    assert "send it again only if you say" in it.sent("D-U1")[-1]["text"] or "sent again only if you say" in str(
        it.sent("D-U1")[-1]["text"]
    )


async def test_in_a_channel_the_owner_is_asked_and_says_that_it_arrived(it: Coming) -> None:
    await doubted(it)
    await pressed(it.bot, "post_arrived")
    await it.later(minutes=5)
    assert [post.state for post in await it.history()] == [State.POSTED]
    assert len(it.sent("C1")) == 1
    assert it.slack.named("conversations.history") == []


async def test_in_a_channel_the_owner_is_asked_and_lets_it_be_sent_again_once(it: Coming) -> None:
    await doubted(it)
    await pressed(it.bot, "post_again")
    await it.later(minutes=1)
    await pressed(it.bot, "post_again")
    assert "settled already" in said(it.bot)
    await it.later(minutes=5)
    assert len(it.sent("C1")) == 2


async def test_somebody_else_may_not_decide_that(it: Coming) -> None:
    await doubted(it)
    await pressed(it.bot, "post_again", user="U2")
    assert [post.state for post in await it.history()] == [State.HANDED]


# -- acting on a row


async def test_acting_on_one_row_leaves_the_others(it: Coming, company: Company) -> None:
    company.core.seats.provided_by(Ledger(ground(company)))
    await subscribed(it)
    await it.at(WEDNESDAY)
    rows = decisions(it.sent("D-U1")[-1])
    assert len(rows) == 2
    await it.bot.press(press_of(rows[0], "digest_keep"))
    kept = it.slack.named("chat.update")[-1].arguments
    assert (kept["channel"], kept["ts"]) == ("D-U1", "1.1")
    assert "kept for now by <@U1>" in str(kept["blocks"])
    assert decisions(kept) == rows[1:]
    await unassigned(it, rows[1])
    done = next(call.arguments for call in reversed(it.slack.named("chat.update")) if call.arguments["ts"] == "1.1")
    assert decisions(done) == []
    assert "unassigned by <@U1>" in str(done["blocks"])
    assert "kept for now by <@U1>" in str(done["blocks"])
    assert done["text"] == it.sent("D-U1")[0]["text"]


async def test_who_may_not_take_seats_may_not_keep_them(it: Coming) -> None:
    await subscribed(it)
    await it.at(WEDNESDAY)
    row = decisions(it.sent("D-U1")[-1])[0]
    for user in ("U2", "U3"):  # Ben administers another team, Cleo none
        await it.bot.press(press_of(row, "digest_keep"), user=user)
    assert it.slack.named("chat.update") == []


def decisions(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message["blocks"] if block.get("block_id", "").startswith("digest_")]


def press_of(row: dict[str, Any], action_id: str) -> dict[str, Any]:
    found = next(each for each in row["elements"] if each["action_id"] == action_id)
    return {**found, "block_id": row["block_id"]}


async def unassigned(it: Coming, row: dict[str, Any]) -> None:
    await it.bot.press(press_of(row, "unassign_row"))
    form = it.slack.named("views.update")[-1].arguments["view"]
    await it.bot.dispatch(sending(form))


def sending(form: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}}
    return body | {"trigger_id": "1.1.x", "view": {**form, "id": "V1", "state": {"values": {}}}}


# -- one a second


async def test_a_channel_gets_one_message_a_second_and_others_do_not_wait() -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    pace = Pace(lambda: 100.0, sleep)
    for channel in ("C1", "C1", "C2", "C1"):
        await pace.turn(channel)
    assert slept == [1.0, pytest.approx(0.4), 2.0]
    pace.rest(30)
    await pace.turn("C3")
    assert slept[-1] == 30.0


async def test_one_digest_that_cannot_be_computed_costs_none_of_the_others(it: Coming) -> None:
    await subscribed(it)
    await subscribed(it, "team=Design product=Revit weekly wed 9:00")
    real = it.company.core.digests
    it.company.core.digests = Broken(real)  # type: ignore[assignment]
    await it.at(WEDNESDAY)
    (digest,) = it.sent("D-U1")
    assert "team=Design last=30d" in str(digest)
    it.company.core.digests = real
    await it.later(minutes=5)
    assert len(it.sent("D-U1")) == 2


class Broken:
    """Digests, of which those about Revit alone meet what nobody foresaw."""

    def __init__(self, digests: Digests) -> None:
        self.digests = digests

    async def of(self, wishes: Sequence[DigestWish]) -> Mapping[str, object]:
        if any("Revit" in wish.question for wish in wishes):
            raise RuntimeError
        return await self.digests.of(wishes)
