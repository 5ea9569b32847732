"""Several processes on one database, SQLite or PostgreSQL, behave as one: each seat is taken by one of them, once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.company import open_company
from tests.provider_stand_in import ProviderStandIn
from tests.seat_faults import Office

ROOT = Path(__file__).parents[1]


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    company = open_company(database_url, tmp_path)
    yield Office(company, database_url, ProviderStandIn())
    company.core.store.close()


def process(office: Office, name: str, flag: Path, seats: list[tuple[int, str]]) -> "subprocess.Popen[str]":
    """Start a bot that waits for the file."""
    command = [sys.executable, "-m", "tests.seat_process", office.url, name, str(flag), json.dumps(seats)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_that_press_at_the_same_moment_take_each_seat_once(office: Office, tmp_path: Path) -> None:
    seats = [shown for seat in office.hire(20) for shown in office.shown(seat)]
    flag = tmp_path / "go"
    orders = {"U1": seats, "U2": seats, "U3": [*reversed(seats)]}
    started = {name: process(office, name, flag, some) for name, some in orders.items()}
    for each in started.values():
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    flag.touch()
    told = {name: json.loads(each.communicate(timeout=100)[0]) for name, each in started.items()}
    told["U3"].reverse()
    for number, (seat, _print) in enumerate(seats):
        ends = {name: some[number] for name, some in told.items()}
        (winner,) = [name for name, end in ends.items() if end == ["done"]]
        losers = [end for name, end in ends.items() if name != winner]
        assert all(end in (["busy", winner], ["gone", ""]) for end in losers), ends
        assert office.row(seat).assigned == 0
    with office.company.core.store.reading() as connection:
        effects = connection.execute(text("SELECT COUNT(*), COUNT(DISTINCT assignment_id) FROM ledger_effects")).one()
        finals = connection.execute(text("SELECT COUNT(*) FROM audit_rows WHERE kind = 'done'")).scalar_one()
    assert (tuple(effects), finals) == ((20, 20), 20)
