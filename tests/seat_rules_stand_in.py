"""Stand-ins for `core.seat_rules` and `core.audit`; tests of what they do speak with a real core."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reporting_core.words.audit import Page
from reporting_core.words.cards import Kept
from reporting_core.words.errors import AskAgain
from reporting_core.words.people import Asker
from reporting_core.words.query import UsageQuery
from reporting_core.words.seats import Policy, Standing


@dataclass
class SeatRulesStandIn:
    rules: Policy = field(default_factory=Policy)

    async def standing(self) -> Standing:
        return Standing(self.rules, {})

    async def set_policy(self, asker: Asker, name: str, value: str) -> Policy:
        return self.rules

    async def exempt(self, asker: Asker, text: str, mentions: Mapping[str, str] | None = None) -> Kept:
        raise AskAgain("Say whose seat is kept.")

    async def unexempt(self, asker: Asker, token: str) -> bool:
        return False


@dataclass
class AuditStandIn:
    async def page(self, asker: Asker, text: str = "", *, whole: bool = False) -> Page:
        return Page(UsageQuery(), (), 0, 1, 1, date(2026, 11, 1), date(2026, 11, 24))
