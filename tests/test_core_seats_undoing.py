"""What an undo leaves behind: the report as it was before the seat was taken, whatever is imported in between."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from bot import settings
from bot.ground import Ground
from bot.providers.ledger import Ledger
from reporting_core.core import Core
from reporting_core.words.report import Row
from reporting_core.words.seats import Action, Reason, SeatControl, State
from tests.company import ANN, BEN, TODAY, ago, open_company
from tests.provider_stand_in import ProviderStandIn
from tests.provider_world import no_http
from tests.seat_faults import Office, admin

DAY = 24 * 3600
ASKED = "team=Design product=Revit last=30d"


@dataclass(frozen=True)
class Case:
    """Ann's seat before it is taken, who takes it, and for how long it is away."""

    since: int | None
    origin: str = "Individual"
    used: tuple[int, ...] = ()
    exported: int = 1
    away: int = 0
    ledger: bool = False


CASES = (
    Case(300),
    Case(300, ledger=True),
    Case(300, used=(3, 5), exported=0),
    Case(300, away=3, ledger=True),
    Case(45, used=(2,), away=13),
    Case(31, origin="", exported=0, away=1, ledger=True),
    Case(None, origin=""),
)


@pytest.fixture
def office(database_url: str, tmp_path: Path) -> Iterator[Office]:
    company = open_company(database_url, tmp_path)
    opened = Office(company, database_url, ProviderStandIn())
    yield opened
    opened.close()
    company.core.store.close()


def process(office: Office, case: Case) -> Core:
    core = office.process()
    if case.ledger:
        ground = Ground(settings.read({}), core.store, core.account_id, office.clock, lambda: "word", no_http)
        ledger: SeatControl = Ledger(ground)
        core.seats.machine.provider = ledger
    return core


def exports(office: Office, case: Case) -> tuple[Path, ...]:
    held = ANN.holds("Revit", case.since, 5, assigned_by=case.origin)
    company = office.company
    use = [company.usage(ANN.used("Revit", *case.used), BEN.used("Revit", 1))]
    return company.report(held, BEN.holds("Revit", 200, 1, assigned_by="Individual")), *use


async def taken(office: Office, core: Core, batch: str = "b") -> Action:
    (seat,) = [row.assignment_id for row in office.company.ask(ASKED).report.rows if row.person.startswith("Ann")]
    confirmed = await core.seats.confirm(admin(), batch, office.shown(seat))
    return await carried(core, confirmed.actions[0])


async def given_back(core: Core, action: Action) -> Action:
    return await carried(core, await core.seats.undo(admin("U2"), action.token))


async def carried(core: Core, action: Action) -> Action:
    done = await core.seats.carry_out(action.token)
    assert done is not None
    assert done.state is State.DONE
    return done


def shown(office: Office) -> Row:
    return office.company.ask(ASKED, as_of=TODAY).row("ann", "Revit")


@pytest.mark.parametrize("case", CASES)
async def test_after_an_undo_the_report_is_as_it_was_before(office: Office, case: Case) -> None:
    core, files = process(office, case), exports(office, case)
    office.company.load(*files, exported_on=ago(case.exported))
    before = shown(office)
    action = await taken(office, core)
    office.company.load(*files, exported_on=ago(case.exported))
    assert office.row(action.assignment_id).assigned == 0
    office.clock.forward(case.away * DAY)
    await given_back(core, action)
    assert shown(office) == before
    office.company.load(*files, exported_on=ago(case.exported))
    assert shown(office) == before


async def test_no_grace_begins_with_an_undo(office: Office) -> None:
    case = Case(300)
    core = process(office, case)
    office.company.load(*exports(office, case), exported_on=ago(1))
    first = await taken(office, core)
    await given_back(core, first)
    (verdict,) = await core.seats.preview(admin(), [first.assignment_id])
    assert verdict.reason is None
    again = await taken(office, core, "again")
    assert again.token != first.token
    assert office.row(again.assignment_id).assigned == 0


async def test_newer_data_has_the_last_word_about_a_seat_that_was_given_back(office: Office) -> None:
    case = Case(300)
    core = process(office, case)
    office.company.load(*exports(office, case), exported_on=ago(1))
    action = await taken(office, core)
    await given_back(core, action)
    anew = office.company.report(ANN.holds("Revit", 0, 5, assigned_by="Individual"), BEN.holds("Revit", 200, 1))
    office.company.load(anew, exported_on=TODAY)
    assert date.fromordinal(office.row(action.assignment_id).assigned_on) == TODAY


async def test_a_day_that_newer_data_named_meanwhile_stays(office: Office) -> None:
    case = Case(300)
    core = process(office, case)
    office.company.load(*exports(office, case), exported_on=ago(1))
    action = await taken(office, core)
    office.clock.forward(3 * DAY)
    later = office.company.report(ANN.gave_back("Revit", 0, assigned_date=f"{ago(10)}"), BEN.holds("Revit", 200, 1))
    office.company.load(later, exported_on=TODAY)
    await given_back(core, action)
    row = office.row(action.assignment_id)
    assert (row.assigned, date.fromordinal(row.assigned_on)) == (1, ago(10))


async def test_a_report_of_the_same_day_that_has_it_assigned_anew_is_believed(office: Office) -> None:
    case = Case(300)
    core = process(office, case)
    office.company.load(*exports(office, case), exported_on=TODAY)
    action = await taken(office, core)
    anew = replace(case, since=0)
    office.company.load(*exports(office, anew), exported_on=TODAY)
    row = office.row(action.assignment_id)
    assert (row.assigned, date.fromordinal(row.assigned_on)) == (1, TODAY)
    (verdict,) = await core.seats.preview(admin(), [action.assignment_id])
    assert verdict.reason is Reason.GRACE
