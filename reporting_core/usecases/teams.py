"""An operator's view and changes of teams: list, merge and undo, personal data on and off."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from reporting_core import grammar
from reporting_core.metrics.replacing import spans
from reporting_core.storage import merges
from reporting_core.storage import teams as sql
from reporting_core.storage.covering import coverage
from reporting_core.storage.directory import bump_version
from reporting_core.storage.engines import Connection, Store
from reporting_core.words.errors import AskAgain
from reporting_core.words.names import fold
from reporting_core.words.said import either, say


class TeamLine(NamedTuple):
    """A team as it is listed: personal data, newest Usage Report, days with daily data."""

    name: str
    personal_data: bool
    reported_on: date | None
    covered: tuple[tuple[date, date], ...]


def listed(store: Store, account_id: int) -> list[TeamLine]:
    """List the teams by name."""
    with store.reading() as connection:
        known = coverage(connection, account_id)
        return [
            TeamLine(
                team.name,
                team.personal_data,
                date.fromordinal(team.reported_on) if team.reported_on is not None else None,
                tuple(
                    (date.fromordinal(first), date.fromordinal(last))
                    for first, last in spans(
                        [piece for (id_, _), some in known.items() if id_ == team.id for piece in some]
                    )
                ),
            )
            for team in sql.teams(connection, account_id)
        ]


def merge(store: Store, account_id: int, names: tuple[str, str], now: datetime) -> tuple[str, str]:
    """Merge the first team into the second; returns their names.

    Raises `AskAgain` for unknown teams or the same one twice.
    """
    with store.writing() as connection:
        old, new = (_team(connection, account_id, name) for name in names)
        if old.id == new.id:
            raise AskAgain(
                say(
                    "“{team}” cannot be merged into itself. Name two teams: usagebot team merge FROM INTO",
                    team=old.name,
                )
            )
        merges.merge_teams(connection, account_id, (old.id, new.id), now)
        bump_version(connection, account_id)
        return old.name, new.name


def undo_merge(store: Store, account_id: int, names: tuple[str, str]) -> tuple[str, str]:
    """Undo the newest merge, of these two teams. Raises `AskAgain` if it is another one or an import came after it."""
    with store.writing() as connection:
        merged, into = sql.merged_teams(connection, account_id), _team(connection, account_id, names[1])
        old = merged.get(fold(names[0]))
        if old is None or not merges.undo_merge(connection, account_id, (old, into.id)):
            raise AskAgain(
                say(
                    "There is no merge of “{old}” into “{new}” to undo: only the newest merge can be undone, "
                    "and only until the next import or unassignment that changes something.",
                    old=names[0],
                    new=names[1],
                )
            )
        bump_version(connection, account_id)
        return names[0], into.name


def set_personal_data(store: Store, account_id: int, name: str, *, shown: bool, by: str) -> str:
    """Turn a team's personal data on or off; returns its name."""
    with store.writing() as connection:
        team = _team(connection, account_id, name)
        sql.set_personal_data(connection, account_id, team.id, shown=shown, by=by)
        bump_version(connection, account_id)
        return team.name


def _team(connection: Connection, account_id: int, name: str) -> sql.Team:
    found: Sequence[sql.Team] = sql.teams(connection, account_id)
    for team in found:
        if team.key == fold(name):
            return team
    raise no_such_team(name, [team.name for team in found])


def no_such_team(name: str, known: Sequence[str]) -> AskAgain:
    """Return the error for a name that no team has, with the nearest that one has."""
    near = grammar.nearest(name, known)
    hint = say(" No team is loaded yet.")
    if near:
        hint = say(" Did you mean {options}?", options=either(f"“{each}”" for each in near))
    return AskAgain(say("I know no team “{name}”.{hint}", name=name, hint=hint), near)
