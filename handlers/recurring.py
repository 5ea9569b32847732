"""Spreadsheets that come by themselves: made with the owner's rights of that moment, kept in their export history."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

from handlers import digests, language, notices, uploads
from handlers.desk import Desk
from handlers.outgoing import End, Outgoing, Unsent
from handlers.owners import Owner
from handlers.sentences import sentence
from handlers.uploads import Parcel, UploadFailed
from handlers.views import exports as view
from handlers.views.spreadsheet import About
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, NotAllowed, SettingWrong, StoreBusy
from reporting_core.words.report import UsageReport
from reporting_core.words.schedules import Schedule
from reporting_core.words.spreadsheets import Claimed, Fetched, Spreadsheet, Turn


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on its way. Nobody sees anything of it before the last word of its upload."""

    channel: str
    parcel: Parcel
    sheet: Spreadsheet
    content: str = "{}"
    as_of: date | None = None
    since: date | None = None

    async def send(self, desk: Desk, _key: str) -> str:
        """Upload it; returns the id of the file."""
        reason = "error"
        try:
            posted = await uploads.post(desk.client, self.parcel, desk.workshop.looks)
            reason = ""
        except UploadFailed as error:
            reason = str(error.why)
            raise
        finally:
            with suppress(StoreBusy):
                await desk.core.exports.settled(self.sheet.token, reason)
        return posted.id


async def ready(desk: Desk, plan: Schedule, owner: Owner) -> Outgoing | Unsent:
    """Return the spreadsheet of a schedule as it can be sent, or why it is not."""
    try:
        return await _ready(desk, plan, owner)
    except StoreBusy:
        return Unsent(End.AGAIN, "busy")
    except NotAllowed:
        return Unsent(End.RESTS, "rights", orphan=True)
    except SettingWrong as error:
        return Unsent(End.RESTS, f"setting: {error.message}")
    except AskAgain as error:
        return Unsent(End.RESTS, f"question: {error.message}")


async def _ready(desk: Desk, plan: Schedule, owner: Owner) -> Outgoing | Unsent:
    report = await _report(desk, plan, owner)
    place = await digests.placed(desk, plan, owner, report.team_ids)
    if isinstance(place, Unsent):
        return place
    if not report.rows:
        return Unsent(End.SKIPPED, "no rows")
    made = await _made(desk, report, owner)
    return made if isinstance(made, Unsent) else await _enclosed(desk, plan, owner, place, made)


async def _report(desk: Desk, plan: Schedule, owner: Owner) -> UsageReport:
    query = (await desk.core.query(plan.question, owner.asker)).turned_to(1)
    report = await desk.core.peek(grammar.canonical(query), owner.asker)
    return replace(report, query=query, canonical=grammar.canonical(query))


async def _made(desk: Desk, report: UsageReport, owner: Owner) -> Fetched | Unsent:
    exports = desk.core.exports
    with language.speaking(desk.speaks_to(owner.person)):
        claimed = await exports.request(owner.asker, report, await exports.version(), language.current())
        if claimed.turn is Turn.WAIT:
            return Unsent(End.AGAIN, "under way", 30)
        if claimed.turn is Turn.SEND:
            return Fetched(claimed.spreadsheet, claimed.path)
        return await _written(desk, claimed, report, owner)


async def _written(desk: Desk, claimed: Claimed, report: UsageReport, owner: Owner) -> Fetched | Unsent:
    token = claimed.spreadsheet.token
    try:
        rows = await asyncio.to_thread(_write, desk, claimed, report, owner)
    except OSError:
        await desk.core.exports.failed(token, "disk")
        return Unsent(End.AGAIN, "disk", 900)
    except BaseException:
        await desk.core.exports.failed(token, "error")
        raise
    return await desk.core.exports.made(token, rows)


def _write(desk: Desk, claimed: Claimed, report: UsageReport, owner: Owner) -> int:
    asker = owner.asker
    about = About(asked_by=asker.name or asker.email, made_at=claimed.spreadsheet.asked_at, version=version("usagebot"))
    daily = desk.core.daily_use(report.query, asker)
    return desk.workshop.write(report, claimed.path, about, lambda _done, _total: None, daily).rows


async def _enclosed(
    desk: Desk, plan: Schedule, owner: Owner, place: tuple[str, str], made: Fetched
) -> Outgoing | Unsent:
    sheet, (channel, reason) = made.spreadsheet, place
    if sheet is None or made.path is None:
        return Unsent(End.AGAIN, "withheld")
    why = ""
    with language.speaking(digests.spoken(desk, plan, owner)):
        if plan.channel and (sheet.personal and reason):
            # Names never reach a place where not everybody may read them; the file goes to its owner alone.
            channel, why = await notices.direct(desk, plan.owner), sentence("schedule_file_aside", channel=plan.channel)
        parcel = Parcel(channel, made.path, view.name(sheet), comment=view.comment(sheet, why))
    return Enclosed(channel, parcel, sheet)
