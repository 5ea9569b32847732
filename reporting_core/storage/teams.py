"""Teams as an operator sees them, and the settings of a team."""

from typing import NamedTuple

from sqlalchemy import Connection, select, update

from reporting_core.storage import schema


class Team(NamedTuple):
    """A team that has not been merged into another; `reported_on` is the ordinal of its newest Usage Report."""

    id: int
    name: str
    key: str
    personal_data: bool
    reported_on: int | None


def teams(connection: Connection, account_id: int) -> list[Team]:
    """Load the living teams, by name."""
    t = schema.teams.c
    columns = (t.id, t.name, t.key, t.personal_data, t.reported_on)
    rows = connection.execute(
        select(*columns).where(t.account_id == account_id, t.merged_into.is_(None)).order_by(t.name)
    )
    return [Team(id_, name, key, bool(shown), reported_on) for id_, name, key, shown, reported_on in rows]


def merged_teams(connection: Connection, account_id: int) -> dict[str, int]:
    """Load the teams merged into others: name key to id."""
    t = schema.teams.c
    return dict(
        connection.execute(select(t.key, t.id).where(t.account_id == account_id, t.merged_into.is_not(None))).all()
    )


def merged_into(connection: Connection, account_id: int) -> dict[int, int]:
    """Load for each merged team the living team that it has become, over however many merges."""
    t = schema.teams.c
    rows = connection.execute(select(t.id, t.merged_into).where(t.account_id == account_id, t.merged_into.is_not(None)))
    steps: dict[int, int] = {old: new for old, new in rows}  # noqa: C416 - rows are typed one by one
    found = {}
    for old, new in steps.items():
        found[old] = new
        while (further := steps.get(found[old])) is not None:
            found[old] = further
    return found


def set_personal_data(connection: Connection, account_id: int, team_id: int, *, shown: bool, by: str) -> None:
    """Turn the personal data of a team on or off, by a person's word."""
    t = schema.teams
    where = (t.c.account_id == account_id, t.c.id == team_id)
    connection.execute(update(t).where(*where).values(personal_data=int(shown), personal_data_set_by=by))
