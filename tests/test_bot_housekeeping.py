"""What the bot does by itself: a round at the start and every hour, whatever becomes of the one before."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.housekeeping import Housekeeping, Round
from reporting_core.words.errors import StoreBusy
from tests.asking_stand_in import AskingStandIn
from tests.exports_stand_in import ExportsStandIn


class Hours:
    """A sleep that ends when the test says so."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        await self.over.wait()
        self.over.clear()

    async def pass_one(self) -> None:
        self.over.set()
        await asyncio.sleep(0.01)


@pytest.fixture
def hours() -> Hours:
    return Hours()


async def test_files_expire_at_the_start_and_every_hour(hours: Hours) -> None:
    exports = ExportsStandIn()
    rounds = Housekeeping({"spreadsheets": exports.expire}, hours)
    rounds.start()
    await asyncio.sleep(0.01)
    assert (len(exports.expired), hours.slept) == (1, [3600])
    await hours.pass_one()
    await hours.pass_one()
    assert (len(exports.expired), hours.slept) == (3, [3600] * 3)
    await rounds.stop()
    await hours.pass_one()
    assert len(exports.expired) == 3


async def test_a_round_that_fails_is_logged_without_its_words_and_the_next_comes(hours: Hours) -> None:
    exports = ExportsStandIn(fails=StoreBusy("The database of ann@example.com is locked"))
    rounds = Housekeeping({"spreadsheets": exports.expire}, hours)
    with capture_logs() as logs:
        rounds.start()
        await asyncio.sleep(0.01)
        await hours.pass_one()
        await rounds.stop()
    assert [entry["event"] for entry in logs] == ["expiry_failed"] * 2
    assert "ann" not in str(logs)
    assert len(exports.expired) == 2


async def test_one_errand_that_fails_does_not_hold_up_the_next(hours: Hours) -> None:
    exports, questions = ExportsStandIn(fails=StoreBusy("busy")), AskingStandIn()
    rounds = Housekeeping({"spreadsheets": exports.expire, "questions": questions.expire}, hours)
    with capture_logs() as logs:
        rounds.start()
        await asyncio.sleep(0.01)
        await rounds.stop()
    assert [entry["what"] for entry in logs] == ["spreadsheets"]
    assert questions.expired == 1


async def test_a_stop_before_the_start_does_nothing(hours: Hours) -> None:
    await Housekeeping({}, hours).stop()


async def test_other_rounds_go_at_their_own_pace_whatever_becomes_of_them(hours: Hours) -> None:
    done: list[str] = []

    async def fine() -> None:
        done.append("fine")

    async def fails() -> None:
        done.append("fails")
        raise StoreBusy("The database of ann@example.com is locked")

    rounds = Housekeeping({}, hours, [Round("tasks", 15, fine), Round("seats", 20, fails)])
    with capture_logs() as logs:
        rounds.start()
        await asyncio.sleep(0.01)
        await hours.pass_one()
        await rounds.stop()
    assert (done[:2], sorted(hours.slept[:3])) == (["fine", "fails"], [15, 20, 3600])
    assert {(entry["event"], entry["round"]) for entry in logs} == {("round_failed", "seats")}
    assert "ann" not in str(logs)
