"""What an owner is told about the installation: what is to be mended first, what is in order in small letters."""

from collections.abc import Sequence
from typing import Literal, Protocol

from handlers.sentences import label
from handlers.views.blocks import Block, Message, actions, button, context, header, plain, section
from handlers.views.wording import clean

SIGNS = {"broken": "🔴", "note": "🟡", "fine": "🟢"}
MOST = 20
"""Findings of a kind that are shown: a message holds fifty blocks."""

MOST_FINE = 10
"""Texts that a line in small letters holds."""

_LONGEST = 600


class Found(Protocol):
    """One thing that was looked at."""

    @property
    def state(self) -> Literal["fine", "note", "broken"]:
        """How it stands."""

    @property
    def about(self) -> str:
        """What it is."""

    @property
    def said(self) -> str:
        """What is found, and what mends it."""


def findings(found: Sequence[Found]) -> Message:
    """Return all findings; their texts are data and stay text."""
    kinds = {state: [each for each in found if each.state == state] for state in SIGNS}
    summary = _summary(kinds)
    blocks = [header(label("doctor.title")), context(plain(summary, emoji=True))]
    for state in ("broken", "note"):
        blocks += [section(plain(_line(each))) for each in kinds[state][:MOST]]
        blocks += _more(len(kinds[state]) - MOST)
    if kinds["fine"]:
        lines = (plain(_line(each)) for each in kinds["fine"][:MOST_FINE])
        blocks.append(context(*lines))
    blocks.append(actions("doctor", [button("doctor_again", label("doctor.again"))]))
    shown = [_line(each) for state in SIGNS for each in kinds[state][:MOST]]
    text = "\n".join([label("doctor.title"), summary, *shown])
    return Message(text, tuple(blocks), Message(text))


def _summary(kinds: dict[str, list[Found]]) -> str:
    counts = [label(f"doctor.count_{state}").format(count=len(some)) for state, some in kinds.items() if some]
    well = [] if kinds["broken"] or kinds["note"] else [label("doctor.all_well")]
    return " · ".join(well or counts)


def _line(each: Found) -> str:
    return f"{SIGNS[each.state]} {clean(each.about)}: {clean(each.said)}"[:_LONGEST]


def _more(count: int) -> list[Block]:
    return [context(plain(label("doctor.more").format(count=count)))] if count > 0 else []
