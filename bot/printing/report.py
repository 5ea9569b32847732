"""A report for the terminal: the same figures and words as in Slack, with every row of the answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.printing.terminal import cut, one_line, padded, width
from handlers.sentences import sentence
from handlers.views import wording
from handlers.views.paging import Page
from handlers.views.report import nothing_found
from handlers.views.table import Column, columns_of, whose_use
from handlers.views.tiles import flex_figures, flex_sentences, seat_sentences, subscription_figures
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import Status

GAP = "  "
NARROWEST = 10
"""Columns of the screen below which a name would say nothing."""

COLOURS = {
    Status.ACTIVE: 32,
    Status.INACTIVE: 31,
    Status.NOT_YET_ACTIVE: 33,
    Status.UNKNOWN: 35,
    Status.UNASSIGNED: 90,
    Status.NOT_APPLICABLE: 36,
}
"""SGR codes. The word stands beside the colour, which nobody needs to see."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the text goes: as wide as the terminal and in colours, or to a file, where nothing is cut."""

    columns: int | None = None
    colours: bool = False


def text(report: UsageReport, screen: Screen) -> str:
    """Return the whole answer, ending in a line break."""
    parts = [_head(report), _tiles(report)]
    parts.append("\n".join(_table(report, screen)) if report.rows else _nothing(report))
    if report.caveats:
        parts.append("\n".join(f"* {one_line(each)}" for each in report.caveats))
    return "\n\n".join(parts) + "\n"


def _head(report: UsageReport) -> str:
    title = f"{wording.shown(whose_use(report), 200)} · {wording.dates(report.period)} (UTC)"
    lines = [title, one_line(report.canonical), _scope(report)]
    if report.hashed:
        lines.append(sentence("hashed", teams=", ".join(map(wording.shown, report.hashed_because))))
    return "\n".join([*lines, *(one_line(note) for note in report.notes)])


def _scope(report: UsageReport) -> str:
    through = f"Data through {wording.day(report.data_through)}" if report.data_through else "No daily data loaded"
    as_of = "" if report.as_of == report.data_through else f" · as of {wording.day(report.as_of)}"
    shown = len(report.rows)
    of = wording.counted(report.row_count, "row")
    return f"{through}{as_of} · {of if shown == report.row_count else f'the first {wording.number(shown)} of {of}'}"


def _tiles(report: UsageReport) -> str:
    groups = (
        ("Subscriptions", subscription_figures(report), seat_sentences(report)),
        ("Flex", flex_figures(report), flex_sentences(report)),
    )
    # A group that `access=` leaves out has no figures.
    told = [(*_tile_lines(title, figures), *said) for title, figures, said in groups if figures]
    return "\n".join(line for lines in told for line in lines)


def _tile_lines(title: str, figures: Sequence[tuple[str, str]]) -> list[str]:
    widths = [max(len(label), len(figure)) for label, figure in figures]
    labels = GAP.join(padded(label, wide, right=True) for (label, _), wide in zip(figures, widths, strict=True))
    numbers = GAP.join(padded(figure, wide, right=True) for (_, figure), wide in zip(figures, widths, strict=True))
    return [f"{padded(title, 15)}{labels}", f"{' ' * 15}{numbers}"]


def _nothing(report: UsageReport) -> str:
    near = [f"  {one_line(query)}" for query in report.nearest]
    return "\n".join([nothing_found(report, len(near)), *near])


def _table(report: UsageReport, screen: Screen) -> Iterator[str]:
    count = len(report.rows)
    columns = columns_of(report, Page(report.rows, 1, 1, 1, count, 1))
    grid = [[_words(column, row) for column in columns] for row in report.rows]
    widths = _widths([[column.heading for column in columns], *grid], _bendable(columns), screen.columns)
    numeric = [column.number is not None for column in columns]
    yield _line([column.heading for column in columns], widths, numeric)
    yield GAP.join("─" * wide for wide in widths)
    place = next(index for index, column in enumerate(columns) if column.name == "status")
    for row, cells in zip(report.rows, grid, strict=True):
        yield _line(cells, widths, numeric, _painter(row, place) if screen.colours else None)


def _words(column: Column, row: Row) -> str:
    # The symbol is two columns wide in some fonts and one in others; a terminal has colours instead.
    return wording.status_word(row.status) if column.name == "status" else column.words(row, 200)


def _bendable(columns: Sequence[Column]) -> list[int]:
    return [
        index for index, column in enumerate(columns) if column.name in {"person", "product", "team", "assigned_by"}
    ]


def _widths(grid: Sequence[Sequence[str]], bendable: Sequence[int], columns: int | None) -> list[int]:
    """Return the widths of the columns; where the screen is too narrow, names give way, the longest first."""
    widths = [max(width(line[place]) for line in grid) for place in range(len(grid[0]))]
    while columns and sum(widths) + len(GAP) * (len(widths) - 1) > columns:
        widest = max(bendable, key=lambda place: widths[place])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _line(
    cells: Sequence[str],
    widths: Sequence[int],
    numeric: Sequence[bool],
    paint: Callable[[int, str], str] | None = None,
) -> str:
    filled = [
        padded(cut(cell, wide), wide, right=right) for cell, wide, right in zip(cells, widths, numeric, strict=True)
    ]
    if paint:
        filled = [paint(place, cell) for place, cell in enumerate(filled)]
    return GAP.join(filled).rstrip()


def _painter(row: Row, status: int) -> Callable[[int, str], str]:
    def paint(place: int, cell: str) -> str:
        return f"\x1b[{COLOURS[row.status]}m{cell}\x1b[0m" if place == status else cell

    return paint
