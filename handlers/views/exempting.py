"""Who keeps a seat whatever its use: one that was just exempted, and the list of those who are."""

from collections.abc import Sequence

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, button, context, header, mrkdwn, plain, section
from reporting_core.words.cards import Kept

PAGE = 6
"""Exemptions in one message: with the longest names and reasons more of them are too many characters for Slack."""


def kept(kept: Kept) -> Message:
    """Say what an exemption does that was just made, with the button that takes it back."""
    text = sentence("exempt_made", kept=kept)
    undo = button("exempt_undo", label("exempt.undo"), buttons.value(x=kept.exemption.token))
    return Message(text, (section(mrkdwn(text)), actions("exempt", [undo])), Message(text))


def ended(*, there: bool) -> Message:
    """Say that an exemption holds no more."""
    text = sentence("exempt_ended", there=there)
    return Message(text, (section(plain(text)),))


def listed(kept: Sequence[Kept], offset: int = 0) -> Message:
    """List exemptions, those that end first in front, each with the button that ends it."""
    how = context(mrkdwn(sentence("exempt_how")))
    if not kept:
        text = sentence("exempt_nobody")
        return Message(text, (section(plain(text)), how))
    offset = offset if 0 <= offset < len(kept) else 0
    page = kept[offset : offset + PAGE]
    lines = [sentence("home_kept", kept=each) for each in page]
    blocks = (header(label("exempt.title")), *rows(page, offset), how, *_turns(offset, len(kept)))
    text = "\n".join([label("exempt.title"), *lines])
    return Message(text, blocks, Message(text))


def rows(some: Sequence[Kept], offset: int = 0) -> list[Block]:
    """Return exemptions, ten at most, each with the button that ends it."""
    return [
        section(mrkdwn(sentence("home_kept", kept=each)), accessory=_end(index, each, offset))
        for index, each in enumerate(some)
    ]


def _end(index: int, kept: Kept, offset: int) -> Block:
    confirm = {
        "title": plain(label("exempt.end_title")),
        "text": plain(label("exempt.end_text")),
        "confirm": plain(label("exempt.end_yes")),
        "deny": plain(label("exempt.end_no")),
    }
    value = buttons.value(x=kept.exemption.token, o=offset)
    return button(f"exempt_end_{index}", label("exempt.end"), value) | {"confirm": confirm}


def _turns(offset: int, count: int) -> list[Block]:
    earlier = [_turn("earlier", max(0, offset - PAGE))] if offset else []
    later = [_turn("later", offset + PAGE)] if offset + PAGE < count else []
    return [actions("exemptions", [*earlier, *later])] if earlier or later else []


def _turn(direction: str, offset: int) -> Block:
    return button(f"exempt_{direction}", label(f"exempt.{direction}"), buttons.value(o=offset))
