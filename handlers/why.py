"""Why somebody has a status: `/usage why ann product=Revit`, the button under a report, and the choice in its modal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers import buttons, guard, reports
from handlers.delivery import Modal, Private
from handlers.desk import Visit
from handlers.sentences import sentence
from handlers.views import guide, seat_words
from handlers.views import why as view
from handlers.views.blocks import Message
from handlers.views.buttons import assignment
from handlers.views.paging import PAGE_SIZE
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.evidence import Explanation
from reporting_core.words.query import Key
from reporting_core.words.report import Row, UsageReport


@dataclass(frozen=True, slots=True)
class Origin:
    """The message with an explanation in which a form was opened; `value` asks for it again, as a button does.

    `outcomes` says, formatted, what became of the seats that were decided about in the form, by assignment.
    """

    place: Private
    value: str
    outcomes: Mapping[int, str]


async def explain(visit: Visit, text: str) -> None:
    """Say why the rows of a question have their status: `@ann product=Revit`. Nothing typed: choose in a modal."""
    if not text.strip():
        await _choose(visit, await _last(visit))
        return
    if isinstance(visit.reply, Private) and await guard.is_shared(visit.desk, visit.reply.channel):
        await _elsewhere(visit, visit.reply, text)
        return
    await _say(visit, text)


async def _elsewhere(visit: Visit, here: Private, text: str) -> None:
    """Explain where no other organisation reads along: in a modal, or, for words that open none, a direct message."""
    if visit.body.get("trigger_id"):
        await _choose(visit, text)
        return
    visit.reply = Private(visit.desk.client, visit.person.user_id, log=visit.desk.log)
    await _say(visit, text)
    await here.refuse(guide.in_direct_message())


async def _say(visit: Visit, text: str) -> None:
    await visit.reply.say(await _told(visit, await visit.soon(_found(visit, text, None))))


async def _told(visit: Visit, found: Explanation) -> Message:
    if not found.report.rows:
        return view.nobody(found.report, await _nearest(visit, found.report))
    carried = await reports.reference(found.report, visit.asker, visit.desk)
    return view.message(found, carried, await _decided(visit, found))


async def _decided(visit: Visit, found: Explanation) -> Mapping[int, str] | None:
    """Return what is decided already about the seats that are explained; None for who takes none back."""
    if not reports.takes_back(visit.asker, found.report):
        return None
    if len(found.evidence) > view.WHOLE:
        return {}  # told shortly, without buttons
    ids = [each.row.assignment_id for each in found.evidence]
    verdicts = await visit.desk.core.seats.preview(visit.asker, ids)
    return {each.seat.assignment_id: seat_words.under_way(each) for each in verdicts if each.under_way}


async def explain_anew(visit: Visit, origin: Origin) -> None:
    """Explain once more in place of the message in which a form was opened; where that is gone, nothing is said.

    The decision is made and told elsewhere, so that no fault in here may reach whoever made it.
    """
    try:
        if await guard.is_shared(visit.desk, origin.place.channel):
            return
        found = await _found(visit, await buttons.asked(visit, origin.value), None)
        carried = await reports.reference(found.report, visit.asker, visit.desk)
        decided = await _decided(visit, found)
        await origin.place.put_in_place(view.anew(found, carried, decided, origin.outcomes))
    except Exception as error:  # noqa: BLE001 - as said above
        visit.desk.log.warning("not_explained_anew", error=type(error).__name__)


async def run(visit: Visit) -> None:
    """Explain what a button names: one of the nearest people, or one of several rows."""
    row = assignment(buttons.carried(visit))
    if row is not None:
        await _open(visit, await buttons.question(visit), row)
    else:
        await explain(visit, await buttons.question(visit))


async def choose(visit: Visit) -> None:
    """Open the modal for the report of a message; a report of one row is explained at once."""
    standing = await reports.shown(visit)
    page = (await visit.desk.core.query(standing.query, visit.asker)).page if standing else 1
    await _open(visit, await buttons.question(visit), None, page)


async def show(visit: Visit) -> None:
    """Show the evidence of the row that was chosen in the modal."""
    shown: dict[str, Any] = visit.body["view"]
    modal = visit.reply = Modal(visit.desk.client, str(shown["id"]))
    metadata = str(shown.get("private_metadata") or "")
    await _explained(visit, modal, await buttons.asked(visit, metadata), _row(visit), view.page_of(metadata))


async def suggest(visit: Visit) -> None:
    """Look up rows by person, product or team."""
    metadata, typed = str(visit.body["view"].get("private_metadata") or ""), str(visit.body.get("value") or "")
    found = await _candidates(visit, await buttons.asked(visit, metadata), typed, view.page_of(metadata))
    await visit.ack(options=view.options(found))


async def _choose(visit: Visit, question: str) -> None:
    await _open(visit, question, None)


async def _open(visit: Visit, question: str, row: int | None, page: int = 1) -> None:
    # A trigger lives three seconds, so something is opened before anything is looked up.
    opened = await visit.desk.client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.loading())
    modal = visit.reply = Modal(visit.desk.client, str(opened["view"]["id"]))
    await _explained(visit, modal, question, row, page)


async def _explained(visit: Visit, modal: Modal, question: str, row: int | None, page: int) -> None:
    found = await _found(visit, question, row)
    offered = await _candidates(visit, question, "", page)
    carried = await reports.reference(found.report, visit.asker, visit.desk)
    decided = await _decided(visit, found)
    await modal.show(view.modal(found, offered, carried, chosen=row, decided=decided, page=page))


async def _candidates(visit: Visit, question: str, typed: str, page: int) -> Sequence[Row]:
    """Return rows to choose from, those of the page that is looked at first."""
    mentions, first = await reports.addresses(question, visit.desk), (page - 1) * PAGE_SIZE
    return await visit.desk.core.candidates(question, visit.asker, typed, first=first, mentions=mentions)


async def _found(visit: Visit, text: str, row: int | None) -> Explanation:
    mentions = await reports.addresses(text, visit.desk)
    return await visit.desk.core.evidence(text, visit.asker, assignment=row, mentions=mentions)


async def _last(visit: Visit) -> str:
    last = await visit.desk.core.last_query(visit.asker)
    if last is None:
        raise AskAgain(sentence("why_whom"))
    return last


async def _nearest(visit: Visit, report: UsageReport) -> Sequence[tuple[str, str]]:
    """Return what to explain instead, each with what to call it: the nearest people by name."""
    found = []
    for question in report.nearest[:3]:
        try:
            query = await visit.desk.core.query(question, visit.asker)
        except (AskAgain, NotAllowed):
            continue
        # Where names are hidden the same person is offered in one team after the other.
        keys = (Key.USER, Key.TEAM) if report.hashed else (Key.USER,)
        names = [grammar.literal(value) or value for key in keys for each in query.of(key) for value in each.values]
        found.append((" · ".join(names) or f"/usage {question}", question))
    return found


def _row(visit: Visit) -> int | None:
    option = visit.body["actions"][0].get("selected_option")
    value = str(option.get("value") or "") if isinstance(option, dict) else ""
    # What a person can choose are ids that we offered; another number finds no row of the answer.
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= view.LONGEST_ID else None
