"""*Share to channel*: a preview of what will be seen, the guard at the press as well, posted once, and undone."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from handlers import limits
from reporting_core.words.people import Asker, SlackPerson
from reporting_core.words.questions import Act, Asked, Kind
from reporting_core.words.report import Row
from tests.bot_under_test import Bot, bot_under_test
from tests.test_handlers_views import all_text

ADMINS, EVERYBODY, PARTNER = "G1", "C2", "C3"


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """Ann and Ben may see everything; the admins' channel is theirs alone, the others have readers who may not."""
    async with bot_under_test() as made:
        made.slack.person("U2", real_name="Ben")
        made.core.admins.add("U2")
        made.slack.channel(ADMINS, "U1", "U2")
        made.slack.channel(EVERYBODY, "U1", is_private=False)
        made.slack.channel(PARTNER, "U1", is_ext_shared=True)
        yield made


async def opened(bot: Bot, channel: str = ADMINS, question: str = "team=Design last=30d") -> dict[str, Any]:
    await bot.command(question)
    await bot.press(bot.button("share"), channel={"id": channel})
    return dict(bot.slack.named("views.update")[-1].arguments["view"])


async def submitted(bot: Bot, view: dict[str, Any], channel: str, view_id: str = "V1") -> dict[str, Any]:
    state = {"values": {"share_where": {"share_where": {"selected_conversation": channel}}}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}}
    await bot.dispatch(body | {"view": view | {"id": view_id, "hash": "h1", "state": state}})
    return dict(bot.slack.named("views.update")[-1].arguments["view"])


def posted(bot: Bot) -> list[dict[str, Any]]:
    return [call.arguments for call in bot.slack.named("chat.postMessage")]


async def test_the_preview_says_who_reads_along_and_shows_rows_where_all_may(bot: Bot) -> None:
    view = await opened(bot)
    assert limits.view_problems(view) == []
    text = "\n".join(all_text(view))
    assert "Every member of #g1 may see these rows" in text
    assert "with 40 rows by name" in text
    assert view["submit"]["text"] == "Share"
    assert posted(bot) == []


@pytest.mark.parametrize(("channel", "words"), [(EVERYBODY, "whole workspace can read"), (PARTNER, "another organis")])
async def test_where_others_read_along_only_totals_are_previewed_and_posted(bot: Bot, channel: str, words: str) -> None:
    view = await opened(bot, channel)
    assert words in "\n".join(all_text(view))
    names = {row.person for row in bot.core.report.rows}
    assert not any(name in str(view) for name in names)
    await submitted(bot, view, channel)
    (message,) = posted(bot)
    assert message["channel"] == channel
    assert "Shared by <@U1>" in str(message)
    assert not any(name in str(message) for name in names)


async def test_rows_are_posted_where_every_member_may_see_them(bot: Bot) -> None:
    view = await submitted(bot, await opened(bot), ADMINS)
    (message,) = posted(bot)
    assert bot.core.report.rows[0].person in str(message)
    assert "Shared to #g1, with names" in "\n".join(all_text(view))


async def test_what_somebody_elses_long_question_keeps_is_shared_on_by_its_message(bot: Bot) -> None:
    standing = await bot.core.shown.open("U2", "team=Design last=90d")
    button = {"type": "button", "action_id": "share", "block_id": f"report:{standing.token}:1", "value": '{"k":"x"}'}
    await bot.press(button, channel={"id": ADMINS}, container={"type": "message", "message_ts": "5.5"})
    assert bot.core.asked[-1] == "team=Design last=90d"
    assert "with 40 rows by name" in str(bot.slack.named("views.update")[-1].arguments)


async def test_members_are_looked_at_again_at_the_press(bot: Bot) -> None:
    view = await opened(bot)
    bot.slack.person("U3")
    bot.slack.channel(ADMINS, "U1", "U2", "U3")
    await submitted(bot, view, ADMINS)
    (message,) = posted(bot)
    assert bot.core.report.rows[0].person not in str(message)


async def test_a_form_sent_twice_posts_once(bot: Bot) -> None:
    view = await opened(bot)
    for _ in range(2):
        await submitted(bot, view, ADMINS)
    assert len(posted(bot)) == 1


async def test_what_was_shared_can_be_taken_back_by_whoever_did(bot: Bot) -> None:
    view = await submitted(bot, await opened(bot), ADMINS)
    (button,) = view["blocks"][-1]["elements"]
    container = {"type": "view", "view_id": "V1"}
    await bot.press(button, user="U2", container=container, view={"id": "V1", "type": "modal"}, channel={})
    assert not bot.slack.named("chat.delete")
    await bot.press(button, container=container, view={"id": "V1", "type": "modal"}, channel={})
    (deleted,) = bot.slack.named("chat.delete")
    assert (deleted.arguments["channel"], deleted.arguments["ts"]) == (ADMINS, "1.1")


async def test_totals_of_one_person_are_not_shared(bot: Bot) -> None:
    view = await opened(bot, EVERYBODY, "team=Design user=ann@example.com last=30d")
    assert "about one person" in "\n".join(all_text(view))
    assert "submit" not in view
    await submitted(bot, view, EVERYBODY)
    assert posted(bot) == []


@pytest.mark.parametrize(
    ("changes", "words"), [({"is_archived": True}, "is archived"), ({"is_member": False}, "Invite it there")]
)
async def test_where_nothing_can_be_posted_there_is_no_button_to_do_so(
    bot: Bot, changes: dict[str, Any], words: str
) -> None:
    bot.slack.channel(ADMINS, "U1", **changes)
    view = await opened(bot)
    assert words in "\n".join(all_text(view))
    assert "submit" not in view


@pytest.mark.parametrize(
    ("fault", "words"), [("is_archived", "archived in between"), ("not_in_channel", "removed from")]
)
async def test_a_channel_that_is_closed_in_between_is_said(bot: Bot, fault: str, words: str) -> None:
    view = await opened(bot)
    bot.slack.faults["chat.postMessage"] = [fault]
    assert words in "\n".join(all_text(await submitted(bot, view, ADMINS)))


async def test_another_channel_is_judged_as_soon_as_it_is_chosen(bot: Bot) -> None:
    view = await opened(bot)
    state = {"values": {"share_where": {"share_where": {"selected_conversation": PARTNER}}}}
    choice = {"type": "conversations_select", "action_id": "share_where", "selected_conversation": PARTNER}
    await bot.press(choice, container={"type": "view"}, view=view | {"id": "V1", "state": state}, channel={})
    assert "another organisation" in "\n".join(all_text(bot.slack.named("views.update")[-1].arguments["view"]))


async def test_from_a_direct_message_a_channel_has_to_be_chosen_first(bot: Bot) -> None:
    view = await opened(bot, "D1")
    assert "Choose a channel" in "\n".join(all_text(view))
    assert json.loads(view["private_metadata"]) == {"q": "team=Design last=30d"}


async def test_names_that_are_hidden_while_members_are_looked_up_are_not_posted(bot: Bot) -> None:
    view = await opened(bot)
    names = {row.person for row in bot.core.report.rows}
    rows = [replace(row, person=f"u_{index}", email=None) for index, row in enumerate(bot.core.report.rows)]
    hashed = replace(bot.core.report, rows=rows, hashed=True, hashed_because=("Design",))
    may, looked_up = bot.core.identify, list[str]()

    async def hides(person: SlackPerson) -> Asker:
        looked_up.append(person.user_id)
        if person.user_id == "U2":
            bot.core.report = hashed
        return await may(person)

    bot.core.identify = hides  # type: ignore[method-assign]
    await submitted(bot, view, ADMINS)
    assert "U2" in looked_up
    (message,) = posted(bot)
    assert not any(name in str(message) for name in names)


async def test_the_rows_that_are_shared_are_looked_through_beside_the_event_loop(bot: Bot) -> None:
    class Rows(list[Row]):
        """Rows that know which thread went through all of them."""

        threads: ClassVar[set[int]] = set()

        def __iter__(self) -> Iterator[Row]:
            self.threads.add(threading.get_ident())
            return super().__iter__()

    view = await opened(bot)
    bot.core.report = replace(bot.core.report, rows=Rows(bot.core.report.rows))
    await submitted(bot, view, ADMINS)
    assert len(posted(bot)) == 1
    assert threading.get_ident() not in Rows.threads


async def test_in_a_channel_of_another_organisation_even_private_answers_hold_no_names(bot: Bot) -> None:
    await bot.command("team=Design last=30d", channel_id=PARTNER)
    names = {row.person for row in bot.core.report.rows}
    assert "shared with another organisation" in str(bot.slack.posted[-1].arguments)
    assert not any(name in str(bot.slack.posted) for name in names)
    await bot.press(bot.button("rows_direct"), channel={"id": PARTNER})
    sent = bot.slack.named("chat.postMessage")[-1].arguments
    assert sent["channel"] == "D-U1"
    assert bot.core.report.rows[0].person in str(sent)
    assert "in our direct message" in str(bot.slack.posted[-1].arguments)


async def test_a_shared_channel_gets_no_names_either_where_the_bot_is_no_member(bot: Bot) -> None:
    bot.slack.channel(PARTNER, "U1", is_ext_shared=True, is_private=False, is_member=False)
    await bot.command("team=Design last=30d", channel_id=PARTNER)
    assert "shared with another organisation" in str(bot.slack.posted[-1].arguments)
    assert bot.core.report.rows[0].person not in str(bot.slack.posted)


async def test_a_reason_asked_for_aloud_in_a_shared_channel_comes_by_direct_message(bot: Bot) -> None:
    bot.core.asking.made_out = Asked(Kind.QUERY, Act.WHY, "team=Design last=30d")
    bot.core.report = replace(bot.core.report, rows=bot.core.report.rows[:1])
    event = {"type": "app_mention", "channel": PARTNER, "user": "U1", "ts": "7.7", "text": "<@UBOT> why?"}
    await bot.event(event)
    sent, here = bot.slack.posted
    assert sent.arguments["channel"] == "D-U1"
    assert bot.core.report.rows[0].person in str(sent.arguments)
    assert (here.method, here.arguments["channel"]) == ("chat.postEphemeral", PARTNER)
    assert "in our direct message" in str(here.arguments)


async def test_where_slack_does_not_say_whose_channel_it_is_a_private_answer_stays_private(bot: Bot) -> None:
    bot.slack.faults["conversations.info"] = ["hang"]
    await bot.command("team=Design last=30d", channel_id=ADMINS)
    assert bot.core.report.rows[0].person in str(bot.slack.posted[-1].arguments)
