"""`/usage exempt`: who keeps a seat whatever its use, until a date and for a reason; listed, ended, undone."""

from handlers import buttons, places, reports, seat_cards
from handlers.desk import Visit
from handlers.identity import part
from handlers.sentences import sentence
from handlers.views import exempting as view
from reporting_core.words.errors import AskAgain


async def exempt(visit: Visit, rest: str) -> None:
    """Keep somebody's seat: `/usage exempt @ann product=Revit until=… reason="…"`; without words list who is exempt."""
    if not rest.strip():
        await _list(visit, 0)
        return
    mentions = await reports.addresses(rest, visit.desk)
    kept = await visit.soon(visit.desk.core.seat_rules.exempt(visit.asker, rest, mentions))
    await places.say(visit, view.kept(kept))


async def undo(visit: Visit) -> None:
    """Take an exemption back that was just made."""
    there = await visit.desk.core.seat_rules.unexempt(visit.asker, _token(visit))
    await visit.reply.say(view.ended(there=there))


async def end(visit: Visit) -> None:
    """Take an exemption of a list back, and show the list without it."""
    await visit.desk.core.seat_rules.unexempt(visit.asker, _token(visit))
    if part(visit.body, "view").get("type") == "home":
        await seat_cards.show_home(visit)
    else:
        await _list(visit, _offset(visit))


async def turn(visit: Visit) -> None:
    """Show another part of the list in place of the one that is shown."""
    await _list(visit, _offset(visit))


async def _list(visit: Visit, offset: int) -> None:
    await places.say(visit, view.listed(await visit.desk.core.cards.kept(visit.asker), offset))


def _token(visit: Visit) -> str:
    token = buttons.carried(visit).get("x")
    if not isinstance(token, str) or not token:
        raise AskAgain(sentence("stale_button"))
    return token


def _offset(visit: Visit) -> int:
    offset = buttons.carried(visit).get("o")
    return offset if isinstance(offset, int) else 0
