"""Alerts: each crossing is told once, whatever wavers, fails or looks at the same time."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reporting_core.core import Core
from reporting_core.metrics.crossing import Crossing, run_out, seats_full, tokens_low
from reporting_core.storage.auditing import Chain
from reporting_core.usecases.identity import Rules
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.alerts import Alert, AlertKind
from reporting_core.words.errors import AskAgain, ImportRefused, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Kind
from tests.company import ANN, BEN, KEY, NOW, WEST, Company
from tests.provider_stand_in import Act, ProviderStandIn
from tests.test_core_digests import digest


class Queue:
    """The posts that were queued: a key is taken once."""

    def __init__(self) -> None:
        self.posts: dict[str, tuple[str, str, str]] = {}
        self.broken = False

    async def enqueue(self, key: str, kind: Kind, owner: str, channel: str, due: datetime, content: str) -> bool:
        assert kind is Kind.ALERT
        assert due.tzinfo
        if self.broken:
            raise ConnectionError
        new = key not in self.posts
        self.posts.setdefault(key, (owner, channel, content))
        return new


@pytest.fixture
def queue(company: Company) -> Queue:
    made = Queue()
    company.core.rules = Rules(owners=frozenset({"U1"}))
    company.core.alerts.enqueue = made.enqueue
    return made


async def look(company: Company, days: int = 0) -> list[Alert]:
    """Look so many days after November 24th, when the newest data is of."""
    return await company.core.alerts.look(NOW + timedelta(days=days))


def said(alerts: list[Alert], kind: AlertKind) -> list[str]:
    """What the alerts of a kind say, with the team in front."""
    items = [item for alert in alerts if alert.kind is kind for item in alert.items]
    return [f"{item.team}: {item.said}" for item in items]


def tokens_used(company: Company, each: str = "10") -> None:
    """Ann used so many tokens on each of the last 28 days."""
    company.load(company.token_usage(ANN.charged("Revit", *range(28), tokens=each)))


async def test_tokens_at_a_fifth_are_told_once(company: Company, queue: Queue) -> None:
    company.load(company.balances((1000, 200, 300)))
    told = await look(company)
    assert said(told, AlertKind.TOKENS_LOW) == ["Design: 200 of 1,000 tokens are left (20 %), as stated on 2026-11-24."]
    assert await look(company) == []
    assert len(queue.posts) == 1


async def test_tokens_that_waver_around_the_threshold_are_told_once(company: Company, queue: Queue) -> None:
    for left in (200, 240, 190, 249, 150):
        company.load(company.balances((1000, left, 300)))
        await look(company)
    assert len(queue.posts) == 1


async def test_tokens_bought_anew_and_used_up_again_are_told_again(company: Company, queue: Queue) -> None:
    for left in (200, 900, 200):
        company.load(company.balances((1000, left, 300)))
        await look(company)
    assert len(queue.posts) == 2


async def test_tokens_that_run_out_before_the_pack_ends_are_told_with_the_arithmetic(
    company: Company, queue: Queue
) -> None:
    tokens_used(company)
    company.load(company.balances((1000, 500, 100)))
    (line,) = said(await look(company), AlertKind.RUN_OUT)
    assert line == (
        "Design: 500 tokens left on 2026-11-24, 10 a day (280 used in 28 days): used up after 50 days, on 2027-01-13. "
        "The last pack ends only on 2027-03-04."
    )


async def test_tokens_that_outlast_their_pack_are_no_alert(company: Company, queue: Queue) -> None:
    tokens_used(company)
    company.load(company.balances((2000, 1500, 100)))
    assert said(await look(company), AlertKind.RUN_OUT) == []


async def test_a_pack_that_ends_within_ninety_days_is_told_once(company: Company, queue: Queue) -> None:
    company.load(company.balances((1000, 500, 91)))
    assert await look(company) == []
    told = await look(company, days=1)
    assert said(told, AlertKind.PACK_ENDS) == [
        "Design: A pack with 500 tokens left ends on 2027-02-23: what is not used by then is lost."
    ]
    assert await look(company, days=2) == []


async def test_full_seats_are_told_in_one_message(company: Company, queue: Queue) -> None:
    company.load(company.report(ANN.holds("Revit"), BEN.holds("Revit"), BEN.of(WEST).holds("AutoCAD")))
    company.load(company.usage(ANN.used("Revit", 0)))
    company.load(company.subscriptions(("S1", "Revit", 1)), company.subscriptions(("S2", "AutoCAD", 1), team=WEST))
    told = await look(company)
    assert said(told, AlertKind.SEATS_FULL) == [
        "Design: Revit: more people than seats, 2 assigned and 1 bought.",
        "Structural West: AutoCAD: no seat is free, 1 of 1 are assigned.",
    ]
    assert [item.question for item in told[0].items] == [
        "team=Design product=Revit last=30d",
        'team="Structural West" product=AutoCAD last=30d',
    ]
    assert (len(queue.posts), told[0].count) == (1, 2)


async def test_data_that_grows_old_is_told_on_the_fourth_day(company: Company, queue: Queue) -> None:
    company.load(company.usage(ANN.used("Revit", 0)))
    assert await look(company, days=3) == []
    told = await look(company, days=4)
    assert said(told, AlertKind.DATA_STALE) == [
        ": The newest data is of 2026-11-24, 4 days ago. Load newer exports; digests hold their numbers back."
    ]
    assert await look(company, days=5) == []


async def test_a_refused_import_is_told_and_a_good_one_ends_it(company: Company, queue: Queue, tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("no,export\n1,2\n")
    good = company.usage(ANN.used("Revit", 0), name="good.csv")
    for _ in range(2):
        with pytest.raises(ImportRefused):
            company.core.load([tmp_path / "broken.csv"])
        await look(company)
    assert len(queue.posts) == 1
    company.core.load([good])
    with pytest.raises(ImportRefused):
        company.core.load([tmp_path / "broken.csv"])
    assert said(await look(company), AlertKind.IMPORT_FAILED) == [
        ": These files of an import were refused: broken.csv. Import them again to see why."
    ]


async def test_whoever_drops_a_file_hears_of_it_and_nobody_else(company: Company, queue: Queue, tmp_path: Path) -> None:
    (tmp_path / "broken.csv").write_text("no,export\n1,2\n")
    with pytest.raises(ImportRefused):
        company.core.load([tmp_path / "broken.csv"], LoadOptions(teams=frozenset()))
    assert await look(company) == []


async def test_what_could_not_be_queued_is_queued_by_the_next_look(company: Company, queue: Queue) -> None:
    company.load(company.balances((1000, 200, 300)))
    queue.broken = True
    with pytest.raises(ConnectionError):
        await look(company)
    queue.broken = False
    assert len(await look(company)) == 1
    assert len(queue.posts) == 1


async def test_two_processes_tell_a_crossing_once(company: Company, queue: Queue) -> None:
    company.load(company.balances((1000, 200, 300)))
    core = company.core
    other = Core(core.store, core.account, core.account_id, lambda: NOW, KEY, core.rules)
    other.alerts.enqueue = queue.enqueue
    await look(company)
    await other.alerts.look(NOW)
    assert len(queue.posts) == 1


async def test_without_owners_it_waits_for_somebody_to_tell(company: Company, queue: Queue) -> None:
    company.load(company.balances((1000, 200, 300)))
    company.core.rules = Rules()
    assert await look(company) == []
    company.core.rules = Rules(owners=frozenset({"U1", "ann@example.com"}))
    assert len(await look(company)) == 1
    assert sorted(owner for owner, _channel, _content in queue.posts.values()) == ["U1", "ann@example.com"]


async def test_a_provider_task_that_waits_is_told_on_the_fourth_day(company: Company, queue: Queue) -> None:
    company.load(company.report(ANN.holds("Revit")), company.usage(BEN.used("Revit", 0)))
    core = company.core
    core.seats.provided_by(ProviderStandIn(then=Act.ACCEPTED))
    (verdict,) = await core.seats.preview(core.operator, "user=ann last=30d")
    asked = await core.seats.confirm(core.operator, "B1", [(verdict.seat.assignment_id, verdict.seat.print)])
    await core.seats.carry_out(asked.actions[0].token)
    assert said(await look(company, days=3), AlertKind.TASKS_WAITING) == []
    late = await company.core.alerts.look(NOW + timedelta(days=3, hours=1))
    assert said(late, AlertKind.TASKS_WAITING) == [
        ": 1 seat has been waiting to be taken back or decided about since 2026-11-24."
    ]


async def test_what_is_switched_off_is_not_told_until_it_is_on(company: Company, queue: Queue) -> None:
    alerts, operator = company.core.alerts, company.core.operator
    company.load(company.balances((1000, 200, 300)))
    await alerts.set_rule(operator, AlertKind.TOKENS_LOW, on=False)
    assert await look(company) == []
    await alerts.set_rule(operator, AlertKind.TOKENS_LOW, on=True, channel="C1")
    assert len(await look(company)) == 1
    assert [post[:2] for post in queue.posts.values()] == [("", "C1")]


async def test_rules_are_for_owners_within_bounds_and_recorded(company: Company, queue: Queue) -> None:
    alerts, operator = company.core.alerts, company.core.operator
    with pytest.raises(NotAllowed):
        await alerts.set_rule(Asker(operator.account_id, "U9", "Ben", ""), AlertKind.DATA_STALE, threshold=5)
    with pytest.raises(AskAgain, match="from 1 to 90"):
        await alerts.set_rule(operator, AlertKind.DATA_STALE, threshold=0)
    await alerts.set_rule(operator, AlertKind.DATA_STALE, threshold=5)
    rules = {rule.kind: rule for rule in await alerts.rules()}
    assert (rules[AlertKind.DATA_STALE].threshold, rules[AlertKind.DATA_STALE].by) == (5, "operator")
    assert rules[AlertKind.TOKENS_LOW].threshold == 20
    with company.core.store.reading() as connection:
        (row,) = Chain(company.core.account_id, KEY).rows(connection)
    assert json.loads(row.details) == {"name": "alert data_stale", "before": "on 3", "after": "on 5"}


async def test_the_threshold_of_old_data_holds_for_digests_too(company: Company, queue: Queue) -> None:
    company.load(company.report(ANN.holds("Revit")), company.usage(ANN.used("Revit", 5)))
    assert digest(company).stale == 5
    await company.core.alerts.set_rule(company.core.operator, AlertKind.DATA_STALE, threshold=5)
    assert digest(company).stale is None


RAISED, BETWEEN, OVER = Crossing.RAISED, Crossing.BETWEEN, Crossing.OVER


def test_what_wavers_stays_between() -> None:
    assert [tokens_low(left, 1000, 20) for left in (200, 201, 249, 250)] == [RAISED, BETWEEN, BETWEEN, OVER]
    assert [run_out(days, 1) for days in (1, 0, -5, -6, None)] == [RAISED, BETWEEN, BETWEEN, OVER, OVER]
    assert [seats_full(free, 0) for free in (-1, 0, 1, 2)] == [RAISED, RAISED, BETWEEN, OVER]


def test_where_nothing_was_bought_nothing_is_low() -> None:
    assert tokens_low(0, 0, 20) is OVER
