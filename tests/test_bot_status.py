"""Whether the process is alive, ready and well, as whoever watches over it asks; and what its figures hold."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import app, settings
from bot.housekeeping import Housekeeping, Round
from bot.metrics import Metrics
from bot.status import Answering, Status
from reporting_core.core import open_core
from reporting_core.storage.engines import open_store
from reporting_core.words.condition import Condition
from reporting_core.words.errors import AskAgain, SettingWrong, StoreBusy
from reporting_core.words.schedules import Kind, Standing, State
from tests.bot_under_test import bot_under_test
from tests.core_stand_in import StandIn
from tests.slack_stand_in import Slack, standing_in

NOW = datetime(2026, 4, 1, tzinfo=UTC)
WELL = Condition(
    is_current=True,
    data_through=date(2026, 3, 30),
    schedules={Standing.ON: 3, Standing.TROUBLE: 1},
    waiting={(Kind.DIGEST, State.DUE): 2},
    finished={(Kind.DIGEST, State.POSTED): 5, (Kind.ALERT, State.FAILED): 1},
    due_since=NOW - timedelta(seconds=90),
)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with standing_in() as made:
        made.person("U1", real_name="Ann")
        yield made


@asynccontextmanager
async def running(slack: Slack, core: StandIn, **changes: str) -> AsyncIterator[tuple[app.Running, str]]:
    """A bot with HTTP, and the address that is asked."""
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "secret", "SLACK_API_URL": slack.api_url}
    given = settings.read({**environment, "USAGEBOT_PORT": "0", **changes})
    made = await app.start(given, "http", core)
    try:
        yield made, f"http://127.0.0.1:{changes.get('USAGEBOT_STATUS_PORT') or made.address.rsplit(':', 1)[1]}"
    finally:
        await made.stop()


async def ask(address: str, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}{path}") as answer:
        return answer.status, await answer.text()


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def test_at_the_door_there_are_probes_and_figures_only_where_they_are_set(slack: Slack) -> None:
    async with running(slack, StandIn()) as (_bot, address):
        assert await ask(address, "/healthz") == (200, '{"ok": true}')
        assert await ask(address, "/readyz") == (
            200, '{"ok": true, "process": "ok", "database": "ok", "slack": "ok"}'
        )  # fmt: skip
        assert (await ask(address, "/metrics"))[0] == 404
    async with running(slack, StandIn(), USAGEBOT_METRICS="yes") as (_bot, address):
        assert (await ask(address, "/metrics"))[0] == 200


async def test_a_port_of_this_machine_answers_all_of_it(slack: Slack, port: int) -> None:
    async with running(slack, StandIn(), USAGEBOT_STATUS_PORT=str(port)) as (_bot, address):
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await ask(address, path))[0] == 200
        assert (await ask(address, "/slack/events"))[0] == 404
    with pytest.raises(aiohttp.ClientConnectorError):
        await ask(address, "/healthz")


async def test_a_port_that_is_taken_is_named(slack: Slack, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), pytest.raises(SettingWrong, match=f"port {port}"):
        async with running(slack, StandIn(), USAGEBOT_STATUS_PORT=str(port)):
            pass


class Times:
    """A clock for the findings that are told again."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 10
        return self.now


async def yes() -> bool:
    return True


async def no() -> bool:
    return False


def status(core: StandIn, connected: Callable[[], object] = yes, now: Callable[[], float] | None = None) -> Status:
    return Status(core, Metrics(), connected, now or Times())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("core", "said"),
    [
        (StandIn(), "ok"),
        (StandIn(fails=StoreBusy("locked by ann@example.com")), "no answer"),
        (StandIn(stands=Condition(is_current=False)), "of another version"),
    ],
)
async def test_what_is_wrong_with_the_database_is_a_word(core: StandIn, said: str) -> None:
    assert (await status(core).ready())["database"] == said


async def test_a_lost_connection_and_a_stop_are_told(slack: Slack) -> None:
    told = status(StandIn(), no)
    assert await told.ready() == {"process": "ok", "database": "ok", "slack": "not connected"}
    told.is_stopping = True
    assert (await told.ready())["process"] == "stopping"
    slack.faults["auth.test"] = ["token_revoked"]
    async with bot_under_test() as bot:
        bot.slack.faults["auth.test"] = ["token_revoked"]
        times = [0.0]
        look = Answering(bot.desk.client, lambda: times[0])
        assert [await look(), await look()] == [False, False]
        times[0] = 31.0
        assert await look()


async def test_probes_in_a_row_look_once() -> None:
    looked = []

    async def connected() -> bool:
        looked.append(1)
        return True

    told = status(StandIn(), connected, lambda: 5.0)
    await asyncio.gather(*(told.ready() for _ in range(20)))
    assert len(looked) == 1


def figures(text: bytes) -> dict[str, float]:
    found = text_string_to_metric_families(text.decode())
    return {f"{each.name}{sorted(each.labels.values())}": each.value for family in found for each in family.samples}


async def test_figures_say_how_schedules_posts_and_data_stand() -> None:
    metrics = Metrics()
    metrics.turned_away("forged")
    metrics.went_round("posts", 0.2, failed=False)
    shown = figures(await metrics.text(StandIn(stands=WELL, clock=lambda: NOW)))
    assert shown["usagebot_schedules['on']"] == 3
    assert (shown["usagebot_schedules['trouble']"], shown["usagebot_schedules['paused']"]) == (1, 0)
    assert shown["usagebot_posts_open['digest', 'due']"] == 2
    assert shown["usagebot_posts_day['alert', 'failed']"] == 1
    assert (shown["usagebot_posts_overdue_seconds[]"], shown["usagebot_data_age_days[]"]) == (90, 2)
    assert shown["usagebot_turned_away_total['forged']"] == 1
    assert shown["usagebot_round_seconds_count['done', 'posts']"] == 1
    assert shown["usagebot_database_up[]"] == 1
    assert shown["process_resident_memory_bytes[]"] > 0


async def test_figures_of_before_are_not_told_again_when_the_database_is_away() -> None:
    metrics, core = Metrics(), StandIn(stands=WELL)
    await metrics.text(core)
    core.fails = StoreBusy("locked")
    shown = figures(await metrics.text(core))
    assert shown["usagebot_database_up[]"] == 0
    assert not [name for name in shown if name.startswith(("usagebot_schedules", "usagebot_posts_open"))]
    assert shown["usagebot_data_age_days[]"] != shown["usagebot_data_age_days[]"]


async def test_requests_are_counted_by_how_they_ended_and_hold_nothing_of_anybody() -> None:
    async with bot_under_test() as bot:
        bot.desk.meter = metrics = Metrics()
        await bot.command("last=30d", user_name="secret.name")
        bot.core.fails = AskAgain("That is not known, secret.name.")
        await bot.command("last=31d")
        bot.core.fails = RuntimeError("secret.name")
        await bot.command("last=32d")
        bot.core.fails = None
        text = await metrics.text(StandIn())
    shown = figures(text)
    assert [shown[f"usagebot_request_seconds_count{sorted(['command', each])}"] for each in (
        "answered", "refused", "failed"
    )] == [1, 1, 1]  # fmt: skip
    assert not re.search(rb"secret|U1|T1|Ann|last=", text)


async def test_the_event_loop_is_looked_at() -> None:
    metrics = Metrics()

    async def late(seconds: float) -> None:
        await asyncio.sleep(0.02)

    looking = asyncio.create_task(metrics.look_at_loop(late))
    await asyncio.sleep(0.05)
    looking.cancel()
    assert figures(await metrics.text(StandIn()))["usagebot_loop_lag_seconds[]"] == 0


async def test_a_stop_lets_a_round_finish_gives_back_what_is_held_and_is_told_meanwhile(slack: Slack) -> None:
    core = StandIn()
    async with running(slack, core) as (bot, _address):
        pass
    assert bot.desk.is_stopping
    assert ("hand_back",) in core.changes
    done: list[str] = []

    async def slow() -> None:
        done.append("begun")
        await asyncio.sleep(0.1)
        done.append("done")

    async def stuck() -> None:
        await asyncio.sleep(60)

    counted: list[tuple[str, bool]] = []
    rounds = Housekeeping(
        {},
        more=[Round("slow", 0.0, slow), Round("stuck", 60.0, stuck)],
        counted=lambda name, _seconds, *, failed: counted.append((name, failed)),
    )
    rounds.start()
    await asyncio.sleep(0.02)
    await rounds.stop(0.5)
    assert (done, counted) == (["begun", "done"], [("slow", False)])


def test_the_condition_is_read_on_both_databases(database_url: str) -> None:
    store = open_store(database_url)
    core = open_core(store, "main", clock=lambda: NOW, key=b"0" * 32)
    found = asyncio.run(core.condition())
    store.close()
    assert (found.is_current, found.data_through, found.due_since) == (True, None, None)
    assert (found.schedules, found.waiting, found.finished) == ({}, {}, {})


async def test_a_stopped_process_gives_back_what_it_claimed(slack: Slack, database_url: str) -> None:
    store = open_store(database_url)
    core = open_core(store, "main", clock=lambda: NOW, key=b"0" * 32)
    async with running(slack, core):  # type: ignore[arg-type]
        await asyncio.sleep(1)  # the bot's own rounds, of which the next comes in a quarter of a minute, would send it
        await core.schedules.enqueue("notice:1", Kind.NOTICE, "U1", "", NOW)
        (held,) = await core.schedules.claim(NOW)
        assert held.state is State.CLAIMED
    found = await core.schedules.of_key("notice:1")
    store.close()
    assert found is not None
    assert (found.state, found.attempt, found.lease_until) == (State.DUE, 0, None)
