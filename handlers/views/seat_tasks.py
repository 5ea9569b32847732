"""A task for an admin: what to do in the vendor's portal, step by step, and the two ways to end it."""

import json

from handlers.sentences import label, sentence
from handlers.views.blocks import Message, actions, button, mrkdwn, section
from reporting_core.words.seats import Seat
from reporting_core.words.tasks import PORTAL, Task


def task(task: Task, seat: Seat) -> Message:
    """Return a task, or a reminder of it, with its buttons."""
    values = {"task": task, "seat": seat, "portal": PORTAL, "change": str(task.change)}
    text, steps = sentence("seat_task", **values), sentence("seat_task_steps", **values)
    carried = json.dumps({"t": task.key})
    buttons = [
        button("seat_task_done", label("seat_tasks.done"), carried, style="primary"),
        button("seat_task_declined", label("seat_tasks.declined"), carried),
    ]
    return Message(text, (section(mrkdwn(text)), section(mrkdwn(steps)), actions("seat_task", buttons)))


def closed(by: str, *, done: bool) -> Message:
    """Return what stands in place of a task that an admin ended."""
    text = sentence("seat_task_closed", by=by, done=done)
    return Message(text, (section(mrkdwn(text)),))
