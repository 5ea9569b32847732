"""Who keeps a seat whatever its use: for a reason, until a date, by an admin of the team."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reporting_core.storage import exempting as sql
from reporting_core.storage import seats as reading
from reporting_core.storage.auditing import Entry
from reporting_core.storage.engines import Connection
from reporting_core.storage.teams import teams
from reporting_core.usecases.seats.records import Records
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import say
from reporting_core.words.seats import Exemption

LONGEST = timedelta(days=366)
"""A seat that is kept for longer is decided about once a year."""

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose seat is to be kept, of which product (None: every one), until when (inclusive), and why."""

    team_id: int
    person_id: int
    product_id: int | None
    until: date
    reason: str


def exempt(records: Records, asker: Asker, wish: Wish) -> Exemption:
    """Keep somebody's seat. Raises `AskAgain` for a date or a reason that cannot be, `NotAllowed`, `StoreBusy`."""
    _allowed(asker, wish.team_id)
    reason = _reason(wish.reason)
    _date(wish.until, records.clock().date())
    made = Exemption(records.token(), wish.team_id, wish.person_id, wish.product_id, wish.until, reason, _who(asker))
    with records.store.writing() as connection:
        now = records.clock()
        sql.add(connection, records.account_id, made, now)
        details = {"product": made.product_id, "until": made.until.isoformat(), "reason": made.reason}
        about = (made.token, made.team_id, made.person_id)
        records.chain.append(connection, Entry(now, "exempt", made.by, *about, details))
    return made


def unexempt(records: Records, asker: Asker, token: str) -> bool:
    """Take an exemption back; False if there is none any more. Raises `NotAllowed`, `StoreBusy`."""
    with records.store.writing() as connection:
        found = sql.find(connection, records.account_id, token)
        if found is None:
            return False
        team, person, product = found
        _allowed(asker, team)
        now = records.clock()
        removed = sql.remove(connection, records.account_id, token, _who(asker), now)
        entry = Entry(now, "unexempt", _who(asker), token, team, person, {"product": product or None})
        records.chain.append(connection, entry)
        return removed


def listed(records: Records, asker: Asker) -> list[Exemption]:
    """List the exemptions that hold now in the teams this person administers, those that end first in front."""
    with records.store.reading() as connection:
        everybody = sql.everyone(connection, records.account_id)
        found = reading.exempted(connection, records.account_id, everybody, records.clock().date())
        allowed = _teams(connection, records.account_id, asker)
    return sorted((each for each in found if each.team_id in allowed), key=lambda each: (each.until, each.token))


def _teams(connection: Connection, account_id: int, asker: Asker) -> Sequence[int] | frozenset[int]:
    return [team.id for team in teams(connection, account_id)] if asker.owner else asker.administers


def _allowed(asker: Asker, team: int) -> None:
    if not (asker.owner or team in asker.administers):
        raise NotAllowed(say("Only an admin of the team may decide who keeps a seat."))


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    # Spaces of no width and signs that only turn the direction of reading are no reason.
    if all(unicodedata.category(sign)[0] in "CMZ" for sign in reason):
        raise AskAgain(say('Say why the seat is kept: reason="parental leave".'))
    if len(reason) > LONGEST_REASON:
        raise AskAgain(say("The reason is too long; {most} characters are enough.", most=LONGEST_REASON))
    return reason


def _date(until: date, today: date) -> None:
    if until < today:
        raise AskAgain(say("{until} is over already. Name a date from today on.", until=until))
    if until > today + LONGEST:
        raise AskAgain(say("A seat is kept for a year at most, until {most}.", most=today + LONGEST))


def _who(asker: Asker) -> str:
    return asker.slack_user_id or "operator"
