"""The audit: whatever is altered, deleted, put in, moved or cut off is found, and the first bad row is named."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from reporting_core.storage.acting import audit_rows
from reporting_core.storage.auditing import Chain, Entry
from reporting_core.storage.checkpoints import Checkpoints, Mark
from reporting_core.usecases.auditing import Audit, Verified
from reporting_core.words.errors import NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, KEY, NOW, WEST, Company

a = audit_rows.c
ROWS = 12


@pytest.fixture
def audit(company: Company, tmp_path: Path) -> Audit:
    core = company.core
    marks = Checkpoints(tmp_path / "audit", core.account_id, KEY)
    return Audit(core.store, Chain(core.account_id, KEY), marks, lambda: NOW, core.pseudonyms.of)


def fill(audit: Audit, rows: int = ROWS) -> None:
    for number in range(1, rows + 1):
        with audit.store.writing() as connection:
            at = NOW + timedelta(seconds=number)
            audit.chain.append(connection, Entry(at, "intent", "U1", f"a{number}", 1, number, {"n": number}))
    audit.mark()


def tampered(audit: Audit, change: Callable[[Connection], object]) -> Verified:
    with audit.store.writing() as connection:
        change(connection)
    return audit.verify()


def first_bad(found: Verified) -> int:
    assert found.finding is not None
    return found.finding.seq


def test_an_untouched_audit_is_whole(audit: Audit) -> None:
    fill(audit)
    found = audit.verify()
    assert (found.rows, found.marks, found.whole, found.warnings) == (ROWS, 1, True, ())


@pytest.mark.parametrize("seq", [1, 6, ROWS])
@pytest.mark.parametrize("column", ["at", "kind", "actor", "subject", "details", "previous", "hash"])
def test_an_altered_word_is_found_wherever_it_stands(audit: Audit, seq: int, column: str) -> None:
    fill(audit)
    assert (
        first_bad(tampered(audit, lambda c: c.execute(update(audit_rows).where(a.seq == seq).values({column: "x"}))))
        == seq
    )


@pytest.mark.parametrize("column", ["team_id", "person_id"])
def test_an_altered_number_is_found(audit: Audit, column: str) -> None:
    fill(audit)
    assert (
        first_bad(tampered(audit, lambda c: c.execute(update(audit_rows).where(a.seq == 5).values({column: 99})))) == 5
    )


@pytest.mark.parametrize("seq", range(1, ROWS + 1))
def test_a_deleted_row_is_missed(audit: Audit, seq: int) -> None:
    fill(audit)
    assert first_bad(tampered(audit, lambda c: c.execute(delete(audit_rows).where(a.seq == seq)))) == seq


@pytest.mark.parametrize("kept", range(ROWS))
def test_rows_cut_off_at_the_end_are_missed(audit: Audit, kept: int) -> None:
    fill(audit)
    assert first_bad(tampered(audit, lambda c: c.execute(delete(audit_rows).where(a.seq > kept)))) == kept + 1


def test_rows_that_change_places_are_found(audit: Audit) -> None:
    fill(audit)

    def swap(connection: Connection) -> None:
        for old, new in ((3, 900), (4, 3), (900, 4)):
            connection.execute(update(audit_rows).where(a.seq == old).values(seq=new))

    assert first_bad(tampered(audit, swap)) == 3


def test_a_row_put_in_at_the_end_without_the_key_is_found(audit: Audit) -> None:
    fill(audit)

    def add(connection: Connection) -> None:
        last = connection.execute(select(audit_rows).where(a.seq == ROWS)).one()._asdict()
        row = {**last, "id": None, "seq": ROWS + 1, "previous": last["hash"]}
        row.pop("id")
        connection.execute(insert(audit_rows).values(row))

    assert first_bad(tampered(audit, add)) == ROWS + 1


def test_another_accounts_rows_are_no_rows_here(audit: Audit, company: Company) -> None:
    fill(audit)
    other = company.another("other")
    with other.core.store.writing() as connection:
        Chain(other.core.account_id, KEY).append(connection, Entry(NOW, "intent", "U9"))
    assert audit.verify().rows == ROWS


def test_altered_marks_are_told(audit: Audit) -> None:
    fill(audit)
    path = audit.marks.path
    assert path is not None
    path.write_text(path.read_text().replace("12", "11", 1))
    found = audit.verify()
    assert found.marks == 0
    assert "1 lines of the marks" in found.warnings[0]


def test_a_mark_that_was_cut_off_spoils_no_other(audit: Audit) -> None:
    fill(audit)
    path = audit.marks.path
    assert path is not None
    whole = path.read_text()
    path.write_text(whole + whole[:20])
    Checkpoints(path.parent, 1, KEY).add(Mark(ROWS, "f" * 64), NOW)
    marks, broken = audit.marks.read()
    assert ([mark.seq for mark in marks], broken) == ([ROWS, ROWS], 1)


def test_without_marks_it_is_said_what_would_be_missed(audit: Audit) -> None:
    assert "cut off at the end would not be missed" in audit.verify().warnings[-1]


def test_an_admin_reads_the_own_teams_and_names_only_where_they_are_shown(audit: Audit, company: Company) -> None:
    company.load(company.report(ANN.holds("Revit"), BEN.of(WEST).holds("Revit")))
    with audit.store.writing() as connection:
        for place in (1, 2):
            audit.chain.append(connection, Entry(NOW, "intent", "U1", f"a{place}", place, place, {"product": 1}))
    everything = audit.listed(company.core.operator)
    assert [(line.seq, line.team, line.person.split()[0].lower()) for line in everything] == [
        (2, WEST, "ben"),
        (1, "Design", "ann"),
    ]
    assert everything[0].details == {"product": "Revit"}
    admin = Asker(company.core.account_id, "U1", "Ann", "", teams={1: frozenset({Role.SSO_ADMIN})})
    assert [line.seq for line in audit.listed(admin)] == [1]
    company.core.set_personal_data("Design", shown=False)
    assert audit.listed(admin)[0].person == company.core.pseudonyms.of(1)
    with pytest.raises(NotAllowed):
        audit.listed(Asker(company.core.account_id, "U2", "Cleo", "", teams={1: frozenset({Role.REPORTER})}))
