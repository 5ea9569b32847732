"""The report message: header, context, tiles, chart, table, caveats, buttons, in this order (features.md §1)."""

import json
from collections.abc import Mapping, Sequence

from handlers.sentences import sentence
from handlers.views import buttons, wording
from handlers.views.blocks import Block, Message, actions, context, header, mrkdwn, plain, section
from handlers.views.chart import chart
from handlers.views.paging import Page, page_of
from handlers.views.plain import as_text
from handlers.views.table import NARROWEST, WIDE, table
from handlers.views.tiles import flex_figures, flex_sentences, seat_sentences, subscription_figures, tiles
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Status

MOST_CHARACTERS = 13_000
"""What one message may hold in total, counted over its JSON (slack.md, Blocks)."""

LONGEST_COMMAND = 1_500


def message(report: UsageReport, reference: Mapping[str, str]) -> Message:
    """Return the whole answer. `reference` names the question in its buttons: {"q": canonical} or {"k": token}."""
    if not report.rows:
        return nothing(report, reference)
    page = page_of(report)
    text, row = headline(report, page), button_row(page, reference)
    return Message(
        text, _fitted(report, page, row), as_text(report, page, text, (*top(report, page), *tiles(report)), row)
    )


def nothing(report: UsageReport, reference: Mapping[str, str]) -> Message:
    """Say that nothing was found, and offer the nearest that exists instead of an empty table."""
    page = page_of(report)
    text = headline(report, page)
    counted = report.tiles.subscriptions.assigned or report.tiles.flex.users
    offers = [buttons.run(index, query) for index, query in enumerate(report.nearest[:3]) if buttons.fits(query)]
    blocks = [
        *top(report, page),
        *(tiles(report) if counted else ()),
        section(plain(sentence("nothing_found", offers=len(offers)))),
        *([actions("nearest", offers)] if offers else ()),
        *caveats(report),
        button_row(page, reference),
    ]
    return Message(text, tuple(blocks), Message(text, tuple(blocks)))


def headline(report: UsageReport, page: Page) -> str:
    """Return the text with the same numbers as the tiles; it is what screen readers and notifications read."""
    return sentence(
        "report",
        report=report,
        page=page,
        whose=_whose(report),
        seats=subscription_figures(report.tiles.subscriptions),
        flex=flex_figures(report.tiles.flex),
        remarks=[*seat_sentences(report), *flex_sentences(report)],
        caveats=said_caveats(report),
    )


def top(report: UsageReport, page: Page) -> list[Block]:
    """Return header, context and, where names are hashed, the banner."""
    title = f"{wording.shown(_whose(report), 80)} · {wording.dates(report.period)} (UTC)"
    elements = [
        mrkdwn(sentence("context_data", report=report)),
        plain(command_line(report.canonical)),
        mrkdwn(sentence("context_rows", report=report, page=page)),
        *(plain(wording.shown(note, 300)) for note in _notes(report, page)[:6]),
    ]
    banner = [context(plain(sentence("hashed", teams=_off(report))))] if report.hashed else []
    return [header(title), context(*elements), *banner]


def command_line(canonical: str) -> str:
    """Return the canonical question as it can be typed back, cut only where one message could not hold it."""
    line = f"/usage {canonical}"
    return line if len(line) <= LONGEST_COMMAND else f"{line[:LONGEST_COMMAND]}… (too long to show whole)"


def caveats(report: UsageReport) -> list[Block]:
    """Return what has to be known to read the figures right."""
    said = [plain(f"ⓘ {each}") for each in said_caveats(report)[:10]]
    return [context(*said)] if said else []


def said_caveats(report: UsageReport) -> list[str]:
    """The report's caveats; inactive people are never listed without the one about offline use."""
    said = [wording.shown(each, 500) for each in report.caveats]
    inactive = report.tiles.subscriptions.inactive or any(row.status is Status.INACTIVE for row in report.rows)
    if inactive and not any("offline" in each.casefold() for each in said):
        said.append(sentence("offline"))
    return said


def button_row(page: Page, reference: Mapping[str, str]) -> Block:
    """Return the buttons that work now: turning pages, and changing the question."""
    turning = []
    if page.number > 1:
        turning.append(buttons.turn("previous", "Previous", reference, page.number - 1))
    if page.number < page.pages:
        turning.append(buttons.turn("next", "Next", reference, page.number + 1))
    return actions("report", [*turning, buttons.change(reference)])


def _fitted(report: UsageReport, page: Page, row: Block) -> tuple[Block, ...]:
    for width in range(WIDE, NARROWEST, -2):
        blocks = _blocks(report, page, row, width)
        if size(blocks) <= MOST_CHARACTERS:
            return blocks
    return _blocks(report, page, row, NARROWEST)


def _blocks(report: UsageReport, page: Page, row: Block, width: int) -> tuple[Block, ...]:
    drawn = chart(report.chart)
    table_ = table(report, page, width)
    return (*top(report, page), *tiles(report), *drawn, table_, *caveats(report), row)


def size(blocks: Sequence[Block]) -> int:
    """Characters of the blocks as they are sent."""
    return len(json.dumps(blocks, ensure_ascii=False))


def _whose(report: UsageReport) -> str:
    return report.team or sentence("all_teams", count=report.team_count)


def _off(report: UsageReport) -> str:
    return ", ".join(wording.shown(team) for team in report.hashed_because[:5])


def _notes(report: UsageReport, page: Page) -> list[str]:
    beyond = [sentence("beyond", page=page)] if page.asked > page.pages else []
    return [*beyond, *report.query.guesses, *(note for note in report.notes if note not in report.query.guesses)]
