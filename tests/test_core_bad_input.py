"""What people get wrong: each gets a sentence that says what to do next, and nothing is changed or lost."""

from pathlib import Path

import pytest

from reporting_core.words.errors import AskAgain, BadQuery, ImportRefused
from tests.company import ANN, BEN, DESIGN, TODAY, Company, ago


@pytest.fixture
def company(company: Company) -> Company:
    company.load(
        company.usage(ANN.used("Revit", *range(1, 30, 2))), company.report(ANN.holds("Revit"), BEN.holds("Revit"))
    )
    return company


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("team=Desing last=30d", "Design"),
        ("team=Design from=2026-11-20 to=2026-11-01", "backwards"),
        ("team=Design from=2026-11-20 to=2027-01-01", "future"),
        ("team=Design from=2025-01-01 to=2025-01-31", "No use is loaded for 2025-01-01 to 2025-01-31"),
        ("team=Design last=2030-01", "2030-01"),
        ("team=Design to=2026-11-01", "from"),
        ("team=Design from=2024-01-01 to=2026-01-01", "366"),
        ("product=Rivet last=30d", "Revit"),
        ("user=zoe status=sleepy", "sleepy"),
        ("team=" + "x" * 10_000, "10,000|characters|long|team"),
        ("(" * 10_000, "."),
    ],
)
def test_a_question_that_cannot_be_answered_is_asked_back(company: Company, text: str, says: str) -> None:
    before = company.stored()
    with pytest.raises(AskAgain, match=says) as asked:
        company.ask(text)
    assert len(str(asked.value)) < 1000
    assert company.stored() == before


def test_a_wrong_name_shows_where_what_is_near_and_a_command_that_runs(company: Company) -> None:
    with pytest.raises(BadQuery) as bad:
        company.ask("team=Desing last=30d")
    assert (bad.value.position, bad.value.suggestions) == (5, (DESIGN,))
    assert bad.value.corrected is not None
    assert company.ask(bad.value.corrected).report.row_count == 2


def test_a_range_without_data_names_the_dates_with_data(company: Company) -> None:
    with pytest.raises(AskAgain, match=f"covers {ago(29)} to {ago(1)}") as asked:
        company.ask("team=Design from=2025-01-01 to=2025-01-31")
    assert company.ask(asked.value.suggestions[0]).report.row_count == 2


def test_an_as_of_date_in_the_future_is_asked_back(company: Company) -> None:
    with pytest.raises(AskAgain, match="future"):
        company.ask("last=30d", as_of=ago(-1))
    assert company.ask("last=30d", as_of=TODAY).report.as_of == TODAY


def test_nothing_found_names_the_nearest_thing_that_exists(company: Company) -> None:
    report = company.ask("user=Anne last=30d").report
    assert report.row_count == 0
    assert company.ask(report.nearest[0]).people == ["ann"]
    report = company.ask("team=Design status=unassigned last=30d").report
    assert company.ask(report.nearest[0]).report.row_count == 2


def test_use_and_last_access_in_the_future_are_refused_by_line(company: Company) -> None:
    result = company.load(
        company.usage(ANN.used("Revit", -1, 1)),
        company.report(BEN.holds("Revit", last=-3, days_inactive="0"), ANN.holds("Revit", last=1)),
    )
    usage, report = result.files
    assert [(refusal.line, "future" in refusal.reason) for refusal in (*usage.refused, *report.refused)] == [
        (2, True)
    ] * 2
    assert company.ask("last=7d").report.as_of == ago(1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 1000, "no kind of file|text"),
        (b"PK\x03\x04 this is no workbook", "broken|damaged|workbook"),
        (b"day_used,emial,team,offering_name,access_option\n", "emial"),
        (b"day_used,email,team,prodct_name,access_option\n", "Offering name|Product"),
        (b"day_used,email,team,product\n03/04/2026,ann@example.com,Design,Revit\n", "--dates"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(company: Company, content: bytes, says: str) -> None:
    path: Path = company.folder / "sent.csv"
    path.write_bytes(content)
    before = company.stored()
    with pytest.raises(ImportRefused, match=says):
        company.core.load([path])
    assert company.stored() == before


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_is_not_there_is_named(company: Company, name: str) -> None:
    with pytest.raises(ImportRefused, match=r"cannot be read|folder"):
        company.core.load([company.folder / name])


def test_no_file_at_all_is_asked_back(company: Company) -> None:
    with pytest.raises(ImportRefused, match="usagebot import FILE"):
        company.core.load([])


@pytest.mark.parametrize("seats", ["99999999999999", "-1", "many", ""])
def test_numbers_that_cannot_be_are_refused_by_line(company: Company, seats: str) -> None:
    row = {"team": DESIGN, "offering_name": "Revit", "seat_quantity": seats, "subscription_id": "S-1"}
    path = company.file([{**row, "start_date": f"{ago(9)}", "end_date": f"{ago(-9)}"}])
    (file,) = company.load(path).files
    assert (file.stored, [refusal.line for refusal in file.refused]) == (0, [2])


@pytest.mark.parametrize("tokens", ["99999999999999999999", "1e300", "nan", "-5", "1.00000001"])
def test_tokens_that_cannot_be_are_refused_by_line(company: Company, tokens: str) -> None:
    (file,) = company.load(company.token_usage(BEN.charged("Revit", 1, tokens=tokens))).files
    assert file.stored + len(file.refused) == 1
    assert company.ask("last=7d").report.tiles.flex.tokens_used < 10**12
