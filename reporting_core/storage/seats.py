"""What a decision about seats reads beside the facts: who holds how many, groups, exemptions, what is under way."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, and_, bindparam, case, func, select

from reporting_core.storage import catalog, schema
from reporting_core.storage.acting import exemptions, policies, seat_actions
from reporting_core.storage.dialects import one_of
from reporting_core.storage.teams import merged_into
from reporting_core.words.names import fold
from reporting_core.words.seats import Exemption
from reporting_core.words.terms import Origin

_a, _r, _g, _m = schema.assignments.c, schema.assignment_rules.c, schema.groups.c, schema.group_members.c
_e, _s, _p = exemptions.c, seat_actions.c, policies.c

Place = tuple[int, int]
"""(team, product)."""

_RUNS = ("owner", "manager", "admin")
"""Roles in a group by whose words it changes, as they begin or end in a Groups export."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it is now: how many are in it, who runs it (ids of people)."""

    name: str
    members: frozenset[int]
    owners: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """What groups carry in a team: products by (team, folded name of the group)."""

    products: Mapping[tuple[int, str], frozenset[int]] = field(default_factory=dict)


def assigned_counts(connection: Connection, account_id: int, teams: Sequence[int]) -> dict[Place, int]:
    """Count the seats assigned now, of each product in each team."""
    statement = (
        select(_a.team_id, _a.product_id, func.count())
        .where(_a.account_id == account_id, _a.flex == 0, _a.assigned == 1, one_of(_a.team_id, bindparam("teams")))
        .group_by(_a.team_id, _a.product_id)
    )
    return {(team, product): count for team, product, count in connection.execute(statement, _ids("teams", teams))}


def carried(connection: Connection, account_id: int, teams: Sequence[int]) -> Carried:
    """Find which products each group carries: by assignments that came from it, and by rules."""
    origin = func.coalesce(_a.origin, _r.origin)
    group = case((_a.origin.is_(None), func.coalesce(_r.group_name, "")), else_=_a.origin_group)
    statement = (
        select(_a.team_id, group, _a.product_id)
        .select_from(schema.assignments)
        .outerjoin(
            schema.assignment_rules,
            and_(_r.account_id == _a.account_id, _r.team_id == _a.team_id, _r.product_id == _a.product_id),
        )
        .where(_a.account_id == account_id, one_of(_a.team_id, bindparam("teams")))
        .where(_a.assigned == 1, origin == str(Origin.GROUP))
        .distinct()
    )
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for team, name, product in connection.execute(statement, _ids("teams", teams)):
        found[team, fold(name)].add(product)
    return Carried({key: frozenset(products) for key, products in found.items()})


def groups(connection: Connection, account_id: int) -> dict[str, Group]:
    """Load the groups by folded name, with their members as of now."""
    statement = (
        select(_g.name, _m.person_id, _m.role)
        .join(schema.group_members, and_(_m.account_id == _g.account_id, _m.group_id == _g.id))
        .where(_g.account_id == account_id, _m.source == catalog.group_source(connection, account_id))
        .order_by(_g.name, _m.person_id)
    )
    members: dict[str, dict[int, str]] = defaultdict(dict)
    names: dict[str, str] = {}
    for name, person, role in connection.execute(statement):
        members[fold(name)][person] = role
        names.setdefault(fold(name), name)
    return {key: Group(names[key], frozenset(some), _owners(some)) for key, some in members.items()}


def _owners(members: Mapping[int, str]) -> tuple[int, ...]:
    return tuple(person for person, role in members.items() if any(word in role.casefold() for word in _RUNS))


def held_by(connection: Connection, account_id: int, people: Sequence[int]) -> dict[int, list[tuple[int, Place]]]:
    """Find the seats that people hold now: person → (assignment, (team, product))."""
    statement = select(_a.person_id, _a.id, _a.team_id, _a.product_id).where(
        _a.account_id == account_id, _a.flex == 0, _a.assigned == 1, one_of(_a.person_id, bindparam("people"))
    )
    found: dict[int, list[tuple[int, Place]]] = defaultdict(list)
    for person, assignment, team, product in connection.execute(statement, _ids("people", people)):
        found[person].append((assignment, (team, product)))
    return found


def collections(connection: Connection, account_id: int) -> dict[int, frozenset[int]]:
    """Load which products each collection holds, as far as use has shown it."""
    c = schema.collection_products.c
    found: dict[int, set[int]] = defaultdict(set)
    for collection, product in connection.execute(
        select(c.collection_id, c.product_id).where(c.account_id == account_id)
    ):
        found[collection].add(product)
    return {collection: frozenset(products) for collection, products in found.items()}


def under_way(connection: Connection, account_id: int, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Find open actions: assignment → (token, who asked for it)."""
    statement = select(_s.assignment_id, _s.token, _s.asked_by).where(
        _s.account_id == account_id, _s.claim.is_not(None), one_of(_s.assignment_id, bindparam("ids"))
    )
    rows = connection.execute(statement, {"ids": str(list(ids))})
    return {assignment: (token, who) for assignment, token, who in rows}


def exempted(connection: Connection, account_id: int, people: Iterable[int], today: date) -> list[Exemption]:
    """Load the exemptions of people that hold today, those of merged teams as of the teams they have become."""
    statement = select(*(_e.token, _e.team_id, _e.person_id, _e.product_id, _e.until_day, _e.reason, _e.by)).where(
        _e.account_id == account_id,
        _e.removed_at.is_(None),
        _e.until_day >= today.toordinal(),
        one_of(_e.person_id, bindparam("people")),
    )
    into = merged_into(connection, account_id)
    return [
        Exemption(token, into.get(team, team), person, product or None, date.fromordinal(until), reason, by)
        for token, team, person, product, until, reason, by in connection.execute(statement, _ids("people", people))
    ]


def person_name(connection: Connection, account_id: int, person_id: int) -> str:
    """Return the name of a person, else the e-mail, else nothing."""
    p = schema.people.c
    found = connection.execute(
        select(p.first_name, p.last_name, p.email).where(p.account_id == account_id, p.id == person_id)
    ).first()
    return (" ".join(filter(None, (found[0], found[1]))) or found[2] or "") if found else ""


def emails(connection: Connection, account_id: int, people: Iterable[int]) -> list[str]:
    """Return the e-mails of people, those that are known, in the form in which they are compared."""
    p = schema.people.c
    statement = select(p.email_key).where(p.account_id == account_id, one_of(p.id, bindparam("people")))
    return sorted(filter(None, connection.execute(statement, _ids("people", people)).scalars()))


def taken_since(connection: Connection, account_id: int, teams: Sequence[int], day: int) -> int:
    """Count the seats of some teams that are unassigned now, and have been only since after a day (ordinal)."""
    statement = select(func.count()).where(
        *(_a.account_id == account_id, _a.flex == 0, _a.assigned == 0, _a.unassigned_on > day),
        one_of(_a.team_id, bindparam("teams")),
    )
    return int(connection.execute(statement, _ids("teams", teams)).scalar() or 0)


def policy_values(connection: Connection, account_id: int) -> dict[str, str]:
    """Load what was set about taking seats back."""
    return dict(connection.execute(select(_p.name, _p.value).where(_p.account_id == account_id)).all())


def _ids(name: str, ids: Iterable[int]) -> dict[str, str]:
    return {name: str(list(ids))}
