"""The way forward for seats that a group brings: the group, and a request to its owner to copy or to send."""

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import Block, Message, actions, button, context, mrkdwn, plain, preformatted, rich, section
from handlers.views.seat_words import LONGEST_SECTION, listed
from reporting_core.words.seats import Seat, Verdict

WIDTH = 62
MOST_NAMED = 12
"""Seats in one request: with long names it still fits into a paragraph; of more, there are several requests."""

MOST_REQUESTS = 6
"""Requests in one form; of more, the seats are named."""

_KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "blocks")
"""What a form that Slack sent back consists of."""


def ways(verdicts: Sequence[Verdict]) -> list[Block]:
    """Return the way forward for seats of any groups, a request for each group of each team."""
    by_group: dict[tuple[str, int], list[Verdict]] = defaultdict(list)
    for each in verdicts:
        by_group[each.seat.origin_group, each.seat.team_id].append(each)
    parts = [some[at : at + MOST_NAMED] for some in by_group.values() for at in range(0, len(some), MOST_NAMED)]
    return [block for part in parts[:MOST_REQUESTS] for block in way(part)]


def way(verdicts: Sequence[Verdict]) -> list[Block]:
    """Return the group of these seats, the request to its owner, and the button that sends it or why there is none."""
    group = verdicts[0].group
    if group is None:
        return []
    told = sentence("seat_group", group=group, products=listed(group.products), owners=listed(group.owners))
    if group.hidden:
        return [section(mrkdwn(told)), context(plain(label("seats.request_hidden")))]
    text = section(mrkdwn(f"{told}\n{label('seats.request')}"))
    return [text, rich(preformatted(_wrapped(request(verdicts)))), _sending(verdicts)]


def request(verdicts: Sequence[Verdict]) -> str:
    """Return what the owner of a group is asked to do; plain. It says nothing of use where somebody uses the seat."""
    group, seat = verdicts[0].group, verdicts[0].seat
    products = dict.fromkeys(each.seat.product for each in verdicts)
    others = [each for each in (group.products if group else ()) if each not in products]
    people = dict.fromkeys(_addressed(each.seat) for each in verdicts)
    return sentence(
        "seat_request",
        people=listed(people, MOST_NAMED),
        one=len(verdicts) == 1,
        idle=all(each.seat.days_90 == 0 for each in verdicts),
        product=listed(products),
        group=wording.shown(group.name if group else "", 80),
        team=wording.shown(seat.team, 80),
        others=listed(others),
        one_other=len(others) == 1,
        through=seat.data_through,
    )


def message(by: str, verdicts: Sequence[Verdict]) -> Message:
    """Return the direct message to the owner of a group: who asks, and for what."""
    asked = sentence("seat_request_asked", by=by)
    wanted = request(verdicts)[:LONGEST_SECTION]
    blocks = (section(mrkdwn(asked)), section(plain(wanted)), context(mrkdwn(sentence("seat_request_answer", by=by))))
    return Message(f"{asked} {wording.harmless(wanted, LONGEST_SECTION)}", blocks)


def ids(value: str) -> list[int]:
    """Return the assignments that a button carried; none where it was altered."""
    found = str(buttons.parts_of(value).get("a") or "").split(",")
    return [int(each) for each in found if each.isascii() and each.isdecimal() and len(each) <= 18]  # noqa: PLR2004 - what a database can hold


def noted(opened: Mapping[str, Any], block_id: str, text: str, *, again: bool) -> Block:
    """Return a form as it stands, with a note in place of the button that was pressed, or below it."""
    view = {key: opened[key] for key in _KEPT if opened.get(key) is not None}
    note = context(mrkdwn(text)) | {"block_id": f"{block_id}_note"}
    blocks: list[Block] = []
    for block in opened.get("blocks") or []:
        if block.get("block_id") == block_id:
            blocks += [block, note] if again else [note]
        elif block.get("block_id") != note["block_id"]:
            blocks.append(_as_ticked(block, opened))
    return {**view, "blocks": blocks}


def _sending(verdicts: Sequence[Verdict]) -> Block:
    group = verdicts[0].group
    if group is None or not group.emails:
        return context(plain(label("seats.request_no_email" if group and group.owners else "seats.request_no_owner")))
    name = wording.shown(group.owners[0], 40)
    text = label("seats.send" if len(group.owners) == 1 else "seats.send_owners").format(
        owner=name, group=wording.shown(group.name, 40)
    )
    carried = buttons.value(a=",".join(str(each.seat.assignment_id) for each in verdicts))
    return actions(f"request_{verdicts[0].seat.assignment_id}", [button("seat_request", text, carried)])


def _as_ticked(block: Block, opened: Mapping[str, Any]) -> Block:
    """Return a group of boxes as its reader has ticked them, not as they were drawn at first."""
    element = block.get("element") or {}
    values = ((opened.get("state") or {}).get("values") or {}).get(block.get("block_id")) or {}
    state = values.get(element.get("action_id"))
    if element.get("type") != "checkboxes" or state is None:
        return block
    ticked = state.get("selected_options") or []
    bare = {key: value for key, value in element.items() if key != "initial_options"}
    return block | {"element": bare | ({"initial_options": ticked} if ticked else {})}


def _wrapped(text: str) -> str:
    """Break lines where words end: preformatted text is not broken everywhere that Slack is read."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)[:LONGEST_SECTION]


def _addressed(seat: Seat) -> str:
    person = wording.shown(seat.person, 60)
    return f"{person} ({wording.shown(seat.email, 80)})" if seat.email and seat.email != seat.person else person
