"""Which rows are one person: by hashed id, else Autodesk id, else e-mail, whichever file says so first."""

from itertools import permutations

import pytest

from tests.company import ANN, BEN, DESIGN, WEST, Company, ago

KNOWN = ANN.called(autodesk_id="A1")


def test_two_spellings_of_an_e_mail_are_one_person(company: Company) -> None:
    company.load(
        company.usage(ANN.called(email="Ann@Example.COM").used("Revit", 1)),
        company.usage(ANN.called(email="ANN@example.com").used("Revit", 2)),
        company.report(ANN.holds("Revit", last=1)),
    )
    row = company.ask("last=30d").row("ann", "Revit")
    assert (row.days_used, row.email) == (2, "ann@example.com")


def test_the_e_mail_is_shown_in_small_letters_if_any_file_has_it_so(company: Company) -> None:
    for number, order in enumerate(permutations(["Ann@Example.com", "ann@example.com", "ANN@EXAMPLE.COM"])):
        account = company.another(f"order {number}")
        for email in order:
            account.load(account.usage(ANN.called(email=email).used("Revit", 1)))
        assert account.ask("last=30d").row("ann", "Revit").email == "ann@example.com"


def test_an_id_that_is_learned_later_makes_two_people_one_in_every_team(company: Company) -> None:
    by_id_only = ANN.called(email=" ", autodesk_id="A1")
    company.load(company.usage(ANN.used("Revit", 1, 2), ANN.of(WEST).used("Revit", 5)))
    company.load(
        company.usage(by_id_only.used("Revit", 3, 4), by_id_only.of(WEST).used("Revit", 4)),
        company.report(by_id_only.holds("AutoCAD")),
        exported_on=ago(0),
    )
    assert company.ask("last=30d").report.row_count == 5
    company.load(company.users(KNOWN.is_a("User")))
    answer = company.ask("last=30d")
    assert answer.people == ["ann"] * 3
    assert answer.row("ann", "AutoCAD").email == "ann@example.com"
    assert (answer.days("ann", "Revit"), answer.days("ann", "Revit", WEST)) == (4, 2)


def test_uniting_adds_tokens_joins_days_and_keeps_the_earlier_assignment(company: Company) -> None:
    by_id_only = ANN.called(email=" ", autodesk_id="A1")
    company.load(
        company.token_usage(ANN.charged("Revit", 1, 2), by_id_only.charged("Revit", 2, 3)),
        company.report(
            ANN.holds("Revit", since=50, access_option="Flex"),
            by_id_only.holds("Revit", since=20, access_option="Flex"),
        ),
    )
    assert company.ask("last=30d").report.row_count == 2
    company.load(company.users(KNOWN.is_a("User")))
    row = company.ask("last=30d").row("ann", "Revit")
    assert (row.days_used, row.tokens_used, row.assigned_on) == (3, 40.0, ago(50))


def test_a_masked_person_is_known_by_the_hashed_id_and_named_once_an_export_says_more(company: Company) -> None:
    company.load(company.usage(ANN.masked.used("Revit", 1, 2)))
    hidden = company.ask("last=30d").report.rows[0]
    assert (len(hidden.person), hidden.email) == (16, None)
    company.load(company.usage(ANN.called(hashed_autodesk_id="hash-of-ann").used("Revit", 1, 2)))
    company.core.set_personal_data(DESIGN, shown=True)
    assert company.ask("last=30d").row("ann", "Revit").days_used == 2
    assert company.ask("last=30d").report.row_count == 1


def test_two_ids_are_two_people_even_with_one_e_mail(company: Company) -> None:
    company.load(company.usage(KNOWN.used("Revit", 1), KNOWN.called(autodesk_id="A2").used("Revit", 2, 3)))
    assert sorted(row.days_used or 0 for row in company.ask("last=30d").report.rows) == [1, 2]


@pytest.mark.parametrize("late", [False, True])
def test_somebody_whose_e_mail_changed_stays_one_person_under_both(company: Company, late: bool) -> None:
    married = KNOWN.called(email="ann.fox@example.com")
    files = [company.usage(KNOWN.used("Revit", 4, 5)), company.report(married.holds("Revit", last=1))]
    for path in files[:: -1 if late else 1]:
        company.load(path)
    # Neither of these names the id: one knows the old address, one the new.
    company.load(
        company.usage(ANN.used("Revit", 4, 5)), company.groups(married.called(autodesk_id="").is_in("Everyone"))
    )
    answer = company.ask("last=30d")
    assert answer.report.row_count == 1
    row = answer.row("ann", "Revit")
    assert (row.email, row.days_used, row.groups) == ("ann.fox@example.com", 2, ("Everyone",))


def test_an_address_that_was_passed_on_belongs_to_who_has_it_now(company: Company) -> None:
    company.load(company.usage(KNOWN.used("Revit", 9)))
    company.load(company.usage(KNOWN.called(email="ann.fox@example.com").used("Revit", 8)))
    company.load(company.usage(BEN.called(email="ann@example.com", autodesk_id="A2").used("Revit", 7)))
    company.load(company.groups(ANN.is_in("Everyone")))
    answer = company.ask("last=30d")
    assert (answer.row("ben", "Revit").groups, answer.row("ann", "Revit").groups) == (("Everyone",), ())


def test_the_name_of_the_newest_export_is_shown(company: Company) -> None:
    newer, older = company.usage(KNOWN.called(name="anna").used("Revit", 1)), company.usage(KNOWN.used("Revit", 9))
    for first, second in ((newer, older), (older, newer)):
        account = company.another(f"{first.name} first")
        account.load(first)
        account.load(second)
        assert account.ask("last=30d").people == ["anna"]
