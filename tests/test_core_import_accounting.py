"""Every row of an import is accounted for, and the same files again change nothing."""

import random
from itertools import permutations
from pathlib import Path

import pytest

from reporting_core.words.errors import ImportRefused
from reporting_core.words.terms import Kind
from tests.company import ANN, BEN, CLEO, DESIGN, TODAY, WEST, Cells, Company, ago


def one_of_each_kind(company: Company) -> list[Path]:
    return [
        company.usage(ANN.used("Revit", 1, 2, 3), BEN.used("AEC Collection", 2, 4, access="Flex", child="Revit")),
        company.seat_usage(ANN.used("Revit", 1, 2, 3)),
        company.token_usage(BEN.charged("AEC Collection", 2, 4), BEN.charged("AEC Collection", 2, feature="Cloud")),
        company.report(ANN.holds("Revit", last=1, group="CAD users"), CLEO.holds("AutoCAD")),
        company.users(ANN.is_a("Primary admin"), BEN.is_a("User")),
        company.groups(ANN.is_in("CAD users"), BEN.is_in("Everyone")),
        company.subscriptions(("S-1", "Revit", 12), ("S-2", "AutoCAD", 3)),
        company.balances((1000, 400, 90), (500, 500, 200)),
        company.file([{"team": DESIGN, "product": "AutoCAD", "assigned_by": "Default"}]),
    ]


def test_all_kinds_are_read_and_every_row_is_stored(company: Company) -> None:
    result = company.load(*one_of_each_kind(company))
    assert [(file.kind, file.read, file.stored, file.refused) for file in result.files] == [
        (Kind.USAGE, 5, 5, ()),
        (Kind.SEAT_USAGE, 3, 3, ()),
        (Kind.TOKEN_USAGE, 3, 3, ()),
        (Kind.USAGE_REPORT, 2, 2, ()),
        (Kind.USERS, 2, 2, ()),
        (Kind.GROUPS, 2, 2, ()),
        (Kind.SUBSCRIPTIONS, 2, 2, ()),
        (Kind.TOKEN_BALANCES, 2, 2, ()),
        (Kind.ASSIGNMENT_RULES, 1, 1, ()),
    ]
    assert result.coverage == {DESIGN: ((ago(4), ago(1)),)}
    assert result.changed


def test_the_same_files_again_change_nothing_together_or_alone(company: Company) -> None:
    paths = one_of_each_kind(company)
    company.load(*paths)
    before = company.stored()
    for again in (paths, paths[::-1], *([path] for path in paths)):
        result = company.load(*again)
        assert not result.changed
        assert {(file.stored, file.unchanged, file.refused) for file in result.files} == {
            (0, file.read, ()) for file in result.files
        }
    assert company.stored() == before


def test_the_order_of_rows_does_not_matter(company: Company) -> None:
    rows: list[Cells] = [
        *ANN.used("Revit", *range(20)),
        *BEN.used("Revit", 3, 5, access="Flex"),
        *CLEO.used("AutoCAD", 7),
    ]
    company.load(company.usage(rows))
    before = company.stored()
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert not company.load(company.usage(rows)).changed
    assert company.stored() == before


def test_a_repeated_row_is_one_day_and_counts_as_unchanged(company: Company) -> None:
    result = company.load(company.usage(ANN.used("Revit", 1, 1, 2)), company.usage(ANN.used("Revit", 2)))
    assert [(file.read, file.stored, file.unchanged) for file in result.files] == [(3, 2, 1), (1, 0, 1)]
    assert company.ask("last=30d").days("ann", "Revit") == 2


def test_token_rows_of_one_day_with_different_features_add_up_and_repeated_ones_do_not(company: Company) -> None:
    path = company.token_usage(
        BEN.charged("Revit", 1, 1, tokens="10"),
        BEN.charged("Revit", 1, tokens="0.5", feature="Cloud render"),
        BEN.charged("Revit", 2, tokens="0"),
    )
    result = company.load(path)
    assert (result.files[0].read, result.files[0].stored, result.files[0].unchanged) == (4, 3, 1)
    row = company.ask("last=30d").row("ben", "Revit")
    assert (row.days_used, row.tokens_used) == (2, 10.5)
    assert not company.load(path).changed


def test_refused_rows_are_named_by_line_and_the_others_are_stored(company: Company) -> None:
    good, bad = ANN.used("Revit", 1)[0], ANN.used("Revit", 2)[0]
    result = company.load(company.usage([good, {**bad, "day_used": "yesterday"}, {**bad, "team": ""}, bad]))
    (file,) = result.files
    assert (file.read, file.stored, file.unchanged) == (4, 2, 0)
    assert [refusal.line for refusal in file.refused] == [3, 4]
    assert "“yesterday” is no date" in file.refused[0].reason
    assert "Team is blank" in file.refused[1].reason


def test_a_masked_row_without_an_id_is_refused_with_that_reason(company: Company) -> None:
    nameless = ANN.masked.called(hashed_autodesk_id="")
    result = company.load(company.usage(nameless.used("Revit", 1), ANN.masked.used("Revit", 2)))
    assert (result.files[0].stored, [refusal.line for refusal in result.files[0].refused]) == (1, [2])
    assert "masked" in result.files[0].refused[0].reason


def test_an_unreadable_file_is_named_and_does_not_hold_up_the_others(company: Company) -> None:
    note = company.file([{"recipe": "soup", "serves": "4"}], name="note.csv")
    result = company.load(note, company.usage(ANN.used("Revit", 1)))
    unread, usage = result.files
    assert (unread.name, unread.kind, unread.read, unread.stored) == ("note.csv", None, 0, 0)
    assert "no kind of file" in (unread.error or "")
    assert usage.stored == 1
    before = company.stored()
    with pytest.raises(ImportRefused, match=r"note\.csv: This is no kind of file"):
        company.load(note)
    assert company.stored() == before


def test_a_new_product_is_added_and_named(company: Company) -> None:
    result = company.load(company.usage(ANN.used("Forma", 1)))
    assert any("New products" in note and "Forma" in note for note in result.notes)
    assert company.ask("product=forma last=30d").days("ann", "Forma") == 1
    assert company.load(company.usage(ANN.used("FORMA", 1))).notes == ()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_kinds_may_come_in_any_order(company: Company) -> None:
    answers = []
    for number, order in enumerate(permutations(range(4))):
        account = company.another(f"order {number}")
        paths = [
            account.usage(ANN.used("Revit", 1, 2), BEN.used("Revit", 2, access="Flex")),
            account.token_usage(BEN.charged("Revit", 2)),
            account.report(ANN.holds("Revit", last=1), BEN.of(WEST).holds("Revit", group="Everyone")),
            account.groups(ANN.is_in("CAD users")),
        ]
        for place in order:
            account.load(paths[place])
        report = account.ask("last=30d").report
        rows = sorted((repr((row.person, row.team, row.status, row.days_used, row.groups))) for row in report.rows)
        answers.append((rows, report.tiles, report.row_count))
    assert all(answer == answers[0] for answer in answers)


def test_what_the_child_process_reads_is_what_is_stored(company: Company) -> None:
    paths = one_of_each_kind(company)
    company.core.load(paths)
    before = company.stored()
    assert before["calendar"]
    assert not company.load(*paths).changed
    assert company.stored() == before


def test_an_export_of_today_covers_up_to_today(company: Company) -> None:
    assert company.load(company.usage(ANN.used("Revit", 0, 10))).coverage == {DESIGN: ((ago(10), TODAY),)}
