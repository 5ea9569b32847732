"""The channel guard: rows with names go only where every member may see them; what is not known counts as no."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers import guard
from handlers.audience import Why
from handlers.guard import covers
from reporting_core.words.people import Asker
from reporting_core.words.terms import Role
from tests.bot_under_test import Bot, bot_under_test

DESIGN, WEST = 1, 2


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as made:
        made.slack.person("U2")
        made.core.admins |= {"U1", "U2"}
        yield made


async def judged(bot: Bot, channel: str = "G1") -> Why:
    return (await guard.audience(bot.desk, channel, frozenset({DESIGN}), "U1")).why


async def test_a_private_channel_of_admins_alone_may_see_rows(bot: Bot) -> None:
    bot.slack.channel("G1", "U1", "U2")
    assert await judged(bot) is Why.ALL_MAY


async def test_one_member_without_the_right_is_enough_for_totals(bot: Bot) -> None:
    bot.slack.person("U3")
    bot.slack.channel("G1", "U1", "U2", "U3")
    found = await guard.audience(bot.desk, "G1", frozenset({DESIGN}), "U1")
    assert (found.why, found.barred, found.may_see_rows, found.can_be_told) == (Why.SOME_MAY_NOT, 1, False, True)


@pytest.mark.parametrize(
    "changes",
    [{"is_restricted": True}, {"deleted": True}, {"is_stranger": True}, {"team_id": "T9"}],
)
async def test_guests_strangers_and_the_deactivated_may_not(bot: Bot, changes: dict[str, Any]) -> None:
    bot.slack.person("U2", **changes)
    bot.slack.channel("G1", "U1", "U2")
    assert await judged(bot) is Why.SOME_MAY_NOT


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"is_private": False}, Why.PUBLIC),
        ({"is_ext_shared": True}, Why.SHARED),
        ({"is_pending_ext_shared": True}, Why.SHARED),
        ({"is_archived": True}, Why.ARCHIVED),
        ({"is_member": False}, Why.NOT_THERE),
    ],
)
async def test_the_kind_of_channel_decides_first(bot: Bot, changes: dict[str, Any], why: Why) -> None:
    bot.slack.channel("G1", "U1", **changes)
    assert await judged(bot) is why
    assert not bot.slack.named("users.info")


@pytest.mark.parametrize("changes", [{}, {"is_ext_shared": True}])
async def test_a_private_channel_is_closed_to_who_is_no_member(bot: Bot, changes: dict[str, Any]) -> None:
    bot.slack.channel("G1", "U2", **changes)
    found = await guard.audience(bot.desk, "G1", frozenset({DESIGN}), "U1")
    assert (found.why, found.can_be_told, found.place.name) == (Why.OUTSIDER, False, "")


async def test_too_many_members_are_not_looked_up_one_by_one(bot: Bot) -> None:
    bot.slack.channel("G1", *[f"U{number}" for number in range(60)])
    assert await judged(bot) is Why.MANY
    assert not bot.slack.named("users.info")


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members"])
async def test_when_slack_does_not_say_nothing_is_shown(bot: Bot, method: str) -> None:
    bot.slack.channel("G1", "U1")
    bot.slack.faults[method] = ["fatal_error"]
    found = await guard.audience(bot.desk, "G1", frozenset({DESIGN}), "U1")
    assert (found.why, found.may_see_rows, found.can_be_told) == (Why.UNKNOWN, False, False)


async def test_a_place_unknown_to_the_bot_is_no_place(bot: Bot) -> None:
    assert await judged(bot, "G9") is Why.NOT_THERE


async def test_apps_of_the_workspace_are_nobody_who_reads(bot: Bot) -> None:
    bot.slack.person("B1", is_bot=True)
    bot.slack.channel("G1", "U1", "B1")
    assert await judged(bot) is Why.ALL_MAY


@pytest.mark.parametrize(
    ("teams", "may"),
    [({DESIGN: {Role.REPORTER}}, True), ({WEST: {Role.REPORTER}}, False), ({DESIGN: {Role.SSO_ADMIN}, 3: set()}, True)],
)
def test_a_role_in_every_team_of_the_report_is_needed(teams: dict[int, set[Role]], may: bool) -> None:
    asker = Asker(1, "U2", "Ben", "", teams={team: frozenset(roles) for team, roles in teams.items()})
    assert covers(asker, frozenset({DESIGN})) is may
