"""Sample exports of three companies: every question is answered as plain loops over plain days answered it.

In one command, and file by file in any order; on both databases.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reporting_core.core import Core, open_core
from reporting_core.storage.engines import open_store
from reporting_core.words.report import Row, UsageReport

SAMPLES = Path(__file__).parent / "samples"
COMPANIES = ("snake-2023", "snake-2026", "title-xlsx")
ORDERS = 2
"""Random orders, besides all files in one command; each imports a company file by file."""


@cache
def expected(company: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress((SAMPLES / company / "expected.json.gz").read_bytes()))
    return found


def exports_of(company: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / company).iterdir() if path.suffix in {".csv", ".xlsx"})


@pytest.fixture
def core(database_url: str) -> Iterator[Core]:
    store = open_store(database_url)
    yield open_core(store, "main", clock=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC), key=b"k" * 32)
    store.close()


def in_one_command(core: Core, files: Sequence[Path]) -> None:
    everything_is_taken(core, files)


def one_by_one(core: Core, files: Sequence[Path]) -> None:
    for file in files:
        everything_is_taken(core, [file])


def everything_is_taken(core: Core, files: Sequence[Path]) -> None:
    for file in core.load(files).files:
        assert (file.error, file.refused, file.stored + file.unchanged) == (None, (), file.read)
        assert file.stored


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("seed", range(ORDERS))
@pytest.mark.parametrize("load", [in_one_command, one_by_one])
def test_every_question_is_answered_right_in_whatever_order_files_come(
    core: Core, company: str, seed: int, load: Callable[[Core, Sequence[Path]], None]
) -> None:
    files = exports_of(company)
    random.Random(seed).shuffle(files)
    load(core, files)
    assert expected(company)["questions"]
    wrong = {
        text: differences
        for text, answer in expected(company)["questions"].items()
        if (differences := list(compared(core.answer(text, core.operator), answer)))
    }
    assert wrong == {}


def compared(report: UsageReport, answer: dict[str, Any]) -> Iterator[tuple[object, ...]]:
    """Whatever differs."""
    if (got := (str(report.period.first), str(report.period.last))) != (wanted := (answer["from"], answer["to"])):
        yield "range", got, wanted
    if not report.row_count == len(report.rows) == answer["row_count"] == len(answer["rows"]):
        yield "row_count", report.row_count, len(report.rows), answer["row_count"]
    rows = {(row.team, row.product, row.access.value, row.email): shown(row) for row in report.rows}
    for row in answer["rows"]:
        figures = {name: value for name, value in row.items() if name not in {"team", "product", "access", "email"}}
        got_row = rows.get((row["team"], row["product"], row["access"], row["email"]))
        if got_row != figures:
            yield row, got_row
    for part, figures in answer["tiles"].items():
        told = asdict(report.tiles)[part]
        if {name: told[name] for name in figures} != figures:
            yield part, told, figures


def shown(row: Row) -> dict[str, object]:
    return {
        "status": row.status.value,
        "days_used": row.days_used,
        "monthly_average": row.monthly_average,
        "last_accessed": row.last_accessed.isoformat() if row.last_accessed else None,
        "assigned_on": row.assigned_on.isoformat() if row.assigned_on else None,
        "tokens_used": row.tokens_used,
        "assigned_by": row.assigned_by.value,
        "groups": list(row.groups),
    }


@pytest.mark.parametrize("company", COMPANIES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_files_again_change_nothing(core: Core, company: str) -> None:
    files = exports_of(company)
    core.load(files)
    for again in (files, files[::-1], *([file] for file in files)):
        result = core.load(again)
        assert not result.changed
        assert [(file.stored, file.refused) for file in result.files] == [(0, ())] * len(again)
