"""What an owner set, and who stays exempt: with a reason, until a date, and never without its record."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reporting_core.storage.auditing import Chain
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats.exempting import Wish, exempt, listed, unexempt
from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.policy import policy, set_value
from reporting_core.usecases.seats.records import Records
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.seats import Policy, Reason, Seat
from reporting_core.words.terms import Role
from tests.company import ANN, KEY, NOW, TODAY, Company


@pytest.fixture
def company(company: Company) -> Company:
    """Ann has held Revit for long; data is of yesterday."""
    company.load(company.report(ANN.holds("Revit", since=200)), company.usage(ANN.used("Revit", 1)))
    return company


@pytest.fixture
def records(company: Company) -> Records:
    core = company.core
    chain = Chain(core.account_id, KEY)
    return Records(core.store, core.account_id, lambda: NOW, core.token, core.pseudonyms.of, chain, KEY)


def verdict(company: Company, records: Records) -> tuple[Seat, Reason | None]:
    (row,) = company.ask("last=30d").report.rows
    with records.store.reading() as connection:
        (found,) = judged(connection, records.bench(connection), company.core.operator, [row.assignment_id])
    return found.seat, found.reason


def kinds(records: Records) -> list[str]:
    with records.store.reading() as connection:
        return [row.kind for row in records.chain.rows(connection)]


def wish(seat: Seat, days: int = 30, reason: str = "parental leave") -> Wish:
    return Wish(seat.team_id, seat.person_id, seat.product_id, TODAY + timedelta(days=days), reason)


def test_whoever_is_exempt_keeps_the_seat_until_the_date(company: Company, records: Records) -> None:
    seat, reason = verdict(company, records)
    assert reason is None
    made = exempt(records, company.core.operator, wish(seat))
    assert verdict(company, records)[1] is Reason.EXEMPT
    later = replace(records, clock=lambda: NOW + timedelta(days=31))
    assert listed(later, company.core.operator) == []
    assert [each.token for each in listed(records, company.core.operator)] == [made.token]
    assert unexempt(records, company.core.operator, made.token)
    assert not unexempt(records, company.core.operator, made.token)
    assert verdict(company, records)[1] is None
    assert kinds(records) == ["exempt", "unexempt"]


def test_a_second_exemption_replaces_the_first(company: Company, records: Records) -> None:
    seat, _ = verdict(company, records)
    for days in (30, 5):
        exempt(records, company.core.operator, wish(seat, days))
    (only,) = listed(records, company.core.operator)
    assert only.until == TODAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("days", "reason", "words"),
    [(-1, "x", "is over already"), (400, "x", "a year at most"), (3, "  ", "Say why"), (3, "x" * 301, "too long")],
)
def test_a_reason_and_a_date_that_can_be_are_needed(
    company: Company, records: Records, days: int, reason: str, words: str
) -> None:
    seat, _ = verdict(company, records)
    with pytest.raises(AskAgain, match=words):
        exempt(records, company.core.operator, wish(seat, days, reason))
    assert kinds(records) == []


def test_only_an_admin_of_the_team_may_exempt(company: Company, records: Records) -> None:
    seat, _ = verdict(company, records)
    reporter = Asker(company.core.account_id, "U2", "Ben", "", teams={seat.team_id: frozenset({Role.REPORTER})})
    with pytest.raises(NotAllowed):
        exempt(records, reporter, wish(seat))
    made = exempt(records, company.core.operator, wish(seat))
    with pytest.raises(NotAllowed):
        unexempt(records, reporter, made.token)
    assert listed(records, reporter) == []


def set_(records: Records, asker: Asker, name: str, value: str) -> Policy:
    with records.store.writing() as connection:
        return set_value(records.chain, connection, asker, name, value, NOW)


def test_any_admin_may_stop_it_and_only_an_owner_may_start_it(company: Company, records: Records) -> None:
    seat, _ = verdict(company, records)
    admin = Asker(company.core.account_id, "U2", "Ben", "", teams={seat.team_id: frozenset({Role.SSO_ADMIN})})
    assert not set_(records, admin, "switched_on", "off").switched_on
    assert verdict(company, records)[1] is Reason.SWITCHED_OFF
    with pytest.raises(NotAllowed):
        set_(records, admin, "switched_on", "on")
    assert set_(records, company.core.operator, "switched_on", "on").switched_on
    assert kinds(records) == ["policy", "policy"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hours", "7-7"),
        ("hours", "7-25"),
        ("second_above", "-1"),
        ("grace_days", "many"),
        ("undo_days", "91"),
        ("x", "1"),
    ],
)
def test_what_is_no_value_changes_nothing(company: Company, records: Records, name: str, value: str) -> None:
    with pytest.raises(AskAgain):
        set_(records, company.core.operator, name, value)
    with records.store.reading() as connection:
        assert policy(connection, records.account_id) == Policy()
    assert kinds(records) == []


def test_values_are_kept(company: Company, records: Records) -> None:
    for name, value in (("hours", "22-6"), ("second_above", "3"), ("grace_days", "10")):
        set_(records, company.core.operator, name, value)
    with records.store.reading() as connection:
        assert policy(connection, records.account_id) == Policy(hours=(22, 6), second_above=3, grace_days=10)


def test_no_record_no_change(company: Company, records: Records) -> None:
    seat, _ = verdict(company, records)

    class Broken(Chain):
        def append(self, connection: Connection, entry: object) -> int:
            raise OSError("no record today")

    broken = replace(records, chain=Broken(records.account_id, KEY))
    with pytest.raises(OSError, match="no record"):
        exempt(broken, company.core.operator, wish(seat))
    assert listed(records, company.core.operator) == []
