"""The webhook over real HTTP: nothing counts as done but an answer that says so of this very order."""

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot import settings
from bot.ground import Ground
from bot.providers import provider
from bot.providers.webhook import Webhook, made
from reporting_core.storage.engines import open_store
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import Change, Done, ProviderError, SeatOrder, Seen
from reporting_core.words.terms import Origin
from tests.company import NOW
from tests.provider_contract import Held, ProviderContract, World
from tests.webhook_stand_in import NEW_DAY, SECRET, Automation, automation

SINCE = "2026-05-08"
HOLDS = {
    (f"{who}@example.com", product): SINCE for who, product in [("ann", "Revit"), ("ann", "AutoCAD"), ("ben", "Revit")]
}


def ground(url: str, **environment: str) -> Ground:
    given = {"USAGEBOT_WEBHOOK_URL": url, "USAGEBOT_WEBHOOK_SECRET": SECRET, "USAGEBOT_PROVIDER": "webhook"}
    store = open_store("sqlite://")  # never opened: the webhook keeps nothing
    return Ground(settings.read(given | environment), store, 1, lambda: NOW, lambda: "word", seconds=0.5)


def order(who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = "") -> SeatOrder:
    return SeatOrder(
        key=key or f"{who}-{product}-{change}",
        change=change,
        account="main",
        team="Design",
        product=product,
        assignment_id=1,
        assigned_on=date.fromisoformat(SINCE),
        origin=Origin.INDIVIDUAL,
        origin_group="",
        email=f"{who}@example.com",
        name=f"{who.title()} Lee",
        autodesk_id=f"ID-{who}-7",
        asked_by="U1",
    )


class AtACustomer(World):
    def __init__(self, here: Automation) -> None:
        self.here = here
        self.waits = here.slow
        self.provider = made(ground(here.url))
        self.secrets = (SECRET, here.url, "0f1e2d3c")

    def order(
        self, who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = ""
    ) -> SeatOrder:
        return order(who, product, change, key)

    async def held(self) -> Held:
        return frozenset((email.partition("@")[0], product) for email, product in self.here.holds)

    @property
    def effects(self) -> int:
        return self.here.effects

    async def assign_anew(self, who: str, product: str) -> None:
        self.here.holds[f"{who}@example.com", product] = NEW_DAY

    async def settle(self) -> None:
        self.here.work()

    def mute(self) -> bool:
        self.here.mute = True
        return True


@pytest.fixture
async def here() -> AsyncIterator[Automation]:
    async with automation(holds=dict(HOLDS)) as served:
        yield served


class TestContract(ProviderContract):
    @pytest.fixture(params=[False, True], ids=["at once", "later"])
    async def world(self, request: pytest.FixtureRequest) -> AsyncIterator[World]:
        async with automation(holds=dict(HOLDS), slow=request.param) as served:
            yield AtACustomer(served)


async def given(here: Automation, **changes: Any) -> Any:
    return await made(ground(here.url)).unassign(replace(order(), **changes))


async def error_of(here: Automation) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await given(here)
    return caught.value


BAD = [
    *("html", "half", "cut", "cut_in_body", "empty", "list", "deep", "huge", "wrong_key", "wrong_person"),
    *("wrong_product", "null_person", "success", "other_word", "number", "accepted_but_done"),
    *(
        "refused_but_done",
        "refused_html",
        "error_but_done",
        "hang",
        "204",
        "408",
        "409",
        "422",
        "500",
        "502",
        "503",
        "504",
    ),
]


@pytest.mark.parametrize("fault", BAD)
async def test_whatever_is_no_answer_to_this_order_leaves_it_unknown(here: Automation, fault: str) -> None:
    here.faults.append(fault)
    error = await error_of(here)
    assert (error.sent, error.permanent) == (True, False)
    assert here.effects == 0


@pytest.mark.parametrize("fault", ["then_cut", "then_html", "then_500", "then_hang", "then_half"])
async def test_an_effect_whose_answer_is_lost_is_found_by_asking(here: Automation, fault: str) -> None:
    here.faults.append(fault)
    assert (await error_of(here)).sent
    webhook = made(ground(here.url))
    assert await webhook.state(order()) is Seen.GONE
    assert (await webhook.unassign(order())).done is Done.DONE
    assert here.effects == 1


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "405", "410", "413", "redirect"])
async def test_an_order_that_was_not_taken_is_not_tried_again(here: Automation, status: str) -> None:
    here.faults.append(status)
    error = await error_of(here)
    assert (error.sent, error.permanent) == (False, True)
    assert len(here.asked) == 1  # no redirect was followed


@pytest.mark.parametrize("fault", ["429", "busy"])
async def test_who_has_no_time_is_asked_again_later(here: Automation, fault: str) -> None:
    here.faults.append(fault)
    error = await error_of(here)
    assert (error.sent, error.permanent) == (False, False)
    assert (await given(here)).done is Done.DONE


async def test_who_cannot_be_reached_was_not_told(here: Automation) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening: nobody else listens there either
        with pytest.raises(ProviderError) as caught:
            await made(ground(f"http://127.0.0.1:{taken.getsockname()[1]}/")).unassign(order())
    assert (caught.value.sent, caught.value.permanent) == (False, False)


async def test_accepted_without_a_word_is_accepted(here: Automation) -> None:
    here.faults.append("accepted_empty")
    assert (await given(here)).done is Done.ACCEPTED


async def test_a_refusal_comes_with_its_reason_and_without_names(here: Automation) -> None:
    answer = await given(here, product="Inventor")
    assert (answer.done, answer.reason) == (Done.REFUSED, "***** has no such seat")


async def test_the_order_goes_out_signed_with_all_that_is_needed(here: Automation) -> None:
    await given(here)
    (asked,), (headers,) = here.asked, here.headers
    assert headers["Idempotency-Key"] == asked["key"] == "ann-Revit-unassign"
    assert headers["X-Usagebot-Timestamp"] == str(int(NOW.timestamp()))
    assert asked == {
        "version": 1,
        "kind": "order",
        "key": "ann-Revit-unassign",
        "change": "unassign",
        "account": "main",
        "team": "Design",
        "product": "Revit",
        "person": "ann@example.com",
        "email": "ann@example.com",
        "autodesk_id": "ID-ann-7",
        "hashed_autodesk_id": None,
        "assigned_on": SINCE,
        "asked_by": "U1",
        "reference": "",
        "at": NOW.isoformat(),
    }


async def test_a_wrong_secret_is_named(here: Automation) -> None:
    other = made(ground(here.url, USAGEBOT_WEBHOOK_SECRET="another-secret-0123456789-0123456789"))
    with pytest.raises(ProviderError, match="USAGEBOT_WEBHOOK_SECRET") as caught:
        await other.unassign(order())
    assert (caught.value.permanent, here.effects) == (True, 0)


async def test_nobody_is_asked_about_somebody_without_a_name(here: Automation) -> None:
    with pytest.raises(ProviderError) as caught:
        await given(here, email=None, autodesk_id=None)
    assert (caught.value.sent, caught.value.permanent, here.asked) == (False, True, [])


async def test_a_person_without_an_e_mail_is_known_by_an_id(here: Automation) -> None:
    here.holds[None, "Revit"] = SINCE  # type: ignore[index]
    assert (await given(here, email=None)).done is Done.DONE
    assert here.asked[0]["person"] == "ID-ann-7"


@pytest.mark.parametrize("fault", ["html", "half", "wrong_key", "wrong_person", "wrong_product", "success", "empty"])
async def test_a_state_of_something_else_is_none(here: Automation, fault: str) -> None:
    here.faults.append(fault)
    assert await made(ground(here.url)).state(order()) is Seen.UNKNOWN


@pytest.mark.parametrize("fault", ["404", "429", "500", "hang", "cut", "redirect"])
async def test_asking_for_the_state_changes_nothing_whatever_fails(here: Automation, fault: str) -> None:
    here.faults.append(fault)
    with pytest.raises(ProviderError) as caught:
        await made(ground(here.url)).state(order())
    assert not caught.value.sent


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "http://10.0.0.1/", "ftp://127.0.0.1/", "https://", "https://a:99999/", "hook"]
)
def test_an_address_that_others_could_read_along_is_named(url: str) -> None:
    with pytest.raises(SettingWrong, match="USAGEBOT_WEBHOOK_URL"):
        provider(ground(url))


@pytest.mark.parametrize("url", ["https://example.com/hook?key=1", "http://localhost:8080/", "http://[::1]:80/"])
def test_an_address_nobody_reads_along_will_do(url: str) -> None:
    assert isinstance(provider(ground(url)), Webhook)


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"USAGEBOT_WEBHOOK_URL": ""}, "USAGEBOT_WEBHOOK_URL is not set"),
        ({"USAGEBOT_WEBHOOK_SECRET": ""}, "USAGEBOT_WEBHOOK_SECRET is not set"),
        ({"USAGEBOT_WEBHOOK_SECRET": "short"}, "USAGEBOT_WEBHOOK_SECRET is too short"),
    ],
)
def test_a_setting_that_misses_is_named(changes: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingWrong, match=variable):
        provider(ground("https://example.com/hook", **changes))
