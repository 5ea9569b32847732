"""Where an answer with names belongs: not into a channel of another organisation, be it for one reader alone."""

from collections.abc import AsyncIterator

import pytest

from tests.bot_under_test import Bot
from tests.company import Company
from tests.seat_bot import seat_bot

PARTNER = "C9"
KEEP = "exempt user=cleo product=Revit until=2027-01-31 reason=leave"


@pytest.fixture
async def bot(company: Company) -> AsyncIterator[Bot]:
    async with seat_bot(company) as made:
        made.slack.channel(PARTNER, "U1", is_ext_shared=True)
        yield made


@pytest.mark.parametrize("asked", [KEEP, "exempt", "audit"])
async def test_where_another_organisation_reads_along_names_come_by_direct_message(bot: Bot, asked: str) -> None:
    await bot.command(KEEP)
    bot.slack.calls.clear()
    await bot.command(asked, channel_id=PARTNER)
    (sent,), here = bot.slack.named("chat.postMessage"), bot.slack.named("response")
    assert sent.arguments["channel"] == "D-U1"
    assert "Cleo" in str(sent.arguments)
    assert "in our direct message" in str(here[-1].arguments)
    assert "Cleo" not in str(here)


async def test_elsewhere_the_answer_stands_where_it_was_asked_for(bot: Bot) -> None:
    bot.slack.channel("C1", "U1")
    await bot.command(KEEP)
    assert bot.slack.named("chat.postMessage") == []
    assert "Cleo" in str(bot.slack.named("response")[-1].arguments)
