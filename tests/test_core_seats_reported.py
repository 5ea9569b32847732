"""A report ends where the data ends; seats that were unassigned since then are told beside it."""

from sqlalchemy import update

from reporting_core.storage import schema
from tests.company import ANN, TODAY, Company


def test_a_seat_unassigned_after_the_data_ends_is_told_and_counted_as_it_was(company: Company) -> None:
    company.load(company.report(ANN.holds("Revit", since=200, last=40)), company.usage(ANN.used("Revit", 2)))
    a = schema.assignments.c
    with company.core.store.writing() as connection:
        taken = update(schema.assignments).where(a.account_id == company.core.account_id)
        connection.execute(taken.values(assigned=0, unassigned_on=TODAY.toordinal()))
    report = company.ask("team=Design last=30d").report
    assert report.tiles.subscriptions.assigned == 1
    assert "1 seat was unassigned after 2026-11-22, where the data ends" in report.notes[-1]
    assert not company.ask("team=Design last=30d", as_of=report.as_of).report.notes
