"""Names and settings a report needs beside its facts: products, releases, groups, seat pools, balances, as-of date."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, exists, func, select

from reporting_core.metrics.pools import Balance, Pool
from reporting_core.storage import schema
from reporting_core.storage.belonging import FROM_GROUPS, FROM_REPORT
from reporting_core.storage.dialects import one_of
from reporting_core.storage.teams import merged_into


def data_version(connection: Connection, account_id: int) -> int:
    """Return the count of changes of an account's data."""
    found: int | None = connection.execute(
        select(schema.accounts.c.version).where(schema.accounts.c.id == account_id)
    ).scalar()
    return found or 0


def products(connection: Connection, account_id: int) -> dict[int, str]:
    """Load the products by id."""
    p = schema.products.c
    return dict(connection.execute(select(p.id, p.name).where(p.account_id == account_id).order_by(p.name)).all())


def releases(connection: Connection, account_id: int) -> dict[int, str]:
    """Load the releases by id; blank ones are no release."""
    r = schema.releases.c
    return dict(
        connection.execute(select(r.id, r.name).where(r.account_id == account_id, r.name != "").order_by(r.name)).all()
    )


def group_names(connection: Connection, account_id: int, teams: Sequence[int] | None = None) -> list[str]:
    """Load the names of groups that have members now; of some teams, or of all.

    A group whose export names no team counts as a team's where a member has an assignment in it.
    """
    g, m, a = schema.groups.c, schema.group_members.c, schema.assignments.c
    member = exists().where(
        m.account_id == account_id, m.group_id == g.id, m.source == group_source(connection, account_id)
    )
    statement = select(g.name).where(g.account_id == account_id)
    if teams is None:
        return list(connection.execute(statement.where(member).distinct().order_by(g.name)).scalars())
    ids = _with_merged(connection, account_id, teams)
    near = member.where(a.account_id == account_id, a.person_id == m.person_id, one_of(a.team_id, bindparam("teams")))
    own = one_of(g.team_id, bindparam("teams")) & member
    statement = statement.where(own | ((g.team_id == 0) & near)).distinct().order_by(g.name)
    return list(connection.execute(statement, {"teams": ids}).scalars())


def group_source(connection: Connection, account_id: int) -> int:
    """Tell which memberships count.

    A loaded Groups export is the truth, else the cells of the Usage Report (domain.md §6).
    """
    m = schema.group_members.c
    statement = select(m.group_id).where(m.account_id == account_id, m.source == FROM_GROUPS).limit(1)
    return FROM_REPORT if connection.execute(statement).first() is None else FROM_GROUPS


class Membership(NamedTuple):
    """A person's membership of a group; team 0 = the export names none."""

    person_id: int
    team_id: int
    name: str


def memberships(
    connection: Connection, account_id: int, people: Sequence[int] | None = None
) -> dict[int, list[Membership]]:
    """Load who is in which groups now, of some people or of all."""
    g, m = schema.groups.c, schema.group_members.c
    statement = (
        select(m.person_id, g.team_id, g.name)
        .join(schema.groups, g.id == m.group_id)
        .where(m.account_id == account_id, m.source == group_source(connection, account_id))
        .order_by(m.person_id, g.name)
    )
    ids = {}
    if people is not None:
        statement = statement.where(one_of(m.person_id, bindparam("people")))
        ids = {"people": str(list(people))}
    into = merged_into(connection, account_id)
    found: dict[int, list[Membership]] = defaultdict(list)
    for person, team, name in connection.execute(statement, ids):
        found[person].append(Membership(person, into.get(team, team), name))
    return found


def pools(
    connection: Connection, account_id: int, teams: Sequence[int], product_ids: Sequence[int] | None
) -> list[Pool] | None:
    """Load the seats bought by some teams; None when no Subscriptions export was loaded for the account."""
    s = schema.subscriptions.c
    if connection.execute(select(s.id).where(s.account_id == account_id).limit(1)).first() is None:
        return None
    statement = select(s.seats, s.starts, s.ends).where(
        s.account_id == account_id, one_of(s.team_id, bindparam("teams"))
    )
    ids = {"teams": str(list(teams))}
    if product_ids is not None:
        statement = statement.where(one_of(s.product_id, bindparam("products")))
        ids["products"] = str(list(product_ids))
    return [Pool(*row) for row in connection.execute(statement, ids)]


def balances(connection: Connection, account_id: int, teams: Sequence[int]) -> list[Balance] | None:
    """Load the token balances of some teams; None when none is known."""
    b = schema.token_balances.c
    statement = select(b.team_id, b.remaining, b.expires_on, b.as_of).where(
        b.account_id == account_id, one_of(b.team_id, bindparam("teams"))
    )
    return [Balance(*row) for row in connection.execute(statement, {"teams": str(list(teams))})] or None


class DataThrough(NamedTuple):
    """Newest loaded days of an account (ordinals): of daily exports, and of Usage Reports."""

    daily: int | None
    reported: int | None


def data_through(connection: Connection, account_id: int) -> DataThrough:
    """Find the newest days with loaded data."""
    c, t = schema.coverage.c, schema.teams.c
    daily = connection.execute(select(func.max(c.last_day)).where(c.account_id == account_id)).scalar()
    reported = connection.execute(select(func.max(t.reported_on)).where(t.account_id == account_id)).scalar()
    return DataThrough(daily, reported)


def people_names(
    connection: Connection, account_id: int, most: int, teams: Sequence[int] | None = None
) -> list[tuple[str, str, str | None]]:
    """Load (first name, last name, e-mail) of at most `most` people, of all or of those with a seat in some teams."""
    p, a = schema.people.c, schema.assignments.c
    named = select(p.first_name, p.last_name, p.email).where(p.account_id == account_id).limit(most)
    if teams is None:
        return [(first, last, email) for first, last, email in connection.execute(named)]
    of_teams = one_of(a.team_id, bindparam("teams"))
    named = named.where(p.id.in_(select(a.person_id).where(a.account_id == account_id, of_teams)))
    ids = {"teams": _with_merged(connection, account_id, teams)}
    return [(first, last, email) for first, last, email in connection.execute(named, ids)]


def people_of_teams(
    connection: Connection, account_id: int, most: int, teams: Sequence[int]
) -> list[tuple[str, str, str | None, int]]:
    """Load (first name, last name, e-mail, team) of at most `most` people with a seat in some teams, once a team."""
    p, a = schema.people.c, schema.assignments.c
    statement = (
        select(p.first_name, p.last_name, p.email, a.team_id)
        .join(schema.people, (p.account_id == a.account_id) & (p.id == a.person_id))
        .where(a.account_id == account_id, one_of(a.team_id, bindparam("teams")))
        .distinct()
        .limit(most)
    )
    into = merged_into(connection, account_id)
    ids = {"teams": _with_merged(connection, account_id, teams)}
    return [(*named, into.get(team, team)) for *named, team in connection.execute(statement, ids)]


def _with_merged(connection: Connection, account_id: int, teams: Sequence[int]) -> str:
    """Return the ids of teams and of those merged into them, as `one_of` takes them."""
    into = merged_into(connection, account_id)
    return str([*teams, *(old for old, new in into.items() if new in teams)])
