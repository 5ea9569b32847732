"""Two bots in processes of their own, of which one is killed or frozen wherever it is while a slot becomes a message.

Each runs the rounds that the bot runs, with Slack over real HTTP. A frozen one goes on after its lease is over. What
stands in Slack is counted by Slack's side alone.
"""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import time as hour
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from chaos.bots import ADMINS, RULES, Where
from chaos.slot_bots import PAUSE, WAYS, Process, Shared, processes
from reporting_core.core import Core
from reporting_core.words.people import Asker
from reporting_core.words.schedules import OPEN, Cadence, Kind, Post, Rhythm, Schedule, State
from tests.company import ANN, BEN, KEY, NOW, open_company
from tests.slack_stand_in import TEAM, Slack

FROZEN = 3.0
"""Seconds, longer than a lease and what is waited after it."""

SETTLES = 120.0
"""Seconds; what Slack could not be asked about is tried again after one minute."""
ALONE = 0.7
"""Share of slots at which the other bot comes only after the blow; at the rest both race for it."""

CHANNEL = "C1"
MORNING, AFTERNOON = hour(9), hour(15)


@dataclass(slots=True)
class Kept:
    """A message in Slack, gone or not."""

    channel: str
    key: str
    ts: str
    told: Mapping[str, Any]
    deleted: bool = False


@dataclass
class Remembering(Slack):
    """Slack that remembers its messages, shows those of direct messages, and deletes what it is told to."""

    kept: list[Kept] = field(default_factory=list)

    def of_key(self, key: str) -> list[Kept]:
        return [each for each in self.kept if each.key == key]

    def _told(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **super()._told(arguments),
            "chat.postMessage": lambda: self._posted(arguments),
            "chat.delete": lambda: self._deleted(str(arguments["ts"])),
            "conversations.history": lambda: self._history(str(arguments["channel"])),
        }

    def _posted(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        key = str(((arguments.get("metadata") or {}).get("event_payload") or {}).get("key"))
        self.kept.append(Kept(str(arguments["channel"]), key, f"{len(self.kept) + 1}.1", arguments))
        return {"ts": self.kept[-1].ts, "channel": arguments["channel"]}

    def _deleted(self, ts: str) -> dict[str, Any]:
        for each in self.kept:
            each.deleted |= each.ts == ts
        return {"ts": ts}

    def _history(self, channel: str) -> dict[str, Any] | None:
        if not channel.startswith("D"):
            return None
        told = [{**each.told, "ts": each.ts} for each in self.kept if each.channel == channel and not each.deleted]
        return {"messages": told[::-1]}


@dataclass
class Tally:
    """What became of the slots on one database."""

    database: str
    slots: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    """How its post stood when the process was struck."""
    ends: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    """Seen twice for a moment: the second was deleted by whoever sent it."""
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        ways, found, ends = (
            ", ".join(f"{count} {name}" for name, count in sorted(each.items()))
            for each in (self.ways, self.found, self.ends)
        )
        return (
            f"{self.database}: {self.slots} slots, the process {ways}, its post then {found}: {ends}; "
            f"{self.twice} twice for a moment; {len(self.wrong)} missed, double or left over"
        )


async def run(database: tuple[str, str, Path], slots: int, dice: Random) -> Tally:
    """Go through so many slots, every other in a channel, whose history nobody may read."""
    name, url, folder = database
    tally = Tally(name)
    async with _slack() as slack:
        with _scene(url, folder, slack) as (core, where, shared):
            made = [await _subscribed(core, MORNING, ""), await _subscribed(core, AFTERNOON, CHANNEL)]
            with processes(where, shared) as bots:
                lane = _Lane(core, slack, shared, bots, dice, tally)
                await lane.calm(made[0])
                for number in range(slots):
                    await lane.slot(made[number % 2])
    return tally


@dataclass
class _Lane:
    core: Core
    slack: Remembering
    shared: Shared
    bots: list[Process]
    dice: Random
    tally: Tally
    operations: int = 0

    async def calm(self, plan: Schedule) -> None:
        """Let one slot pass without a blow, and count what there is to strike."""
        self.shared.waits.value = 1
        self.shared.counted.value = 0
        post = await self._ended(await self._due(plan))
        self.operations = self.shared.counted.value
        assert post.state is State.POSTED, post

    async def slot(self, plan: Schedule) -> None:
        """Let a slot fall due, strike the first process somewhere, let it go on, and judge what stands in Slack."""
        way = self.dice.randrange(len(WAYS))
        self.shared.way.value, self.shared.struck.value = way, 0
        self.shared.waits.value = int(self.dice.random() < ALONE)
        self.shared.left.value = self.dice.randrange(self.operations)
        key = await self._due(plan)
        await self._until(lambda: self.shared.struck.value)
        self.tally.ways[WAYS[way].name] += 1
        self.tally.found[await self._state(key)] += 1
        self.shared.waits.value = 0
        if WAYS[way].signal is signal.SIGSTOP:
            await asyncio.sleep(FROZEN)
        await asyncio.to_thread(self.bots[0].goes_on)
        self._judge(await self._ended(key))

    async def _due(self, plan: Schedule) -> str:
        """Go on to the next slot of a schedule; returns the key of its post."""
        (now,) = (await self.core.schedules.by_token([plan.token])).values()
        assert now.next is not None
        key = f"{Kind.DIGEST}:{plan.token}:{now.next.name}"
        self.shared.days.value += max((now.next.due - self.shared.clock()) / timedelta(days=1), 0)
        return key

    async def _ended(self, key: str) -> Post:
        """Wait until nothing is under way, and both processes went round once more."""
        began = time.time()
        while time.time() - began < SETTLES:
            post = await self.core.schedules.of_key(key)
            if post is not None and post.state not in OPEN and not await self._waiting():
                await self._gone_round()
                if not await self._waiting():
                    break
            await asyncio.sleep(PAUSE)
        post = await self.core.schedules.of_key(key)
        assert post is not None, key
        return post

    async def _gone_round(self) -> None:
        before = list(self.shared.rounds)
        awake = [0] if self.shared.waits.value else [0, 1]
        await self._until(lambda: all(self.shared.rounds[each] >= before[each] + 2 for each in awake))

    @staticmethod
    async def _until(holds: Callable[[], object]) -> None:
        began = time.time()
        while not holds() and time.time() - began < SETTLES:  # noqa: ASYNC110 - the others are processes
            await asyncio.sleep(0.02)

    async def _state(self, key: str) -> str:
        post = await self.core.schedules.of_key(key)
        return str(post.state) if post else "not there"

    async def _waiting(self) -> bool:
        """Tell whether anything is under way, notices included."""
        now = self.shared.clock()
        return bool(await self.core.schedules.under_way(now))

    def _judge(self, post: Post) -> None:
        ever = self.slack.of_key(post.key)
        seen = [each for each in ever if not each.deleted]
        self.tally.slots += 1
        self.tally.ends[str(post.state)] += 1
        self.tally.twice += len(ever) > 1 and len(seen) == 1
        asked = [each for each in self.slack.kept if each.key.startswith(f"notice:doubt:{post.key}:")]
        is_posted = post.state is State.POSTED and [each.ts for each in seen] == [post.message_ts]
        is_handed = post.state is State.HANDED and len(seen) <= 1 and len(asked) == 1 and post.channel == CHANNEL
        if not (is_posted or is_handed):
            self.tally.wrong.append(f"{len(seen)} messages, {len(asked)} questions: {post}")


@contextmanager
def _scene(url: str, folder: Path, slack: Slack) -> Iterator[tuple[Core, Where, Shared]]:
    company = open_company(url, folder)
    company.load(company.report(ANN.holds("Revit"), BEN.holds("AutoCAD")))
    shared = Shared.made()
    core = Core(company.core.store, "main", company.core.account_id, shared.clock, KEY, RULES)
    yield core, Where(url, "http://127.0.0.1:9/", slack.api_url, NOW, core.account_id), shared
    company.core.store.close()


async def _subscribed(core: Core, at: hour, channel: str) -> Schedule:
    await core.bind_workspace(TEAM)
    asker = Asker(core.account_id, ADMINS[0], ADMINS[0], "", owner=True, every_team=True)
    cadence = Cadence(Rhythm.DAILY, at)
    return await core.schedules.subscribe(asker, Kind.DIGEST, "team=Design", cadence, "UTC", channel)


@asynccontextmanager
async def _slack() -> AsyncIterator[Remembering]:
    slack = Remembering()
    for user in ADMINS:
        slack.person(user, real_name=user)
    slack.channel(CHANNEL, *ADMINS)
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.api)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await runner.cleanup()
