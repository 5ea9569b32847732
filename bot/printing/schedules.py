"""Schedules and what became of them, for the terminal and for programs (`docs/schedules.schema.json`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.printing import listing
from bot.printing.contract import Json
from reporting_core.usecases.schedules.rehearsing import Rehearsal
from reporting_core.words.digests import Digest, Listed
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.schedules import Post, Schedule, Slot

SCHEMA = 1
"""Changes when a program that reads the old form would misread the new one."""

Said = Digest | AskAgain | NotAllowed

_COUNTS = {
    "newly inactive": "newly_inactive",
    "back again": "back_again",
    "never used in 14 days": "unused_14",
    "unassigned": "freed",
    "corrected": "corrected",
    "waiting for a decision": "waiting",
}


def lines(found: Sequence[Schedule], last: Mapping[str, Post]) -> Iterator[str]:
    """Return a table of schedules."""
    heading = ["Token", "What", "When", "Zone", "Owner", "Where", "Stands", "Last", "Next", "Question"]
    return listing.lines([heading, *(_cells(each, last.get(each.token)) for each in found)])


def _cells(schedule: Schedule, last: Post | None) -> list[str]:
    about = [schedule.token, schedule.kind, str(schedule.cadence), schedule.zone, schedule.owner]
    stands = f"{schedule.standing} ({schedule.cause})" if schedule.cause else schedule.standing
    return [
        *about,
        _place(schedule.channel),
        stands,
        _result(last, schedule.zone),
        _slot(schedule.next),
        schedule.question,
    ]


def history(posts: Sequence[Post], zone: str) -> Iterator[str]:
    """Return a table of what became of posts, with times in the schedule's zone."""
    heading = ["Due", "State", "Finished", "Late", "Tries", "Where", "Why"]
    rows = [
        [
            *(_wall(each.due, zone), each.state, _wall(each.finished_at, zone), "late" if each.late else ""),
            *(str(each.tries), _place(each.channel), _why(each)),
        ]
        for each in posts
    ]
    return listing.lines([heading, *rows])


def _why(post: Post) -> str:
    attempts = f"{post.tries} attempt{'s' * (post.tries > 1)}"
    return f"given up after {attempts}: {post.obstacle}" if post.is_given_up else post.cause


def rehearsal(each: Rehearsal, said: Said | None) -> Iterator[str]:
    """Say what a schedule would do, and what it would say."""
    schedule = each.schedule
    when = f"{schedule.cadence} {schedule.zone}"
    yield f"{schedule.token}  {schedule.kind} of {schedule.question}, {when}, {_to(schedule)}"
    if each.sends:
        yield f"  would be sent{', late' * each.late}: {_slot(each.sends)}"
    if each.missed:
        slots = f"{_slot(each.missed[0])} to {_slot(each.missed[-1])}" if each.missed[1:] else _slot(each.missed[0])
        yield f"  before: {len(each.missed)} ({slots}), missed unless they are sent at their time"
    if said is not None:
        yield f"  {_said(said)}"


def _said(said: Said) -> str:
    if not isinstance(said, Digest):
        return f"would say: {said.message}"
    if said.stale is not None:
        return f"would say that the data is {said.stale} days old (through {said.as_of})"
    if said.nothing_new:
        return f"would be skipped: nothing new since {said.since} (data through {said.as_of})"
    counts = ", ".join(f"{words} {count}" for words, count in _counts(said).items() if count)
    since = f"since {said.since}" if said.since else "as the first one"
    return f"would say {since}, data through {said.as_of}: {counts or 'tokens alone'}{_tokens(said)}"


def _counts(digest: Digest) -> dict[str, int]:
    lists: dict[str, Listed] = {words: getattr(digest, name) for words, name in _COUNTS.items()}
    return {words: found.count for words, found in lists.items()}


def _tokens(digest: Digest) -> str:
    if digest.tokens is None:
        return ""
    ends = f", run out on {digest.tokens.run_out}" if digest.tokens.run_out else ""
    return f", tokens used {digest.tokens.used:g}{ends}"


def as_json(schedule: Schedule, last: Post | None) -> Json:
    """Return a schedule for programs."""
    return {
        "token": schedule.token,
        "kind": schedule.kind,
        "question": schedule.question,
        "cadence": str(schedule.cadence),
        "zone": schedule.zone,
        "owner": schedule.owner,
        "channel": schedule.channel or None,
        "standing": schedule.standing,
        "cause": schedule.cause or None,
        "next": _slot_json(schedule.next),
        "last": post_json(last) if last else None,
    }


def post_json(post: Post) -> Json:
    """Return what became of a post for programs."""
    return {
        "key": post.key,
        "slot": post.slot or None,
        "due": _moment(post.due),
        "state": post.state,
        "finished": _moment(post.finished_at),
        "late": post.late,
        "tries": post.tries,
        "channel": post.channel or None,
        "cause": post.cause or None,
    }


def rehearsal_json(each: Rehearsal, said: Said | None) -> Json:
    """Return what a schedule would do for programs."""
    return {
        "schedule": as_json(each.schedule, None),
        "sends": _slot_json(each.sends),
        "late": each.late,
        "earlier": [_slot_json(slot) for slot in each.missed],
        "says": None if said is None else _said_json(said),
    }


def _said_json(said: Said) -> Json:
    if not isinstance(said, Digest):
        return {"error": said.message}
    figures = {name: getattr(said, name).count for name in _COUNTS.values()}
    days = {"as_of": said.as_of.isoformat(), "since": said.since.isoformat() if said.since else None}
    return {**days, "stale_days": said.stale, "nothing_new": said.nothing_new, **figures}


def _slot_json(slot: Slot | None) -> Json | None:
    return {"slot": slot.name, "due": _moment(slot.due)} if slot else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _slot(slot: Slot | None) -> str:
    return f"{slot.local:%a %Y-%m-%d %H:%M}" if slot else "-"


def _wall(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if at else "-"


def _result(last: Post | None, zone: str) -> str:
    return f"{last.state} {_wall(last.due, zone)}" if last else "-"


def _place(channel: str) -> str:
    return channel or "direct message"


def _to(schedule: Schedule) -> str:
    return f"to {schedule.channel}" if schedule.channel else f"to {schedule.owner}"
