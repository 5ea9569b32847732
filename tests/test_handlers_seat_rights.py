"""Whoever asked is looked up once more when a seat is really taken; the bot heals with the same look."""

from collections.abc import AsyncIterator

import pytest

from handlers import seat_rights
from reporting_core.usecases.seats.healing import Healed
from reporting_core.words.errors import AskAgain, NotAllowed
from tests.bot_under_test import Bot, bot_under_test


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    async with bot_under_test() as bot:
        bot.core.owners.add("U1")
        yield bot


async def test_somebody_is_looked_up_with_the_rights_of_this_moment(bot: Bot) -> None:
    asker = await seat_rights.looked_up(bot.desk)("U1")
    assert asker is not None
    assert (asker.slack_user_id, asker.owner) == ("U1", True)
    bot.core.owners.discard("U1")
    bot.core.admins.discard("U1")
    with pytest.raises(NotAllowed):
        await seat_rights.looked_up(bot.desk)("U1")


@pytest.mark.parametrize("change", ["is_restricted", "deleted", "is_bot", "is_stranger"])
async def test_a_change_in_slack_ends_rights_after_five_seconds_at_most(bot: Bot, change: str) -> None:
    may = seat_rights.looked_up(bot.desk)
    await may("U1")
    bot.slack.person("U1", real_name="Ann", **{change: True})
    bot.now[0] += 5
    with pytest.raises(NotAllowed):
        await may("U1")


async def test_whoever_slack_does_not_know_has_no_rights(bot: Bot) -> None:
    with pytest.raises((NotAllowed, AskAgain)):
        await seat_rights.looked_up(bot.desk)("U404")


async def test_a_round_of_healing_looks_rights_up_and_logs_only_kinds_of_errors(bot: Bot) -> None:
    bot.core.seats.healed = Healed(["token"], ["StoreBusy", "StoreBusy"])
    assert await seat_rights.heal(bot.desk) == 1
    (may,) = bot.core.seats.rounds
    assert may is not None
    assert (await may("U1")) is not None
