"""Writes the exports of the made-up company as files, in the mixture of forms that years of exporting leave behind."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.demo_company import tables
from bot.demo_company.company import GAP, Company
from bot.demo_company.tables import Days, Table
from bot.demo_company.teams import DESIGN, FIELD, MANUFACTURING, STRUCTURAL, VISUALISATION

AGAIN = timedelta(days=6)
"""So many days before the first new one are in later exports once more."""

README = """Northgate Studio is made up, and so is everybody in these files.
usagebot invents them for its demo; any likeness to real people or companies is chance.
"""


def write(company: Company, folder: Path) -> list[list[Path]]:
    """Write all exports into a folder; returns their paths by delivery, each to be imported with one command.

    Manufacturing hands in its own, and has left out two weeks.
    """
    (folder / "README.txt").write_text(README, encoding="utf-8")
    everybody = [*_reports(company, folder), *_daily(company, folder), *_lists(company, folder)]
    return [everybody, list(_manufacturing(company, folder))]


def write_later(company: Company, folder: Path, since: date) -> list[list[Path]]:
    """Write what is exported of the days after one: reports and balances as they are now, and the use of those days.

    A week before is in it again, as in exports that somebody makes by habit.
    """
    days = (since - AGAIN).toordinal(), company.through.toordinal()
    balances = _csv(folder / "token_balances.csv", tables.balances(company))
    report = _csv(folder / "usage_report_manufacturing.csv", *_of_manufacturing(company))
    usage = _csv(folder / "usage_manufacturing.csv", tables.usage(company, "2023", MANUFACTURING, days=days), ";")
    return [[*_reports(company, folder), *_daily(company, folder, days), balances], [report, usage]]


def _of_manufacturing(company: Company) -> tuple[Table, str]:
    return tables.usage_report(company, "2023", MANUFACTURING), ";"


def _reports(company: Company, folder: Path) -> Iterator[Path]:
    yield _csv(folder / "usage_report.csv", tables.usage_report(company, "2026", DESIGN, FIELD))
    yield _csv(folder / "usage_report_visualisation.csv", tables.usage_report(company, "2026", VISUALISATION))
    yield _xlsx(folder / "Usage Report - Structural West.xlsx", tables.usage_report(company, "title", STRUCTURAL))


def _daily(company: Company, folder: Path, days: Days | None = None) -> Iterator[Path]:
    seats = tables.seat_usage(company, STRUCTURAL, days=days)
    tokens = tables.token_usage(company, "2026", DESIGN, FIELD, VISUALISATION, days=days)
    others = tables.token_usage(company, "title", STRUCTURAL, days=days)
    yield _csv(folder / "usage.csv", tables.usage(company, "2026", DESIGN, FIELD, days=days))
    yield _csv(folder / "usage_visualisation.csv", tables.usage(company, "2026", VISUALISATION, days=days))
    yield _csv(folder / "Seat Usage - Structural West.csv", seats, "\t", "utf-16")
    yield _csv(folder / "token_usage.csv", tokens)
    yield _xlsx(folder / "Token Usage - Structural West.xlsx", others)


def _manufacturing(company: Company, folder: Path) -> Iterator[Path]:
    last = company.made_through.toordinal()
    before, after = (company.first.toordinal(), last - GAP[0] - 1), (last - GAP[1] + 1, last)
    yield _csv(folder / "usage_report_manufacturing.csv", *_of_manufacturing(company))
    yield _csv(folder / "usage_manufacturing_1.csv", tables.usage(company, "2023", MANUFACTURING, days=before), ";")
    yield _csv(folder / "usage_manufacturing_2.csv", tables.usage(company, "2023", MANUFACTURING, days=after), ";")


def _lists(company: Company, folder: Path) -> Iterator[Path]:
    yield _xlsx(folder / "Subscriptions.xlsx", tables.subscriptions(company))
    yield _csv(folder / "users.csv", tables.users(company))
    yield _csv(folder / "groups.csv", tables.groups(company))
    yield _csv(folder / "token_balances.csv", tables.balances(company))
    yield _csv(folder / "assignment_rules.csv", tables.rules(company))


def _csv(path: Path, table: Table, delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(table.header)
        writer.writerows([_written(value) for value in row] for row in table.rows)
    return path


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _xlsx(path: Path, table: Table) -> Path:
    from openpyxl import Workbook  # noqa: PLC0415 - takes long to load

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Export")
    for row in [list(table.header), *table.rows]:
        sheet.append([None if value == "" else value for value in row])
    book.save(path)
    return path
