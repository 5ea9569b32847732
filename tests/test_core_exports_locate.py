"""Finding the lines of some rows again, after they turned out too old to count."""

from datetime import date
from pathlib import Path

from reporting_core.exports import ReadOptions, locate
from reporting_core.words.imports import UseKey
from tests.exporting import OPTIONS, TODAY, outcome, usage_file, usage_row, write_csv


def place(path: Path, person: str, day: str) -> tuple[UseKey, int]:
    (key,) = {key for key, _ in outcome(path).days() if key.person.first_name == person}
    return key, date.fromisoformat(day).toordinal()


def test_every_line_of_a_row_that_is_wanted_is_found(tmp_path: Path) -> None:
    rows = [
        usage_row(),
        usage_row("2026-11-03"),
        usage_row(person="ben"),
        usage_row(team=""),
        usage_row(),
        usage_row("2026-11-02T00:00Z"),
    ]
    path = usage_file(tmp_path / "a.csv", rows)
    ann, ben, never = (
        place(path, "Ann", "2026-11-02"),
        place(path, "Ben", "2026-11-02"),
        place(path, "Ben", "2026-11-09"),
    )
    assert locate(path, OPTIONS, {ann, ben, never}) == {ann: [2, 6, 7], ben: [4]}


def test_lines_are_found_in_token_usage_and_with_dates_year_last(tmp_path: Path) -> None:
    rows = [["1/2/2026", "ann@example.com", "Design", "Revit", str(tokens)] for tokens in (7, 0)]
    path = write_csv(tmp_path / "a.csv", [["day_used", "email", "team", "product", "tokens_used"], *rows])
    options = ReadOptions("mdy", TODAY)
    ((key, day),) = outcome(path, options).days()
    assert day == date(2026, 1, 2)
    assert locate(path, options, {(key, day.toordinal())}) == {(key, day.toordinal()): [2, 3]}


def test_nothing_is_found_in_a_file_that_has_gone_or_changed(tmp_path: Path) -> None:
    path = usage_file(tmp_path / "a.csv", [usage_row()])
    wanted = {place(path, "Ann", "2026-11-02")}
    path.write_text("hello\n")
    assert locate(path, OPTIONS, wanted) == {}
    path.unlink()
    assert locate(path, OPTIONS, wanted) == {}
