"""The sample exports of three companies: every file is read whole, and daily use equals a naive loop over the rows."""

import csv
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reporting_core.words.imports import ReportRow
from tests.exporting import Outcome, outcomes

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(path for path in SAMPLES.glob("*/*") if path.suffix in {".csv", ".xlsx"})


@pytest.fixture(scope="module")
def read() -> dict[Path, Outcome]:
    return dict(zip(FILES, outcomes(FILES), strict=True))


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows by the plainest means, keyed by headers in lower case."""
    if path.suffix == ".csv":
        table = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    else:
        table = [[*row] for row in openpyxl.load_workbook(path).worksheets[0].values]  # type: ignore[list-item]
    names = [str(name).lower().replace(" ", "_") for name in table[0]]
    return [dict(zip(names, row, strict=True)) for row in table[1:]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_file_is_recognised_by_its_headers_and_every_row_taken(path: Path, read: dict[Path, Outcome]) -> None:
    found = read[path]
    assert found.kind == path.stem
    assert found.head is not None
    assert found.head.ignored_columns == ()
    assert (
        path.stem == "groups"
        or found.head.generation
        == {
            "snake-2023": "2023 snake_case",
            "snake-2026": "2026 snake_case",
            "title-xlsx": "Title Case",
        }[path.parent.name]
    )
    assert found.done.refused == []
    assert found.done.read == found.accepted == len(rows_of(path))


def naive_days(path: Path) -> dict[tuple[str, ...], set[date]]:
    days: dict[tuple[str, ...], set[date]] = defaultdict(set)
    for row in rows_of(path):
        offering = row.get("offering_name") or row["product"]
        child = row.get("product_name", "")
        access = row.get("access_option", "Flex").lower()
        key = (
            *(
                row.get("team") or row["team_alias"],
                row["email"],
                row["first_name"],
                row["last_name"],
                offering,
                access,
            ),
            *("" if child == offering else child, row.get("version", "")),
        )
        day = row["day_used"]
        days[key].add(day.date() if isinstance(day, datetime) else date.fromisoformat(day))
    return days


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.stem in {"usage", "token_usage"}],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_daily_use_equals_a_naive_loop(path: Path, read: dict[Path, Outcome]) -> None:
    days: dict[tuple[str, ...], set[date]] = defaultdict(set)
    for key, day in read[path].days():
        person = key.person
        name = (
            key.team,
            person.email,
            person.first_name,
            person.last_name,
            key.offering,
            str(key.access),
            key.child,
            key.release,
        )
        days[name].add(day)
    assert days == naive_days(path)
    every = set().union(*days.values())
    tail = read[path].done
    assert (tail.first_day, tail.last_day) == (min(every).toordinal(), max(every).toordinal())


@pytest.mark.parametrize("company", ["snake-2023", "snake-2026", "title-xlsx"])
def test_tokens_are_kept_to_the_thousandth(company: str, read: dict[Path, Outcome]) -> None:
    path = next(path for path in FILES if path.parent.name == company and path.stem == "token_usage")
    charged = sum(round(float(row["tokens_used"]) * 1000) for row in rows_of(path))
    assert sum(read[path].charges().values()) == charged


@pytest.mark.parametrize("company", ["snake-2023", "snake-2026", "title-xlsx"])
def test_the_report_was_exported_on_the_newest_day_in_it(company: str, read: dict[Path, Outcome]) -> None:
    path = next(path for path in FILES if path.parent.name == company and path.stem == "usage_report")
    assert read[path].done.newest == date(2026, 11, 24).toordinal()
    origins = {str(record.origin) for record in read[path].records if isinstance(record, ReportRow)}
    assert origins == {"individual", "group", "default"}
