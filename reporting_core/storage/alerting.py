"""Statements about alerts: rules, what is raised, and what only alerts look at. Each names the account."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Update, bindparam, delete, func, insert, select, update

from reporting_core.storage import schema
from reporting_core.storage.acting import seat_actions
from reporting_core.storage.scheduling import alert_rules, alert_states
from reporting_core.words.alerts import DELIVERED, AlertKind, AlertRule
from reporting_core.words.seats import State as SeatState

_r, _s, _b, _act = alert_rules.c, alert_states.c, schema.token_balances.c, seat_actions.c

OVER, RAISED, QUEUED = 0, 1, 2
"""Stages of a crossing: it is over; it began and nobody was told; a post was queued that tells it."""

Place = tuple[AlertKind, int, str]
"""What a crossing is about: kind, team (0: the account), product or pack."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a crossing stands: its stage, how often it began, and when it last moved, with the figures of then."""

    stage: int
    crossings: int
    value: Mapping[str, Any]
    at: datetime


def rules(connection: Connection, account_id: int) -> dict[AlertKind, AlertRule]:
    """Load the rules, those that nobody set as they are delivered."""
    statement = select(_r.kind, _r.on, _r.threshold, _r.channel, _r.by, _r.at).where(_r.account_id == account_id)
    found = {kind: AlertRule(kind, threshold=least) for kind, least in DELIVERED.items()}
    for name, on, threshold, channel, by, at in connection.execute(statement):
        kind = AlertKind(name)
        least = DELIVERED[kind] if threshold is None else threshold
        found[kind] = AlertRule(kind, bool(on), least, channel, by, _utc(at))
    return found


def set_rule(connection: Connection, account_id: int, rule: AlertRule) -> None:
    """Set one rule, whole."""
    connection.execute(delete(alert_rules).where(_r.account_id == account_id, _r.kind == str(rule.kind)))
    values = {"on": int(rule.on), "threshold": rule.threshold, "channel": rule.channel, "by": rule.by, "at": rule.at}
    connection.execute(insert(alert_rules).values(account_id=account_id, kind=str(rule.kind), **values))


def standings(
    connection: Connection, account_id: int, kinds: Iterable[AlertKind] | None = None, stage: int | None = None
) -> dict[Place, Standing]:
    """Load where crossings stand, all or those of some kinds or at one stage."""
    columns = (_s.kind, _s.team_id, _s.subject, _s.raised, _s.crossings, _s.value, _s.at)
    statement = select(*columns).where(_s.account_id == account_id)
    if kinds is not None:
        statement = statement.where(_s.kind.in_([str(kind) for kind in kinds]))
    if stage is not None:
        statement = statement.where(_s.raised == stage)
    return {
        (AlertKind(name), team, subject): Standing(stage, crossings, json.loads(value or "{}"), _utc(at))
        for name, team, subject, stage, crossings, value, at in connection.execute(statement)
    }


def put(connection: Connection, account_id: int, standing: Mapping[Place, Standing], known: Container[Place]) -> None:
    """Write where crossings stand now; `known` are those that are written down already."""
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for place, each in standing.items():
        names = ("b_kind", "b_team", "b_subject") if place in known else ("kind", "team_id", "subject")
        about = dict(zip(names, (str(place[0]), *place[1:]), strict=True))
        written = {"raised": each.stage, "crossings": each.crossings, "value": json.dumps(each.value), "at": each.at}
        rows[place in known].append(about | written)
    if rows[True]:
        connection.execute(_changed(account_id), rows[True])
    if rows[False]:
        connection.execute(insert(alert_states), [{"account_id": account_id, **row} for row in rows[False]])


def _changed(account_id: int) -> Update:
    its = (_s.kind == bindparam("b_kind"), _s.team_id == bindparam("b_team"), _s.subject == bindparam("b_subject"))
    fresh: dict[str, Any] = {name: bindparam(name) for name in ("raised", "crossings", "value", "at")}
    return update(alert_states).where(_s.account_id == account_id, *its).values(fresh)


def queued(connection: Connection, account_id: int, places: Iterable[Place]) -> None:
    """Note that a post was queued for crossings; those that are over meanwhile stay so."""
    its = (_s.kind == bindparam("b_kind"), _s.team_id == bindparam("b_team"), _s.subject == bindparam("b_subject"))
    begun = update(alert_states).where(_s.account_id == account_id, *its, _s.raised == RAISED).values(raised=QUEUED)
    rows = [{"b_kind": str(kind), "b_team": team, "b_subject": subject} for kind, team, subject in places]
    connection.execute(begun, rows)


class Statement(NamedTuple):
    """What was stated of one pack of a team: thousandths bought and left, the day it ends, the day it was stated."""

    team: int
    bought: int
    left: int
    ends: int | None
    stated: int


def newest_statements(connection: Connection, account_id: int) -> list[Statement]:
    """Load each team's newest statement of its tokens, pack by pack."""
    newest = (
        select(_b.team_id, func.max(_b.as_of).label("stated"))
        .where(_b.account_id == account_id)
        .group_by(_b.team_id)
        .subquery()
    )
    statement = (
        select(_b.team_id, _b.purchased, _b.remaining, _b.expires_on, _b.as_of)
        .join(newest, (newest.c.team_id == _b.team_id) & (newest.c.stated == _b.as_of))
        .where(_b.account_id == account_id)
    )
    return [Statement(*row) for row in connection.execute(statement)]


def waiting(connection: Connection, account_id: int) -> list[datetime]:
    """Return since when each seat waits that a provider took or that a person must decide about, oldest first."""
    waits = (str(SeatState.ACCEPTED), str(SeatState.PERSON))
    since = func.coalesce(_act.since, _act.asked_at)
    statement = select(since).where(_act.account_id == account_id, _act.state.in_(waits)).order_by(since)
    return [_utc(at) for at in connection.execute(statement).scalars()]


def _utc(at: datetime) -> datetime:
    # SQLite keeps no zone; all that is written is UTC.
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
