"""Somebody may take a seat, and may not any more before it is taken: in nine ways, at two moments."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from chaos.matrix import drawn
from chaos.rights import EMAILS, USERS, Stage, stage
from handlers import seat_rights
from reporting_core.usecases.identity import Rules
from reporting_core.words.errors import UsagebotError
from tests.slack_stand_in import TEAM

ADMIN, OWNER = "primary admin", "owner"
MOMENTS = ("before the form was sent", "before the call")
CONTROL = 25
"""One in so many keeps the rights, and has the effect: what is tried is possible at all."""

Way = Callable[[Stage], None]


@dataclass
class Tally:
    what: str
    runs: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    """Runs in which nothing was taken away, and the seat was taken."""
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        ways = ", ".join(f"{count} {way}" for way, count in self.ways.items())
        return (
            f"{self.what}: {self.runs} runs ({ways}), effects in {len(self.wrong)}; {self.kept} more in which the "
            f"rights stayed, with their effect"
        )


def _slack(**changes: object) -> Way:
    def change(here: Stage) -> None:
        here.bot.slack.person(USERS[ADMIN], profile={"email": EMAILS[ADMIN]}, **changes)

    return change


def _sql(statement: str) -> Way:
    email = EMAILS[ADMIN]
    person = f"SELECT id FROM people WHERE email_key = '{email}'"
    return lambda here: here.write(statement.format(person=person))


def _no_owner(here: Stage) -> None:
    here.core.rules = Rules(owners=frozenset({"somebody@example.com"}))


WAYS: dict[str, tuple[str, Way]] = {
    "role gone": (ADMIN, _sql("DELETE FROM roles WHERE person_id IN ({person})")),
    "another role": (ADMIN, _sql("UPDATE roles SET role = 'user' WHERE person_id IN ({person})")),
    "reporter only": (ADMIN, _sql("UPDATE roles SET role = 'reporter' WHERE person_id IN ({person})")),
    "left the account": (ADMIN, _sql("UPDATE people SET account_status = 'Deactivated' WHERE id IN ({person})")),
    "guest now": (ADMIN, _slack(is_restricted=True)),
    "deactivated in Slack": (ADMIN, _slack(deleted=True)),
    "of another workspace": (ADMIN, _slack(team_id="T9", is_stranger=True)),
    "another e-mail": (ADMIN, lambda here: here.bot.slack.person(USERS[ADMIN], profile={"email": "x@example.com"})),
    "owner no more": (OWNER, _no_owner),
}


async def run(database: tuple[str, str, Path], runs: int, dice: Random) -> Tally:
    name, url, folder = database
    tally = Tally(f"{name}, rights taken away")
    async with stage(f"{url.removesuffix('.db')}-revoked.db", folder) as here:
        await drawn(here)
        rules = here.core.rules
        kept = [list(row) for row in here.rows("SELECT person_id, team_id, role FROM roles")]
        while tally.runs < runs:
            way = None if dice.random() * CONTROL < 1 else dice.choice(list(WAYS))
            await _restored(here, rules, kept)
            await _tried(tally, here, way, dice.choice(MOMENTS))
    return tally


async def _tried(tally: Tally, here: Stage, way: str | None, moment: str) -> None:
    who, change = WAYS[way] if way else (ADMIN, lambda _here: None)
    user, before = USERS[who], here.provider.calls.total()
    if moment == MOMENTS[1]:
        asker, batch = await here.asker(user), f"revoked {next(here.numbers)}"
        await here.core.seats.confirm(asker, batch, [(here.seat, here.print)])
    change(here)
    here.bot.now[0] += 6  # what Slack said is believed for five seconds
    if moment == MOMENTS[0]:
        await _sent(here, user)
    else:
        for token in here.read("SELECT token FROM seat_actions WHERE state = 'confirmed'"):
            with suppress(UsagebotError):
                await here.core.seats.carry_out(token, seat_rights.looked_up(here.bot.desk))
    _noted(tally, way, moment, effects=here.provider.calls.total() - before)


def _noted(tally: Tally, way: str | None, moment: str, *, effects: int) -> None:
    if way is None:
        tally.kept += effects
        tally.wrong += [] if effects == 1 else [f"rights stayed, {moment}: {effects} effects"]
        return
    tally.runs += 1
    tally.ways[way] += 1
    if effects:
        tally.wrong.append(f"{way}, {moment}")


async def _sent(here: Stage, user: str) -> None:
    view = {"type": "modal", **here.form, "id": f"V{next(here.numbers)}", "state": {"values": {}}}
    body = {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "view": view}
    await here.bot.dispatch(body)


async def _restored(here: Stage, rules: Rules, roles: list[list[object]]) -> None:
    here.all_back()
    here.provider.world.taken.clear()
    here.core.rules = rules
    here.write("DELETE FROM roles")
    for person, team, role in roles:
        values = f"({here.core.account_id}, {person}, {team}, '{role}')"
        here.write(f"INSERT INTO roles (account_id, person_id, team_id, role) VALUES {values}")
    here.write("UPDATE people SET account_status = 'Active' WHERE account_status = 'Deactivated'")
    here.bot.slack.person(USERS[ADMIN], profile={"email": EMAILS[ADMIN]})
    here.bot.now[0] += 6
