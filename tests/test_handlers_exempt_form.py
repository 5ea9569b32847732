"""Exempting in the form of the Home, and ending there; with the real core."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt import BoltResponse

from handlers import limits
from handlers.views import exempt_form as view
from tests.bot_under_test import Bot, body_of
from tests.company import Company
from tests.seat_bot import entries, seat_bot
from tests.test_handlers_exempt import reasons
from tests.test_handlers_seats import AT_HOME, text_of

FIELDS = {view.WHO: "cleo product=Revit", view.UNTIL: "2027-01-31", view.REASON: "parental \u201cleave\u201d"}


@pytest.fixture
async def bot(company: Company) -> AsyncIterator[Bot]:
    async with seat_bot(company) as bot:
        yield bot


async def home(bot: Bot, user: str = "U1") -> dict[str, Any]:
    await bot.event({"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"})
    return shown(bot)


def shown(bot: Bot) -> dict[str, Any]:
    return dict(bot.slack.named("views.publish")[-1].arguments["view"])


async def send(bot: Bot, fields: dict[str, str], user: str = "U1") -> BoltResponse:
    values = {
        name: {name: {"selected_date" if name == view.UNTIL else "value": value}} for name, value in fields.items()
    }
    sent = {"type": "modal", "callback_id": view.CALLBACK, "id": "V1", "state": {"values": values}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "view": sent}
    return await bot.dispatch(body)


async def test_the_home_opens_the_form_and_shows_who_is_exempt(bot: Bot, company: Company) -> None:
    assert "exempt_form" in str(await home(bot))
    await bot.press({"action_id": "exempt_form"}, **AT_HOME)
    form = bot.slack.named("views.open")[-1].arguments["view"]
    assert limits.view_problems(form) == []
    answer = body_of(await send(bot, FIELDS))
    assert "Cleo Lee" in text_of(answer["view"])
    assert limits.view_problems(answer["view"]) == []
    assert "exempt" in map(str, await reasons(company))
    assert "until 31 Jan 2027" in text_of(shown(bot))
    assert "parental ’leave’" in text_of(shown(bot))
    assert limits.view_problems(shown(bot)) == []
    assert entries(company) == [("exempt", "U1")]


async def test_it_ends_in_the_home(bot: Bot, company: Company) -> None:
    await send(bot, FIELDS)
    rows = [block["accessory"] for block in (await home(bot))["blocks"] if "accessory" in block]
    await bot.press(next(each for each in rows if each["action_id"] == "exempt_end_0"), **AT_HOME)
    assert "31 Jan 2027" not in text_of(shown(bot))
    assert await reasons(company) == [None, None]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({view.WHO: "nobody"}, "Nobody of that name"),
        ({view.WHO: "cleo until=today"}, "once only"),
        ({view.UNTIL: "2020-01-01"}, "is over already"),
        ({view.UNTIL: "soon"}, "soon"),
        ({view.REASON: " "}, "Fill this in"),
    ],
)
async def test_what_is_wrong_is_said_at_the_field(
    bot: Bot, company: Company, changes: dict[str, str], words: str
) -> None:
    answer = body_of(await send(bot, FIELDS | changes))
    assert answer["response_action"] == "errors"
    assert words in str(answer["errors"])
    assert entries(company) == []


async def test_whoever_administers_another_team_exempts_nobody(bot: Bot, company: Company) -> None:
    await send(bot, FIELDS, user="U2")
    await send(bot, {}, user="U2")
    assert entries(company) == []
