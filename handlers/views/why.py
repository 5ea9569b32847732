"""Why a row has its status: the rule in a sentence, and each fact it was decided from with its name."""

from collections import Counter
from collections.abc import Mapping, Sequence

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    bullets,
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
from handlers.views.form import MOST_OPTIONS
from reporting_core.words.evidence import Evidence, Explanation
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import Access, Status

LAST_PAGE = 1_000_000
LONGEST_ID = 18
"""Digits of an assignment's number."""

WHOLE = 3
"""Rows explained whole in one message; of more, the rule of each stands there and its evidence behind a button."""

_NAMED = 60
_WITHOUT_USE = {Status.INACTIVE, Status.NOT_YET_ACTIVE, Status.UNKNOWN}
_MOST_GAPS = 6


def message(found: Explanation, reference: Mapping[str, str], decided: Mapping[int, str] | None = None) -> Message:
    """Return the answer to `/usage why`: few rows with all their evidence, some with their rule, many by choice.

    `decided`: what is decided about seats already, formatted, by assignment; None where its reader takes none back.
    """
    report, evidence = found.report, found.evidence
    if not evidence:
        return _too_many(report, reference)
    blocks: list[Block] = []
    for each in evidence:
        told = _short(each, reference) if len(evidence) > WHOLE else _whole(each, report)
        told += _deciding(each.row, reference, decided) if len(evidence) <= WHOLE else []
        blocks += [*([divider()] if blocks else []), *told]
    whole = len(evidence) <= WHOLE
    spoken = [
        (_spoken(each, report, whole=whole), (decided or {}).get(each.row.assignment_id, "")) for each in evidence
    ]
    text = " ".join(part for parts in spoken for part in parts if part)
    return Message(text, (*blocks, _asked(report), _row(report, reference)))


def anew(
    found: Explanation, reference: Mapping[str, str], decided: Mapping[int, str] | None, outcomes: Mapping[int, str]
) -> Message:
    """Return an answer once more after seats of it were decided about, with what became of them.

    A seat that was taken on the day on which the data ends is in no answer any more: its outcome stands alone.
    """
    shown = {each.row.assignment_id for each in found.evidence}
    alone = [told for id_, told in outcomes.items() if id_ not in shown]
    sections = [section(mrkdwn(told)) for told in alone]
    if not found.report.rows:
        return Message(" ".join(alone), (*sections, _asked(found.report), _row(found.report, reference)))
    rest = message(found, reference, {**(decided or {}), **outcomes})
    return Message(" ".join([*alone, rest.text]), (*sections, *rest.blocks))


def nobody(report: UsageReport, nearest: Sequence[tuple[str, str]]) -> Message:
    """Say that nobody matches, and offer the nearest."""
    text = sentence("why_nobody", report=report, offers=len(nearest))
    offers = [
        buttons.why(index, question, name) for index, (name, question) in enumerate(nearest) if buttons.fits(question)
    ]
    row = actions("nearest_why", [*offers, buttons.form()])
    return Message(text, (section(plain(text)), _asked(report), row))


def loading() -> Block:
    """Return the modal that is shown at once."""
    return _modal([section(plain(label("why.loading")))], {})


def modal(
    found: Explanation,
    offered: Sequence[Row],
    reference: Mapping[str, str],
    *,
    chosen: int | None = None,
    decided: Mapping[int, str] | None = None,
    page: int = 1,
) -> Block:
    """Return the modal: the choice of a row where there are several, and the evidence of the one that is chosen."""
    report = found.report
    several = len(report.rows) > 1
    one = found.evidence[0] if found.evidence and (chosen is not None or not several) else None
    blocks = [_choice(report, offered, one)] if several else []
    if one:
        blocks += [*_whole(one, report), *_deciding(one.row, {}, decided)]
    elif chosen is not None or not report.rows:
        blocks.append(section(plain(sentence("why_gone"))))
    else:
        blocks.append(context(plain(sentence("why_choose", rows=len(report.rows)))))
    return _modal([*blocks, _asked(report)], reference, page)


def page_of(metadata: str) -> int:
    """Return the page of the report behind a modal, the first one where nothing good is written there."""
    page = buttons.parts_of(metadata).get("p")
    return page if isinstance(page, int) and 1 <= page <= LAST_PAGE else 1


def options(rows: Sequence[Row]) -> list[Block]:
    """Return rows as entries of a select: who, which product, which team; the e-mail where that is not enough."""
    several = Counter(map(_short_name, rows))
    names = [_name(row) if several[_short_name(row)] > 1 else _short_name(row) for row in rows[:MOST_OPTIONS]]
    return [option(wording.shown(name, 75), str(row.assignment_id)) for name, row in zip(names, rows, strict=False)]


def items(evidence: Evidence, report: UsageReport) -> list[tuple[str, str]]:
    """Return each fact with its name, in the order in which one would check them."""
    row, unknown = evidence.row, label("why.not_known")
    days = wording.counted(report.period.days, label("why.date"), label("why.dates"))
    tokens = [("tokens", wording.number(row.tokens_used))] if row.access is Access.FLEX else []
    unassigned = [("unassigned_on", wording.day(row.unassigned_on))] if row.unassigned_on else []
    gaps = [("gaps", _gaps(evidence))] if row.access is Access.SUBSCRIPTION else []
    launched = [("launched", _launched(evidence))] if evidence.launched else []
    found = [
        ("status", wording.status(row.status)),
        ("access", wording.access(row.access)),
        ("assigned_on", wording.day(row.assigned_on) if row.assigned_on else unknown),
        *unassigned,
        ("assigned_by", wording.shown(wording.assigned_by(row.assigned_by, row.origin_group), _NAMED)),
        ("range", f"{wording.dates(report.period)} (UTC, {days})"),
        ("days_used", unknown if row.days_used is None else wording.number(row.days_used)),
        *launched,
        *tokens,
        ("last_accessed", _last(row)),
        *gaps,
        ("groups", ", ".join(wording.shown(each, _NAMED) for each in row.groups[:10]) or label("why.none")),
        ("as_of", wording.day(report.as_of)),
    ]
    return [(label(f"why.{name}"), value) for name, value in found]


def caveats(evidence: Evidence, report: UsageReport) -> list[str]:
    """Return what keeps one from reading more into the status than the data holds."""
    row = evidence.row
    about = {
        "why_taken": row.unassigned_on is not None and row.unassigned_on > report.as_of,
        "why_offline": row.status in _WITHOUT_USE and row.access is Access.SUBSCRIPTION,
        "why_new": evidence.grace_until is not None and row.status is not Status.ACTIVE,
        "why_gaps": bool(evidence.gaps) and row.status is Status.UNKNOWN,
        "why_stale": row.stale,
        "why_collection": bool(evidence.launched),
        "why_origin": row.assigned_by == "unknown" and row.status in _WITHOUT_USE,
        "why_flex": row.access is Access.FLEX,
        "why_hashed": report.hashed,
    }
    until = evidence.grace_until
    return [sentence(name, row=row, until=until, as_of=report.as_of) for name, holds in about.items() if holds]


def _whole(evidence: Evidence, report: UsageReport) -> list[Block]:
    facts = [words(said(f"{name}: ", bold=True), said(value)) for name, value in items(evidence, report)]
    remarks = [plain(f"{wording.INFO} {wording.shown(each, 400)}") for each in caveats(evidence, report)]
    return [
        header(wording.shown(_name(evidence.row), 140)),
        section(plain(wording.shown(evidence.row.why, 1_500))),
        rich(bullets(facts)),
        *([context(*remarks)] if remarks else []),
    ]


def _is_seat(row: Row) -> bool:
    # A seat that was taken back after the data ends is still listed as it was until then.
    return row.access is Access.SUBSCRIPTION and row.status is not Status.UNASSIGNED and row.unassigned_on is None


def _deciding(row: Row, reference: Mapping[str, str], decided: Mapping[int, str] | None) -> list[Block]:
    """Return the button that opens the form for a seat, or what is decided about it already."""
    told = (decided or {}).get(row.assignment_id)
    if told:
        return [section(mrkdwn(told))]
    if decided is None or not _is_seat(row):
        return []
    return [actions(f"unassign_{row.assignment_id}", [buttons.unassign(row.assignment_id, reference)])]


def _short(evidence: Evidence, reference: Mapping[str, str]) -> list[Block]:
    row = evidence.row
    pressed = buttons.evidence(reference, row.assignment_id)
    line = f"{wording.status(row.status)} · {wording.shown(_name(row), 140)}\n{wording.shown(row.why, 500)}"
    return [section(plain(line), accessory=pressed)]


def _too_many(report: UsageReport, reference: Mapping[str, str]) -> Message:
    text = sentence("why_many", rows=len(report.rows))
    return Message(text, (section(plain(text)), _asked(report), _row(report, reference)))


def _row(report: UsageReport, reference: Mapping[str, str]) -> Block:
    several = ["why"] if len(report.rows) > 1 else []
    return actions("why", [*(buttons.of_report(name, reference) for name in several), buttons.report(reference)])


def _choice(report: UsageReport, offered: Sequence[Row], one: Evidence | None) -> Block:
    entries = options(offered)
    element: Block = {"action_id": "why_row", "placeholder": plain(label("why.choose"))}
    picked = options([one.row])[0] if one else None
    if len(report.rows) > len(entries):
        element |= {"type": "external_select", "min_query_length": 0}
    else:
        element |= {"type": "static_select", "options": entries}
    return section(plain(label("why.whose")), accessory=element | ({"initial_option": picked} if picked else {})) | {
        "block_id": f"why_{one.row.assignment_id if one else 0}"
    }


def _asked(report: UsageReport) -> Block:
    question = wording.clean(f"/usage why {report.canonical}")
    notes = [plain(wording.shown(note, 300)) for note in report.query.guesses[:3]]
    return context(plain(wording.shown(question, 1_000)), *notes)


def _modal(blocks: list[Block], reference: Mapping[str, str], page: int = 1) -> Block:
    view: Block = {"type": "modal", "callback_id": "why", "title": plain(label("why.title")), "blocks": blocks}
    return view | {"close": plain(label("why.close")), "private_metadata": buttons.value(**reference, p=page)}


def _name(row: Row) -> str:
    return _short_name(row) + (f" ({row.email})" if row.email and row.email != row.person else "")


def _short_name(row: Row) -> str:
    access = f" · {wording.access(row.access)}" if row.access is Access.FLEX else ""
    return f"{wording.shown(row.person, _NAMED)} · {row.product}{access} · {row.team}"


def _last(row: Row) -> str:
    if row.last_accessed is None:
        return label("why.never") if row.days_used == 0 else label("why.not_known")
    ago = row.days_inactive
    return sentence("why_last", day=row.last_accessed, ago=ago)


def _gaps(evidence: Evidence) -> str:
    if not evidence.gaps:
        return label("why.none")
    shown = ", ".join(
        wording.day(first) if first == last else f"{wording.day(first)} – {wording.day(last)}"  # noqa: RUF001 - dates
        for first, last in evidence.gaps[:_MOST_GAPS]
    )
    return shown + (" …" if len(evidence.gaps) > _MOST_GAPS else "")


def _launched(evidence: Evidence) -> str:
    shown = [f"{wording.shown(name, _NAMED)}: {wording.number(days)}" for name, days in evidence.launched.items()]
    return ", ".join(shown[:10]) + (" …" if len(shown) > 10 else "")  # noqa: PLR2004 - more would not be read


def _spoken(evidence: Evidence, report: UsageReport, *, whole: bool) -> str:
    """Say the same for screen readers and notifications."""
    facts = [f"{name}: {value}." for name, value in items(evidence, report)] if whole else []
    told = [_name(evidence.row) + ".", wording.shown(evidence.row.why, 1_500), *facts]
    return " ".join(wording.harmless(each, 1_500) for each in [*told, *(caveats(evidence, report) if whole else [])])
