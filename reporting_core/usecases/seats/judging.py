"""Whether a seat may be taken back now. The same judgement at the preview, at the press and just before the call."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from reporting_core.metrics import pools
from reporting_core.metrics.personal import must_hash
from reporting_core.storage import catalog, facts
from reporting_core.storage import seats as sql
from reporting_core.storage.covering import Known, coverage
from reporting_core.storage.engines import Connection
from reporting_core.storage.facts import Scope
from reporting_core.storage.teams import Team, teams
from reporting_core.usecases.gathering import Data, gather
from reporting_core.words.audit import MASK
from reporting_core.words.names import fold
from reporting_core.words.people import Asker
from reporting_core.words.report import Fact, Period
from reporting_core.words.said import Said, both, say
from reporting_core.words.seats import Exemption, GroupWay, OutOfGroups, Policy, Reason, Seat, Verdict
from reporting_core.words.terms import Access, Origin

SHORT, LONG = 30, 90
"""Days of the two ranges in which use is counted for a decision."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a judgement is made with: the time, what an owner set, how hashes are made, the key of fingerprints.

    `out_of_groups` is what the provider may do about seats that came from a group.
    """

    account_id: int
    now: datetime
    policy: Policy
    pseudonym: Callable[[int], str]
    key: bytes = field(repr=False)
    out_of_groups: OutOfGroups = OutOfGroups.NO

    @property
    def today(self) -> date:
        """Today's date in UTC."""
        return self.now.date()


def judged(
    connection: Connection,
    bench: Bench,
    asker: Asker,
    ids: Sequence[int],
    prints: Mapping[int, str] | None = None,
    but: str = "",
) -> list[Verdict]:
    """Judge seats by their assignments' ids, in that order; ids that are none of this account's are left out.

    `prints` are the fingerprints of what was shown: another one now means changed. `but` is the token of the action
    that is judged again just before its call, and does not stand in its own way.
    """
    return _Judgement(connection, bench, asker, tuple(dict.fromkeys(ids)), dict(prints or {}), but).verdicts()


def takeable(connection: Connection, bench: Bench, facts: Sequence[Fact]) -> frozenset[int]:
    """Return which of many assignments whoever administers their teams may take back now, by the same rules."""
    everybody = Asker(bench.account_id, "", "", "", owner=True)
    judgement = _Judgement(connection, bench, everybody, tuple(fact.assignment_id for fact in facts), {}, "")
    judgement.long = {fact.assignment_id: fact for fact in facts}
    return frozenset(fact.assignment_id for fact in facts if judgement.reason(fact) is None)


def fingerprint(key: bytes, fact: Fact) -> str:
    """Return what tells this very assignment from every other one, and from itself once it was assigned anew."""
    parts = (
        *(fact.assignment_id, fact.team_id, fact.person_id, fact.product_id, fact.access, fact.assigned),
        *(fact.assigned_on, fact.origin, fact.origin_group),
    )
    return hmac.digest(key, repr(tuple(map(str, parts))).encode(), "sha256").hex()[:32]


@dataclass
class _Judgement:
    """One judgement inside one snapshot, or inside the transaction that acts on it."""

    connection: Connection
    bench: Bench
    asker: Asker
    ids: tuple[int, ...]
    prints: dict[int, str]
    but: str

    def verdicts(self) -> list[Verdict]:
        return [self._verdict(self.long[id_]) for id_ in self.ids if id_ in self.long]

    @cached_property
    def teams(self) -> dict[int, Team]:
        return {team.id: team for team in teams(self.connection, self.bench.account_id)}

    @cached_property
    def known(self) -> Known:
        return coverage(self.connection, self.bench.account_id)

    @cached_property
    def newest(self) -> dict[int, int]:
        found = {id_: team.reported_on for id_, team in self.teams.items() if team.reported_on}
        for (team, _source), pieces in self.known.items():
            found[team] = max([found.get(team, 0), *(piece.last for piece in pieces)])
        return found

    @cached_property
    def long(self) -> dict[int, Fact]:
        return self._facts(LONG)

    @cached_property
    def short(self) -> dict[int, Fact]:
        return self._facts(SHORT)

    def _facts(self, days: int) -> dict[int, Fact]:
        today = self.bench.today
        period = Period(today - timedelta(days=days - 1), today)
        data = Data(self.teams, self.known, period, today.toordinal())
        found = gather(facts, self.connection, Scope(self.bench.account_id, assignments=self.ids), data)
        return {fact.assignment_id: fact for fact in found.facts if fact.team_id in self.teams}

    @cached_property
    def counted(self) -> tuple[int, ...]:
        return tuple({fact.team_id for fact in self.long.values()})

    @cached_property
    def hashed(self) -> bool:
        return bool(must_hash(self.counted, {id_ for id_, team in self.teams.items() if not team.personal_data}))

    @cached_property
    def people(self) -> tuple[int, ...]:
        return tuple({fact.person_id for fact in self.long.values()})

    @cached_property
    def products(self) -> dict[int, str]:
        return catalog.products(self.connection, self.bench.account_id)

    @cached_property
    def assigned(self) -> dict[sql.Place, int]:
        return sql.assigned_counts(self.connection, self.bench.account_id, self.counted)

    @cached_property
    def groups(self) -> dict[str, sql.Group]:
        return sql.groups(self.connection, self.bench.account_id)

    @cached_property
    def carried(self) -> sql.Carried:
        return sql.carried(self.connection, self.bench.account_id, self.counted)

    @cached_property
    def held(self) -> Mapping[int, list[tuple[int, sql.Place]]]:
        return sql.held_by(self.connection, self.bench.account_id, self.people)

    @cached_property
    def collections(self) -> dict[int, frozenset[int]]:
        return sql.collections(self.connection, self.bench.account_id)

    @cached_property
    def rivals(self) -> dict[int, tuple[str, str]]:
        return sql.under_way(self.connection, self.bench.account_id, self.ids)

    @cached_property
    def exemptions(self) -> list[Exemption]:
        return sql.exempted(self.connection, self.bench.account_id, self.people, self.bench.today)

    def _verdict(self, fact: Fact) -> Verdict:
        seat, exemption = self._seat(fact), self._exemption(fact)
        reason, rival = self.reason(fact), self._rival(fact)
        stays = tuple(_stays(seat))
        return Verdict(
            seat,
            reason,
            (*self._before(fact), *stays, *([] if seat.days_90 else [_OFFLINE])),
            stays,
            self._group(fact) if reason is Reason.GROUP else None,
            exemption if reason is Reason.EXEMPT else None,
            self._grace(fact) if reason is Reason.GRACE else None,
            rival if reason is Reason.BUSY else "",
            rival,
        )

    def _rival(self, fact: Fact) -> str:
        token, asked_by = self.rivals.get(fact.assignment_id, (self.but, ""))
        return "" if token == self.but else asked_by

    def reason(self, fact: Fact) -> Reason | None:
        """Return the first reason against it; what nobody may do comes before what this seat is."""
        expected = self.prints.get(fact.assignment_id)
        changed = expected is not None and expected != fingerprint(self.bench.key, fact)
        against = (
            (Reason.SWITCHED_OFF, not self.bench.policy.switched_on),
            (Reason.NO_RIGHTS, not self._may(fact.team_id)),
            (Reason.HOURS, not self._within_hours()),
            (Reason.FLEX, fact.access == Access.FLEX),
            (Reason.GONE, fact.assigned == 0),
            (Reason.GROUP, fact.origin == Origin.GROUP and not self._may_leave(fact)),
            (Reason.DEFAULT, fact.origin == Origin.DEFAULT),
            (Reason.CHANGED, changed),
            (Reason.OLD_DATA, fact.assigned is None or bool(fact.stale) or self._is_old(fact.team_id)),
            (Reason.EXEMPT, self._exemption(fact) is not None),
            (Reason.GRACE, self._grace(fact) is not None),
            (Reason.BUSY, bool(self._rival(fact))),
        )
        return next((reason for reason, holds in against if holds), None)

    def _may(self, team: int) -> bool:
        return self.asker.owner or team in self.asker.administers

    def _may_leave(self, fact: Fact) -> bool:
        """Tell whether the provider may take somebody out of the group of a seat; a group without a name is none."""
        if not fact.origin_group or self.bench.out_of_groups is OutOfGroups.NO:
            return False
        return self.bench.out_of_groups is OutOfGroups.SHARED or not self._others(fact)

    def _within_hours(self) -> bool:
        if self.bench.policy.hours is None:
            return True
        first, last = self.bench.policy.hours
        hour = self.bench.now.hour
        return first <= hour < last if first <= last else hour >= first or hour < last

    def _is_old(self, team: int) -> bool:
        newest = self._through(team)
        return newest is None or (self.bench.today - newest).days > self.bench.policy.old_data_days

    def _exemption(self, fact: Fact) -> Exemption | None:
        fitting = (
            each
            for each in self.exemptions
            if each.person_id == fact.person_id
            and each.team_id == fact.team_id
            and each.product_id in {None, fact.product_id}
        )
        found = max(fitting, key=lambda each: each.until, default=None)
        # Written by hand, so it may name somebody.
        return replace(found, reason=MASK) if found and self.hashed else found

    def _grace(self, fact: Fact) -> date | None:
        if fact.assigned_on is None:
            return None
        until = date.fromordinal(fact.assigned_on) + timedelta(days=self.bench.policy.grace_days)
        return until if self.bench.today < until else None

    def _seat(self, fact: Fact) -> Seat:
        team, place = self.teams[fact.team_id], (fact.team_id, fact.product_id)
        bought = catalog.pools(self.connection, self.bench.account_id, [team.id], [fact.product_id])
        hashed = self.hashed
        return Seat(
            assignment_id=fact.assignment_id,
            print=fingerprint(self.bench.key, fact),
            team_id=team.id,
            team=team.name,
            product_id=fact.product_id,
            product=self.products.get(fact.product_id, ""),
            person_id=fact.person_id,
            person=self.bench.pseudonym(fact.person_id) if hashed else fact.person_name,
            email=None if hashed else fact.email,
            access=Access(fact.access),
            assigned=None if fact.assigned is None else bool(fact.assigned),
            origin=Origin(fact.origin),
            origin_group=fact.origin_group,
            assigned_on=_date(fact.assigned_on),
            last_accessed=_date(fact.last_accessed),
            days_30=self.short[fact.assignment_id].days_used,
            days_90=fact.days_used,
            seats=None if bought is None else pools.seats(bought, self.bench.today),
            assigned_seats=self.assigned.get(place, 0),
            other_ways=tuple(self._other_groups(fact)),
            data_through=self._through(team.id),
            collections=tuple(self._collections(fact)),
        )

    def _through(self, team: int) -> date | None:
        """Return the newest day on which anything is known of a team: use counts from exports of days and reports."""
        return _date(self.newest.get(team))

    def _other_groups(self, fact: Fact) -> list[str]:
        """Name the groups that carry the product to this person as well: the seat then stays taken."""
        found = []
        for (team, key), products in self.carried.products.items():
            group = self.groups.get(key)
            same = fold(fact.origin_group) == key if fact.origin == Origin.GROUP else False
            if team == fact.team_id and fact.product_id in products and group and not same:
                found += [group.name] if fact.person_id in group.members else []
        return sorted(found)

    def _group(self, fact: Fact) -> GroupWay:
        key = fold(fact.origin_group)
        group = self.groups.get(key, sql.Group(fact.origin_group, frozenset(), ()))
        owners = tuple(map(self._person, group.owners))
        emails = [] if self.hashed else sql.emails(self.connection, self.bench.account_id, group.owners)
        return GroupWay(
            group.name, len(group.members), tuple(self._others(fact)), owners, tuple(emails), hidden=self.hashed
        )

    def _others(self, fact: Fact) -> list[str]:
        """Name the other products that the group of a seat carries."""
        carried = self.carried.products.get((fact.team_id, fold(fact.origin_group)), frozenset())
        return sorted(self.products.get(each, "") for each in carried - {fact.product_id})

    def _person(self, person_id: int) -> str:
        if self.hashed:
            return self.bench.pseudonym(person_id)
        name = sql.person_name(self.connection, self.bench.account_id, person_id)
        return name or self.bench.pseudonym(person_id)

    def _before(self, fact: Fact) -> list[Said]:
        """Say what else to know before this seat is taken."""
        return [*([_UNKNOWN_ORIGIN] if fact.origin == Origin.UNKNOWN else []), *self._leaving(fact)]

    def _leaving(self, fact: Fact) -> list[Said]:
        """Say what else it means where somebody is taken out of a group."""
        if fact.origin != Origin.GROUP or not self._may_leave(fact):
            return []
        found = [say("Takes the person out of the group {group}.", group=fact.origin_group)]
        if others := self._others(fact):
            found.append(say("Takes {products} away as well, which the group also carries.", products=both(others)))
        return found

    def _collections(self, fact: Fact) -> list[str]:
        held = {product for _id, (_team, product) in self.held.get(fact.person_id, [])}
        return sorted(
            self.products.get(collection, "")
            for collection, products in self.collections.items()
            if collection in held and fact.product_id in products and collection != fact.product_id
        )


_UNKNOWN_ORIGIN = say(
    "How the seat was assigned is not known: if it came from a group or by default, it will come back by itself."
)
_OFFLINE = say("Work while offline is never reported: ask the person before you take the seat away.")


def _stays(seat: Seat) -> list[Said]:
    """Say by what the person keeps the product."""
    frees_none = [
        say("Frees no seat: the group {group} gives {product} as well.", group=group, product=seat.product)
        for group in seat.other_ways[:1]
    ]
    opens = [
        say("{product} still opens through {whole}.", product=seat.product, whole=each) for each in seat.collections
    ]
    return [*frees_none, *opens]


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(day)
