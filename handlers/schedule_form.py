"""The form in which something is made to come by itself, or changed: checked before it closes, told as a message."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial

from handlers import buttons, subscribing
from handlers.delivery import Modal, Private
from handlers.desk import Visit
from handlers.identity import part
from handlers.sentences import label, sentence
from handlers.views import schedule_form as view
from handlers.views import schedules as told
from handlers.views.schedule_form import CALLBACK, Filled, Sent
from reporting_core import grammar
from reporting_core.grammar.subscribing import USUAL
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.schedules import Kind, Rhythm, Schedule

__all__ = ["CALLBACK", "change", "open_last", "open_new", "submit"]

_CHANNELS = ("C", "G")


async def open_new(visit: Visit) -> None:
    """Open the form for the report whose button was pressed, in the presser's time zone."""
    question = await buttons.question(visit)
    channel = str(part(visit.body, "channel").get("id") or "")
    await _new(visit, question, channel if channel.startswith(_CHANNELS) else "")


async def open_last(visit: Visit) -> None:
    """Open the form for the asker's last question."""
    await _new(visit, await visit.desk.core.last_query(visit.asker) or "", "")


async def _new(visit: Visit, question: str, channel: str) -> None:
    modal = await _opened(visit)
    query = (await visit.desk.core.query(question, visit.asker)).turned_to(1)
    await modal.show(view.form(Filled(grammar.canonical(query), USUAL, visit.person.tz, channel)))


async def change(visit: Visit, schedule: Schedule) -> None:
    """Open the form for a schedule that is there."""
    modal = await _opened(visit)
    await modal.show(view.form(view.of(schedule)))


async def submit(visit: Visit) -> None:
    """Check what was filled in, keep it, and say when it comes next; what is wrong is said beside its input."""
    given = view.sent(part(visit.body, "view"))
    errors = await _faults(visit, given)
    if errors:
        await visit.ack(response_action="errors", errors=errors)
        return
    await visit.ack()
    visit.reply = Private(visit.desk.client, visit.person.user_id, log=visit.desk.log)
    if given.token:
        await _changed(visit, given)
    else:
        await subscribing.begin(visit, _plan(visit, given))


async def _opened(visit: Visit) -> Modal:
    # A trigger lives three seconds, so something is opened before anything is looked up.
    opened = await visit.desk.client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.loading())
    visit.reply = modal = Modal(visit.desk.client, str(opened["view"]["id"]), label("schedules.form_title"))
    return modal


async def _changed(visit: Visit, given: Sent) -> None:
    plan = _plan(visit, given)
    core = visit.desk.core.schedules
    changed = await core.edit(
        visit.asker,
        given.token,
        question=plan.question,
        cadence=plan.cadence,
        zone=plan.zone,
        channel=plan.channel,
    )
    if given.owner and given.owner != changed.owner:
        handed = await subscribing.handed(visit, changed, given.owner)
        await visit.reply.say(told.told(handed, "handed"))
        return
    await visit.reply.say(told.told(changed, "edited"))


def _plan(visit: Visit, given: Sent) -> subscribing.Plan:
    zone = subscribing.zone(given.zone, _today(visit))
    cadence = subscribing.cadence(given.when, _today(visit), zone)
    kind = Kind.EXPORT if given.kind == Kind.EXPORT else Kind.DIGEST
    return subscribing.Plan(kind, given.about, cadence, zone, given.channel)


async def _faults(visit: Visit, given: Sent) -> dict[str, str]:
    """Return what is wrong, by input."""
    found = {}
    for name, check in _checks(visit, given).items():
        try:
            await check()
        except (AskAgain, NotAllowed) as error:
            found[name] = sentence("form_fault", error=error)[:2_000]
    return found


def _checks(visit: Visit, given: Sent) -> dict[str, Callable[[], Awaitable[object]]]:
    today = _today(visit)

    async def when() -> None:
        subscribing.cadence(given.when, today, "UTC")

    async def zone() -> None:
        subscribing.zone(given.zone, today)

    async def channel() -> None:
        if given.wants_channel:
            await subscribing.checked(visit.desk, given.channel, visit.person.user_id)

    about = partial(visit.desk.core.query, given.about, visit.asker)
    return {"about": about, _WRONG.get(given.rhythm, "at"): when, "zone": zone, "channel": channel}


_WRONG: Mapping[str, str] = {Rhythm.CRON: "cron"}
"""The input beside which it is said what is wrong about when, where that is not the time."""


def _today(visit: Visit) -> date:
    return visit.desk.core.exports.clock().date()
