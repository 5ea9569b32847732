"""Taking seats back under hostile or clumsy hands: signed requests, altered, into the real bot and core."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot import callback, settings, signing
from bot.front_door import Turned
from handlers import limits
from reporting_core.usecases.identity import Rules
from reporting_core.words.people import Asker, SlackPerson
from reporting_core.words.seats import Done, ProviderAnswer, Reason, SeatOrder, Seen, State
from tests.company import ANN, CLEO, DAN, WEST, Cells, Company, Person, ago
from tests.safe_typist import Typist, typing
from tests.slack_stand_in import TEAM
from tests.webhook_stand_in import SECRET

HOSTILE = "<!channel> *b* " + "&" * 60


class Answering:
    """A provider that answers each order as it is told to."""

    name = "webhook"

    def __init__(self) -> None:
        self.answer: Callable[[SeatOrder], ProviderAnswer] = lambda _order: ProviderAnswer(Done.DONE)
        self.orders: list[SeatOrder] = []

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        self.orders.append(order)
        return self.answer(order)

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        return await self.unassign(order)

    async def state(self, _order: SeatOrder) -> Seen:
        return Seen.UNKNOWN


@asynccontextmanager
async def pressing(company: Company, rows: Sequence[list[Cells]] = ()) -> AsyncIterator[tuple[Typist, Answering]]:
    """Run the bot over a company of which Ann (U1) administers Design, Dan (U4) as well, and Oz owns usagebot."""
    few = [ANN.holds("Revit", last=1), CLEO.holds("Revit"), CLEO.holds("AutoCAD"), DAN.of(WEST).holds("Revit")]
    company.load(company.report(*rows or few), exported_on=ago(0))
    company.load(company.users(ANN.is_a("Primary admin"), DAN.is_a("Secondary admin")))
    company.core.rules = Rules(owners=frozenset({"oz@example.com"}))
    provider = Answering()
    company.core.seats.provided_by(provider)
    async with typing(company.core) as typist:
        for user, name in (("U1", "ann"), ("U4", "dan"), ("UOWNER", "oz")):
            typist.slack.person(user, real_name=name.title(), profile={"email": f"{name}@example.com"})
        yield typist, provider


@pytest.fixture
async def acted(company: Company) -> AsyncIterator[tuple[Typist, Answering]]:
    async with pressing(company) as made:
        yield made


def crowd(count: int, name: str = "Ann", product: str = "Revit") -> list[list[Cells]]:
    return [Person(f"p{number}").holds(product, first_name=name) for number in range(count)]


async def form_of(typist: Typist, text: str) -> dict[str, Any]:
    await typist.command(text)
    return dict([call for call in typist.slack.calls if call.method == "views.update"][-1].arguments["view"])


async def confirm(typist: Typist, view: dict[str, Any], **changes: Any) -> tuple[int, str]:
    """Send a form with everything ticked."""
    boxes = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    values = {each["action_id"]: {each["action_id"]: {"selected_options": each["options"]}} for each in boxes}
    sent = {"type": "modal", "id": "V1", **view, "state": {"values": values}, **changes}
    status, _said, text = await typist.interaction({"type": "view_submission", "view": sent})
    return status, text


def broken(typist: Typist) -> list[str]:
    """All limits of Slack that something sent has broken."""
    found = []
    for call in typist.slack.calls:
        found += limits.problems(call.blocks) if call.blocks else []
        found += limits.view_problems(call.arguments["view"]) if "view" in call.arguments else []
    return found


def refused_at_length(order: SeatOrder) -> ProviderAnswer:
    return ProviderAnswer(Done.REFUSED, reason=f"{order.key} {'&' * 400}")


@pytest.mark.parametrize(("count", "hostile"), [(8, True), (9, True), (60, False)])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_seats_that_are_each_refused_in_other_words_are_told(company: Company, count: int, hostile: bool) -> None:
    async with pressing(company, crowd(count, *[HOSTILE, HOSTILE] * hostile)) as (typist, provider):
        provider.answer = refused_at_length
        await company.core.seats.set_policy(company.core.operator, "second_above", "100")
        await confirm(typist, await form_of(typist, "unassign team=Design last=90d"))
        (told,) = typist.slack.named("chat.postMessage")
        assert f"{count} refused" in json.dumps(told.arguments) or count <= 8
        assert broken(typist) == []
        assert await company.core.seats.to_tell() == []


async def test_nobody_confirms_their_own_under_another_slack_id(company: Company) -> None:
    async with pressing(company, crowd(3)) as (typist, provider):
        core = company.core
        await core.seats.set_policy(core.operator, "second_above", "1")
        typist.slack.person("U11", real_name="Ann again", profile={"email": "ANN@example.com"})
        typist.slack.person("U12", real_name="Ann linked", profile={"email": "private@example.com"})
        await core.link(core.operator, "U12", "ann@example.com")
        await confirm(typist, await form_of(typist, "unassign team=Design last=90d"))
        asked = [call.arguments["users"] for call in typist.slack.named("conversations.open")]
        assert not {"U11", "U12"} & set(asked)
        for user in ("U1", "U11", "U12"):
            await typist.command("unassign second V1", user)
            assert "ask another admin" in str(typist.slack.posted[-1].arguments)
        assert provider.orders == []
        await typist.command("unassign second V1", "UOWNER")
        assert len(provider.orders) == 3


async def test_one_person_under_two_slack_ids_is_no_second_at_the_call_either(company: Company) -> None:
    async with pressing(company, crowd(3)) as (_typist, provider):
        core, ann = company.core, await company.core.identify(SlackPerson("U1", TEAM, email="ann@example.com"))
        await core.seats.set_policy(core.operator, "second_above", "1")
        found = await core.seats.preview(ann, "team=Design")
        await core.seats.confirm(ann, "B1", [(each.seat.assignment_id, each.seat.print) for each in found])
        confirmed = await core.seats.second(replace(ann, slack_user_id="U11"), "B1")

        async def may(user_id: str) -> Asker:
            return replace(ann, slack_user_id=user_id)

        for action in confirmed.actions:
            done = await core.seats.carry_out(action.token, may)
            assert done is not None
            assert (done.state, done.reason) == (State.REFUSED, Reason.NO_RIGHTS)
        assert provider.orders == []


TEXTS = ("\x00", "a\x00b", "\ud800", "x" * 2_500)
ALTERED: Sequence[Any] = (*TEXTS, None, True, -1, 0, 2**63, 10**30, 1.5, [], ["a"], {"a": 1})
CARRIED = {
    "unassign_row": "a",
    "why_9": "a",
    "seats_undo": "t",
    "seats_choice": "b",
    "seats_settled": "t",
    "seats_second": "b",
    "seats_decline": "b",
    "seat_task_done": "t",
    "exempt_undo": "x",
    "exempt_end_0": "x",
    "exempt_later": "o",
    "audit_newer": "q",
    "audit_sheet": "q",
    "review": "q",
}


async def test_whatever_a_button_carries_no_press_is_an_incident(acted: tuple[Typist, Answering]) -> None:
    typist, provider = acted
    for action_id, key in CARRIED.items():
        for value in ALTERED:
            status, said, _text = await typist.press(action_id, json.dumps({"q": "team=Design"} | {key: value}))
            assert status == 200
            assert "incident" not in str(said) + typist.log.getvalue(), (action_id, value)
    assert provider.orders == []


@pytest.mark.parametrize("text", ["undo \x00", "unassign second \x00", "unassign \x00", "exempt \x00", "audit \x00"])
async def test_no_sign_that_a_database_refuses_is_an_incident(acted: tuple[Typist, Answering], text: str) -> None:
    typist, _provider = acted
    await typist.command(text)
    assert "incident" not in typist.log.getvalue()


@pytest.mark.parametrize("actions", [[], None, "x", {}, [5], [[]]])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_press_without_a_press_is_turned_away(acted: tuple[Typist, Answering], actions: Any) -> None:
    typist, _provider = acted
    status, said, _text = await typist.press("seats_undo", "{}", actions=actions)
    assert (status, said) == (400, [])
    assert "misshapen" in typist.log.getvalue()


@pytest.mark.parametrize("key", TEXTS)
async def test_a_callback_about_no_order_of_ours_is_turned_away(company: Company, key: str) -> None:
    given = settings.read({"USAGEBOT_PROVIDER": "webhook", "USAGEBOT_WEBHOOK_SECRET": SECRET})
    body = json.dumps({"key": key, "person": "ann@example.com", "product": "Revit", "result": "done"}).encode()
    headers = signing.signed(SecretStr(SECRET), company.core.clock().timestamp(), body)
    with pytest.raises(Turned, match="no_such_order"):
        await callback.doors(given, company.core)[callback.PATH](headers, body)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_names_are_hidden_a_typed_reason_is_too(company: Company) -> None:
    async with pressing(company, crowd(2, "Zanary")) as (typist, _provider):
        await typist.command('exempt user=p0 until=2026-12-24 reason="Zanary is on leave"')
        company.core.set_personal_data("Design", shown=False)
        typist.slack.calls.clear()
        for text in ("exempt", "unassign team=Design", "audit"):
            await typist.command(text)
        await typist.command("exempt", "UOWNER")
        await typist.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
        told = json.dumps([call.arguments for call in typist.slack.calls])
        assert "views.publish" in {call.method for call in typist.slack.calls}
        assert "zanary" not in told.casefold()


ODD: Sequence[Any] = (
    None,
    5,
    "x",
    [],
    [5],
    [None],
    {"values": 5},
    {"values": {"seats_0": 5}},
    {"values": {"b": {"a": 5}}},
)


@pytest.mark.parametrize(
    "odd", [*ODD, {"values": {"seats_0": {"seats_0": {"selected_options": ["1", {"value": [1]}]}}}}]
)
@pytest.mark.parametrize("key", ["state", "blocks", "private_metadata"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_form_of_another_shape_takes_nothing(acted: tuple[Typist, Answering], key: str, odd: Any) -> None:
    typist, provider = acted
    view = await form_of(typist, "unassign team=Design")
    status, _text = await confirm(typist, view, **{"state": {}, key: odd})
    assert status == 200
    assert "incident" not in typist.log.getvalue()
    assert provider.orders == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_of_very_many_can_be_given_back(company: Company) -> None:
    async with pressing(company, crowd(60)) as (typist, provider):
        await company.core.seats.set_policy(company.core.operator, "second_above", "100")
        await confirm(typist, await form_of(typist, "unassign team=Design last=90d"))
        tokens: set[str] = set()
        for action_id in ("seats_choice", "seats_choice_next"):
            pressed = found(typist, action_id)
            await typist.press(action_id, pressed["value"], view=shown(typist) if tokens else {})
            tokens |= {each["accessory"]["value"] for each in shown(typist)["blocks"] if "accessory" in each}
        assert len(tokens) == 60
        await typist.press("seats_undo", min(tokens), view=shown(typist))
        assert "seats_choice_previous" in str(shown(typist))
        assert len(provider.orders) == 61
        assert broken(typist) == []


def shown(typist: Typist) -> dict[str, Any]:
    """The form as it stands, as Slack sends it back."""
    return {"id": "V2", **[call for call in typist.slack.calls if call.method == "views.update"][-1].arguments["view"]}


def found(typist: Typist, action_id: str) -> dict[str, Any]:
    """The newest button of that name."""
    calls = [*reversed(typist.slack.calls)]
    blocks = [block for call in calls for block in call.blocks or call.arguments.get("view", {}).get("blocks", [])]
    return next(each for block in blocks for each in block.get("elements", []) if each.get("action_id") == action_id)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_operator_is_named_in_good_german(acted: tuple[Typist, Answering], company: Company) -> None:
    typist, _provider = acted
    await company.core.seat_rules.exempt(company.core.operator, "user=cleo until=2026-12-24 reason=x")
    typist.slack.person("U1", real_name="Ann", locale="de-DE", profile={"email": "ann@example.com"})
    await typist.command("exempt")
    assert "durch usagebots Betreiber" in str(typist.slack.posted[-1].arguments)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_five_thousand_idle_seats_leave_the_event_loop_free(company: Company) -> None:
    lags: list[float] = []

    async def probe() -> None:
        while True:  # what this thread worked, so that a busy machine is not taken for a busy loop
            began = time.thread_time()
            await asyncio.sleep(0.005)
            lags.append(time.thread_time() - began)

    async with pressing(company, crowd(5_000)) as (typist, provider):
        await company.core.seats.set_policy(company.core.operator, "second_above", "100")
        probing = asyncio.create_task(probe())
        view = await form_of(typist, "unassign team=Design last=90d")
        await confirm(typist, view)
        await confirm(typist, view)  # a double click
        probing.cancel()
        assert len(provider.orders) == len({order.key for order in provider.orders}) > 80
        assert len(typist.slack.named("chat.postMessage")) == 1
        assert broken(typist) == []
        assert max(lags) < 0.25
