"""People of every kind around one seat, and the bot with the real core behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text

from handlers.identity import full_member
from reporting_core.core import Core
from reporting_core.storage.engines import Connection
from reporting_core.usecases.identity import Rules
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.usecases.seats.judging import judged
from reporting_core.words.people import Asker
from tests.bot_under_test import Bot, bot_under_test
from tests.company import TODAY, WEST, Company, Person, ago, open_company
from tests.provider_stand_in import ProviderStandIn
from tests.slack_stand_in import TEAM

SEATED, GROUPED, IN_CHARGE = Person("canary"), Person("dove"), Person("gull")
REASON = "canaryreason"
QUESTION = "user=canary product=Revit"
BASE = "UBASE"
"""An owner who asks for what others then confirm, undo or settle."""

ROLES = {
    "primary admin": "Primary admin",
    "secondary admin": "Secondary admin",
    "SSO admin": "SSO admin",
    "admin elsewhere": "Primary admin",
    "contract manager": "Contract manager",
    "user": "User",
    "reporter": "User",
    "guest": "Primary admin",
    "stranger": "Primary admin",
    "deactivated": "Primary admin",
}
IN_SLACK: dict[str, dict[str, Any]] = {
    "guest": {"is_restricted": True},
    "stranger": {"is_stranger": True, "team_id": "T9"},
    "deactivated": {"deleted": True},
}
ACTORS = ("owner", *ROLES)
USERS = {name: f"U{number}" for number, name in enumerate(ACTORS)}
EMAILS = {name: f"actor{number}@example.com" for number, name in enumerate(ACTORS)}

_BACK = (
    "DELETE FROM seat_actions",
    "DELETE FROM exemptions",
    "DELETE FROM policies",
    "DELETE FROM posts",
    "DELETE FROM schedules",
    "DELETE FROM alert_rules",
    "DELETE FROM audit_rows",
    f"UPDATE assignments SET assigned = 1, unassigned_on = NULL, assigned_on = {ago(300).toordinal()}",
)


@dataclass
class Stage:
    """The bot, its company, the one seat that all is about, and one of a group, about which its owner can be asked."""

    bot: Bot
    company: Company
    seat: int
    grouped: int
    provider: ProviderStandIn
    numbers: "count[int]" = field(default_factory=count)
    form: dict[str, Any] = field(default_factory=dict)
    digest: str = ""
    """What a digest shows that was drawn once."""

    @property
    def core(self) -> Core:
        return self.company.core

    @property
    def print(self) -> str:
        with self.core.store.reading() as connection:
            bench = self.core.seats.records.bench(connection)
            return judged(connection, bench, self.core.operator, [self.seat])[0].seat.print

    def all_back(self) -> None:
        """Undo whatever the last try did."""
        with self.core.store.writing() as connection:
            for statement in _BACK:
                connection.execute(text(statement))
        self.bot.slack.calls.clear()

    def rows(self, statement: str) -> list[Any]:
        with self.core.store.reading() as connection:
            return list(connection.execute(text(statement)))

    def read(self, statement: str) -> list[Any]:
        return [row[0] for row in self.rows(statement)]

    def write(self, statement: str) -> None:
        with self.core.store.writing() as connection:
            connection.execute(text(statement))

    async def asker(self, user: str) -> Asker:
        return await self.core.identify(full_member(await self.bot.desk.directory.person(user)))

    @property
    def base(self) -> Asker:
        return Asker(self.core.account_id, BASE, "Base", "", owner=True)

    async def begun(self, *, done: bool = False) -> str:
        """Let the owner take the seat; returns the token."""
        batch = f"begun {next(self.numbers)}"
        confirmed = await self.core.seats.confirm(self.base, batch, [(self.seat, self.print)])
        (action,) = confirmed.actions
        if done:
            await self.core.seats.carry_out(action.token, _base)
        return action.token

    async def exempted(self) -> str:
        (team,) = self.read(f"SELECT team_id FROM assignments WHERE id = {self.seat}")
        (person,) = self.read(f"SELECT person_id FROM assignments WHERE id = {self.seat}")
        wish = Wish(team, person, None, TODAY + timedelta(days=9), REASON)
        return (await self.core.seats.exempt(self.core.operator, wish)).token


async def _base(name: str) -> Asker:
    return Asker(1, name, name, "", owner=True)


@asynccontextmanager
async def stage(url: str, folder: Path, *, empty: bool = False) -> AsyncIterator[Stage]:
    """Raise the curtain; `empty`: nobody has set anything up, and no Users export was loaded."""
    company = open_company(url, folder)
    core = company.core
    held = (SEATED.holds("Revit", last=200), SEATED.of(WEST).holds("AutoCAD"))
    by_group = GROUPED.holds("AutoCAD", last=200, assigned_by="Group: BIM")
    company.load(company.report(*held, by_group), exported_on=ago(0))
    company.load(company.groups(GROUPED.is_in("BIM"), IN_CHARGE.is_in("BIM", "Owner")), exported_on=ago(0))
    if not empty:
        people = [
            Person(name, WEST if name == "admin elsewhere" else "Design", EMAILS[name]).is_a(role)
            for name, role in ROLES.items()
        ]
        company.load(company.users(*people), exported_on=ago(0))
        core.rules = Rules(
            owners=frozenset({EMAILS["owner"], BASE}), reporters={EMAILS["reporter"]: frozenset({"design"})}
        )
    await core.bind_workspace(TEAM)
    provider = ProviderStandIn()
    core.seats.provided_by(provider, None)
    async with bot_under_test() as bot:
        for name, user in USERS.items():
            told = {"real_name": name, "profile": {"email": EMAILS[name]}}
            bot.slack.person(user, **told, **IN_SLACK.get(name, {}))
        bot.slack.person(BASE, profile={"email": "base@example.com"})
        bot.slack.person("UGROUP", profile={"email": f"{IN_CHARGE.name}@example.com"})
        bot.slack.channel("C2", is_private=False)
        bot.slack.channel("C3", is_ext_shared=True)
        bot.slack.channel("C1")
        bot.desk.core = core
        with core.store.reading() as connection:
            seat, grouped = (_held(connection, product) for product in ("Revit", "AutoCAD"))
        yield Stage(bot, company, seat, grouped, provider)
    company.core.store.close()


def _held(connection: Connection, product: str) -> int:
    """Return the one seat of a product in Design."""
    within = "a.team_id IN (SELECT id FROM teams WHERE name = 'Design')"
    statement = (
        f"SELECT a.id FROM assignments a JOIN products p ON p.id = a.product_id WHERE {within} AND p.name = '{product}'"
    )
    (found,) = connection.execute(text(statement))
    return int(found[0])
