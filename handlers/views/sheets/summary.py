"""The summary: each tile as the message said it, beside a formula that works it out anew from the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from handlers.sentences import label, sentence
from handlers.views import tiles, wording
from handlers.views.sheets import paper, rows
from handlers.views.sheets.paper import AMOUNT, COUNT, DATE, DECIMAL
from handlers.views.sheets.rows import Tally
from handlers.views.table import whose_use
from reporting_core.metrics.figures import months, tokens, tokens_a_month
from reporting_core.words.query import PICKING_KEYS
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Access, Status
from reporting_core.workbooks import FACE, heading

WIDTHS = (34, 16, 16, 20, 78)
LETTERS = "ABCDE"
_EXACT = 0.0005
_MONTH = 30

Result = float | str


class Figure(NamedTuple):
    """A line: what the message said, the formula and what it comes to, and what must be known about it."""

    name: str
    said: float | None
    formula: str = ""
    result: float | None = None
    note: str = ""
    form: str = COUNT


def picks(report: UsageReport) -> bool:
    """Tell whether the rows are only some of what the tiles count (features.md §2)."""
    return report.query.top is not None or any(report.query.of(key) for key in PICKING_KEYS)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where formulas look: the sheets of rows with the number of their rows, and the sheet of days."""

    rows: Sequence[tuple[str, int]]
    days: str
    day_columns: tuple[str, str]
    day_count: int
    use_total: int

    def ranges(self, column: str) -> list[str]:
        """Return a column's cells, one range for each sheet of rows."""
        letter = get_column_letter(rows.COLUMNS.index(column) + 1)
        return [f"{_quoted(sheet)}!${letter}$2:${letter}${max(count, 1) + 1}" for sheet, count in self.rows]

    def count(self, **wanted: str) -> str:
        """Write how many rows have these words in these columns."""
        return self._all("COUNTIFS", list(wanted.items()))

    def total(self, column: str, **wanted: str) -> str:
        """Write what the numbers of a column add up to, over rows with these words."""
        return self._all("SUMIFS", list(wanted.items()), column)

    def _all(self, function: str, wanted: Sequence[tuple[str, str]], summed: str = "") -> str:
        columns = [self.ranges(column) for column, _word in wanted]
        sums = self.ranges(summed) if summed else [""] * len(self.rows)
        terms = []
        for sheet, first in enumerate(sums):
            pairs = [f'{column[sheet]},"{word}"' for column, (_, word) in zip(columns, wanted, strict=True)]
            terms.append(f"{function}({','.join([*([first] if first else []), *pairs])})")
        return "+".join(terms)

    def use(self) -> str:
        """Write what all days of use add up to."""
        first, last = self.day_columns
        return f"SUM({_quoted(self.days)}!${first}$2:${last}${max(self.day_count, 1) + 1})"


def _quoted(sheet: str) -> str:
    return f"'{sheet}'"


class Summary:
    """Fills the sheet from the top down, and notes what each formula comes to."""

    def __init__(self, report: UsageReport, tally: Tally, sources: Sources) -> None:
        self.report = report
        self.tally = tally
        self.sources = sources
        self.results: dict[str, Result] = {}
        self.places: dict[str, int] = {}
        self.row = 1

    def add_to(self, book: Workbook) -> dict[str, Result]:
        """Add the sheet; returns what its formulas come to."""
        page = book.create_sheet(label("spreadsheet.sheet_summary"))
        paper.sheet(page, WIDTHS)
        self._head(page)
        self._range(page)
        self._figures(page)
        self._explained(page)
        return self.results

    def _head(self, page: Worksheet) -> None:
        report = self.report
        paper.text(page, "A1", f"{whose_use(report)} · {wording.dates(report.period)} (UTC)", paper.TITLE)
        page.row_dimensions[1].height = 24
        paper.text(page, "A2", sentence("spreadsheet_how"), paper.QUIET, across="E")
        self.row = 3
        if picks(report):
            told = sentence("spreadsheet_picked", report=report, shown=len(report.rows))
            paper.text(page, "A3", told, paper.LOUD, across="E")
            self.row = 4

    def _range(self, page: Worksheet) -> None:
        period, row = self.report.period, self.row + 1
        self.places |= {"dates": row + 2, "months": row + 3}
        formula = "" if period.months else f"=MAX(1,B{row + 2}/{_MONTH})"
        lines: tuple[tuple[str, float | date | str | None, str], ...] = (
            ("first", period.first, DATE),
            ("last", period.last, DATE),
            ("dates", f"=B{row + 1}-B{row}+1", COUNT),
            ("months", formula or period.months, AMOUNT),
        )
        for place, (name, value, form) in enumerate(lines, row):
            paper.text(page, f"A{place}", label(f"spreadsheet.{name}"))
            paper.figure(page, f"B{place}", value, form)
        self.results[f"B{row + 2}"] = period.days
        if formula:
            self.results[f"B{row + 3}"] = float(months(period))
        self.row = row + 5

    def _figures(self, page: Worksheet) -> None:
        names = ("figure", "said", "from_rows", "check", "note")
        for letter, name in zip(LETTERS, names, strict=True):
            heading(page[f"{letter}{self.row}"], label(f"spreadsheet.{name}"), right=letter in "BCD")
        first = self.row + 1
        groups = (("subscriptions", Access.SUBSCRIPTION, self._seats), ("flex", Access.FLEX, self._flex))
        for title, access, figures in groups:
            if tiles.counts(self.report, access):
                self._section(page, label(f"tiles.{title}"))
                figures(page)
        self._section(page, label("spreadsheet.use"))
        self._line(page, self._use())
        self._coloured(page, f"D{first}:D{self.row}")

    def _section(self, page: Worksheet, title: str) -> None:
        self.row += 1
        paper.text(page, f"A{self.row}", title, paper.BOLD)
        paper.ruled(page, self.row, LETTERS, shaded=True)

    def _seats(self, page: Worksheet) -> None:
        seats, assigned = self.report.tiles.subscriptions, self.tally.seats.total()
        self._line(page, Figure("seats", seats.seats, note=label("spreadsheet.note_seats")))
        count, yes = self.sources.count, {"access": wording.access(Access.SUBSCRIPTION), "assigned": rows.yes()}
        self._line(page, Figure("assigned", seats.assigned, count(**yes), assigned))
        bought, held = self.places["seats"], self.places["assigned"]
        # Seats bought minus picked rows would say nothing.
        left = None if seats.seats is None or picks(self.report) else seats.seats - assigned
        formula = "" if left is None else f"B{bought}-C{held}"
        self._line(page, Figure("available", seats.available, formula, left, label("spreadsheet.note_available")))
        parts = {"active": seats.active, "inactive": seats.inactive}
        parts |= {"not_yet_active": seats.not_yet_active, "unknown": seats.unknown}
        for name, said in parts.items():
            status = Status(name)
            if said is None:
                self._line(page, Figure(name, None, note=wording.told(self.report.withheld.get(name, ""))))
            else:
                formula = count(status=wording.status_word(status), **yes)
                self._line(page, Figure(name, said, formula, self.tally.seats[status]))

    def _flex(self, page: Worksheet) -> None:
        flex, used = self.report.tiles.flex, self.tally.millitokens
        total = self.sources.total("tokens_used", access=wording.access(Access.FLEX))
        # Of an assignment that is gone and whose use was corrected away the charges stay.
        unlisted = flex.tokens_used - tokens(used) > _EXACT and not picks(self.report)
        note = label("spreadsheet.note_tokens_unlisted") if unlisted else ""
        self._line(page, Figure("tokens_used", flex.tokens_used, f"ROUND({total},3)", tokens(used), note, AMOUNT))
        note = label("spreadsheet.note_tokens_remaining")
        self._line(page, Figure("tokens_remaining", flex.tokens_remaining, note=note, form=AMOUNT))
        users = "+".join(f"SUM({each})" for each in self.sources.ranges("flex_user"))
        note = label("spreadsheet.note_users").format(column=rows.heading("flex_user"))
        self._line(page, Figure("users", flex.users, users, self.tally.flex_users, note))
        period, at = self.report.period, self.places["tokens_used"]
        # One division, so that what lies in the middle between two figures is rounded up here as it is there.
        divided = f"C{at}/B{self.places['months']}" if period.months else f"C{at}*30/MAX(30,B{self.places['dates']})"
        average = tokens_a_month(used, months(period))
        note = label("spreadsheet.note_monthly_average")
        self._line(page, Figure("monthly_average", flex.monthly_average, f"ROUND({divided},1)", average, note, DECIMAL))

    def _use(self) -> Figure:
        said = sum(point.subscription + point.flex for point in self.report.chart.points)
        note = label("spreadsheet.note_usage_days").format(sheet=self.sources.days)
        return Figure("usage_days", said, self.sources.use(), self.sources.use_total, note)

    def _line(self, page: Worksheet, line: Figure) -> None:
        self.row += 1
        row = self.places[line.name] = self.row
        group = "spreadsheet" if line.name == "usage_days" else "tiles"
        paper.text(page, f"A{row}", label(f"{group}.{line.name}"))
        paper.figure(page, f"B{row}", wording.EMPTY if line.said is None else line.said, line.form)
        paper.wrapped(paper.text(page, f"E{row}", line.note, paper.QUIET))
        paper.grown(page, row, line.note, WIDTHS[-1])
        if line.result is not None:
            paper.figure(page, f"C{row}", f"={line.formula}", line.form)
            self.results[f"C{row}"] = line.result
        if line.said is not None and line.result is not None:
            self._check(page, row, same=abs(line.said - line.result) < _EXACT, whole=line.name == "usage_days")
        for letter in "BCD":
            page[f"{letter}{row}"].alignment = paper.RIGHT
        paper.ruled(page, row, LETTERS)

    def _check(self, page: Worksheet, row: int, *, same: bool, whole: bool) -> None:
        other = "picked" if picks(self.report) and not whole else "differs"
        equal, unequal = label("spreadsheet.equal"), label(f"spreadsheet.{other}")
        page[f"D{row}"] = f'=IF(ABS(C{row}-B{row})<{_EXACT},"{equal}","{unequal}")'
        self.results[f"D{row}"] = equal if same else unequal

    def _coloured(self, page: Worksheet, cells: str) -> None:
        first = cells.partition(":")[0]
        for word, colour in (("equal", "2E7D32"), ("differs", "C00000"), ("picked", paper.WARNING)):
            formula = f'{first}="{label(f"spreadsheet.{word}")}"'
            rule = FormulaRule([formula], font=Font(FACE, color=colour, bold=True))  # type: ignore[no-untyped-call]
            page.conditional_formatting.add(cells, rule)

    def _explained(self, page: Worksheet) -> None:
        told = [*tiles.seat_sentences(self.report), *tiles.flex_sentences(self.report)]
        for row, line in enumerate(told, self.row + 2):
            paper.text(page, f"A{row}", line, across="E")
