"""Who gets in: every listener declares its need, and only Slack's own word on a person counts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.door import Route
from handlers.routes import ROUTES
from reporting_core.words.people import Need
from tests.bot_under_test import Bot, body_of, bot_under_test

PAGE = {"type": "button", "action_id": "page_next", "value": '{"q":"last=30d","p":2}'}
ALLOWED_WITHOUT_A_ROLE = {
    *("usage.answer", "buttons.show_help", "heard.message"),
    *("conversation.greet", "conversation.open_home", "conversation.open_thread"),
    # Explanations without numbers, a thumb on one, and the way to a person.
    *("talk.show_entry", "talk.judge", "agent.press", "agent.submit", "agent.followed"),
}


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        yield made


def undeclared(bot: Bot) -> list[str]:
    """Names of listeners on the app that carry no route with a need."""
    functions = [listener.ack_function for listener in bot.app._async_listeners]
    routes = [getattr(function, "route", None) for function in functions]
    return [str(each) for each, route in zip(functions, routes, strict=True) if not _declared(route)]


def _declared(route: object) -> bool:
    return isinstance(route, Route) and isinstance(route.need, Need)


async def test_every_listener_declares_what_it_needs(bot: Bot) -> None:
    assert undeclared(bot) == []
    assert len(bot.app._async_listeners) == len(ROUTES)


async def test_a_listener_registered_without_a_need_is_noticed(bot: Bot) -> None:
    async def quick_fix(ack: Any) -> None:
        await ack()

    bot.app.action("sneaky")(quick_fix)
    assert len(undeclared(bot)) == 1


def test_only_help_explanations_and_the_way_to_a_person_ask_for_no_role() -> None:
    free = {f"{route.handle.__module__}.{route.handle.__name__}" for route in ROUTES if route.need is Need.NOTHING}
    assert free == {f"handlers.{name}" for name in ALLOWED_WITHOUT_A_ROLE | {"conversation.forget"}}


OUTSIDERS: dict[str, dict[str, Any]] = {
    "guest": {"is_restricted": True},
    "single-channel guest": {"is_ultra_restricted": True},
    "stranger": {"is_stranger": True},
    "of another workspace": {"team_id": "T2"},
    "deactivated": {"deleted": True},
    "bot": {"is_bot": True},
}


@pytest.mark.parametrize("kind", OUTSIDERS)
@pytest.mark.parametrize("text", ["last=30d", "help", "examples", "", "people", "unassign"])
async def test_outsiders_get_nothing_but_the_reason(bot: Bot, kind: str, text: str) -> None:
    bot.core.admins.add("U5")
    bot.slack.person("U5", **OUTSIDERS[kind])
    await bot.command(text, user="U5")
    assert bot.core.asked == []
    assert [call.method for call in bot.slack.posted] == ["response"]
    assert "Please ask Ann (IT desk)." in bot.slack.posted[0].arguments["text"]
    assert bot.slack.named("views.open") == []


@pytest.mark.parametrize("kind", OUTSIDERS)
async def test_outsiders_are_refused_at_every_press(bot: Bot, kind: str) -> None:
    bot.core.admins.add("U5")
    bot.slack.person("U5", **OUTSIDERS[kind])
    for action_id in ("page_next", "run_0", "change", "form", "help_0"):
        await bot.press(PAGE | {"action_id": action_id}, user="U5")
    assert await _found(bot, "U5") == []
    ended = body_of(await bot.submit({}, user="U5"))
    assert ended["view"]["callback_id"] == "usage_form"
    assert "submit" not in ended["view"]
    assert bot.core.asked == []
    assert all("Please ask" in call.arguments["text"] for call in bot.slack.posted)


async def _found(bot: Bot, user: str) -> list[Any]:
    return list(body_of(await bot.look_up("team", "", user=user)).get("options", []))


async def test_a_member_without_a_role_learns_why_and_whom_to_ask(bot: Bot) -> None:
    bot.slack.person("U6")
    await bot.command("last=30d", user="U6")
    assert bot.slack.posted[-1].arguments["text"] == "You are no administrator. Ask Ann."


async def test_the_payload_is_not_believed_about_a_person(bot: Bot) -> None:
    bot.core.admins.add("U5")
    bot.slack.person("U5", is_restricted=True)
    claimed = {"id": "U5", "team_id": "T1", "is_restricted": False, "is_admin": True}
    await bot.dispatch(bot.pressing(PAGE, "U5") | {"user": claimed})
    assert bot.core.asked == []


@pytest.mark.parametrize(
    "foreign",
    [{"team_id": "T2"}, {"team_id": "T2", "enterprise_id": "E2"}, {"team_id": "", "enterprise_id": "E2"}],
)
async def test_another_workspace_gets_not_one_byte(bot: Bot, foreign: dict[str, str]) -> None:
    answer = await bot.command("last=30d", **foreign)
    assert (answer.status, answer.body) == (200, "")
    assert bot.slack.calls == []


async def test_a_press_from_another_workspace_gets_not_one_byte(bot: Bot) -> None:
    await bot.press(PAGE, team={"id": "T2"})
    assert bot.slack.calls == []


async def test_slack_is_asked_once_in_some_seconds(bot: Bot) -> None:
    await bot.command("last=30d")
    await bot.command("last=30d")
    assert len(bot.slack.named("users.info")) == 1
    bot.now[0] += 5
    await bot.command("last=30d")
    assert len(bot.slack.named("users.info")) == 2


async def test_a_change_that_slack_announces_counts_at_once(bot: Bot) -> None:
    await bot.command("last=30d")
    bot.slack.person("U1", is_restricted=True)
    await bot.event({"type": "user_change", "user": {"id": "U1"}})
    await bot.command("last=30d")
    assert len(bot.core.asked) == 1
    assert "Guests" in bot.slack.posted[-1].arguments["text"]


async def test_a_right_taken_away_counts_at_the_next_press(bot: Bot) -> None:
    await bot.command("last=30d")
    bot.core.admins.clear()
    await bot.press(bot.button("page_next"))
    assert len(bot.core.asked) == 1


@pytest.mark.parametrize("fault", ["ratelimited", "internal_error", 500])
async def test_when_slack_does_not_say_who_it_is_nobody_gets_anything(bot: Bot, fault: str | int) -> None:
    bot.slack.faults["users.info"] = [fault, fault]
    await bot.command("last=30d")
    assert bot.core.asked == []
    assert "Slack did not say who you are" in bot.slack.posted[-1].arguments["text"]


async def test_nobody_slack_knows_is_nobody(bot: Bot) -> None:
    await bot.command("last=30d", user="U404")
    assert bot.core.asked == []
    assert "not a member" in bot.slack.posted[-1].arguments["text"]
