"""Each provider behind the real machine: from the press to the end, over real HTTP where there is any."""

import json
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp

from bot import callback, settings, signing
from bot.front_door import FrontDoor
from bot.ground import sessions
from bot.opening import provided
from bot.providers import provider
from reporting_core.core import Core
from reporting_core.usecases.seats.judging import judged
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Seen, State
from tests.company import ANN, KEY, NOW, Company, ago
from tests.provider_world import InOurData, filled, ground
from tests.test_bot_providers_webhook import HOLDS
from tests.webhook_stand_in import SECRET, Automation, automation

GUIDE = (Path(__file__).parents[1] / "docs" / "providers.md").read_text("utf-8")


class Time:
    """A clock that stands still until it is told how many minutes pass."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def time_() -> Time:
    return Time()


@pytest.fixture
def company(company: Company, time_: Time) -> Company:
    filled(company)
    company.core = Core(company.core.store, "main", company.core.account_id, time_, KEY)
    return company


async def healed(company: Company, time_: Time, minutes: int) -> None:
    """The rounds of so many minutes, one a minute."""
    for _ in range(minutes):
        time_.forward(1)
        await company.core.seats.heal()


@pytest.fixture
async def here() -> AsyncIterator[Automation]:
    async with automation(holds=dict(HOLDS), slow=True) as served:
        yield served


def webhook(here: Automation) -> dict[str, str]:
    return {
        "USAGEBOT_PROVIDER": "webhook",
        "USAGEBOT_WEBHOOK_URL": here.url,
        "USAGEBOT_WEBHOOK_SECRET": SECRET,
    }


async def pressed(company: Company, **environment: str) -> Action:
    """An admin takes Ann's Revit; the action as it is after the first attempt."""
    core = company.core
    made = provider(replace(ground(company, **environment), http=sessions))
    core.seats.provided_by(made, may)
    seat, _on = InOurData(company, made).seat("ann", "Revit")
    with core.store.reading() as connection:
        (verdict,) = judged(connection, core.seats.records.bench(connection), core.operator, [seat])
    confirmed = await core.seats.confirm(core.operator, "press", [(seat, verdict.seat.print)])
    assert confirmed.refused == []
    done = await core.seats.carry_out(confirmed.actions[0].token)
    assert done is not None
    return done


async def may(name: str) -> Asker | None:
    return None  # the operator is not looked up


async def now(company: Company) -> State:
    (action,) = await company.core.seats.batch(company.core.operator, "press")
    return action.state


async def test_the_ledger_is_done_at_once_and_undone(company: Company) -> None:
    action = await pressed(company, USAGEBOT_PROVIDER="ledger")
    assert action.state is State.DONE
    back = await company.core.seats.undo(company.core.operator, action.token)
    again = await company.core.seats.carry_out(back.token)
    assert again is not None
    assert again.state is State.DONE
    assert ("ann", "Revit") in await InOurData(company, company.core.seats.machine.control).held()


@pytest.mark.parametrize(("done", "state"), [(True, State.DONE), (False, State.FAILED)])
async def test_a_task_waits_for_the_word_of_an_admin(company: Company, done: bool, state: State) -> None:
    action = await pressed(company)
    assert (action.state, action.reference) == (State.ACCEPTED, "1")
    (told,) = await company.core.tasks.due()
    seat = await company.core.tasks.seat(company.core.operator, told.action)
    assert seat is not None
    assert (seat.person, seat.product) == ("Ann Lee", "Revit")
    await company.core.tasks.close(company.core.operator, action.token, done=done)
    assert await now(company) is state
    assert company.core.tasks.tasks.waiting() == []


async def test_a_task_ends_with_the_export_that_shows_it(company: Company, time_: Time) -> None:
    await pressed(company)
    await healed(company, time_, 20)
    assert await now(company) is State.ACCEPTED
    company.load(company.report(ANN.gave_back("Revit", 0)), exported_on=ago(0))
    await healed(company, time_, 180)
    assert await now(company) is State.DONE


async def test_somebody_without_rights_does_not_see_whose_task_it_is(company: Company) -> None:
    await pressed(company)
    (told,) = await company.core.tasks.due()
    assert await company.core.tasks.seat(Asker(company.core.account_id, "U9", "Zoe", ""), told.action) is None


async def test_an_automation_reports_later(company: Company, here: Automation) -> None:
    action = await pressed(company, **webhook(here))
    assert (action.state, action.reference) == (State.ACCEPTED, "INC-1")
    here.work()
    said = {"key": action.token, "person": "ann@example.com", "product": "Revit", "result": "done"}
    assert await reported(company, here, said | {"person": "ben@example.com"}) == 422
    assert await now(company) is State.ACCEPTED
    assert [await reported(company, here, said) for _ in range(2)] == [200, 200]
    assert await now(company) is State.DONE


async def reported(company: Company, here: Automation, said: dict[str, str]) -> int:
    doors = callback.doors(settings.read(webhook(here)), company.core)
    front = FrontDoor(
        AsyncApp(token="xoxb-1", signing_secret="s"), SecretStr("s"), company.core.clock().timestamp, doors=doors
    )
    address = await front.start("127.0.0.1", 0)
    body = json.dumps(said).encode()
    headers = signing.signed(SecretStr(SECRET), company.core.clock().timestamp(), body)
    url = f"{address}{callback.PATH}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        status = answer.status
    await front.stop()
    return status


@pytest.mark.parametrize("fault", ["then_cut", "html", "wrong_person", "500"])
async def test_whatever_an_automation_answers_the_seat_is_taken_once(
    company: Company, time_: Time, here: Automation, fault: str
) -> None:
    here.slow = False
    here.faults.append(fault)
    assert (await pressed(company, **webhook(here))).state is State.UNKNOWN
    await healed(company, time_, 3)
    assert (await now(company), here.effects) == (State.DONE, 1)


def test_only_the_webhook_has_a_door(company: Company, here: Automation) -> None:
    assert callback.doors(settings.read({}), company.core) == {}


def test_the_settings_choose(company: Company) -> None:
    assert provided(settings.read({}), company.core).name == "task"
    assert provided(settings.read({"USAGEBOT_PROVIDER": "ledger"}), company.core).name == "ledger"


# -- what docs/providers.md tells a customer


def checker() -> Callable[[str, dict[str, str], bytes], bool]:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own page
    found = names["is_from_usagebot"]
    assert callable(found)
    return found


def test_the_example_checks_our_signature() -> None:
    body = b'{"version": 1}'
    headers = signing.signed(SecretStr(SECRET), time.time(), body)
    assert checker()(SECRET, headers, body)
    assert not checker()(SECRET, headers, body + b" ")
    assert not checker()(SECRET, signing.signed(SecretStr(SECRET), time.time() - 400, body), body)


async def test_the_example_of_an_order_has_every_field(company: Company, here: Automation) -> None:
    await pressed(company, **webhook(here))
    (example,) = re.findall(r"^    (\{\"version\".*?\})$", GUIDE, re.DOTALL | re.MULTILINE)
    assert list(json.loads(example)) == list(here.asked[0])


def test_the_example_of_an_answer_is_one() -> None:
    assert {str(each) for each in Seen} <= set(re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE))
