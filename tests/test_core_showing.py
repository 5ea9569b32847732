"""Report messages in Slack: what each shows is kept, counted, and forgotten after a month."""

import asyncio
import time
from datetime import datetime, timedelta
from threading import Event, Thread

import pytest

from reporting_core.storage import showing as rows
from reporting_core.usecases.showing import KEPT, ShownReports
from reporting_core.words.shown import Shown
from tests.company import NOW, Company

QUESTION = "team=Design last=30d"


class Hand:
    """A clock that stands still until it is moved."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


def reports(company: Company, clock: Hand | None = None) -> ShownReports:
    """As another process, or the same after a restart, has them: nothing in memory."""
    core = company.core
    return ShownReports(core.store, core.account_id, clock or Hand(), core.token)


async def test_a_message_goes_on_from_where_it_stands_after_a_restart(company: Company) -> None:
    opened = await company.core.shown.open("U1", QUESTION)
    changed = await company.core.shown.change(opened, "team=Design status=inactive last=30d")
    assert changed == Shown(opened.token, "U1", "team=Design status=inactive last=30d", 2)
    assert await reports(company).of(opened.token) == changed


async def test_tokens_cannot_be_guessed(company: Company) -> None:
    tokens = {(await company.core.shown.open("U1", QUESTION)).token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 24


async def test_whoever_read_an_older_revision_reads_again(company: Company) -> None:
    opened = await company.core.shown.open("U1", QUESTION)
    assert await company.core.shown.change(opened, "last=7d")
    assert await reports(company).change(opened, "last=90d") is None
    now = await reports(company).of(opened.token)
    assert now is not None
    assert (now.query, now.revision) == ("last=7d", 2)


async def test_of_many_changes_at_once_none_is_lost(company: Company) -> None:
    opened = await company.core.shown.open("U1", "0")
    processes = [reports(company) for _ in range(4)]

    async def count_up(shown: ShownReports) -> None:
        for _ in range(5):
            while True:
                standing = await shown.of(opened.token)
                assert standing is not None
                if await shown.change(standing, str(int(standing.query) + 1)):
                    break

    await asyncio.gather(*(count_up(shown) for shown in processes))
    now = await reports(company).of(opened.token)
    assert now is not None
    assert (now.query, now.revision) == ("20", 21)


async def test_a_token_of_another_account_or_of_nobody_shows_nothing(company: Company) -> None:
    opened = await company.core.shown.open("U1", QUESTION)
    assert await company.another("other").core.shown.of(opened.token) is None
    for token in ("", "nobody", "\x00", "\ud800", "' OR 1=1 --", "x" * 10_000):
        assert await company.core.shown.of(token) is None
    assert await company.another("other").core.shown.change(opened, "last=7d") is None


async def test_a_message_is_forgotten_a_month_after_its_last_change(company: Company) -> None:
    clock = Hand()
    shown = reports(company, clock)
    opened = await shown.open("U1", QUESTION)
    clock.now = NOW + KEPT - timedelta(days=1)
    assert await shown.change(opened, "last=7d")
    clock.now = NOW + KEPT + timedelta(days=20)
    assert await shown.of(opened.token)
    clock.now = NOW + KEPT * 2
    assert await shown.of(opened.token) is None


@pytest.mark.parametrize("how", ["lazily", "by a job"])
async def test_what_is_forgotten_is_deleted(company: Company, how: str) -> None:
    clock = Hand()
    shown = reports(company, clock)
    opened = await shown.open("U1", QUESTION)
    clock.now = NOW + KEPT + timedelta(seconds=1)
    if how == "lazily":
        await shown.open("U1", QUESTION)
    else:
        assert await shown.forget() == 1
    with company.core.store.reading() as connection:
        assert rows.find(connection, company.core.account_id, opened.token, NOW - KEPT) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_while_an_import_holds_the_database_presses_count_all_the_same(company: Company) -> None:
    clock = Hand()
    shown = reports(company, clock)
    before = await shown.open("U1", QUESTION)
    holds, let_go = Event(), Event()
    thread = Thread(target=_hold, args=(company, holds, let_go))
    thread.start()
    assert await asyncio.to_thread(holds.wait, 30)
    begun = time.monotonic()
    new = await shown.open("U1", "last=7d")
    assert await shown.change(before, "last=90d")
    assert await shown.change(new, "last=6mo")
    assert await shown.change(before, "last=1y") is None
    assert time.monotonic() - begun < 15  # it would be thirty if anything waited
    assert [await shown.of(each.token) for each in (before, new)] == [
        Shown(before.token, "U1", "last=90d", 2),
        Shown(new.token, "U1", "last=6mo", 2),
    ]
    let_go.set()
    await asyncio.to_thread(thread.join)
    clock.now = NOW + timedelta(seconds=5)
    await shown.open("U1", QUESTION)
    assert await reports(company).of(new.token) == Shown(new.token, "U1", "last=6mo", 2)
    assert await reports(company).of(before.token) == Shown(before.token, "U1", "last=90d", 2)


def _hold(company: Company, holds: Event, let_go: Event) -> None:
    with company.core.store.writing():
        holds.set()
        let_go.wait(30)
