"""What became of seats: one message for everything of one press, drawn anew whenever something moves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, seat_requests
from handlers.views.blocks import Block, Message, actions, button, context, mrkdwn, plain, section
from handlers.views.seat_words import LONGEST_SECTION, told_name, why
from handlers.views.seats import view
from handlers.views.wording import harmless
from reporting_core.words.cards import Card, Line
from reporting_core.words.seats import Policy, Reason, State

WHOLE = 8
"""Seats that are shown one by one with their buttons; of more, they are listed, and the buttons are in a form."""

MOST_CHARACTERS = 9_000
"""For lists of seats: with what stands around them a message stays within Slack's 13,000."""

MOST_LISTS = 12
LONGEST_REASONS = 2_000
"""Lists of seats with the same end and reason, and the characters of their reasons together."""

LISTED = 40
"""Seats on a page of the form that undoes one of many."""

ORDER = ("done", "undone", "refused", "failed", "unknown", "accepted", "person", "second", "on_the_way")


def message(card: Card) -> Message:
    """Return the one message of a press."""
    if not card.lines:
        return Message(sentence("seat_lost"), (section(mrkdwn(sentence("seat_lost"))),))
    whole = _is_whole(card)
    summary = sentence("seat_summary", counts=_counts(card))
    blocks = _each(card) if whole else [section(mrkdwn(f"*{summary}*")), *listed(card), *_more(card)]
    text = " ".join(outcome(each, card) for each in card.lines) if whole else summary
    return Message(text, (*blocks, *_tasks(card), *_number(card), *_waiting_for_second(card)))


def asked_second(card: Card) -> Message:
    """Ask another admin to confirm."""
    count = sum(each.action.state is State.SECOND for each in card.lines)
    text = sentence("seat_second_ask", by=card.asked_by, count=count)
    row = [
        button("seats_second", label("seats.second"), buttons.value(b=card.batch), style="primary"),
        button("seats_decline", label("seats.decline"), buttons.value(b=card.batch)),
    ]
    return Message(text, (section(mrkdwn(text)), *listed(card), actions(f"seats_second_{card.batch}", row)))


def second_asked(card: Card, asked: Sequence[str], policy: Policy) -> Message:
    """Say who was asked to confirm; where nobody could be, what is left to do."""
    waiting = sum(each.action.state is State.SECOND for each in card.lines)
    enough = max(waiting, policy.second_above + 1)
    text = sentence("seat_second_asked", asked=asked, above=policy.second_above, enough=enough, batch=card.batch)
    return Message(text, (section(mrkdwn(text)),))


def needed(card: Card, policy: Policy) -> list[Block]:
    """Say that a second admin is needed, and how one confirms."""
    count = sum(each.action.state is State.SECOND for each in card.lines)
    if not count:
        return []
    text = sentence("seat_second_needed", count=count, above=policy.second_above, batch=card.batch)
    return [section(mrkdwn(text))]


def result(card: Card, missing: int = 0, policy: Policy | None = None) -> Block:
    """Return the form's frame with what became of each seat."""
    blocks = list(needed(card, policy)) if policy else []
    blocks += _each(card) if len(card.lines) <= WHOLE else listed(card)
    blocks += [*_tasks(card), *_ways(card)]
    gone = label("seats.not_there").format(count=missing)
    return view([*blocks, *([context(plain(gone))] if missing or not blocks else [])])


def choice(card: Card, first: int = 0) -> Block:
    """Return the form with the seats that can be given back or wait for a word, from the place `first` on."""
    open_ = [each for each in card.lines if each.can_be_undone(card.now) or each.waits_for_a_word]
    first = first if 0 <= first < len(open_) else 0
    blocks = [block for each in open_[first : first + LISTED] for block in one(each, card)]
    turns = _turns(card, {"previous": first - LISTED, "next": first + LISTED}, len(open_))
    return view([*(blocks or [section(plain(label("seats.nothing_open")))]), *turns], buttons.value(o=first))


def _turns(card: Card, places: Mapping[str, int], count: int) -> list[Block]:
    row = [
        button(f"seats_choice_{name}", label(f"seats.{name}_people"), buttons.value(b=card.batch, o=place))
        for name, place in places.items()
        if 0 <= place < count
    ]
    return [actions("seats_choice", row)] if row else []


def undone(card: Card, token: str) -> Message:
    """Return what became of an undo that was asked for by command."""
    lines = [each for each in card.lines if each.newest.token == token]
    text = " ".join(outcome(each, card) for each in lines) or sentence("seat_lost")
    return Message(text, tuple(block for each in lines for block in _told(each, card)))


def _is_whole(card: Card) -> bool:
    """Tell whether each seat has a paragraph: they are few, and none is told at such length that Slack refuses all."""
    few = len(card.lines) <= WHOLE
    return few and sum(len(outcome(each, card)) for each in card.lines) <= MOST_CHARACTERS


def _each(card: Card) -> list[Block]:
    return [block for each in card.lines for block in _told(each, card)]


def _told(line: Line, card: Card) -> list[Block]:
    """Return one seat with its buttons, but for those that end a task: they stand below its steps, and there alone."""
    told, *rows = one(line, card)
    return [told] if line.is_a_task else [told, *rows]


def _tasks(card: Card) -> list[Block]:
    """Say where a task is ended, which in a card it is not."""
    count = sum(each.is_a_task for each in card.lines)
    return [context(mrkdwn(sentence("seat_task_apart", count=count)))] if count else []


def one(line: Line, card: Card) -> list[Block]:
    """Return one seat with its buttons."""
    undo = _undo(line) if line.can_be_undone(card.now) else None
    told = section(mrkdwn(outcome(line, card)[:LONGEST_SECTION]), accessory=undo)
    return [told, *([_settling(line)] if line.waits_for_a_word else [])]


def outcome(line: Line, card: Card) -> str:
    """Return what became of one seat, formatted."""
    return sentence(
        "seat_line",
        name=told_name(line.verdict),
        action=line.action,
        undoing=line.undoing,
        why=why(line.newest, line.verdict, line.winner),
        can_be_undone=line.can_be_undone(card.now),
        full=line.verdict.seat if line.verdict and line.none_free else None,
        stays=[harmless(each, 300) for each in _stays(line)],
    )


def _stays(line: Line) -> Sequence[str]:
    """Return by what somebody whose seat was taken keeps the product."""
    return line.verdict.stays[:3] if line.verdict and kind(line) == "done" else ()


def _undo(line: Line) -> Block:
    asked: dict[str, Any] = {
        "title": plain(label("seats.undo_title")),
        "text": plain(label("seats.undo_text")),
        "confirm": plain(label("seats.undo_yes")),
        "deny": plain(label("seats.undo_no")),
    }
    return button("seats_undo", label("seats.undo"), buttons.value(t=line.action.token)) | {"confirm": asked}


def _settling(line: Line) -> Block:
    token = line.newest.token
    names = ("seat_tasks.done", "seat_tasks.declined") if line.is_a_task else ("seats.settled", "seats.not_settled")
    row = [
        button(action_id, label(name), buttons.value(t=token))
        for action_id, name in zip(("seats_settled", "seats_not_settled"), names, strict=True)
    ]
    return actions(f"seats_word_{token}", row)


def _number(card: Card) -> list[Block]:
    """Return what another admin types, who has no such message, to give a single seat back."""
    if len(card.lines) != 1 or not card.lines[0].can_be_undone(card.now):
        return []
    return [context(mrkdwn(sentence("seat_number", token=card.lines[0].action.token)))]


def _waiting_for_second(card: Card) -> list[Block]:
    if not any(each.action.state is State.SECOND for each in card.lines):
        return []
    return [context(mrkdwn(sentence("seat_second_how", batch=card.batch))), withdrawing(card)]


def withdrawing(card: Card) -> Block:
    """Return the button by which whoever asked withdraws it."""
    row = [button("seats_decline", label("seats.decline"), buttons.value(b=card.batch))]
    return actions(f"seats_second_{card.batch}", row)


def _more(card: Card) -> list[Block]:
    if not any(each.can_be_undone(card.now) or each.waits_for_a_word for each in card.lines):
        return []
    pressed = button("seats_choice", label("seats.undo_some"), buttons.value(b=card.batch))
    return [actions("seats_choice", [pressed])]


def _ways(card: Card) -> list[Block]:
    """Return the way forward for what turned out to come through a group."""
    found = [each.verdict for each in card.lines if each.action.reason == Reason.GROUP]
    return seat_requests.ways([each for each in found if each and each.group])


def kind(line: Line) -> str:
    """Return under which word a seat is counted."""
    undoing = line.undoing
    if undoing is not None and undoing.state is State.DONE:
        return "undone"
    found = str(line.action.state)
    return found if found in ORDER else "on_the_way"


def _counts(card: Card) -> list[tuple[str, int]]:
    found = Counter(map(kind, card.lines))
    return [(each, found[each]) for each in ORDER if found[each]]


def listed(card: Card) -> list[Block]:
    """Return the seats by what became of them and why; more than a message holds are counted."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in card.lines:
        groups[kind(each), _reason(each)].append(_entry(each))
    if len(groups) > MOST_LISTS or sum(len(reason) for _kind, reason in groups) > LONGEST_REASONS:
        groups = _with_own_reasons(card)
    ordered = sorted(groups.items(), key=lambda item: ORDER.index(item[0][0]))
    room = min(MOST_CHARACTERS // max(len(ordered), 1), LONGEST_SECTION)
    return [section(mrkdwn(_list(told, reason, seats, room))) for (told, reason), seats in ordered]


def _with_own_reasons(card: Card) -> dict[tuple[str, str], list[str]]:
    """Return the seats by what became of them alone: a provider may refuse each in words of its own."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in card.lines:
        groups[kind(each), ""].append(f"{told_name(each.verdict)} {_reason(each)}".rstrip())
    return groups


def _entry(line: Line) -> str:
    return " · ".join([told_name(line.verdict), *(f"⚠️ {harmless(each, 150)}" for each in _stays(line)[:1])])


def _reason(line: Line) -> str:
    return why(line.action) if kind(line) in {"refused", "failed", "person"} else ""


def _list(told: str, reason: str, seats: Sequence[str], room: int) -> str:
    text = f"*{sentence('seat_summary', counts=[(told, len(seats))])}* {reason}".strip()
    for done, each in enumerate(seats):
        line = f"\n• {each}"
        if len(text) + len(line) > room - _AND_MORE:
            return f"{text}\n{label('seats.more_names').format(count=len(seats) - done)}"
        text += line
    return text


_AND_MORE = 40
"""Characters for how many are left out."""
