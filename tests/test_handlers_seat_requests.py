"""*Send to the owner*: found in Slack, recorded, sent once, and said in the form without touching the other rows."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from handlers import limits
from handlers.views import audit
from handlers.views import seat_requests as view
from reporting_core.words.audit import Page
from reporting_core.words.cards import Admins
from reporting_core.words.errors import StoreBusy
from reporting_core.words.query import UsageQuery
from reporting_core.words.seats import GroupWay, Reason, Verdict
from reporting_core.words.terms import Origin
from tests.bot_under_test import Bot, bot_under_test
from tests.seats_stand_in import NOW, seat
from tests.test_handlers_audit import line
from tests.test_handlers_seats import form, one, several, text_of

WAY = GroupWay("BIM authors", 6, ("AutoCAD",), ("Dan Lee",), ("dan@example.com",))


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """Person 1 and 2 have their seat through a group that Dan owns; Ann asks."""
    async with bot_under_test() as made:
        made.core.owners |= {"U1", "U2"}
        made.slack.person("U2", real_name="Ben")
        made.slack.person("U4", real_name="Dan", profile={"email": "dan@example.com", "real_name": "Dan Lee"})
        for number in (1, 2):
            grouped(made, number)
        yield made


def grouped(bot: Bot, number: int, **changes: Any) -> None:
    found = seat(number, origin=Origin.GROUP, origin_group="BIM authors")
    bot.core.seats.verdicts[number] = Verdict(found, Reason.GROUP, group=replace(WAY, **changes))


def buttons_of(shown: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (block["block_id"], each)
        for block in shown["blocks"]
        if block["type"] == "actions"
        for each in block["elements"]
        if each["action_id"] == "seat_request"
    ]


async def press(bot: Bot, shown: dict[str, Any], user: str = "U1", **changes: Any) -> dict[str, Any]:
    """Press the button of a form as Slack sends it; returns the form as it is then."""
    ((block_id, button),) = buttons_of(shown)
    opened = {"id": "V1", "root_view_id": "V1", **shown, "state": {"values": {}}, **changes}
    await bot.press({**button, "block_id": block_id}, user=user, view=opened, container={"type": "view"}, channel={})
    return form(bot)


def sent(bot: Bot) -> list[dict[str, Any]]:
    return [call.arguments for call in bot.slack.named("chat.postMessage")]


async def test_the_owner_gets_it_from_the_bot_in_the_name_of_whoever_asks(bot: Bot) -> None:
    shown = await one(bot)
    ((_block, button),) = buttons_of(shown)
    assert button["text"]["text"] == "Send to Dan Lee"
    after = await press(bot, shown)
    (message,) = sent(bot)
    assert message["channel"] == "D-U4"
    assert "<@U1> asks you" in message["text"]
    assert "take Person 1 (person1@example.com) out of the group “BIM authors”" in text_of(message["blocks"])
    assert "answer <@U1>" in text_of(message["blocks"])
    assert limits.problems(message["blocks"]) == []
    assert "Sent to <@U4>" in text_of(after)
    assert limits.view_problems(after) == []
    assert bot.core.requests.asked == [("U1", "V1", 1, ("U4",))]


async def test_a_double_click_sends_once(bot: Bot) -> None:
    shown = await one(bot)
    await press(bot, shown)
    assert "Sent to <@U4>" in text_of(await press(bot, shown))
    assert len(sent(bot)) == 1


async def test_among_several_one_request_names_everybody_and_the_rest_stays_as_ticked(bot: Bot) -> None:
    shown = await several(bot, 4)
    assert len(buttons_of(shown)) == 1
    (boxes,) = [block for block in shown["blocks"] if block["type"] == "input"]
    option = boxes["element"]["options"][1]
    values = {boxes["block_id"]: {boxes["element"]["action_id"]: {"selected_options": [option]}}}
    after = await press(bot, shown, state={"values": values})
    assert "Person 1 (person1@example.com), Person 2 (person2@example.com)" in text_of(sent(bot)[0]["blocks"])
    (boxes,) = [block for block in after["blocks"] if block["type"] == "input"]
    assert boxes["element"]["initial_options"] == [option]
    assert after["private_metadata"] == shown["private_metadata"]
    assert after["submit"]["text"] == "Unassign"
    assert "Sent to <@U4>" in text_of(after)
    assert buttons_of(after) == []
    assert bot.core.seats.presses == []


async def test_nothing_is_sent_without_its_record(bot: Bot) -> None:
    bot.core.requests.fails = StoreBusy("The database is busy.")
    after = await press(bot, await one(bot))
    assert sent(bot) == []
    assert len(buttons_of(after)) == 1
    bot.core.requests.fails = None
    assert "Sent to <@U4>" in text_of(await press(bot, after))
    assert len(sent(bot)) == 1


@pytest.mark.parametrize("change", ["is_restricted", "is_ultra_restricted", "deleted", "is_bot", "is_stranger"])
async def test_only_a_full_member_is_written_to(bot: Bot, change: str) -> None:
    bot.slack.person("U4", real_name="Dan", profile={"email": "dan@example.com"}, **{change: True})
    after = await press(bot, await one(bot))
    assert "no owner of this group is a full member" in text_of(after)
    assert (sent(bot), bot.core.requests.asked) == ([], [])


async def test_an_owner_whom_slack_does_not_know_is_said(bot: Bot) -> None:
    bot.core.requests.found = Admins(("U404",), ("nobody@example.com",))
    assert "no owner of this group is a full member" in text_of(await press(bot, await one(bot)))
    assert sent(bot) == []


async def test_slack_that_does_not_say_who_it_is_leaves_the_button(bot: Bot) -> None:
    shown = await one(bot)
    bot.slack.faults["users.lookupByEmail"] = ["missing_scope"]
    after = await press(bot, shown)
    assert "did not say who owns" in text_of(after)
    assert len(buttons_of(after)) == 1
    assert "Sent to" in text_of(after := await press(bot, after))
    assert "did not say" not in text_of(after)


async def test_what_slack_refused_was_not_sent_and_can_be_pressed_again(bot: Bot) -> None:
    shown = await one(bot)
    bot.slack.faults["chat.postMessage"] = ["messages_tab_disabled"]
    after = await press(bot, shown)
    assert "nothing was sent" in text_of(after)
    assert bot.core.requests.unsent_ == [1]
    assert "Sent to <@U4>" in text_of(await press(bot, after))


async def test_what_may_have_arrived_is_not_sent_again(bot: Bot) -> None:
    shown = await one(bot)
    bot.slack.faults["chat.postMessage"] = [503]
    after = await press(bot, shown)
    assert "not known whether <@U4> got it" in text_of(after)
    assert buttons_of(after) == []
    await press(bot, shown)
    assert len(sent(bot)) == 1


async def test_what_has_changed_since_sends_nothing(bot: Bot) -> None:
    shown = await one(bot)
    bot.core.seats.verdicts[1] = Verdict(seat(1))
    assert "have changed since they were shown" in text_of(await press(bot, shown))
    assert sent(bot) == []


@pytest.mark.parametrize("value", ["", "{}", '{"a":1}', '{"a":"x,-1,99999999999999999999"}', "[]"])
async def test_an_altered_button_sends_nothing(bot: Bot, value: str) -> None:
    shown = await one(bot)
    ((_block, button),) = buttons_of(shown)
    button["value"] = value
    bot.core.seats.verdicts.pop(1)
    assert "Nothing was sent" in text_of(await press(bot, shown))
    assert sent(bot) == []


async def test_whoever_may_no_longer_decide_sends_nothing(bot: Bot) -> None:
    shown = await one(bot)
    bot.core.owners.discard("U2")
    await press(bot, shown, user="U2")
    bot.slack.person("U2", real_name="Ben", deleted=True)
    await press(bot, shown, user="U2")
    assert (sent(bot), bot.core.requests.asked) == ([], [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"owners": (), "emails": ()}, "does not say who owns this group"),
        ({"emails": ()}, "no e-mail of the owner"),
        ({"emails": (), "hidden": True}, "Names are hidden here"),
    ],
)
async def test_why_it_can_only_be_copied(bot: Bot, changes: dict[str, Any], words: str) -> None:
    grouped(bot, 1, **changes)
    shown = await one(bot)
    assert buttons_of(shown) == []
    assert words in text_of(shown)
    assert ("Please take Person 1" in text_of(shown)) is not changes.get("hidden", False)


async def test_the_owner_reads_it_in_their_language(bot: Bot) -> None:
    bot.slack.person("U4", real_name="Dan", profile={"email": "dan@example.com"}, locale="de-DE")
    after = await press(bot, await one(bot))
    assert "<@U1> bittet Sie" in sent(bot)[0]["text"]
    assert "Sent to <@U4>" in text_of(after)


def test_use_is_spoken_of_only_where_there_is_none() -> None:
    idle, busy = (Verdict(seat(1, days_90=days), Reason.GROUP, group=WAY) for days in (0, 3))
    assert "not been used for at least 90 days" in view.request([idle])
    assert "is to be freed" in view.request([busy])
    assert "used" not in view.request([busy, idle])


def test_many_people_of_one_group_are_asked_about_in_parts() -> None:
    some = [Verdict(seat(number), Reason.GROUP, group=WAY) for number in range(1, 31)]
    shown = {"blocks": view.ways(some)}
    assert [len(view.ids(button["value"])) for _block, button in buttons_of(shown)] == [12, 12, 6]
    assert len({block for block, _button in buttons_of(shown)}) == 3


def test_the_audit_says_who_was_asked() -> None:
    row = line("request_sent", product="Revit", to=["U4"])
    told = audit.page(Page(UsageQuery(), (row,), 1, 1, 1, NOW.date(), NOW.date())).text
    assert "owner asked* · Cleo Lee · Revit · Design · to <@U4>" in told
