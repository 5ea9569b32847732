"""A dry run of schedules at another time: which would send, and what their digests would say."""

import asyncio
from datetime import datetime

from bot.commands.around import Around
from bot.opening import opened
from bot.printing.schedules import Said
from reporting_core.core import Core
from reporting_core.usecases.schedules.rehearsing import Rehearsal, rehearsed
from reporting_core.words.digests import DigestWish
from reporting_core.words.schedules import Kind


def rehearse(here: Around, account: str | None, at: datetime) -> list[tuple[Rehearsal, Said | None]]:
    """Return what would be done, each with what it would say; an account opened as of that time judges it."""
    with opened(here.settings(account), lambda: at) as core:
        found = rehearsed(core.schedules.books, at)
        said = asyncio.run(core.digests.of([_wish(core, each) for each in found if _is_digest(each)]))
    return [(each, said.get(each.schedule.token)) for each in found]


def _is_digest(each: Rehearsal) -> bool:
    return each.sends is not None and each.schedule.kind is Kind.DIGEST


def _wish(core: Core, each: Rehearsal) -> DigestWish:
    schedule = each.schedule
    return DigestWish(schedule.token, core.operator, schedule.question, schedule.since, core.clock().date())
