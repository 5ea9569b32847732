"""Exempting somebody in a form that the Home opens; the words are read like typed ones."""

from handlers import reports, seat_cards
from handlers.desk import Visit
from handlers.identity import part
from handlers.sentences import label, sentence
from handlers.views import exempt_form as view
from reporting_core.words.errors import AskAgain, NotAllowed

CALLBACK = view.CALLBACK


async def open_form(visit: Visit) -> None:
    """Open the empty form."""
    await visit.desk.client.views_open(trigger_id=str(visit.body["trigger_id"]), view=view.form())


async def submit(visit: Visit) -> None:
    """Exempt whoever is meant, or say at the field what is wrong; then draw the Home anew."""
    fields = view.given(part(visit.body, "view"))
    if missing := {name: label("exempt.missing") for name, value in fields.items() if not value}:
        await visit.ack(response_action="errors", errors=missing)
        return
    text = view.typed(fields)
    try:
        mentions = await reports.addresses(text, visit.desk)
        kept = await visit.desk.core.seat_rules.exempt(visit.asker, text, mentions)
    except (AskAgain, NotAllowed) as error:
        await visit.ack(response_action="errors", errors={view.WHO: sentence("form_fault", error=error)[:2_000]})
        return
    await visit.ack(response_action="update", view=view.made(kept))
    await seat_cards.show_home(visit)
