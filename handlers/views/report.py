"""The report message, from its header to its filters and buttons, in the order of features.md §1."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import Block, Message, actions, context, header, mrkdwn, plain, section
from handlers.views.chart import chart
from handlers.views.filters import NO_FILTERS, Controls, filter_row
from handlers.views.paging import Page, page_of
from handlers.views.plain import fenced, fenced_text
from handlers.views.table import table, whose_use
from handlers.views.tiles import flex_figures, flex_sentences, seat_sentences, subscription_figures, tiles
from reporting_core.words.query import Key
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Status

MOST_CHARACTERS = 13_000
"""What one message may hold in total, counted over its JSON without the spaces between its parts (slack.md, Blocks)."""


@dataclass(frozen=True, slots=True)
class Room:
    """Characters for a name in a row, for a remark, for the canonical command, and for the lists of the filters."""

    name: int
    remark: int
    command: int
    listed: int = 0


ROOMS = (
    Room(36, 500, 1_500, 5_000),
    Room(36, 500, 1_500, 1_800),
    Room(30, 400, 1_500, 1_200),
    Room(24, 300, 1_500, 1_200),
    Room(24, 300, 1_500),
    Room(20, 240, 1_000),
    Room(16, 160, 700),
    Room(12, 100, 400),
    Room(8, 60, 200),
    Room(8, 60, 200, NO_FILTERS),
    Room(6, 30, 100, NO_FILTERS),
    Room(4, 20, 100, NO_FILTERS),
)
"""From the widest to the narrowest; the first in which a message fits is taken. Rows are never left out."""


def message(report: UsageReport, reference: Mapping[str, str], controls: Controls | None = None) -> Message:
    """Return the whole answer. `reference` names the question in its buttons: {"q": canonical} or {"k": token}.

    Without `controls` it is not known which message it will be, so there are no filters.
    """
    if not report.rows:
        return nothing(report, reference, controls)
    page, whole = page_of(report), _Whole(report, reference, controls)
    text = headline(report, page)
    blocks = _fitted(lambda room: whole.blocks(page, room, (*chart(report.chart), table(report, page, room.name))))
    as_text = _fitted(lambda room: whole.blocks(page, room, fenced(report, page, room.name)))
    return Message(text, blocks, Message(f"{text}\n{fenced_text(report, page)}", as_text))


@dataclass(frozen=True, slots=True)
class _Whole:
    """What every form of an answer has around its rows."""

    report: UsageReport
    reference: Mapping[str, str]
    controls: Controls | None

    def blocks(self, page: Page, room: Room, rows: Sequence[Block]) -> tuple[Block, ...]:
        said = caveats(self.report, room)
        return (*top(self.report, page, room), *tiles(self.report), *rows, *said, *self.actions(page, room))

    def actions(self, page: Page, room: Room) -> list[Block]:
        fits = self.controls if room.listed != NO_FILTERS else None
        filters = [filter_row(self.report, fits, room.listed)] if fits else []
        return [*filters, button_row(self.report, page, self.reference, self.controls)]


def nothing(report: UsageReport, reference: Mapping[str, str], controls: Controls | None = None) -> Message:
    """Say that nothing was found, and offer the nearest that exists instead of an empty table."""
    page = page_of(report)
    text = headline(report, page)
    counted = report.tiles.subscriptions.assigned or report.tiles.flex.users
    offers = [buttons.run(index, query) for index, query in enumerate(report.nearest[:3]) if buttons.fits(query)]
    blocks = _fitted(
        lambda room: (
            *top(report, page, room),
            *(tiles(report) if counted else ()),
            section(plain(nothing_found(report, len(offers)))),
            *([actions(_id("nearest", controls), offers)] if offers else ()),
            *(caveats(report, room) if counted else ()),
            *_Whole(report, reference, controls).actions(page, room),
        )
    )
    return Message(text, blocks, Message(text, blocks))


def nothing_found(report: UsageReport, offers: int) -> str:
    """Say that nothing was found; where names are hashed, that this is why a name finds nobody."""
    return sentence("nothing_found", offers=offers, hashed=report.hashed and bool(report.query.of(Key.USER)))


def headline(report: UsageReport, page: Page) -> str:
    """Return the text with the same numbers as the tiles; it is what screen readers and notifications read."""
    return sentence(
        "report",
        report=report,
        page=page,
        whose=whose_use(report),
        seats=subscription_figures(report),
        flex=flex_figures(report),
        remarks=[*seat_sentences(report), *flex_sentences(report)],
        caveats=said_caveats(report),
    )


def top(report: UsageReport, page: Page, room: Room = ROOMS[0]) -> list[Block]:
    """Return header, context and, where names are hashed, the banner."""
    title = f"{wording.shown(whose_use(report), 80)} · {wording.dates(report.period)} (UTC)"
    elements = [
        mrkdwn(sentence("context_data", report=report)),
        plain(command_line(report.canonical, room.command)),
        mrkdwn(sentence("context_rows", report=report, page=page)),
        *(plain(wording.shown(note, room.remark)) for note in _notes(report, page)[:6]),
    ]
    banner = [context(plain(sentence("hashed", teams=_off(report))))] if report.hashed else []
    return [header(title), context(*elements), *banner]


def command_line(canonical: str, most: int) -> str:
    """Return the canonical question as it can be typed back, cut only where one message could not hold it."""
    line = wording.clean(f"/usage {canonical}")
    return line if len(line) <= most else f"{line[:most]}… {label('report.cut')}"


def caveats(report: UsageReport, room: Room = ROOMS[0]) -> list[Block]:
    """Return what has to be known to read the figures right."""
    said = [plain(f"{wording.INFO} {wording.shown(each, room.remark)}") for each in said_caveats(report)[:10]]
    return [context(*said)] if said else []


def said_caveats(report: UsageReport) -> list[str]:
    """The report's caveats; inactive people are never listed without the one about offline use."""
    said = [wording.shown(each, 500) for each in report.caveats]
    inactive = report.tiles.subscriptions.inactive or Status.INACTIVE in report.statuses
    if inactive and not any("offline" in each.casefold() for each in report.caveats):
        said.append(sentence("offline"))
    return said


def button_row(
    report: UsageReport, page: Page, reference: Mapping[str, str], controls: Controls | None = None
) -> Block:
    """Return the buttons: turning pages, changing the question, the spreadsheet, why somebody has a status."""
    turning = [buttons.turn(direction, reference, number) for direction, number in _turns(page)]
    about_rows = ("spreadsheet", "why", "share") if report.rows else ()
    of_report = [buttons.of_report(name, reference) for name in ("change", *about_rows)]
    idle = Status.INACTIVE in report.statuses and bool(report.rows)
    review = [buttons.review("review", reference)] if controls and controls.reviews and idle else []
    schedule = [buttons.of_report("schedule", reference)] if controls else []
    return actions(_id("report", controls), [*turning, *of_report, *schedule, *review])


def _id(name: str, controls: Controls | None) -> str:
    return controls.block_id(name) if controls else name


def _turns(page: Page) -> list[tuple[str, int]]:
    # *Next* stands first, and every page has two: one can go on pressing without another coming under the pointer.
    onward, back = ("next", page.number + 1), ("previous", page.number - 1)
    if page.pages == 1:
        return []
    if page.pages == 2:  # noqa: PLR2004 - with two pages the other one is all there is to turn to
        return [onward if page.number == 1 else back]
    first, last = ("first", 1), ("last", page.pages)
    return [first if page.number == page.pages else onward, last if page.number == 1 else back]


def _fitted(build: Callable[[Room], tuple[Block, ...]]) -> tuple[Block, ...]:
    blocks: tuple[Block, ...] = ()
    for room in ROOMS:
        blocks = build(room)
        if size(blocks) <= MOST_CHARACTERS:
            break
    return blocks


def size(blocks: Sequence[Block]) -> int:
    """Characters of the blocks as they are sent."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _off(report: UsageReport) -> str:
    return ", ".join(wording.shown(team) for team in report.hashed_because[:5])


def _notes(report: UsageReport, page: Page) -> list[str]:
    beyond = [sentence("beyond", page=page)] if page.asked > page.pages else []
    return [*beyond, *report.query.guesses, *(note for note in report.notes if note not in report.query.guesses)]
