"""A digest as a message: what changed, tokens and how long they last, one chart, what waits for a decision.

It is drawn from its digest alone, so that it looks the same when it is drawn anew after somebody acted on a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    bullets,
    button,
    context,
    header,
    mrkdwn,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.chart import chart
from handlers.views.report import MOST_CHARACTERS, size
from reporting_core.words.digests import Digest, DigestRow, Listed
from reporting_core.words.report import Chart

SHOWN = 5
"""People named in one list, and decisions offered; the report has them all."""


class Room(NamedTuple):
    """Names in one list, and characters of each."""

    shown: int
    width: int


ROOMS = (Room(SHOWN, 40), Room(SHOWN, 24), Room(4, 20), Room(3, 16), Room(2, 12), Room(1, 8))
"""From the widest to the narrowest; the first in which a message fits is taken."""

_DATED = {"unused_14": "assigned_on", "freed": "unassigned_on"}
"""Lists whose date is another one than that of the last use."""

LISTS = ("newly_inactive", "unused_14", "back_again", "freed", "corrected")


@dataclass(frozen=True, slots=True)
class Around:
    """What a digest has around its news.

    `named`: the place may read names; `reason` is else the channel guard's. `settled` says, formatted, what became of
    seats that waited for a decision, `outcomes` in a whole sentence. `post` is the key of the message, empty where
    nothing is sent.
    """

    schedule: str = ""
    post: str = ""
    named: bool = True
    reason: str = ""
    late: bool = False
    due: datetime | None = None
    settled: Mapping[int, str] = field(default_factory=dict)
    outcomes: Mapping[int, str] = field(default_factory=dict)


def message(digest: Digest, around: Around) -> Message:
    """Return the digest; one whose data is too old says how old it is, and no figures."""
    text = headline(digest, around)
    if digest.stale is not None:
        return Message(text, _whole(digest, around, [section(mrkdwn(sentence("digest_stale", digest=digest)))]))
    drawn = chart(digest.chart) if digest.chart else []
    told = [context(plain(by_week(digest.chart)))] if digest.chart and drawn else []
    return Message(text, _fitted(digest, around, drawn), Message(text, _fitted(digest, around, told)))


def all_well(digest: Digest, around: Around) -> Message:
    """Say that there is nothing new, in one line: so that nobody wonders whether it still works."""
    text = sentence("digest_well", whose=whose(digest), digest=digest)
    return Message(text, (section(plain(text)), *_late(around), _row(digest, around)))


def headline(digest: Digest, around: Around) -> str:
    """Return the text that notifications and screen readers use, with the same figures and without names."""
    if digest.stale is not None:
        return f"{wording.harmless(title(digest), 150)}. {sentence('digest_stale', digest=digest)}"
    parts = [
        wording.harmless(title(digest), 150) + ".",
        sentence("digest_summary", digest=digest),
        *([sentence("digest_tokens", tokens=digest.tokens)] if digest.tokens else []),
        *([sentence("digest_waiting", count=digest.waiting.count)] if around.named and digest.waiting.count else []),
    ]
    return " ".join(parts)


def title(digest: Digest) -> str:
    """Return the heading: whose it is, and over which days."""
    return f"{whose(digest)} · {sentence('digest_title', digest=digest)}"


def whose(digest: Digest) -> str:
    """Return the team, or how many they are."""
    if digest.team is not None:
        return wording.shown(digest.team, 60)
    return label("digest.teams").format(count=wording.number(digest.team_count))


def by_week(drawn: Chart | None) -> str:
    """Return the chart in words, for workspaces that refuse it."""
    points = drawn.points if drawn else ()
    figures = [f"{wording.dated(each.first, 'day_of_year')} {each.subscription + each.flex}" for each in points]
    return label("digest.by_week").format(figures=", ".join(figures))


def _fitted(digest: Digest, around: Around, drawn: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with as many names, and as much of each, as one message holds."""
    blocks: tuple[Block, ...] = ()
    for room in ROOMS:
        blocks = _whole(digest, around, [*_news(digest, around, room), *drawn, *_waiting(digest, around, room)])
        if size(blocks) <= MOST_CHARACTERS:
            break
    return blocks


def _news(digest: Digest, around: Around, room: Room) -> list[Block]:
    summary = section(plain(sentence("digest_summary", digest=digest)))
    notes = [context(plain(wording.clean(each))) for each in digest.notes]
    return [summary, *notes, *(_lists(digest, room) if around.named else _totals(digest, around)), *_tokens(digest)]


def _whole(digest: Digest, around: Around, inner: Sequence[Block]) -> tuple[Block, ...]:
    return (header(title(digest)), *_top(digest, around), *inner, _row(digest, around))


def _top(digest: Digest, around: Around) -> list[Block]:
    typed = plain(wording.shown(f"/usage {digest.question}", 700))
    about = context(mrkdwn(sentence("digest_data", digest=digest)), typed)
    off = ", ".join(wording.shown(team) for team in digest.hashed_because[:5])
    hashed = digest.hashed and around.named and digest.stale is None
    banner = [context(plain(sentence("hashed", teams=off)))] if hashed else []
    return [about, *_late(around), *banner]


def _late(around: Around) -> list[Block]:
    return [context(mrkdwn(sentence("digest_late", due=around.due)))] if around.late else []


def _lists(digest: Digest, room: Room) -> list[Block]:
    return [_list(name, listed, digest, room) for name, listed in _found(digest)]


def _found(digest: Digest) -> list[tuple[str, Listed]]:
    found = [(name, getattr(digest, name)) for name in LISTS]
    return [(name, listed) for name, listed in found if listed.count]


def _list(name: str, listed: Listed, digest: Digest, room: Room) -> Block:
    first = "_first" if digest.first and name == "newly_inactive" else ""
    heading = words(said(f"{label(f'digest.{name}{first}')} ({wording.number(listed.count)})", bold=True))
    lines = [words(said(line(name, row, digest, room.width))) for row in listed.rows[: room.shown]]
    more = listed.count - len(lines)
    tail = [words(said(label("digest.more").format(count=wording.number(more)), italic=True))] if more > 0 else []
    return rich(heading, bullets([*lines, *tail]))


def line(name: str, row: DigestRow, digest: Digest, width: int = 40) -> str:
    """Return one seat in a line, as plain text: whose, of what, and the date that puts it into its list."""
    if name in _DATED:
        told = label(f"digest.{name}_row").format(day=wording.day(getattr(row, _DATED[name])))
    elif row.last_accessed:
        told = label("digest.last_used").format(day=wording.day(row.last_accessed))
    else:
        told = label("digest.never_used")
    team = [] if digest.team is not None else [wording.shown(row.team, width)]
    return " · ".join([wording.shown(row.person, width), wording.shown(row.product, width), *team, told])


def _totals(digest: Digest, around: Around) -> list[Block]:
    """Return what everybody may read: how the seats stand, and why there are no names."""
    seats = [section(plain(sentence("digest_seats", seats=digest.seats)))] if digest.seats else []
    return [*seats, context(plain(sentence("digest_guarded", reason=around.reason)))]


def _tokens(digest: Digest) -> list[Block]:
    tokens = digest.tokens
    if tokens is None:
        return []
    whose = f"{wording.shown(tokens.team, 60)}: " if tokens.team and tokens.arithmetic else ""
    arithmetic = f"{whose}{wording.clean(tokens.arithmetic)}"[:1_000]
    told = section(mrkdwn(f"*{label('digest.tokens')}*\n{sentence('digest_tokens', tokens=tokens)}"))
    return [told, *([context(plain(arithmetic))] if arithmetic else [])]


def _waiting(digest: Digest, around: Around, room: Room) -> list[Block]:
    if not digest.waiting.count or not around.named:
        return []
    rows = digest.waiting.rows[: room.shown]
    more = digest.waiting.count - len(rows)
    tail = [context(plain(label("digest.more_waiting").format(count=wording.number(more))))] if more > 0 else []
    return [
        header(label("digest.waiting")),
        *(block for row in rows for block in _decision(row, digest, around, room)),
        *tail,
    ]


def _decision(row: DigestRow, digest: Digest, around: Around, room: Room) -> list[Block]:
    """Return a seat with what can be done about it, or what became of it."""
    outcome, settled = (found.get(row.assignment_id) for found in (around.outcomes, around.settled))
    told = line("waiting", row, digest, room.width)
    if outcome:
        return [context(mrkdwn(outcome[:1_500]))]
    if settled:
        return [context(mrkdwn(f"{wording.harmless(told)}: {settled}"[:1_500]))]
    carried = buttons.value(a=row.assignment_id, d=around.post)
    pressed = [_deciding("unassign_row", label("seats.unassign"), carried, told)]
    # A preview is no message that could be drawn anew.
    pressed += [_deciding("digest_keep", label("digest.keep"), carried, told)] if around.post else []
    return [section(plain(told)), actions(f"digest_{row.assignment_id}", pressed)]


def _deciding(action_id: str, text: str, carried: str, about: str) -> Block:
    return button(action_id, text, carried, spoken=wording.shown(f"{text.rstrip(' …')}: {about}", 75))


def _row(digest: Digest, around: Around) -> Block:
    fits = buttons.fits(digest.question)
    asked = buttons.value(q=digest.question) if fits else ""
    spoken = label("digest.report_spoken")
    row = [button("digest_report", label("digest.report"), asked, spoken=spoken)] if fits else []
    row += [button("spreadsheet", label("buttons.spreadsheet"), asked)] if fits else []
    manage = buttons.value(s=around.schedule)
    row += [button("schedule_manage", label("digest.manage"), manage)] if around.schedule else []
    return actions("digest", row or [buttons.help_about(0)])
