"""Our own data as the world behind a provider: Ann holds Revit and AutoCAD, Ben holds Revit."""

from datetime import date

import aiohttp
from sqlalchemy import func, select, update

from bot import settings
from bot.ground import Ground
from reporting_core.storage import acting, schema
from reporting_core.words.seats import Change, SeatControl, SeatOrder
from reporting_core.words.terms import Origin
from tests.company import ANN, BEN, DESIGN, NOW, Company, ago
from tests.provider_contract import Held, World


def no_http() -> aiohttp.ClientSession:
    raise AssertionError("nobody is asked here")


def ground(company: Company, **environment: str) -> Ground:
    given, core = settings.read(environment), company.core
    return Ground(given, core.store, core.account_id, lambda: core.clock(), lambda: "word", no_http)  # noqa: PLW0108 - a test may set it


class InOurData(World):
    """A world that is our own database."""

    def __init__(self, company: Company, provider: SeatControl) -> None:
        self.company = company
        self.provider = provider

    def order(
        self, who: str = "ann", product: str = "Revit", change: Change = Change.UNASSIGN, key: str = ""
    ) -> SeatOrder:
        id_, on = self.seat(who, product)
        return SeatOrder(
            key=key or f"{who}-{product}-{change}",
            change=change,
            account=self.company.core.account,
            team=DESIGN,
            product=product,
            assignment_id=id_,
            assigned_on=on,
            origin=Origin.INDIVIDUAL,
            origin_group="",
            email=f"{who}@example.com",
            name=f"{who.title()} Lee",
            asked_by="U1",
        )

    def seat(self, who: str, product: str) -> tuple[int, date | None]:
        a, p, f = schema.assignments.c, schema.people.c, schema.products.c
        statement = select(a.id, a.assigned_on).where(
            a.account_id == self.company.core.account_id,
            a.person_id == p.id,
            p.email == f"{who}@example.com",
            a.product_id == f.id,
            f.name == product,
        )
        with self.company.core.store.reading() as connection:
            found = connection.execute(statement).first()
        return (found[0], date.fromordinal(found[1])) if found else (0, None)

    async def held(self) -> Held:
        a, p, f = schema.assignments.c, schema.people.c, schema.products.c
        statement = select(p.email, f.name).where(a.person_id == p.id, a.product_id == f.id, a.assigned == 1)
        with self.company.core.store.reading() as connection:
            return frozenset((email.partition("@")[0], product) for email, product in connection.execute(statement))

    @property
    def effects(self) -> int:
        with self.company.core.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(acting.ledger_effects)).scalar_one()

    async def assign_anew(self, who: str, product: str) -> None:
        id_, _on = self.seat(who, product)
        a = schema.assignments
        with self.company.core.store.writing() as connection:
            on = NOW.date().toordinal() - 1
            connection.execute(update(a).where(a.c.id == id_).values(assigned=1, assigned_on=on))


def filled(company: Company) -> Company:
    """Load who holds what, and how many seats were bought."""
    company.load(
        company.report(
            ANN.holds("Revit", since=200, assigned_by="Individual"),
            ANN.holds("AutoCAD", since=200, assigned_by="Individual"),
            BEN.holds("Revit", since=200, assigned_by="Individual"),
        ),
        company.subscriptions(("s1", "Revit", 2), ("s2", "AutoCAD", 1)),
        exported_on=ago(1),
    )
    return company
