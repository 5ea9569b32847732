"""Who may ask: roles of people by e-mail, grants and links made by hand, the workspace of an account."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from reporting_core.storage import schema
from reporting_core.words.people import ADMIN_ROLES


class Workspace(NamedTuple):
    """The Slack workspace an account belongs to."""

    workspace_id: str
    enterprise_id: str


class Grant(NamedTuple):
    """A role given by hand; team 0 = every team."""

    email_key: str
    team_id: int
    role: str


class Stranger(NamedTuple):
    """A Slack person who asked and matched nobody."""

    slack_user_id: str
    name: str
    email: str


def workspace(connection: Connection, account_id: int) -> Workspace | None:
    """Return the workspace an account is bound to, None before the first start."""
    a = schema.accounts.c
    row = connection.execute(select(a.workspace_id, a.enterprise_id).where(a.id == account_id)).first()
    return Workspace(row.workspace_id, row.enterprise_id) if row is not None and row.workspace_id else None


def account_of_workspace(connection: Connection, workspace_id: str) -> tuple[int, str] | None:
    """Return (id, name) of the account a workspace belongs to."""
    a = schema.accounts.c
    row = connection.execute(select(a.id, a.name).where(a.workspace_id == workspace_id)).first()
    return None if row is None else (row.id, row.name)


def bind(connection: Connection, account_id: int, bound: Workspace) -> None:
    """Bind an account to a workspace."""
    a = schema.accounts
    values = {"workspace_id": bound.workspace_id, "enterprise_id": bound.enterprise_id}
    connection.execute(update(a).where(a.c.id == account_id).values(**values))


def linked_email(connection: Connection, account_id: int, slack_user_id: str) -> str | None:
    """Return the e-mail a Slack person was matched with by hand."""
    link = schema.links.c
    where = (link.account_id == account_id, link.slack_user_id == slack_user_id)
    found: str | None = connection.execute(select(link.email_key).where(*where)).scalar()
    return found


class Held(NamedTuple):
    """A role of a person of the account in a team, with the person's account status; a person without any has None."""

    status: str
    team_id: int | None
    role: str | None


def roles_of(connection: Connection, account_id: int, email_key: str) -> list[Held]:
    """Return the roles of whoever has an e-mail: several persons can share one. Empty if nobody has it."""
    p, r = schema.people.c, schema.roles.c
    statement = (
        select(p.account_status, r.team_id, r.role)
        .select_from(schema.people)
        .outerjoin(schema.roles, (r.account_id == p.account_id) & (r.person_id == p.id))
        .where(p.account_id == account_id, p.email_key == email_key)
    )
    return [Held(*row) for row in connection.execute(statement)]


def admins_of(connection: Connection, account_id: int, teams: Iterable[int]) -> dict[str, set[int]]:
    """Load who administers which of these teams, by e-mail; whether somebody still may is decided when they press."""
    p, r = schema.people.c, schema.roles.c
    statement = (
        select(p.email_key, r.team_id)
        .join_from(schema.people, schema.roles, (r.account_id == p.account_id) & (r.person_id == p.id))
        .where(p.account_id == account_id, r.team_id.in_(list(teams)), r.role.in_(sorted(ADMIN_ROLES)))
    )
    found: dict[str, set[int]] = defaultdict(set)
    for email, team in connection.execute(statement):
        if email:
            found[email].add(team)
    return found


def grants(connection: Connection, account_id: int, email_key: str | None = None) -> list[Grant]:
    """Load roles given by hand, of one e-mail or of all."""
    g = schema.grants.c
    statement = (
        select(g.email_key, g.team_id, g.role).where(g.account_id == account_id).order_by(g.email_key, g.team_id)
    )
    statement = statement if email_key is None else statement.where(g.email_key == email_key)
    return [Grant(*row) for row in connection.execute(statement)]


def links(connection: Connection, account_id: int) -> list[tuple[str, str]]:
    """Load matches made by hand: Slack id and e-mail."""
    link = schema.links.c
    statement = (
        select(link.slack_user_id, link.email_key).where(link.account_id == account_id).order_by(link.slack_user_id)
    )
    return list(connection.execute(statement))


def strangers(connection: Connection, account_id: int, most: int = 50) -> list[Stranger]:
    """Load the Slack people who asked and matched nobody, newest first."""
    s = schema.strangers.c
    statement = (
        select(s.slack_user_id, s.name, s.email)
        .where(s.account_id == account_id)
        .order_by(s.seen_at.desc())
        .limit(most)
    )
    return [Stranger(*row) for row in connection.execute(statement)]


def put_link(connection: Connection, account_id: int, slack_user_id: str, email_key: str, by: str) -> None:
    """Match a Slack person with an e-mail, in place of an earlier match."""
    table = schema.links
    where = (table.c.account_id == account_id, table.c.slack_user_id == slack_user_id)
    connection.execute(delete(table).where(*where))
    connection.execute(
        insert(table).values(account_id=account_id, slack_user_id=slack_user_id, email_key=email_key, linked_by=by)
    )
    forget_stranger(connection, account_id, slack_user_id)


def put_grant(connection: Connection, account_id: int, grant: Grant, by: str) -> None:
    """Give a role by hand; the same again changes nothing."""
    table = schema.grants
    if grant in grants(connection, account_id, grant.email_key):
        return
    connection.execute(insert(table).values(account_id=account_id, granted_by=by, **grant._asdict()))


def take_grant(connection: Connection, account_id: int, email_key: str) -> int:
    """Take all roles given by hand from an e-mail; return how many there were."""
    table = schema.grants
    return connection.execute(
        delete(table).where(table.c.account_id == account_id, table.c.email_key == email_key)
    ).rowcount


def take_link(connection: Connection, account_id: int, slack_user_id: str) -> int:
    """Undo a match made by hand; return how many there were."""
    table = schema.links
    where = (table.c.account_id == account_id, table.c.slack_user_id == slack_user_id)
    return connection.execute(delete(table).where(*where)).rowcount


def forget_stranger(connection: Connection, account_id: int, slack_user_id: str) -> None:
    """A Slack person is matched now."""
    table = schema.strangers
    connection.execute(delete(table).where(table.c.account_id == account_id, table.c.slack_user_id == slack_user_id))


def note_stranger(connection: Connection, account_id: int, who: Stranger, now: datetime) -> None:
    """Write down a Slack person who asked and matched nobody, for `/usage people`."""
    forget_stranger(connection, account_id, who.slack_user_id)
    connection.execute(insert(schema.strangers).values(account_id=account_id, seen_at=now, **who._asdict()))
