"""Exemptions as they are typed, and what an owner set, with who did so: `core.seat_rules`."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reporting_core import grammar
from reporting_core.storage import exempting as sql
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.usecases.seats.facade import Seats
from reporting_core.usecases.seats.policy import policy
from reporting_core.usecases.seats.previewing import preview
from reporting_core.words.cards import Kept
from reporting_core.words.errors import AskAgain, BadQuery
from reporting_core.words.people import Asker
from reporting_core.words.query import Key, UsageQuery
from reporting_core.words.report import UsageReport
from reporting_core.words.said import Said, both, say
from reporting_core.words.seats import Exemption, Policy, Seat, Standing

Answer = Callable[[str, Asker, Mapping[str, str] | None], UsageReport]

HOW = say('Say whose seat is kept, until when and why: @ann product=Revit until=2027-01-31 reason="parental leave"')
MOST = 1_000
"""Seats looked at to find the one person who is meant."""


@dataclass(frozen=True, slots=True)
class SeatRules:
    """One account's rules about seats. `answer` answers a question in which unknown words mean a person."""

    seats: Seats
    answer: Answer

    async def standing(self) -> Standing:
        """Return what an owner set, and who and when."""
        return await asyncio.to_thread(self._standing)

    async def policy(self) -> Policy:
        """Return what an owner set."""
        return await self.seats.policy()

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        """Set one value. Raises `NotAllowed`, `AskAgain`, `StoreBusy`."""
        return await self.seats.set_policy(asker, name, value)

    async def exempt(self, asker: Asker, text: str, mentions: Mapping[str, str] | None = None) -> Kept:
        """Keep the seat of whoever is meant by typed words.

        Raises `AskAgain` (`BadQuery`) where it is not exactly one person in one team, `NotAllowed`, `StoreBusy`.
        """
        kept = await asyncio.to_thread(self._meant, asker, text, mentions)
        wish = kept.exemption
        about = Wish(wish.team_id, wish.person_id, wish.product_id, wish.until, wish.reason)
        return Kept(await self.seats.exempt(asker, about), kept.team, kept.person, kept.product)

    async def unexempt(self, asker: Asker, token: str) -> bool:
        """Take an exemption back; False if there is none any more. Raises `NotAllowed`, `StoreBusy`."""
        return await self.seats.unexempt(asker, token)

    async def exemptions(self, asker: Asker) -> list[Exemption]:
        """List the exemptions that hold now in the teams this person administers."""
        return await self.seats.exemptions(asker)

    def _standing(self) -> Standing:
        records = self.seats.records
        with records.store.reading() as connection:
            account_id = records.account_id
            return Standing(policy(connection, account_id), sql.changes(connection, account_id))

    def _meant(self, asker: Asker, text: str, mentions: Mapping[str, str] | None) -> Kept:
        words = grammar.read_keeping(text, self.seats.records.clock().date())
        if not words.question.strip():
            raise AskAgain(HOW)
        missing = [name for name, given in (("until=", words.until), ("reason=", words.reason)) if not given]
        if words.until is None or missing:
            raise AskAgain(_lacks(missing))
        report = self._answered(words.question, asker, mentions)
        _check(report.query)
        report = self._named(report, asker, mentions)
        ids = [row.assignment_id for row in report.rows][:MOST]
        found = [each.seat for each in preview(self.seats.records, asker, ids) if each.seat.assigned is not False]
        product = bool(report.query.of(Key.PRODUCT))
        seat = _one(asker, found, product=product)
        about = (seat.team_id, seat.person_id, seat.product_id if product else None)
        made = Exemption("", *about, words.until, words.reason, asker.slack_user_id)
        return Kept(made, seat.team, seat.person, seat.product if product else "")

    def _named(self, report: UsageReport, asker: Asker, mentions: Mapping[str, str] | None) -> UsageReport:
        """Return the answer of the one team that shows whom it is about, where another team hides them all."""
        if report.rows or not report.hashed or report.query.of(Key.TEAM):
            return report
        near = [self._answered(each, asker, mentions) for each in report.nearest]
        found = [each for each in near if each.rows and each.query.of(Key.TEAM) and each.query.of(Key.USER)]
        return found[0] if len(found) == 1 else report

    def _answered(self, question: str, asker: Asker, mentions: Mapping[str, str] | None) -> UsageReport:
        try:
            return self.answer(question, asker, mentions)
        except BadQuery as error:
            error.corrected = None  # it would be run as a report
            raise


def _lacks(missing: Sequence[str]) -> Said:
    if len(missing) == 1:
        return say("{missing} is missing. {how}", missing=missing[0], how=HOW)
    return say("{missing} are missing. {how}", missing=both(missing), how=HOW)


def _check(query: UsageQuery) -> None:
    good = {Key.USER, Key.PRODUCT, Key.TEAM}
    if any(each.key not in good or each.negated for each in query.filters) or not query.of(Key.USER):
        raise AskAgain(HOW)


def _one(asker: Asker, seats: Sequence[Seat], *, product: bool) -> Seat:
    """Return the seat that is meant; where no product was named, any of the one person in the one team."""
    mine = [each for each in seats if asker.owner or each.team_id in asker.administers] or seats
    if not mine:
        raise AskAgain(say("Nobody of that name has such a seat. Look at the report for who has one."))
    for key in (Key.USER, Key.TEAM, *([Key.PRODUCT] if product else [])):
        names = dict(_named(key, each) for each in mine)
        if len(names) > 1:
            raise _choose(key, list(dict.fromkeys(names.values())))
    return mine[0]


def _named(key: Key, seat: Seat) -> tuple[int, str]:
    if key is Key.USER:
        return seat.person_id, seat.email or seat.person
    return (seat.team_id, seat.team) if key is Key.TEAM else (seat.product_id, seat.product)


def _choose(key: Key, names: Sequence[str]) -> AskAgain:
    near = [f"{key}={grammar.spell_value(grammar.encode(each, key), key)}" for each in names[:3]]
    message = say("More than one is meant: {count}. Say which, as in {example}.", count=len(names), example=near[0])
    return BadQuery(message, text="", position=0, length=0, suggestions=near)
