"""App Home: today's figures of the own teams, what waits for a decision, spreadsheets, how fresh the data is, help."""

import asyncio

from handlers.delivery import Home
from handlers.desk import Visit
from handlers.door import member
from handlers.views import home as view
from handlers.views.home import SeatsToday, TeamToday, Today
from reporting_core import grammar
from reporting_core.grammar import patterns
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Need
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.report import UsageReport

MOST_TEAMS = 10
"""Teams that are shown one by one."""

MONTH, IDLE = "last=30d", "last=90d"


async def open_home(visit: Visit) -> None:
    """Show the Home of whoever opened it; figures are those that a report gives, and nothing is remembered of it."""
    if not isinstance(visit.reply, Home):
        return
    try:
        visit.asker = await member(visit.person, Need.REPORTS, visit.desk)
    except NotAllowed as error:
        await visit.reply.show(view.outsider(error.message, visit.desk.contact))
        return
    today = await _today(visit)
    await visit.reply.show(await asyncio.to_thread(view.home, visit.asker, today))


async def stop_seats(visit: Visit) -> None:
    """Switch taking seats back off, for everybody."""
    await _switch(visit, "off")


async def allow_seats(visit: Visit) -> None:
    """Switch taking seats back on again."""
    await _switch(visit, "on")


async def _switch(visit: Visit, value: str) -> None:
    await visit.desk.core.seats.set_policy(visit.asker, "switched_on", value)
    visit.reply = Home(visit.desk.client, visit.person.user_id)
    await open_home(visit)


async def _today(visit: Visit) -> Today:
    try:
        whole = await visit.desk.core.peek(MONTH, visit.asker)
    except AskAgain as error:
        return Today(trouble=error.message)
    names = (await visit.desk.core.vocabulary(visit.asker)).teams
    teams = await asyncio.gather(*(_team(visit, name) for name in names[:MOST_TEAMS]))
    sheets = await visit.desk.core.exports.listed(visit.asker)
    found = tuple(each for each in teams if each is not None)
    shown = (whole, found, len(names) - len(found), tuple(sheets), visit.desk.core.exports.clock())
    seats = await _seats(visit) if visit.asker.may(Need.ADMIN) else None
    coming = await visit.desk.core.schedules.listed(visit.asker)
    last = await visit.desk.core.schedules.last([each.token for each in coming])
    return Today(*shown, seats=seats, schedules=coming, last=last)


async def _seats(visit: Visit) -> SeatsToday:
    core, asker = visit.desk.core, visit.asker
    return SeatsToday(*await asyncio.gather(core.seats.policy(), core.cards.open(asker), core.cards.kept(asker)))


async def _team(visit: Visit, name: str) -> TeamToday | None:
    try:
        return TeamToday(name, *await asyncio.gather(_peek(visit, name, MONTH), _peek(visit, name, IDLE)))
    except (AskAgain, NotAllowed):
        return None  # a team that was merged or taken away since the names were looked up


async def _peek(visit: Visit, team: str, span: str) -> UsageReport:
    named = UsageQuery().with_filters([Filter(Key.TEAM, (patterns.encode(team, Key.TEAM),))])
    return await visit.desk.core.peek(f"{grammar.spell_filter(named.filters[0])} {span}", visit.asker)
