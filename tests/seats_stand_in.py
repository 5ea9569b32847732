"""A stand-in for `core.seats` and `core.cards`: seats and outcomes made by hand, actions kept in a list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reporting_core.usecases.seats.healing import Healed
from reporting_core.usecases.seats.machine import May
from reporting_core.usecases.seats.requesting import Press
from reporting_core.usecases.seats.undoing import NotUndone
from reporting_core.words.cards import Admins, Card, Kept, Line, News
from reporting_core.words.errors import AskAgain, NotAllowed, StoreBusy
from reporting_core.words.people import Asker
from reporting_core.words.seats import FINAL, OPEN, Action, Change, Confirmed, Policy, Reason, Seat, State, Verdict
from reporting_core.words.terms import Access, Origin

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def print_of(number: int) -> str:
    return f"{number:032x}"


def seat(number: int = 1, **changes: Any) -> Seat:
    made: dict[str, Any] = {
        "assignment_id": number,
        "print": print_of(number),
        "team_id": 1,
        "team": "Design",
        "product_id": 1,
        "product": "Revit",
        "person_id": number,
        "person": f"Person {number}",
        "email": f"person{number}@example.com",
        "access": Access.SUBSCRIPTION,
        "assigned": True,
        "origin": Origin.INDIVIDUAL,
        "origin_group": "",
        "assigned_on": date(2026, 1, 31),
        "last_accessed": date(2026, 3, 9),
        "days_30": 0,
        "days_90": 0,
        "seats": 12,
        "assigned_seats": 10,
        "data_through": NOW.date(),
    }
    return Seat(**(made | changes))


def action(number: int = 1, state: State = State.CONFIRMED, **changes: Any) -> Action:
    made = Action(f"token{number}", "V1", Change.UNASSIGN, state, print_of(number), number, 1, number, 1, "U1", NOW)
    if state in FINAL:
        made = replace(made, finished_at=NOW, undo_until=NOW + timedelta(days=14) if state is State.DONE else None)
    return replace(made, since=NOW, **{"provider": "ledger", **changes})


@dataclass
class SeatsStandIn:
    """`outcomes` say how an assignment ends; what is not in it is done. `verdicts` may be changed at any time."""

    verdicts: dict[int, Verdict] = field(default_factory=lambda: {n: Verdict(seat(n)) for n in range(1, 41)})
    outcomes: dict[int, Action] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    rules: Policy = field(default_factory=Policy)
    provider: str = "ledger"
    presses: list[tuple[str, str, list[tuple[int, str]]]] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)
    tellings: list[str] = field(default_factory=list)
    place: dict[str, tuple[str, str]] = field(default_factory=lambda: defaultdict(lambda: ("", "")))
    queue: list[News] = field(default_factory=list)
    none_free: bool = False
    admins: Admins = field(default_factory=lambda: Admins((), ()))
    healed: Healed = field(default_factory=Healed)
    rounds: list[May | None] = field(default_factory=list)
    busy: int = 0
    """How often the place of a card is not written down."""

    async def heal(self, now: datetime | None = None, may: May | None = None) -> Healed:
        self.rounds.append(may)
        return self.healed

    async def preview(self, asker: Asker, what: Sequence[int], /) -> list[Verdict]:
        return [self.verdicts[each] for each in what if each in self.verdicts]

    async def policy(self) -> Policy:
        return self.rules

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        self.rules = replace(self.rules, switched_on=value == "on")
        return self.rules

    async def confirm(self, asker: Asker, batch: str, seats: Sequence[tuple[int, str]], /) -> Confirmed:
        self.presses.append((asker.slack_user_id, batch, list(seats)))
        known = [each for each in self.actions if each.batch == batch]
        if not known:
            known = [self._begun(asker, batch, *each) for each in seats if each[0] in self.verdicts]
            begun = [each for each in known if each.state is State.CONFIRMED]
            if len(begun) > self.rules.second_above:
                known = [replace(each, state=State.SECOND) if each in begun else each for each in known]
            self.actions += known
        open_ = [each for each in known if each.state in {State.CONFIRMED, State.SECOND}]
        refused = [self.verdicts[each.assignment_id] for each in known if each.state is State.REFUSED]
        needs_second = any(each.state is State.SECOND for each in open_)
        return Confirmed(open_, refused, needs_second, [id_ for id_, _ in seats if id_ not in self.verdicts])

    def _begun(self, asker: Asker, batch: str, id_: int, print_: str) -> Action:
        verdict = self.verdicts[id_]
        made = action(id_, asked_by=asker.slack_user_id, batch=batch)
        reason = Reason.CHANGED if print_ != verdict.seat.print else verdict.reason
        if reason is None:
            return made
        return replace(made, state=State.REFUSED, reason=str(reason), detail=verdict.rival, finished_at=NOW)

    async def second(self, asker: Asker, batch: str) -> Confirmed:
        waiting = self._waiting(batch)
        if waiting[0].asked_by == asker.slack_user_id:
            raise NotAllowed("You asked for this yourself, so ask another admin to confirm it.")
        done = [self._put(replace(each, state=State.CONFIRMED, second_by=asker.slack_user_id)) for each in waiting]
        return Confirmed(done)

    async def decline(self, asker: Asker, batch: str) -> list[Action]:
        return [self._put(replace(each, state=State.REFUSED, reason="declined")) for each in self._waiting(batch)]

    def _waiting(self, batch: str) -> list[Action]:
        found = [each for each in self.actions if each.batch == batch and each.state is State.SECOND]
        if not found:
            raise AskAgain("Nothing there waits for a second admin any more.")
        return found

    async def undo(self, asker: Asker, token: str, /) -> Action:
        if self.none_free:
            raise NotUndone(Reason.NO_SEAT)
        found = [each for each in self.actions if each.token == token]
        if not found:
            raise NotUndone(Reason.GONE)
        before = next((each for each in self.actions if each.undoes == token), None)
        return before or self._put(
            replace(
                found[0],
                token=f"undo-{token}",
                batch="undo",
                change=Change.ASSIGN,
                state=State.CONFIRMED,
                undoes=token,
                asked_by=asker.slack_user_id,
                finished_at=None,
                undo_until=None,
            )
        )

    async def carry_out(self, token: str, may: May | None = None) -> Action | None:
        self.carried.append(token)
        found = next((each for each in self.actions if each.token == token), None)
        if found is None or found.state is not State.CONFIRMED:
            return found
        return self._put(self._ended(found))

    def _ended(self, found: Action) -> Action:
        outcome = self.outcomes.get(found.assignment_id)
        if outcome is not None and found.change is Change.UNASSIGN:
            said: dict[str, Any] = {"state": outcome.state, "reason": outcome.reason, "detail": outcome.detail}
            return replace(found, **said, reference=outcome.reference, provider=outcome.provider)
        until = NOW + timedelta(days=14) if found.change is Change.UNASSIGN else None
        return replace(found, state=State.DONE, finished_at=NOW, undo_until=until)

    def _put(self, changed: Action) -> Action:
        self.actions = [each for each in self.actions if each.token != changed.token] + [changed]
        self.actions.sort(key=lambda each: each.assignment_id)
        return changed

    async def told(self, token: str) -> bool:
        first = token not in self.tellings
        self.tellings.append(token)
        return first

    async def placed(self, batch: str, place: tuple[str, str]) -> None:
        if self.busy:
            self.busy -= 1
            raise StoreBusy("busy")
        self.place[batch] = place

    async def card(self, asker: Asker, batch: str) -> Card:
        return self._card(asker, [each for each in self.actions if each.batch == batch], batch)

    async def with_action(self, asker: Asker, token: str) -> Card | None:
        found = next((each for each in self.actions if each.token == token), None)
        if found is not None and found.undoes:
            found = next(each for each in self.actions if each.token == found.undoes)
        return await self.card(asker, found.batch) if found else None

    async def open(self, asker: Asker) -> Card:
        return self._card(asker, [each for each in self.actions if each.state in OPEN], "")

    async def news(self) -> list[News]:
        found, self.queue = self.queue, []
        return found

    def _card(self, asker: Asker, found: Sequence[Action], batch: str) -> Card:
        undone = {each.undoes: each for each in self.actions if each.undoes}
        mine = found if asker.owner or asker.every_team else ()
        lines = [Line(each, self.verdicts.get(each.assignment_id), undone.get(each.token)) for each in mine]
        return Card(batch, tuple(lines), NOW, self.provider, self.place[batch])


@dataclass
class CardsStandIn:
    """The side of it that `core.cards` shows."""

    seats: SeatsStandIn

    @property
    def provider(self) -> str:
        return self.seats.provider

    async def card(self, asker: Asker, batch: str) -> Card:
        return await self.seats.card(asker, batch)

    async def with_action(self, asker: Asker, token: str) -> Card | None:
        return await self.seats.with_action(asker, token)

    async def open(self, asker: Asker) -> Card:
        return await self.seats.open(asker)

    async def admins(self, card: Card) -> Admins:
        return self.seats.admins

    async def kept(self, asker: Asker) -> list[Kept]:
        return self.seats.kept

    async def news(self) -> list[News]:
        return await self.seats.news()


@dataclass
class RequestsStandIn:
    """The side of it that `core.requests` keeps: what may be asked is every seat that a group brings."""

    seats: SeatsStandIn
    found: Admins = field(default_factory=lambda: Admins((), ("dan@example.com",)))
    asked: list[tuple[str, str, int, tuple[str, ...]]] = field(default_factory=list)
    unsent_: list[int] = field(default_factory=list)
    fails: Exception | None = None

    async def about(self, asker: Asker, ids: Sequence[int]) -> list[Verdict]:
        known = [self.seats.verdicts[each] for each in ids if each in self.seats.verdicts]
        return [each for each in known if each.reason is Reason.GROUP]

    async def owners(self, about: Sequence[Verdict]) -> Admins:
        return self.found

    async def begin(self, press: Press, to: Sequence[str]) -> list[Verdict]:
        if self.fails:
            raise self.fails
        before = {(form, id_) for _who, form, id_, _to in self.asked}
        new = [
            each
            for each in await self.about(press.asker, press.ids)
            if (press.form, each.seat.assignment_id) not in before
        ]
        self.asked += [(press.asker.slack_user_id, press.form, each.seat.assignment_id, tuple(to)) for each in new]
        return new

    async def unsent(self, press: Press, about: Sequence[Verdict], to: Sequence[str]) -> None:
        gone = {each.seat.assignment_id for each in about}
        self.unsent_ += sorted(gone)
        self.asked = [each for each in self.asked if each[2] not in gone]
