"""The bot with a stand-in for Slack, the real core and a clock that moves: for what comes without asking.

Ann administers Design, Ben West, Oz owns usagebot. It is Tuesday, 24 November 2026, 12:00 UTC.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers import posting
from reporting_core.words.schedules import Post, Schedule
from tests.bot_under_test import Bot
from tests.company import NOW, Company
from tests.seat_bot import seat_bot

WEDNESDAY = datetime(2026, 11, 25, 8, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""Nine o'clock in Berlin, where the people of these tests are."""


@dataclass(slots=True)
class Coming:
    """The bot, the company, and the time."""

    bot: Bot
    company: Company
    now: datetime = NOW

    @property
    def slack(self) -> Any:
        return self.bot.slack

    async def at(self, now: datetime) -> None:
        """Let it become so late, and everything be done that is due."""
        self.bot.now[0] += (now - self.now).total_seconds()  # what Slack said of people is forgotten
        self.now = now
        await self.rounds()

    async def later(self, **span: float) -> None:
        await self.at(self.now + timedelta(**span))

    async def rounds(self) -> None:
        await posting.look_again(self.bot.desk)
        await posting.post_due(self.bot.desk)
        await posting.look_again(self.bot.desk)

    def sent(self, to: str) -> list[dict[str, Any]]:
        """What was posted in a conversation; `D-U1` is the direct message with U1."""
        return [call.arguments for call in self.slack.named("chat.postMessage") if call.arguments["channel"] == to]

    async def schedule(self, token: str = "") -> Schedule:
        found = await self.company.core.schedules.listed(self.company.core.operator, everyone=True)
        return next(each for each in found if each.token.startswith(token))

    async def history(self) -> list[Post]:
        plan = await self.schedule()
        return await self.company.core.schedules.history(self.company.core.operator, plan.token)


@asynccontextmanager
async def coming(company: Company) -> AsyncIterator[Coming]:
    async with seat_bot(company) as bot:
        made = Coming(bot, company)
        company.core.exports.folder = company.folder / "exports"
        company.core.clock = company.core.exports.clock = lambda: made.now
        bot.desk.pace.sleep = _at_once
        yield made


async def _at_once(_seconds: float) -> None:
    """Nobody waits for a turn here; how long one would is looked at in a test of its own."""
