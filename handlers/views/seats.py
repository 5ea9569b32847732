"""The form that takes seats back: each with what it is decided from, what it does, who does it, and what stays why."""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.sentences import label, sentence
from handlers.views import buttons, seat_requests, wording
from handlers.views.blocks import (
    Block,
    actions,
    bullets,
    button,
    context,
    divider,
    header,
    mrkdwn,
    option,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.blocks import field as entry
from handlers.views.seat_words import LONGEST_SECTION, accessed, detail, listed, name, reason_before, refusal, told_name
from reporting_core.words.seats import Policy, Reason, Seat, Verdict

CALLBACK = "seats"
GROUP = 10
"""Boxes in one group; Slack takes no more."""

MOST_BOXES = 100
LONGEST_PRINTS = 2_300
"""Characters for the fingerprints of what is shown: Slack keeps 3,000 with a form, and the question is among them."""

MOST_WARNINGS = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form shows: the seats looked at, which of them are ticked, of how many rows, under which policy."""

    verdicts: Sequence[Verdict]
    ticked: frozenset[int]
    rows: int
    policy: Policy
    provider: str = ""
    page: int = 1
    reference: Mapping[str, str] = field(default_factory=dict)

    @property
    def allowed(self) -> list[Verdict]:
        """The seats that may be taken back."""
        return [each for each in self.verdicts if each.allowed]

    @property
    def refused(self) -> list[Verdict]:
        """The seats that stay."""
        return [each for each in self.verdicts if not each.allowed]


def loading() -> Block:
    """Return the form's frame, shown at once while seats are looked at."""
    return view([section(plain(label("seats.loading")))])


def processing(done: int = 0, total: int = 0) -> Block:
    """Return the frame while seats are taken back, with how far it is."""
    text = sentence("seat_progress", done=done, total=total) if total else label("seats.processing")
    return view([section(plain(text))])


def form(shown: Shown) -> Block:
    """Return the form: of one seat everything, of several the choice."""
    if len(shown.verdicts) == 1:
        return _one(shown.verdicts[0], shown)
    pages = _pages(shown.allowed)
    page = min(max(shown.page, 1), max(len(pages), 1))
    offered = pages[page - 1] if pages else []
    blocks = [
        section(plain(_introduced(shown))),
        *(_effects(shown) if offered else []),
        *_boxes(offered, shown, sum(map(len, pages[: page - 1]))),
        *_turns(page, len(pages)),
        *_refusals(shown.refused),
    ]
    return view(blocks, _kept(offered, page, shown.reference), submit=bool(offered))


def view(blocks: list[Block], metadata: str = "", *, submit: bool = False) -> Block:
    """Return the frame."""
    made: Block = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(label("seats.title")),
        "close": plain(label("seats.close")),
        "private_metadata": metadata,
        "blocks": blocks,
    }
    return made | ({"submit": plain(label("seats.submit"))} if submit else {})


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back with a form; none of it is trusted. `ticked` is None where there was nothing to tick."""

    prints: Mapping[int, str]
    page: int
    ticked: Sequence[int] | None
    first_box: str = ""

    @property
    def chosen(self) -> list[tuple[int, str]]:
        """Assignments and the fingerprints under which they were shown."""
        ids = self.prints if self.ticked is None else [each for each in self.ticked if each in self.prints]
        return [(each, self.prints[each]) for each in ids]


def sent(opened: Mapping[str, Any]) -> Sent:
    """Read a form that was sent or in which a page was turned."""
    kept = buttons.parts_of(str(opened.get("private_metadata") or ""))
    page, prints = kept.get("n"), _unpacked(str(kept.get("s") or ""))
    blocks = _each(opened.get("blocks"))
    boxes = [str(each.get("block_id")) for each in blocks if _inside(each, "element").get("type") == "checkboxes"]
    values = _inside(_inside(opened, "state"), "values")
    # Only the form of one seat has nothing to tick; boxes that went missing are no word to take everything.
    single = not boxes and not values and len(prints) == 1
    ticked = None if single else [each for block in _each([*values.values()]) for each in _ticked(block)]
    return Sent(prints, page if isinstance(page, int) else 1, ticked, boxes[0] if boxes else "")


def _ticked(block: Mapping[str, Any]) -> list[int]:
    options = [each for element in _each([*block.values()]) for each in _each(element.get("selected_options"))]
    values = [str(each.get("value") or "") for each in options]
    return [int(each) for each in values if _is_id(each)]


def _inside(values: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return an object, empty where something else stands there: what comes back may be altered."""
    found = values.get(key)
    return found if isinstance(found, Mapping) else {}


def _each(values: object) -> list[Mapping[str, Any]]:
    """Return the objects of a list, none where it is no list."""
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= 18  # noqa: PLR2004 - what a database can hold


def _one(verdict: Verdict, shown: Shown) -> Block:
    seat = verdict.seat
    blocks = [header(wording.shown(name(seat), 140)), rich(bullets(_facts(seat)))]
    if not verdict.allowed:
        told = section(mrkdwn(f"⛔ {refusal(verdict)}"))
        return view([*blocks, told, *seat_requests.way([verdict])])
    effect = f"{sentence('seat_effect', seat=seat)}\n{sentence('seat_keeps', days=shown.policy.undo_days)}"
    blocks += [_titled("effect", effect), _titled("who_does_it", sentence("seat_provider", provider=shown.provider))]
    said_above = verdict.stays[:1] if seat.other_ways else ()
    warnings = [each for each in verdict.warnings if each not in said_above]
    blocks += [context(plain(f"⚠️ {wording.shown(each, 400)}")) for each in warnings[:5]]
    return view(blocks, _kept([verdict], 1, shown.reference), submit=True)


def _titled(title: str, text: str) -> Block:
    return section(mrkdwn(f"*{label(f'seats.{title}')}*\n{text}"))


def _facts(seat: Seat) -> list[Block]:
    unknown = label("seats.not_known")
    days = {"short": _days(seat.days_30), "long": _days(seat.days_90)}
    found = [
        *([("seats.email", seat.email)] if seat.email and seat.email != seat.person else []),
        ("seats.product", seat.product),
        ("seats.team", seat.team),
        ("seats.assigned_by", wording.assigned_by(seat.origin, seat.origin_group)),
        ("seats.assigned_on", wording.day(seat.assigned_on) if seat.assigned_on else unknown),
        ("seats.last_accessed", _last(seat)),
        ("seats.days_used", label("seats.in_days").format(**days)),
    ]
    return [words(said(f"{label(key)}: ", bold=True), said(wording.shown(value, 100))) for key, value in found]


def _days(count: int | None) -> str:
    return label("seats.not_known") if count is None else wording.number(count)


def _last(seat: Seat) -> str:
    if seat.last_accessed:
        return wording.day(seat.last_accessed)
    return label("seats.never") if seat.days_90 == 0 else label("seats.not_known")


def _introduced(shown: Shown) -> str:
    looked_at = len(shown.verdicts)
    counts = {"allowed": len(shown.allowed), "refused": len(shown.refused), "looked_at": looked_at}
    return sentence("seat_review", **counts, left_out=shown.rows > looked_at)


def _effects(shown: Shown) -> list[Block]:
    """Return which pools the seats are of, who takes them back, and what has to be known before."""
    pools = Counter((each.seat.product, each.seat.team) for each in shown.allowed)
    seats = {(each.seat.product, each.seat.team): each.seat for each in shown.allowed}
    lines = [words(said(_pool(seats[pool], count))) for pool, count in pools.most_common(10)]
    return [
        rich(bullets(lines)),
        section(plain(sentence("seat_keeps", days=shown.policy.undo_days))),
        _titled("who_does_it", sentence("seat_provider", provider=shown.provider)),
        *_warned(_warnings(shown.allowed)),
    ]


def _warned(warnings: Sequence[str]) -> list[Block]:
    made = [context(plain(f"⚠️ {wording.shown(each, 400)}")) for each in warnings[:MOST_WARNINGS]]
    more = len(warnings) - MOST_WARNINGS
    return [*made, *([context(plain(label("seats.more_warnings").format(count=more)))] if more > 0 else [])]


def _warnings(allowed: Sequence[Verdict]) -> list[str]:
    """Return what has to be known before: each once, with the names where it is not about all."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in allowed:
        for each in verdict.warnings:
            found[wording.clean(each)].append(verdict)
    return [
        warning
        if len(some) == len(allowed)
        else f"{listed(dict.fromkeys(each.seat.person for each in some), 6)}: {warning}"
        for warning, some in sorted(found.items(), key=lambda item: -len(item[1]))
    ]


def _pool(seat: Seat, offered: int) -> str:
    names = {"product": wording.shown(seat.product, 60), "team": wording.shown(seat.team, 60)}
    assigned = wording.number(seat.assigned_seats)
    if seat.seats is None:
        return label("seats.pool_unknown").format(**names, offered=wording.number(offered), assigned=assigned)
    freed = offered - max(seat.assigned_seats - seat.seats, 0)
    counts = {"offered": wording.number(freed), "assigned": assigned, "seats": wording.number(seat.seats)}
    return label("seats.pool" if freed > 0 else "seats.pool_over").format(**names, **counts)


def _pages(allowed: Sequence[Verdict]) -> list[list[Verdict]]:
    pages: list[list[Verdict]] = []
    for each in allowed:
        if not pages or len(pages[-1]) >= MOST_BOXES or len(_packed([*pages[-1], each])) > LONGEST_PRINTS:
            pages.append([])
        pages[-1].append(each)
    return pages


def _boxes(offered: Sequence[Verdict], shown: Shown, before: int) -> list[Block]:
    made = []
    for index in range(0, len(offered), GROUP):
        group = offered[index : index + GROUP]
        options = [_box(each) for each in group]
        ticked = [box for box, each in zip(options, group, strict=True) if each.seat.assignment_id in shown.ticked]
        block_id = f"seats_{before + index}"
        element: Block = {"type": "checkboxes", "action_id": block_id, "options": options}
        text = label("seats.further" if index else "seats.people" if len(offered) > GROUP or before else "seats.few")
        numbered = text.format(first=before + index + 1, last=before + index + len(group))
        made.append(entry(block_id, numbered, element | ({"initial_options": ticked} if ticked else {})))
    return made


def _box(verdict: Verdict) -> Block:
    seat = verdict.seat
    assigned = wording.day(seat.assigned_on) if seat.assigned_on else label("seats.not_known")
    told = [label("seats.assigned").format(day=assigned), accessed(seat)]
    told += [] if seat.days_90 is None else [label("seats.days_in_90").format(days=wording.number(seat.days_90))]
    made = option(wording.shown(name(seat, 32), 75), str(seat.assignment_id))
    return made | {"description": plain(wording.shown(_kept_by(seat) or " · ".join(told), 75))}


def _kept_by(seat: Seat) -> str:
    """Return by what the person keeps the product, in the few words that stand at a box."""
    if seat.other_ways:
        return label("seats.frees_none").format(group=wording.shown(seat.other_ways[0], 40))
    if seat.collections:
        return label("seats.opens").format(whole=wording.shown(seat.collections[0], 22), last=accessed(seat))
    return ""


def _turns(page: int, pages: int) -> list[Block]:
    found = [("previous", page - 1)] if page > 1 else []
    found += [("next", page + 1)] if page < pages else []
    row = [
        button(f"seats_{direction}", label(f"seats.{direction}_people"), buttons.value(p=number))
        for direction, number in found
    ]
    return [actions("seats_turn", row)] if row else []


def _refusals(refused: Sequence[Verdict]) -> list[Block]:
    if not refused:
        return []
    by_reason: dict[Reason, list[Verdict]] = defaultdict(list)
    for each in refused:
        by_reason[each.reason or Reason.CHANGED].append(each)
    blocks = [divider(), header(label("seats.refused_some"))]
    for reason, some in by_reason.items():
        blocks += [section(mrkdwn(_named(reason, some)))]
        blocks += seat_requests.ways(some) if reason is Reason.GROUP else []
    return blocks


def _named(reason: Reason, some: Sequence[Verdict]) -> str:
    text = f"⛔ {sentence('seat_refusal', reason=reason_before(reason))}"
    for done, each in enumerate(some):
        line = f"\n• {told_name(each)} {detail(each)}".rstrip()
        if len(text) + len(line) > LONGEST_SECTION - 40:
            return f"{text}\n{label('seats.more_names').format(count=len(some) - done)}"
        text += line
    return text


def _kept(offered: Sequence[Verdict], page: int, reference: Mapping[str, str]) -> str:
    return json.dumps({**reference, "s": _packed(offered), "n": page}, ensure_ascii=False, separators=(",", ":"))


def _packed(offered: Sequence[Verdict]) -> str:
    """Fingerprints are hex; in base64 a hundred of them fit beside the question."""
    return ",".join(
        f"{each.seat.assignment_id}:{base64.urlsafe_b64encode(bytes.fromhex(each.seat.print)).decode().rstrip('=')}"
        for each in offered
    )


def _unpacked(packed: str) -> dict[int, str]:
    found = {}
    for each in packed.split(","):
        id_, _, print_ = each.partition(":")
        if _is_id(id_):
            found[int(id_)] = _hex(print_)
    return found


def _hex(packed: str) -> str:
    try:
        return base64.urlsafe_b64decode(f"{packed}==").hex()
    except ValueError:
        return packed  # altered by hand: it will fit nothing
