"""The form: opened at once, filled in when names are there, checked before it closes, answered where it was called."""

from dataclasses import replace
from datetime import date

from handlers import buttons, reports
from handlers.delivery import Modal
from handlers.desk import Visit
from handlers.door import carried, unpacked
from handlers.sentences import sentence
from handlers.views import filled
from handlers.views.form import CALLBACK, form, loading, matching
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.query import Between, Key, UsageQuery, Vocabulary

__all__ = ["CALLBACK", "change", "open_last", "pick_dates", "submit", "suggest"]


async def open_last(visit: Visit) -> None:
    """Open the form filled in with the asker's last question."""
    await _open(visit, None)


async def change(visit: Visit) -> None:
    """Open the form filled in with the question of the message."""
    await _open(visit, await buttons.question(visit))


async def pick_dates(visit: Visit, question: str, dates: tuple[date, date] | None) -> None:
    """Open the form filled in with a question and with the dates that are shown, to be changed."""
    await _open(visit, question, Between(*dates) if dates else None)


async def suggest(visit: Visit) -> None:
    """Look up teams or products that contain what was typed."""
    vocabulary = await visit.desk.core.vocabulary(visit.asker)
    names = vocabulary.teams if visit.body.get("action_id") == Key.TEAM else vocabulary.products
    await visit.ack(options=matching(names, str(visit.body.get("value") or "")))


async def submit(visit: Visit) -> None:
    """Check the form, close it, and put the report where the form was called."""
    view, core = visit.body["view"], visit.desk.core
    read = filled.read(view["state"]["values"], await core.vocabulary(visit.asker), view.get("blocks") or ())
    errors = dict(read.errors) or await _faults(visit, read.text)
    if errors:
        await visit.ack(response_action="errors", errors=errors)
        return
    await visit.ack()
    visit.reply = unpacked(str(view.get("private_metadata") or ""), visit.person.user_id, visit.desk)
    await reports.show(visit, read.text)


async def _open(visit: Visit, question: str | None, dates: Between | None = None) -> None:
    metadata, client, core = carried(visit.reply), visit.desk.client, visit.desk.core
    # A trigger lives three seconds, so something is opened before anything is looked up.
    opened = await client.views_open(trigger_id=str(visit.body["trigger_id"]), view=loading(metadata))
    visit.reply = modal = Modal(client, str(opened["view"]["id"]))
    vocabulary: Vocabulary = await core.vocabulary(visit.asker)
    query = await _query(visit, visit.asker, question)
    await modal.show(form(replace(query, range=dates) if dates else query, vocabulary, metadata))


async def _query(visit: Visit, asker: Asker, question: str | None) -> UsageQuery:
    """Return the question to fill in; one that no longer reads leaves the form empty: a team or a role may be gone."""
    text = question if question is not None else await visit.desk.core.last_query(asker)
    try:
        return await visit.desk.core.query(text or "", asker)
    except (AskAgain, NotAllowed):
        return UsageQuery()


async def _faults(visit: Visit, text: str) -> dict[str, str]:
    """Return what is wrong with the typed words; the choices were offered by us and are right."""
    try:
        await visit.desk.core.query(text, visit.asker)
    except AskAgain as error:
        return {filled.TYPED: sentence("form_fault", error=error)[:2_000]}
    return {}
