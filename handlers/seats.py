"""Taking seats back in Slack: a form that shows what it would do, the press, and one message with what became of it."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from time import monotonic
from typing import Any

from slack_sdk.errors import SlackApiError

from handlers import buttons, digests, reports, seat_cards, seat_rights, seat_second, why
from handlers.delivery import Modal, Private
from handlers.desk import Visit
from handlers.identity import part
from handlers.progress import EVERY
from handlers.sentences import label, sentence
from handlers.views import buttons as carried_by
from handlers.views import seat_cards as card_view
from handlers.views import seats as view
from handlers.views.buttons import assignment
from handlers.views.seats import CALLBACK, Sent, Shown
from reporting_core import grammar
from reporting_core.usecases.seats.confirming import MOST
from reporting_core.words.cards import Card
from reporting_core.words.errors import AskAgain, BadQuery, StoreBusy
from reporting_core.words.names import storable
from reporting_core.words.query import Filter, Key
from reporting_core.words.report import UsageReport
from reporting_core.words.seats import Action
from reporting_core.words.terms import Access, Status

MOST_ROWS = 5_000
"""Rows of an answer among which seats are looked for: those that are left unused stand in front."""

__all__ = ["CALLBACK", "command", "confirm", "review", "row", "turn_page"]


@dataclass(frozen=True, slots=True)
class Picked:
    """Assignments to look at: which are ticked at first, whether there were more, and how to ask for them again."""

    ids: Sequence[int]
    ticked: frozenset[int]
    more: bool = False
    reference: dict[str, str] = field(default_factory=dict)


async def review(visit: Visit) -> None:
    """Open the form for the inactive rows of the report whose button was pressed."""
    modal = await _opened(visit)
    await _show(visit, modal, await _inactive(visit, await buttons.question(visit)))


async def row(visit: Visit) -> None:
    """Open the form for one row, in place of its evidence where that stands in a form."""
    id_ = assignment(buttons.carried(visit))
    if id_ is None:
        raise AskAgain(sentence("stale_button"))
    reference = _origin(visit)
    modal = await _opened(visit)
    await _show(visit, modal, Picked([id_], frozenset({id_}), reference=reference))


def _origin(visit: Visit) -> dict[str, str]:
    """Return which message is to be drawn anew: a digest by the key of its post, an explanation by its question."""
    carried = {name: str(each) for name, each in buttons.carried(visit).items() if name in {"d", "q", "k"} and each}
    if "d" in carried:
        return {"d": carried["d"]}
    place = visit.reply
    if not carried or not isinstance(place, Private) or not place.replaces:
        return {}
    return {**carried, "u": place.response_url, "c": place.channel, "m": place.message_ts}


async def command(visit: Visit, rest: str) -> None:
    """Answer `/usage unassign @ann product=Revit`: the form for the rows of a question, the inactive ones ticked."""
    word, _, about = rest.strip().partition(" ")
    if word.casefold() in SUBCOMMANDS:
        await SUBCOMMANDS[word.casefold()](visit, about)
        return
    if not rest.strip():
        raise AskAgain(sentence("seat_how"))
    await _readable(visit, rest)
    modal = await _opened(visit)
    await _show(visit, modal, await _asked(visit, rest))


async def _readable(visit: Visit, rest: str) -> None:
    """Answer a mistype beside the command, not in a form, with a corrected command that unassigns as well."""
    try:
        await visit.desk.core.query(rest, visit.asker)
    except BadQuery as error:
        (near, *_) = get_close_matches(rest.strip().casefold(), _SWITCHES, 1) or [error.corrected or ""]
        error.corrected = f"unassign {near}" if near else None
        raise


_SWITCHES = ("off", "policy")
"""What a single mistyped word may have meant; `on` is like too much."""

SUBCOMMANDS = {"second": seat_second.command}
"""Words behind `/usage unassign` that are no question. A team called like one is reached as team="second"."""


async def turn_page(visit: Visit) -> None:
    """Show other people of the same question; what is ticked on this page counts only when it is sent."""
    opened = part(visit.body, "view")
    visit.reply = modal = Modal(visit.desk.client, str(opened.get("id")), label("seats.title"))
    page = buttons.carried(visit).get("p")
    question = await buttons.asked(visit, str(opened.get("private_metadata") or ""))
    await _show(visit, modal, await _asked(visit, question), page if isinstance(page, int) else 1)


async def confirm(visit: Visit) -> None:
    """Take back what is ticked. The same form sent again begins nothing anew: the press is known by the form's id."""
    opened = part(visit.body, "view")
    sent = view.sent(opened)
    if not sent.chosen:
        await visit.ack(response_action="errors", errors={sent.first_box or "seats_0": label("seats.none_ticked")})
        return
    await visit.ack(response_action="update", view=view.processing())
    visit.reply = modal = Modal(visit.desk.client, str(opened.get("id")), label("seats.title"))
    batch = digests.batch_of(_batch(str(opened.get("id")), sent), _digest(opened))
    confirmed = await visit.desk.core.seats.confirm(visit.asker, batch, sent.chosen)
    batch = confirmed.actions[0].batch if confirmed.actions else batch
    if not confirmed.needs_second:
        await carried_out(visit, modal, confirmed.actions)
    card = await _told(visit, modal, batch, len(confirmed.missing))
    if confirmed.needs_second:
        await seat_second.ask(visit, batch)
    await _explained_anew(visit, opened, card)


async def _explained_anew(visit: Visit, opened: Mapping[str, Any], card: Card) -> None:
    """Put what became of a seat in place of the button with which somebody began in an explanation."""
    metadata = str(opened.get("private_metadata") or "")
    url, channel, ts = (str(carried_by.parts_of(metadata).get(name) or "") for name in ("u", "c", "m"))
    if url or ts:
        desk = visit.desk
        place = Private(desk.client, visit.person.user_id, channel, url, replaces=True, message_ts=ts, log=desk.log)
        outcomes = {each.action.assignment_id: card_view.outcome(each, card) for each in card.lines}
        await why.explain_anew(visit, why.Origin(place, metadata, outcomes))


async def carried_out(visit: Visit, modal: Modal, actions: Sequence[Action]) -> None:
    """Carry out one after the other, and show from time to time how far it is."""
    shown = monotonic()
    for done, action in enumerate(actions):
        if monotonic() - shown >= EVERY:
            shown = monotonic()
            with suppress(SlackApiError):  # closed: the result comes as a message
                await modal.show(view.processing(done, len(actions)))
        with suppress(StoreBusy):  # the rounds of healing carry it out
            await visit.desk.core.seats.carry_out(action.token, seat_rights.looked_up(visit.desk))


async def _told(visit: Visit, modal: Modal, batch: str, missing: int) -> Card:
    card, policy = await asyncio.gather(visit.desk.core.cards.card(visit.asker, batch), visit.desk.core.seats.policy())
    with suppress(SlackApiError):
        await modal.show(card_view.result(card, missing, policy))
    if card.lines:
        await seat_cards.draw(visit.desk, batch, visit.person.user_id)
    return card


def _digest(opened: Mapping[str, Any]) -> str:
    return str(carried_by.parts_of(str(opened.get("private_metadata") or "")).get("d") or "")


def _batch(view_id: str, sent: Sent) -> str:
    return storable(view_id if sent.page == 1 else f"{view_id}-{sent.page}")


async def _opened(visit: Visit) -> Modal:
    """Show the loading form at once: Slack opens one only within three seconds of the press."""
    opened = part(visit.body, "view")
    client = visit.desk.client
    if opened.get("type") == "modal":
        visit.reply = modal = Modal(client, str(opened.get("id")), label("seats.title"))
        await modal.show(view.loading())
        return modal
    made = await client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.loading())
    visit.reply = modal = Modal(client, str(made["view"]["id"]), label("seats.title"))
    return modal


async def _show(visit: Visit, modal: Modal, picked: Picked, page: int = 1) -> None:
    core = visit.desk.core
    verdicts, policy = await asyncio.gather(core.seats.preview(visit.asker, picked.ids), core.seats.policy())
    rows = len(picked.ids) + picked.more
    shown = Shown(verdicts, picked.ticked, rows, policy, core.cards.provider, page, picked.reference)
    if picked.ids and not verdicts:
        raise AskAgain(sentence("why_gone"))
    await modal.show(await asyncio.to_thread(view.form, shown))


async def _inactive(visit: Visit, question: str) -> Picked:
    query = await visit.desk.core.query(question, visit.asker)
    others = [each for each in query.filters if each.key is not Key.STATUS]
    asked = query.turned_to(1).with_filters([*others, Filter(Key.STATUS, (Status.INACTIVE,))])
    return await _asked(visit, grammar.canonical(asked))


async def _asked(visit: Visit, question: str) -> Picked:
    mentions = await reports.addresses(question, visit.desk)
    report = await visit.desk.core.peek(question, visit.asker, mentions=mentions)
    if not report.rows:
        named = await _in_one_team(visit, report)
        if len(named) == 1:
            return await _asked(visit, named[0])
        raise AskAgain(sentence("seat_nobody", report=report, named=named))
    picked = await asyncio.to_thread(_seats, report)
    return Picked(picked.ids, picked.ticked, picked.more, await reports.reference(report, visit.asker, visit.desk))


async def _in_one_team(visit: Visit, report: UsageReport) -> list[str]:
    """Return the same question for each team that shows the names of whom it is about, where another hides them all."""
    if not report.hashed or report.query.of(Key.TEAM):
        return []
    near = [(each, await visit.desk.core.query(each, visit.asker)) for each in report.nearest]
    return [each for each, query in near if query.of(Key.TEAM) and query.of(Key.USER)]


def _seats(report: UsageReport) -> Picked:
    """Return the seats among the rows: those assigned. Who uses it is offered, and ticked by nobody but the asker."""
    seats = [row for row in islice(report.rows, MOST_ROWS) if row.access is Access.SUBSCRIPTION]
    rows = [row for row in seats if row.status is not Status.UNASSIGNED and row.unassigned_on is None][: MOST + 1]
    # Whoever asks for one seat is told what became of it; among several, those taken back are left out.
    rows = rows or seats[:1]
    ids = [row.assignment_id for row in rows[:MOST]]
    inactive = frozenset(row.assignment_id for row in rows if row.status is Status.INACTIVE)
    return Picked(ids, frozenset(ids) if len(ids) == 1 else inactive, more=len(rows) > MOST)
