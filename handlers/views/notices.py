"""What the bot tells by itself about a schedule, with what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, schedules, wording
from handlers.views.blocks import Block, Message, actions, button, mrkdwn, section
from reporting_core.words.alerts import AlertKind
from reporting_core.words.schedules import Post, Schedule, Standing


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


def given_up(post: Post, schedule: Schedule, reader: str) -> Message:
    """Say that one of a schedule was not sent however often it was tried, and when the next one comes."""
    own = schedule.owner == reader
    following = schedule.next.due if schedule.next and schedule.standing is Standing.ON else None
    text = _not_sent(post, schedules.what(schedule), own=own, following=following)
    carried = buttons.value(s=schedule.token)
    names = {"schedule_send": "schedules.send", "schedule_manage": "digest.manage"}
    row = [button(action, label(word), carried) for action, word in names.items()]
    return Message(text, (section(mrkdwn(text)), *([actions("given_up", row)] if own else [])), Message(text))


def alert_given_up(post: Post, kind: AlertKind) -> Message:
    """Say that an alert was not sent however often it was tried."""
    text = _not_sent(post, f"*{label(f'alerts.{kind}')}*", own=True)
    row = [button("post_now", label("schedules.send"), buttons.value(k=post.key))]
    return Message(text, (section(mrkdwn(text)), actions("given_up", row)), Message(text))


def alert_sent(post: Post) -> Message:
    """Say that an alert is on its way after all."""
    text = sentence("given_up_sent", channel=post.channel)
    return Message(text, (section(mrkdwn(text)),), Message(text))


def _not_sent(post: Post, name: str, *, own: bool, following: datetime | None = None) -> str:
    cause = schedules.cause_of(post.obstacle)
    return sentence("given_up", post=post, name=name, cause=cause, own=own, following=following)


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
