"""What the bot tells by itself about a schedule, with what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, schedules, wording
from handlers.views.blocks import Block, Message, actions, button, mrkdwn, section
from reporting_core.words.schedules import Schedule, Standing


@dataclass(frozen=True, slots=True)
class Notice:
    """`what`: rests, orphan, doubt. `schedule` is as it stands now; None where it is not there any more."""

    what: str
    told: Mapping[str, Any]
    schedule: Schedule | None
    reader: str = ""


def message(notice: Notice) -> Message:
    """Return the notice."""
    text = sentence(
        "notice",
        what=notice.what,
        cause=schedules.cause_of(str(notice.told.get("cause") or "")),
        channel=str(notice.told.get("channel") or ""),
        own=notice.schedule is not None and notice.schedule.owner == notice.reader,
        owner=wording.who(notice.schedule.owner) if notice.schedule else "",
        name=_name(notice.schedule),
    )
    return Message(text, (section(mrkdwn(text)), *_buttons(notice)), Message(text))


def taken(schedule: Schedule) -> Message:
    """Say that a schedule belongs to the reader now, and goes on."""
    return schedules.told(schedule, "taken")


def settled(*, arrived: bool, done: bool, over: bool = False) -> Message:
    """Say what follows from the owner's word on a message."""
    text = sentence("notice_settled", arrived=arrived, done=done, over=over)
    return Message(text, (section(mrkdwn(text)),), Message(text))


def _name(schedule: Schedule | None) -> str:
    if schedule is None:
        return label("schedules.a_message")
    when = schedules.when(schedule.cadence, schedule.zone)
    return f"{schedules.what(schedule)} ({when}, {schedules.where(schedule)})"


def _buttons(notice: Notice) -> list[Block]:
    if notice.what == "doubt":
        carried = buttons.value(k=str(notice.told.get("post") or ""))
        names = ("post_arrived", "post_again")
        return [actions("doubt", [button(name, label(f"schedules.{name}"), carried) for name in names])]
    if notice.schedule is None or notice.schedule.standing is Standing.ENDED:
        return []
    carried = buttons.value(s=notice.schedule.token)
    first = ["schedule_take"] if notice.what == "orphan" else ["schedule_resume"]
    row = [button(name, label(f"schedules.{name.removeprefix('schedule_')}"), carried) for name in first]
    return [actions("notice", [*row, button("schedule_manage", label("digest.manage"), carried)])]
