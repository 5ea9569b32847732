"""Statements about exemptions and about what an owner set; each names the account."""

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from reporting_core.storage.acting import exemptions, policies
from reporting_core.storage.teams import merged_into
from reporting_core.words.names import storable
from reporting_core.words.seats import Exemption

_e, _p = exemptions.c, policies.c


def add(connection: Connection, account_id: int, exemption: Exemption, at: datetime) -> None:
    """Write down that somebody keeps the seat; one that holds for the same seat already is replaced."""
    same = (
        _e.account_id == account_id,
        _e.team_id == exemption.team_id,
        _e.person_id == exemption.person_id,
        _e.product_id == (exemption.product_id or 0),
        _e.removed_at.is_(None),
    )
    connection.execute(update(exemptions).where(*same).values(removed_by=exemption.by, removed_at=at))
    connection.execute(
        insert(exemptions).values(
            account_id=account_id,
            token=exemption.token,
            team_id=exemption.team_id,
            person_id=exemption.person_id,
            product_id=exemption.product_id or 0,
            until_day=exemption.until.toordinal(),
            reason=exemption.reason,
            by=exemption.by,
            at=at,
        )
    )


def find(connection: Connection, account_id: int, token: str) -> tuple[int, int, int] | None:
    """Return team, person and product (0: every one) of an exemption that was not taken back."""
    found = connection.execute(
        select(_e.team_id, _e.person_id, _e.product_id).where(
            _e.account_id == account_id, _e.token == storable(token), _e.removed_at.is_(None)
        )
    ).first()
    if found is None:
        return None
    team = merged_into(connection, account_id).get(found[0], found[0])
    return team, found[1], found[2]


def remove(connection: Connection, account_id: int, token: str, by: str, at: datetime) -> bool:
    """Take an exemption back; False if it was taken back before."""
    where = (_e.account_id == account_id, _e.token == token, _e.removed_at.is_(None))
    return connection.execute(update(exemptions).where(*where).values(removed_by=by, removed_at=at)).rowcount == 1


def everyone(connection: Connection, account_id: int) -> list[int]:
    """Return the people with an exemption that was not taken back, whether it still holds or not."""
    where = (_e.account_id == account_id, _e.removed_at.is_(None))
    return list(connection.execute(select(_e.person_id).where(*where).distinct()).scalars())


def set_policy(connection: Connection, account_id: int, name: str, value: str, by: tuple[str, datetime]) -> None:
    """Set one value of the policy."""
    connection.execute(delete(policies).where(_p.account_id == account_id, _p.name == name))
    who, at = by
    connection.execute(insert(policies).values(account_id=account_id, name=name, value=value, by=who, at=at))


def changes(connection: Connection, account_id: int) -> dict[str, tuple[str, datetime]]:
    """Return who set each value of the policy that is set, and when."""
    rows = connection.execute(select(_p.name, _p.by, _p.at).where(_p.account_id == account_id))
    # SQLite keeps no zone; all that is written is UTC.
    return {name: (by, at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)) for name, by, at in rows}
