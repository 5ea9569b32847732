"""Tasks for admins, for the provider that is a person: told once, reminded of, ended by a press."""

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, language
from handlers.delivery import content
from handlers.desk import Desk, Visit
from handlers.identity import full_member
from handlers.views import seat_tasks as view
from reporting_core.usecases.seats.tasks import Waiting
from reporting_core.words.errors import AskAgain, NotAllowed


async def close(visit: Visit) -> None:
    """End a task by an admin's word; who may is decided anew, whoever sees the button."""
    token = str(buttons.carried(visit).get("t") or "")
    done = str(visit.body["actions"][0].get("action_id")) == "seat_task_done"
    await visit.desk.core.tasks.close(visit.asker, token, done=done)
    await visit.reply.say(view.closed(visit.person.user_id, done=done))


async def remind(desk: Desk) -> int:
    """Tell everybody of their new tasks, and remind them of old ones; returns how many messages went out."""
    told = 0
    for waiting in await desk.core.tasks.due():
        try:
            told += await _tell(desk, waiting)
        except NotAllowed:
            # Whoever asked may not see it any more; the action still waits in every admin's Home.
            desk.log.info("task_untold", task=waiting.task.number)
        except (AskAgain, SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            desk.log.warning("task_not_told", task=waiting.task.number, error=type(error).__name__)
            await desk.core.tasks.give_back(waiting.task)
    return told


async def _tell(desk: Desk, waiting: Waiting) -> bool:
    if not waiting.action.asked_by.startswith(("U", "W")):
        return False  # an operator, who reads the command line
    person = full_member(await desk.directory.person(waiting.action.asked_by))
    seat = await desk.core.tasks.seat(await desk.core.identify(person), waiting.action)
    if seat is None:
        return False
    with language.speaking(desk.speaks_to(person)):
        message = view.task(waiting.task, seat)
    opened = await desk.client.conversations_open(users=person.user_id)
    await desk.client.chat_postMessage(channel=opened["channel"]["id"], **content(message), unfurl_links=False)
    return True
