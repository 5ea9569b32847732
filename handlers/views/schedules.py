"""Schedules in words: what comes, when, where, how it stands; the list of them, and one after a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    divider,
    header,
    mrkdwn,
    plain,
    section,
)
from reporting_core.words.schedules import WEEKDAYS, Cadence, Kind, Post, Schedule, Standing, State

PAGE = 5
"""Schedules in one message: with their buttons they stay within Slack's limits."""
SHORT = 8
"""Characters of a token that are shown; typed, they are enough."""
_LONGEST_QUESTION = 300
_HISTORY = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """Schedules to list: whose they are is said where they are not all the reader's own."""

    schedules: Sequence[Schedule]
    last: Mapping[str, Post] = field(default_factory=dict)
    everyone: bool = False
    offset: int = 0


def when(cadence: Cadence, zone: str) -> str:
    """Return when something comes, in a few words."""
    day = label(f"schedules.{WEEKDAYS[cadence.weekday]}")
    return sentence("schedule_when", cadence=cadence, cron=_code(cadence.cron), day=day, zone=wording.shown(zone, 60))


def where(schedule: Schedule) -> str:
    """Return where it goes, formatted."""
    return f"<#{schedule.channel}>" if schedule.channel else label("schedules.direct")


def what(schedule: Schedule) -> str:
    """Return what comes, formatted: its kind, and the question that can be typed."""
    kind = label(f"schedules.{schedule.kind}")
    return f"*{kind}* `{_code(schedule.question)}`"


def _code(typed: str) -> str:
    """Return what stands between backticks, where no other sign formats: it can be copied and typed."""
    return wording.escaped(wording.shown(typed, _LONGEST_QUESTION)).replace("`", wording.TWINS["`"])


def told(schedule: Schedule, change: str = "") -> Message:
    """Say how a schedule stands after a change: subscribed, known, paused, resumed, edited, handed, ended, sent."""
    text = sentence("schedule_told", change=change, schedule=schedule, **_words(schedule))
    return Message(text, (section(mrkdwn(text)), *_buttons(schedule), *_about(schedule)), Message(text))


def one(schedule: Schedule, history: Sequence[Post]) -> Message:
    """Return one schedule with what became of its newest posts, and everything that can be done about it."""
    text = _line(schedule, None, everyone=True)
    past = [f"• {result(each)}" for each in history[:_HISTORY]]
    lines = [section(mrkdwn("\n".join([f"*{label('schedules.history')}*", *past])))] if past else []
    blocks = (section(mrkdwn(text)), *lines, *_buttons(schedule), *_about(schedule))
    return Message("\n".join([text, *past]), blocks, Message("\n".join([text, *past])))


def listed(listing: Listing) -> Message:
    """List schedules, each with its owner, its last result and its next run."""
    schedules = listing.schedules
    if not schedules:
        text = sentence("schedules_none")
        return Message(text, (section(mrkdwn(text)),), Message(text))
    offset = listing.offset if 0 <= listing.offset < len(schedules) else 0
    page = schedules[offset : offset + PAGE]
    lines = [_line(each, listing.last.get(each.token), everyone=listing.everyone) for each in page]
    entries: list[Block] = []
    for index, (each, line) in enumerate(zip(page, lines, strict=True)):
        entries += [*([divider()] if index else []), section(mrkdwn(line)), *_buttons(each)]
    heading = label("schedules.title_all" if listing.everyone else "schedules.title")
    some = {"count": len(schedules), "first": offset + 1, "last": offset + len(page)}
    counted = [sentence("schedules_count", **some)] if len(page) < len(schedules) else []
    turns = _turns(offset, len(schedules), everyone=listing.everyone)
    how = context(mrkdwn(sentence("schedules_how")))
    text = "\n".join([*counted, *lines])
    blocks = (header(heading), *(context(plain(each)) for each in counted), *entries, *turns, how)
    return Message(text, blocks, Message(text))


def in_home(schedules: Sequence[Schedule], last: Mapping[str, Post], most: int) -> list[Block]:
    """Return the section of the Home: the first schedules, each with one button that opens the rest."""
    blocks = [
        section(
            mrkdwn(_line(each, last.get(each.token), everyone=False)),
            accessory=button("schedule_manage", label("digest.manage"), buttons.value(s=each.token)),
        )
        for each in schedules[:most]
    ]
    more = len(schedules) - most
    tail = [context(mrkdwn(sentence("schedules_more", count=more)))] if more > 0 else []
    nothing = [section(mrkdwn(sentence("schedules_none")))]
    return [header(label("schedules.title")), *(blocks or nothing), *tail]


def result(post: Post, told: str = "") -> str:
    """Return what became of a post, formatted; `told` is the cause that is said beside it already."""
    has_cause = post.state in {State.FAILED, State.DUE, State.CLAIMED} and post.cause not in {"", told}
    cause = cause_of(post.obstacle) if has_cause else ""
    return sentence("post_result", post=post, cause=cause)


def cause_of(cause: str) -> str:
    """Return what is wrong and what mends it, formatted."""
    word, _, detail = cause.partition(": ")
    return sentence("posting_cause", cause=word, detail=wording.shown(detail, 500) if detail else "")


def as_preview(message: Message, cause: str) -> Message:
    """Return a message as it would come, marked as a preview; with the cause for which it would not come."""
    told = sentence("schedule_preview")
    notes = [context(mrkdwn(told)), *([context(mrkdwn(f"⚠️ {cause_of(cause)}"))] if cause else [])]
    fallback = as_preview(message.fallback, cause) if message.fallback else None
    return Message(f"{told} {message.text}", (*notes, *message.blocks), fallback)


def _line(schedule: Schedule, last: Post | None, *, everyone: bool) -> str:
    return sentence(
        "schedule_line",
        schedule=schedule,
        everyone=everyone,
        result=result(last, schedule.cause) if last else "",
        cause=cause_of(schedule.cause) if schedule.cause else "",
        **_words(schedule),
    )


def _words(schedule: Schedule) -> dict[str, str]:
    return {
        "what": what(schedule),
        "when": when(schedule.cadence, schedule.zone),
        "where": where(schedule),
        "token": schedule.token[:SHORT],
    }


def _about(schedule: Schedule) -> list[Block]:
    return [context(mrkdwn(sentence("schedule_typed", token=schedule.token[:SHORT], schedule=schedule)))]


def _buttons(schedule: Schedule) -> list[Block]:
    """Return what can be done: all carry the token, which says nothing about rights."""
    if schedule.standing is Standing.ENDED:
        return []
    carried = buttons.value(s=schedule.token)
    goes_on = "pause" if schedule.standing is Standing.ON else "resume"
    names = [goes_on, "preview", "send", "edit"] if schedule.kind is Kind.DIGEST else [goes_on, "send", "edit"]
    row = [button(f"schedule_{name}", label(f"schedules.{name}"), carried) for name in names]
    row = [each | {"accessibility_label": _spoken(each, schedule)} for each in [*row, _end(carried)]]
    return [actions(f"schedule_{schedule.token}", row)]


def _spoken(made: Block, schedule: Schedule) -> str:
    """Return what a button does to which schedule, for whoever hears a list of them."""
    return wording.shown(f"{str(made['text']['text']).rstrip(' …')}: {schedule.question}", 75)


def _end(carried: str) -> Block:
    asked: dict[str, Any] = {
        "title": plain(label("schedules.end_title")),
        "text": plain(label("schedules.end_text")),
        "confirm": plain(label("schedules.end_yes")),
        "deny": plain(label("schedules.end_no")),
    }
    return button("schedule_end", label("schedules.end"), carried) | {"confirm": asked}


def _turns(offset: int, count: int, *, everyone: bool) -> list[Block]:
    earlier = [_turn("earlier", max(0, offset - PAGE), everyone)] if offset else []
    later = [_turn("later", offset + PAGE, everyone)] if offset + PAGE < count else []
    return [actions("schedules", [*earlier, *later])] if earlier or later else []


def _turn(direction: str, offset: int, everyone: bool) -> Block:  # noqa: FBT001 - as it is carried
    carried = buttons.value(o=offset, e=int(everyone))
    return button(f"schedules_{direction}", label(f"schedules.{direction}"), carried)
