"""What is under way, in the Home: what waits for a second admin, then for a word on it, then what is on its way."""

from collections import defaultdict
from dataclasses import replace

from handlers.sentences import label, sentence
from handlers.views import seat_cards
from handlers.views.blocks import Block, context, mrkdwn, plain
from reporting_core.words.cards import Card, Line
from reporting_core.words.seats import Policy, State
from reporting_core.words.tasks import PORTAL


def under_way(card: Card, policy: Policy, viewer: str, most: int) -> list[Block]:
    """Return it with the buttons of what waits for a word; at most so many presses and seats, the rest is counted."""
    waiting: dict[str, list[Line]] = defaultdict(list)
    for each in card.lines:
        if each.action.state is State.SECOND:
            waiting[each.action.batch].append(each)
    single = sorted((each for each in card.lines if each.action.state is not State.SECOND), key=_urgency)
    presses = [replace(card, batch=batch, lines=tuple(lines)) for batch, lines in waiting.items()]
    shown = [_second(each, policy, viewer) for each in presses] + [_line(each, card) for each in single]
    more = len(shown) - most
    blocks = [block for each in shown[:most] for block in each]
    return [*blocks, *([context(plain(label("seats.more_names").format(count=more)))] if more > 0 else [])]


def _urgency(line: Line) -> int:
    return 0 if line.waits_for_a_word else 1


def _second(press: Card, policy: Policy, viewer: str) -> list[Block]:
    """Return what somebody else asked for to be confirmed, what one asked for oneself to be withdrawn."""
    if press.asked_by != viewer:
        return list(seat_cards.asked_second(press).blocks)
    return [*seat_cards.needed(press, policy), *seat_cards.listed(press), seat_cards.withdrawing(press)]


def _line(line: Line, card: Card) -> list[Block]:
    told, *buttons = seat_cards.one(line, card)
    return [told, *([_where()] if line.is_a_task else []), *buttons]


def _where() -> Block:
    return context(mrkdwn(sentence("seat_task_where", portal=PORTAL)))
