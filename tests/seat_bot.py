"""The bot with a stand-in for Slack and the real core behind it: Ann administers Design, Ben West, Oz owns usagebot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from reporting_core.usecases.identity import Rules
from tests.bot_under_test import Bot, bot_under_test
from tests.company import ANN, BEN, CLEO, DAN, WEST, Company, ago
from tests.slack_stand_in import TEAM

PEOPLE = {"U1": "ann", "U2": "ben", "U3": "cleo", "UOWNER": "oz"}


@asynccontextmanager
async def seat_bot(company: Company) -> AsyncIterator[Bot]:
    rows = (ANN.holds("Revit", last=1), CLEO.holds("Revit"), CLEO.holds("AutoCAD"), DAN.of(WEST).holds("Revit"))
    roles = (ANN.is_a("Primary admin"), BEN.of(WEST).is_a("SSO admin"), CLEO.is_a("User"))
    company.load(company.report(*rows), exported_on=ago(0))
    company.load(company.users(*roles), exported_on=ago(0))
    core = company.core
    core.rules = Rules(owners=frozenset({"oz@example.com"}))
    await core.bind_workspace(TEAM)
    async with bot_under_test() as bot:
        for user_id, name in PEOPLE.items():
            bot.slack.person(user_id, real_name=name.title(), profile={"email": f"{name}@example.com"})
        bot.desk.core = core
        yield bot


async def typed(bot: Bot, text: str, user: str = "U1") -> str:
    """Type a command; returns all that is shown of the answer."""
    await bot.command(text, user)
    return said(bot)


async def pressed(bot: Bot, action_id: str, user: str = "U1", **changes: Any) -> str:
    """Press a button of the newest message; `changes` alter what it carries, as somebody could by hand."""
    await bot.press(button(bot, action_id) | changes, user)
    return said(bot)


def said(bot: Bot) -> str:
    newest = bot.slack.posted[-1].arguments
    return str([newest.get("text"), newest.get("blocks")])


def button(bot: Bot, action_id: str) -> dict[str, Any]:
    """Return a button wherever it stands in the newest message that has it."""
    for call in reversed(bot.slack.posted):
        for block in call.blocks:
            for each in [*block.get("elements", []), block.get("accessory") or {}]:
                if each.get("action_id") == action_id:
                    return {**each, "block_id": block.get("block_id", "b")}
    raise LookupError(action_id)


def entries(company: Company) -> list[tuple[str, str]]:
    """Return the audit: what happened, by whom, oldest first."""
    return [(line.kind, line.actor) for line in reversed(company.core.audit.listed(company.core.operator))]
