"""Spreadsheets: made of a question, put where names may be read, fetched again and deleted from the history."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from handlers import buttons, language, making, places, reports, uploads
from handlers.desk import Visit
from handlers.door import member
from handlers.identity import full_member
from handlers.places import Place
from handlers.sentences import sentence
from handlers.shelf import Shelf
from handlers.uploads import Parcel, Posted, UploadFailed, Why
from handlers.views import exports as view
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, NotAllowed, StoreBusy
from reporting_core.words.people import Need
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import Claimed, Fetched, Spreadsheet, Turn, Withheld


async def deliver(visit: Visit, text: str) -> None:
    """Send the spreadsheet of a question: make it, or take the one that is there."""
    core = visit.desk.core
    version = await core.exports.version()
    mentions = await reports.addresses(text, visit.desk)
    report = _whole(await visit.soon(core.usage(text, visit.asker, mentions=mentions)))
    if not report.rows:
        await visit.reply.refuse(view.nothing(report))
        return
    claimed = await core.exports.request(visit.asker, report, version, language.current())
    if claimed.turn is Turn.WAIT:
        await visit.reply.refuse(view.under_way(claimed.spreadsheet))
    else:
        await _send(visit, *await _made(visit, claimed, report))


def _whole(report: UsageReport) -> UsageReport:
    """Return the answer without the page that a message would show: a file holds all rows."""
    query = report.query.turned_to(1)
    return replace(report, query=query, canonical=grammar.canonical(query))


async def export(visit: Visit, rest: str) -> None:
    """Answer `/usage export …`; without words the last question is meant."""
    text = rest.strip() or await visit.desk.core.last_query(visit.asker)
    if not text:
        raise AskAgain(sentence("export_what"))
    await deliver(visit, text)


async def press(visit: Visit) -> None:
    """Send the spreadsheet of the report whose button was pressed."""
    # Filters change the question of a report that stands; its buttons may carry the one before.
    standing = await reports.shown(visit)
    text = standing.query if standing else await buttons.question(visit)
    if standing and len(text) > grammar.LONGEST:
        await visit.desk.core.keep(visit.asker, text)  # our own words; longer ones are read only if they are known
    await deliver(visit, text)


async def history(visit: Visit, _rest: str = "") -> None:
    """Answer `/usage exports`."""
    await _list(visit, 0)


async def turn(visit: Visit) -> None:
    """Show another part of the history in place of the one that is shown."""
    await _list(visit, _offset(visit))


async def fetch(visit: Visit) -> None:
    """Send a file again that was made before, as it was."""
    exports, token = visit.desk.core.exports, _token(visit)
    found = await exports.file_of(visit.asker, token)
    if found.spreadsheet is None or found.withheld:
        await visit.reply.refuse(view.withheld(found))
    elif await exports.take(token):
        await _send(visit, found, making.line(visit))
    else:
        await visit.reply.refuse(view.under_way(found.spreadsheet))


async def delete(visit: Visit) -> None:
    """Delete a file, and show the history without it."""
    await visit.desk.core.exports.delete(visit.asker, _token(visit))
    await _list(visit, _offset(visit))


async def _list(visit: Visit, offset: int) -> None:
    exports = visit.desk.core.exports
    await visit.reply.say(view.history(await exports.listed(visit.asker), exports.clock(), offset))


def _token(visit: Visit) -> str:
    token = buttons.carried(visit).get("x")
    if not isinstance(token, str):
        raise AskAgain(sentence("stale_button"))
    return token


def _offset(visit: Visit) -> int:
    offset = buttons.carried(visit).get("o")
    return offset if isinstance(offset, int) else 0


async def _made(visit: Visit, claimed: Claimed, report: UsageReport) -> tuple[Fetched, making.Line]:
    line = making.line(visit)
    if claimed.turn is Turn.SEND:
        return Fetched(claimed.spreadsheet, claimed.path), line
    exports, token = visit.desk.core.exports, claimed.spreadsheet.token
    async with _or_failed(exports, token):
        rows = await making.written(visit, claimed, report, line)
    return await exports.made(token, rows), line


@asynccontextmanager
async def _or_failed(exports: Shelf, token: str) -> AsyncIterator[None]:
    """Free the way for others when a file cannot be made, and tell a full disk in words."""
    try:
        yield
    except OSError as error:
        await exports.failed(token, "disk")
        raise AskAgain(sentence("export_disk")) from error
    except BaseException:
        await exports.failed(token, "error")
        raise


async def _send(visit: Visit, made: Fetched, line: making.Line) -> None:
    """Put a file where it belongs, if this person may still have it, and say where it is."""
    exports, sheet = visit.desk.core.exports, made.spreadsheet
    if sheet is None or made.path is None:
        await line.end(view.withheld(made))
        return
    reason = "error"
    try:
        reason = await _put(visit, sheet, line)
    except NotAllowed:
        reason = str(Withheld.TEAMS)
        raise
    finally:
        # Whoever waits was told already; a lease that is not given back runs out.
        with suppress(StoreBusy):
            await exports.settled(sheet.token, reason)


async def _put(visit: Visit, sheet: Spreadsheet, line: making.Line) -> str:
    """Return why a file was not put anywhere, '' where it was."""
    # Making may have taken a while: what was allowed when it was asked for may not be any more.
    asker = await member(full_member(await visit.desk.directory.person(visit.person.user_id)), Need.REPORTS, visit.desk)
    found = await visit.desk.core.exports.file_of(asker, sheet.token)
    if found.path is None:
        await line.end(view.withheld(found))
        return str(found.withheld)
    try:
        place = await places.of_file(visit, personal=sheet.personal)
        work = _posted(visit, Parcel(place.channel, found.path, view.name(sheet)), sheet, place)
        # Slack may take its time, too.
        posted, place = await making.watched(visit, sheet.token, work, line, lambda: view.sending(sheet))
    except UploadFailed as error:
        await line.end(view.not_sent(sheet, error))
        return str(error.why)
    if line.is_shown or not place.here:
        await line.end(view.sent(sheet, here=place.here, permalink=posted.permalink))
    return ""


async def _posted(visit: Visit, parcel: Parcel, sheet: Spreadsheet, place: Place) -> tuple[Posted, Place]:
    """Put the file there; where nothing can be put any more, into the direct message, with the reason."""
    said = replace(parcel, thread_ts=place.thread_ts, comment=view.comment(sheet))
    try:
        return await uploads.post(visit.desk.client, said, visit.desk.workshop.looks), place
    except UploadFailed as error:
        if place.is_direct or error.why not in {Why.ARCHIVED, Why.NOT_THERE}:
            raise
        place, why = await places.direct(visit), error.message
    said = replace(parcel, channel=place.channel, comment=view.comment(sheet, why))
    return await uploads.post(visit.desk.client, said, visit.desk.workshop.looks), place
