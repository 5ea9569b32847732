"""What to call people in messages to operators: names, or hashes where a team's personal data is off."""

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy import Connection, bindparam, select

from reporting_core.storage import schema
from reporting_core.storage.dialects import one_of
from reporting_core.words.names import display_name
from reporting_core.words.said import counted, say

SHOWN = 10


class Hashes(Protocol):
    """Gives the hash of a person of the account."""

    def of(self, person_id: int) -> str:
        """Return the hash that stands for a person."""


def label_people(connection: Connection, account_id: int, hashes: Hashes, days: Mapping[int, int]) -> list[str]:
    """Name the people of some assignments, most days first: “Ann Lee (Design, Revit): 12 days”.

    At most ten and how many more.
    """
    ids = sorted(days, key=lambda id_: -days[id_])
    labels = assignment_labels(connection, account_id, hashes, ids[:SHOWN])
    some = [id_ for id_ in ids[:SHOWN] if id_ in labels]
    named: list[str] = [counted(days[id_], "{who}: 1 day", "{who}: {count} days", who=labels[id_]) for id_ in some]
    return [*named, say("and {count} more", count=len(ids) - SHOWN)] if len(ids) > SHOWN else named


def assignment_labels(connection: Connection, account_id: int, hashes: Hashes, ids: list[int]) -> dict[int, str]:
    """Name the person, team and product of assignments."""
    a, p, t, o = schema.assignments.c, schema.people.c, schema.teams.c, schema.products.c
    statement = (
        select(
            a.id,
            p.id.label("person"),
            p.first_name,
            p.last_name,
            p.email,
            t.name,
            t.personal_data,
            o.name.label("product"),
        )
        .join_from(schema.assignments, schema.people, p.id == a.person_id)
        .join(schema.teams, t.id == a.team_id)
        .join(schema.products, o.id == a.product_id)
        .where(a.account_id == account_id, one_of(a.id, bindparam("ids")))
    )
    found = {}
    for row in connection.execute(statement, {"ids": str(ids)}):
        hashed = hashes.of(row.person)
        person = display_name(row.first_name, row.last_name, row.email, hashed) if row.personal_data else hashed
        found[row.id] = f"{person} ({row.name}, {row.product})"
    return found
