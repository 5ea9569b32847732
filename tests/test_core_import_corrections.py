"""A newer export is the truth for its days and teams; an older one changes nothing; nothing goes by accident."""

import re

import pytest

from reporting_core.words.errors import ImportRefused
from tests.company import ANN, BEN, CLEO, DESIGN, WEST, Company, ago


def test_a_newer_export_takes_away_use_that_it_does_not_list(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 21))))
    result = company.load(company.usage(ANN.used("Revit", *range(1, 20, 2), 20)), replace=True)
    assert company.ask("last=30d").days("ann", "Revit") == 11
    assert result.notes == ("9 usage days that the newer exports do not list any more were taken away.",)
    assert result.changed


def test_up_to_a_tenth_may_go_without_asking(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 21))))
    company.load(company.usage(ANN.used("Revit", 1, *range(4, 21))))
    assert company.ask("last=30d").days("ann", "Revit") == 18


def test_more_than_a_tenth_is_refused_and_says_whose(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 21)), BEN.used("Revit", 2)))
    before = company.stored()
    newer = company.usage(ANN.used("Revit", 1, 20))
    with pytest.raises(ImportRefused) as refused:
        company.load(newer, company.report(CLEO.holds("Revit")))
    message = str(refused.value)
    assert "take away 19 of the 21 usage days" in message
    assert "Ann Lee (Design, Revit): 18 days; Ben Lee (Design, Revit): 1 day" in message
    assert "--replace" in message
    assert company.stored() == before
    company.load(newer, replace=True)
    assert company.ask("last=30d").days("ann", "Revit") == 2


def test_who_is_hidden_stays_hidden_in_the_refusal(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 21))))
    company.core.set_personal_data(DESIGN, shown=False)
    with pytest.raises(ImportRefused) as refused:
        company.load(company.usage(ANN.used("Revit", 1, 20)))
    assert "Ann" not in str(refused.value)
    assert "example.com" not in str(refused.value)
    assert re.search(r"[0-9a-f]{16} \(Design, Revit\): 18 days", str(refused.value))


def test_tokens_that_would_go_are_guarded_too(company: Company) -> None:
    company.load(
        company.token_usage(BEN.charged("Revit", *range(1, 21))),
        company.usage(BEN.used("Revit", *range(1, 21), access="Flex")),
    )
    before = company.stored()
    newer = company.token_usage(BEN.charged("Revit", 1, 20))
    with pytest.raises(ImportRefused, match=r"Ben Lee \(Design, Revit\): 18 days"):
        company.load(newer)
    assert company.stored() == before
    company.load(newer, replace=True)
    row = company.ask("last=30d").row("ben", "Revit")
    # Usage lists the days still; only the charges are gone.
    assert (row.days_used, row.tokens_used) == (20, 20.0)


def test_teams_and_days_that_do_not_occur_in_it_are_left_alone(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", 1, 10, 20), BEN.of(WEST).used("Revit", 5)))
    company.load(company.usage(CLEO.used("Revit", 9, 11)), replace=True)
    answer = company.ask("last=30d")
    assert answer.days("ann", "Revit") == 3  # made with days up to 9 days ago, this export is older than the first
    company.load(company.usage(CLEO.used("Revit", 9, 11)), replace=True, exported_on=ago(0))
    answer = company.ask("last=30d")
    assert (answer.days("ann", "Revit"), answer.days("ben", "Revit", WEST), answer.days("cleo", "Revit")) == (2, 1, 2)


def test_an_older_export_that_comes_later_changes_nothing_and_its_other_rows_are_refused_by_line(
    company: Company,
) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 11)), CLEO.used("Revit", 10)))
    before = company.stored()
    older = company.usage(ANN.used("Revit", 3, 4), BEN.used("Revit", 5), ANN.used("Revit", 6), BEN.used("Revit", 5, 8))
    result = company.load(older)
    (file,) = result.files
    assert (file.stored, file.unchanged, [refusal.line for refusal in file.refused]) == (0, 3, [4, 6, 7])
    assert all("a newer export covers" in refusal.reason for refusal in file.refused)
    assert all("--exported-on" in refusal.reason for refusal in file.refused)
    assert {name: rows for name, rows in company.stored().items() if name in {"calendar", "coverage"}} == {
        name: rows for name, rows in before.items() if name in {"calendar", "coverage"}
    }


def test_exported_on_makes_it_the_newer_one(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 11))))
    company.load(company.usage(ANN.used("Revit", 3, 4), BEN.used("Revit", 5)), exported_on=ago(0), replace=True)
    answer = company.ask("last=30d")
    assert (answer.days("ann", "Revit"), answer.days("ben", "Revit")) == (9, 1)


def test_an_older_charge_that_contradicts_a_newer_one_is_refused_in_each_of_its_lines(company: Company) -> None:
    company.load(company.token_usage(BEN.charged("Revit", 1, 2, 3, tokens="10")))
    older = company.token_usage(
        BEN.charged("Revit", 2, tokens="7"),
        BEN.charged("Revit", 3),
        BEN.charged("Revit", 2, tokens="1", feature="Cloud"),
    )
    (file,) = company.load(older).files
    assert (file.stored, file.unchanged, [refusal.line for refusal in file.refused]) == (0, 1, [2, 4])
    assert company.ask("last=30d").row("ben", "Revit").tokens_used == 30


def test_from_and_to_say_what_an_export_covers(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(21))))
    newer = company.usage(ANN.used("Revit", *range(1, 21)))
    result = company.load(newer, first=ago(20), last=ago(0))
    assert result.coverage == {DESIGN: ((ago(20), ago(0)),)}
    assert company.ask("last=30d").days("ann", "Revit") == 20


def test_rows_outside_from_and_to_are_refused(company: Company) -> None:
    (file,) = company.load(company.usage(ANN.used("Revit", 1, 5, 9)), first=ago(6), last=ago(2)).files
    assert (file.stored, [refusal.line for refusal in file.refused]) == (1, [2, 4])
    assert all("--from and --to" in refusal.reason for refusal in file.refused)
    assert company.ask("last=3d", as_of=ago(4)).days("ann", "Revit") == 1


def test_from_after_to_is_asked_back(company: Company) -> None:
    with pytest.raises(ImportRefused, match="--from"):
        company.load(company.usage(ANN.used("Revit", 1)), first=ago(2), last=ago(6))


def test_files_of_one_command_are_put_together_first(company: Company) -> None:
    """One export in two files, by team: neither takes away the other's days."""
    old = company.usage(ANN.used("Revit", *range(10)), BEN.of(WEST).used("Revit", *range(10)))
    company.load(old)
    halves = company.usage(ANN.used("Revit", *range(10))), company.usage(BEN.of(WEST).used("Revit", *range(3, 10)))
    result = company.load(*halves, replace=True)
    assert result.coverage == {DESIGN: ((ago(9), ago(0)),), WEST: ((ago(9), ago(0)),)}
    assert company.ask("last=30d").days("ben", "Revit", WEST) == 7


def test_a_hole_between_files_stays_a_hole(company: Company) -> None:
    result = company.load(
        company.usage(ANN.used("Revit", *range(40, 60))),
        company.usage(ANN.used("Revit", *range(10))),
        company.report(ANN.holds("Revit", last=0), BEN.holds("Revit")),
    )
    assert result.coverage == {DESIGN: ((ago(59), ago(40)), (ago(9), ago(0)))}
    row = company.ask("team=Design last=30d").row("ben", "Revit")
    assert row.status == "unknown"
    assert company.ask("team=Design last=10d").row("ben", "Revit").status == "inactive"


def test_seat_usage_speaks_for_seats_only(company: Company) -> None:
    company.load(company.usage(ANN.used("Revit", *range(1, 11)), BEN.used("Revit", *range(1, 11), access="Flex")))
    company.load(company.seat_usage(ANN.used("Revit", 1, *range(3, 11))), replace=True)
    rows = {row.access.value: row.days_used for row in company.ask("last=30d").report.rows}
    assert rows == {"subscription": 9, "flex": 10}


def test_usage_of_a_newer_date_takes_away_days_that_tokens_claimed(company: Company) -> None:
    company.load(company.token_usage(BEN.charged("Revit", 2, 3)))
    company.load(company.usage(BEN.used("Revit", 1, 2, access="Flex"), ANN.used("Revit", 4)), replace=True)
    row = company.ask("last=30d").row("ben", "Revit")
    assert (row.days_used, row.tokens_used) == (2, 20.0)


def test_more_releases_than_an_import_can_tell_apart_are_refused_in_words(company: Company) -> None:
    rows = [{**ANN.used("Revit", 1)[0], "version": f"2027.{number}"} for number in range(17_000)]
    before = company.stored()
    with pytest.raises(ImportRefused, match="pairs of product and release"):
        company.load(company.usage(rows))
    assert company.stored() == before
