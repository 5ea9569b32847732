"""Rights at the call: whoever asked is looked up once more, in Slack and in the account, when a seat is really taken.

Rounds of healing use it as well, for what somebody confirmed and a process that went away left behind.
"""

from handlers.desk import Desk
from handlers.identity import full_member
from reporting_core.usecases.seats.machine import May
from reporting_core.words.people import Asker


def looked_up(desk: Desk) -> May:
    """Return how somebody is looked up by Slack id. Whatever goes wrong in it means: no rights."""

    async def may(user_id: str) -> Asker:
        person = full_member(await desk.directory.person(user_id))
        return await desk.core.identify(person)

    return may


async def heal(desk: Desk) -> int:
    """Do one round of healing; returns how many actions moved on. What failed is logged by its kind alone."""
    healed = await desk.core.seats.heal(may=looked_up(desk))
    if healed.errors:
        desk.log.warning("seats_not_healed", errors=sorted(set(healed.errors)), count=len(healed.errors))
    return len(healed.moved)
