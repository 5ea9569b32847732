"""What else happens while a seat is taken or given back: merges, clocks that jump, another provider, hidden names."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import settings
from bot.ground import Ground
from bot.providers.ledger import Ledger
from reporting_core.core import Core
from reporting_core.storage.acting import seat_actions
from reporting_core.usecases.seats import deciding
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.seats import Action, Done, ProviderAnswer, Reason, State
from reporting_core.words.terms import Role
from tests import seats_stand_in
from tests.company import ANN, BEN, NOW, TODAY, ago
from tests.provider_stand_in import Act, ProviderStandIn
from tests.provider_world import no_http
from tests.seat_faults import WAITS, Clock, Office, admin, anybody

DAY = 24 * 3600


@pytest.fixture
def core(office: Office) -> Core:
    return office.process()


async def begun(office: Office, core: Core, seat: int, batch: str = "b") -> Action:
    (action,) = (await core.seats.confirm(admin(), batch, office.shown(seat))).actions
    return action


async def carried(core: Core, action: Action) -> Action:
    done = await core.seats.carry_out(action.token)
    assert done is not None
    return done


# -- teams that are merged


def two_teams(office: Office) -> tuple[int, int]:
    """Load Ann's and Ben's seats in Design and Cleo's in Build; returns the ids of the two teams."""
    company = office.company
    held = ANN.holds("Revit", 300, 1, assigned_by="Individual"), BEN.holds("Revit", 300, 1, assigned_by="Individual")
    other = replace(ANN, name="cleo", team="Build").holds("Revit", 300, 1, assigned_by="Individual")
    company.load(company.report(*held, other), exported_on=ago(1))
    ann, _ben, cleo = office.seats()
    return office.row(ann).team_id, office.row(cleo).team_id


async def test_whoever_is_exempt_stays_so_when_the_team_is_merged(office: Office, core: Core) -> None:
    design, build = two_teams(office)
    ann = office.seats()[0]
    wish = Wish(design, office.row(ann).person_id, None, TODAY + timedelta(days=30), "leave")
    kept = await core.seats.exempt(admin(), wish)
    core.merge_teams("Design", "Build")
    (verdict,) = await core.seats.preview(admin(), [ann])
    assert verdict.reason is Reason.EXEMPT
    of_build = Asker(1, "U7", "Bo", "", teams={build: frozenset({Role.PRIMARY_ADMIN})})
    assert [each.token for each in await core.seats.exemptions(of_build)] == [kept.token]
    assert await core.seats.unexempt(of_build, kept.token)
    core.merge_teams("Design", "Build", undo=True)
    assert await core.seats.exemptions(admin()) == []


async def test_an_action_goes_on_in_the_team_that_its_team_has_become(office: Office) -> None:
    core = office.process()
    ground = Ground(settings.read({}), core.store, core.account_id, office.clock, lambda: "word", no_http)
    core.seats.provided_by(Ledger(ground), anybody, WAITS)
    design, build = two_teams(office)
    ann = office.seats()[0]
    done = await carried(core, await begun(office, core, ann))
    assert (done.state, done.team_id) == (State.DONE, design)
    core.merge_teams("Design", "Build")
    of_build = Asker(1, "U7", "Bo", "", teams={build: frozenset({Role.PRIMARY_ADMIN})})
    assert [each.token for each in await core.seats.recent(of_build)] == [done.token]
    back = await carried(core, await core.seats.undo(of_build, done.token))
    assert (back.state, office.row(ann).assigned) == (State.DONE, 1)


async def test_what_was_shown_before_a_merge_is_not_taken_after_it(office: Office, core: Core) -> None:
    two_teams(office)
    ann, ben = office.seats()[:2]
    first, shown = await begun(office, core, ann), office.shown(ben)
    core.merge_teams("Design", "Build")
    assert (await carried(core, first)).reason == Reason.CHANGED
    assert [each.reason for each in (await core.seats.confirm(admin(), "c", shown)).refused] == [Reason.CHANGED]


async def test_a_merge_is_not_undone_over_a_seat_that_was_taken_since(office: Office, core: Core) -> None:
    two_teams(office)
    core.merge_teams("Design", "Build")
    ann = office.seats()[0]
    assert (await carried(core, await begun(office, core, ann))).state is State.DONE
    with pytest.raises(AskAgain, match="no merge"):
        core.merge_teams("Design", "Build", undo=True)
    assert office.row(ann).assigned == 0


@pytest.mark.parametrize("which", [0, 1])
async def test_an_exemption_goes_with_the_person_who_turns_out_to_be_another(
    office: Office, core: Core, which: int
) -> None:
    company = office.company
    masked = replace(ANN.masked, hashed_autodesk_id="h-1")
    company.load(company.report(masked.holds("Revit", 300, 1, assigned_by="Individual")), exported_on=ago(2))
    company.load(company.report(ANN.holds("Maya", 300, 1, assigned_by="Individual")), exported_on=ago(2))
    exempt = office.row(office.seats()[which])
    wish = Wish(exempt.team_id, exempt.person_id, None, TODAY + timedelta(days=30), "leave")
    await core.seats.exempt(admin(), wish)
    same = ANN.called(hashed_autodesk_id="h-1")
    company.load(company.report(same.holds("Revit", 300, 1, assigned_by="Individual"), same.holds("Maya", 300, 1)))
    verdicts = await core.seats.preview(admin(), office.seats())
    assert {each.reason for each in verdicts if each.seat.assigned} == {Reason.EXEMPT}


# -- clocks that jump


@pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN, State.CONFIRMED])
async def test_a_clock_that_goes_back_keeps_nothing_waiting(
    office: Office, core: Core, provider: ProviderStandIn, state: State
) -> None:
    (seat,) = office.hire(1)
    office.clock.forward(3 * DAY)  # the machine believes in next Friday
    action = await begun(office, core, seat)
    if state is State.SENDING:
        with core.store.lasting() as connection:
            values = {"state": "sending", "attempt": 1, "lease_until": office.clock.now + timedelta(seconds=60)}
            connection.execute(seat_actions.update().values(holder="dead", **values))
    else:
        provider.acts = [Act.LOST_BEFORE if state is State.UNKNOWN else Act.UNREACHED]
        assert (await carried(core, action)).state is state
    office.clock.now = NOW
    assert await office.heal(core) <= 120
    assert office.actions()[0].state is State.DONE
    assert provider.world.effects[action.token] == 1


async def test_a_clock_that_goes_forward_takes_no_seat_twice(office: Office, provider: ProviderStandIn) -> None:
    (seat,) = office.hire(1)
    one, other = office.process(), office.process(provider=ProviderStandIn(provider.world))
    action = await begun(office, one, seat)
    provider.meanwhile = lambda: office.clock.forward(DAY)
    await one.seats.carry_out(action.token)
    await office.heal(other)
    assert office.actions()[0].state is State.DONE
    assert provider.world.effects[action.token] == 1
    assert office.audit(action.token).count("done") == 1


@dataclass
class Sleeper(Clock):
    """A process that sleeps for two minutes before it looks at the clock for the so-many-th time."""

    office: Office | None = None
    at: int = 0
    looks: int = 0

    def __call__(self) -> datetime:
        assert self.office is not None
        self.looks += 1
        if self.looks == self.at:
            self.office.clock.forward(120)
        return self.office.clock.now


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whenever_a_process_falls_asleep_it_calls_nothing_after_its_lease(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    leases: list[bool] = []

    def leased() -> None:
        with core.store.reading() as connection:
            until = connection.execute(select(seat_actions.c.lease_until).order_by(seat_actions.c.id.desc())).scalar()
        leases.append(until is not None and until.replace(tzinfo=NOW.tzinfo) > office.clock.now)

    provider.meanwhile = leased
    for at in range(1, 12):
        (seat,) = office.hire(1)
        sleepy = office.process()
        action = await begun(office, core, seat, f"b{at}")
        sleepy.seats.machine.records = replace(sleepy.seats.records, clock=Sleeper(office=office, at=at))
        await sleepy.seats.carry_out(action.token)
        await office.heal(core)
        assert provider.world.effects[action.token] == 1
    assert leases
    assert all(leases)


# -- other providers, and what an earlier attempt did


async def test_whoever_carries_it_out_in_the_end_is_who_is_looked_at(office: Office, core: Core) -> None:
    (seat,) = office.hire(1)
    action = await begun(office, core, seat)
    another = ProviderStandIn(name="another", acts=[Act.LOST_AFTER])
    core.seats.provided_by(another, anybody, WAITS)
    unknown = await carried(core, action)
    assert (unknown.state, unknown.provider) == (State.UNKNOWN, "another")
    await office.heal(core)
    assert office.actions()[0].state is State.DONE


async def test_a_provider_has_no_word_on_what_went_to_another(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    provider.acts = [Act.ACCEPTED]
    action = await carried(core, await begun(office, core, seat))
    core.seats.provided_by(ProviderStandIn(name="another"), anybody, WAITS)
    after = await core.seats.answered(action.token, ProviderAnswer(Done.DONE))
    assert after is not None
    assert (after.state, office.row(seat).assigned) == (State.ACCEPTED, 1)


@pytest.mark.parametrize(
    ("attempt", "doubt", "state"),
    [
        (1, False, State.CONFIRMED),
        (1, True, State.CONFIRMED),
        (deciding.ATTEMPTS, False, State.FAILED),
        (deciding.ATTEMPTS, True, State.UNKNOWN),
    ],
)
def test_a_last_try_that_came_to_nothing_says_nothing_of_an_earlier_one(
    attempt: int, doubt: bool, state: State
) -> None:
    action = replace(seats_stand_in.action(), attempt=attempt, doubt=doubt)
    assert deciding.unchecked(action, "OSError").to is state


# -- what people change


async def test_names_hidden_meanwhile_change_nothing_but_what_is_shown(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    action = await begun(office, core, seat)
    core.set_personal_data("Design", shown=False)
    assert (await carried(core, action)).state is State.DONE
    assert provider.orders[0].email == "person-0@example.com"
    (line,) = (await core.cards.card(admin(), "b")).lines
    assert line.verdict is not None
    assert (line.verdict.seat.email, "Person" in line.verdict.seat.person) == (None, False)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("switched_on", "off", Reason.SWITCHED_OFF),
        ("grace_days", "366", Reason.GRACE),
        ("old_data_days", "1", Reason.OLD_DATA),
        ("hours", "1-2", Reason.HOURS),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_rules_that_change_meanwhile_hold_at_the_call(
    office: Office, core: Core, provider: ProviderStandIn, name: str, value: str, reason: Reason
) -> None:
    (seat,) = office.hire(1)
    if name == "old_data_days":
        office.change(seat, exported_on=ago(9).toordinal())
    action = await begun(office, core, seat)
    office.rule(name, value)
    office.clock.forward(2 * DAY if name == "old_data_days" else 0)
    done = await carried(core, action)
    assert (done.state, done.reason) == (State.REFUSED, reason)
    assert not provider.calls


async def test_an_import_between_the_look_and_the_answer_loses_neither(
    office: Office, core: Core, provider: ProviderStandIn
) -> None:
    (seat,) = office.hire(1)
    person = replace(ANN, name="person-0")
    anew = office.company.report(person.holds("Revit", 0, 1, assigned_by="Individual"))

    def load() -> None:
        office.company.load(anew, exported_on=TODAY)

    provider.meanwhile = load
    action = await carried(core, await begun(office, core, seat))
    assert action.state is State.DONE
    row = office.row(seat)
    assert (row.assigned, date.fromordinal(row.assigned_on)) == (1, TODAY)
