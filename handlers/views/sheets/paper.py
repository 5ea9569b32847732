"""How the small sheets look: titles, lines of text, heads of columns, colours. The same in all of them."""

from collections.abc import Sequence
from datetime import date

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reporting_core.workbooks import FACE, printed, put

DATE, COUNT, DECIMAL, AMOUNT, TEXT = "yyyy-mm-dd", "#,##0", "#,##0.0", "#,##0.0##", "@"
"""Number formats. The ISO date is read the same everywhere."""

LINE_HEIGHT = 15.5
ACCENT, GREY, WARNING = "1F3864", "595959", "C55A11"
TITLE = Font(FACE, 16, bold=True, color=ACCENT)
SECTION = Font(FACE, 12, bold=True, color=ACCENT)
BOLD = Font(FACE, 11, bold=True)
QUIET = Font(FACE, 11, color=GREY)
LOUD = Font(FACE, 11, bold=True, color=WARNING)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_INDENTED = Alignment(horizontal="left", vertical="top", indent=1, wrap_text=True)
RIGHT = Alignment(horizontal="right", vertical="top")
_TOP = Alignment(vertical="top")
_LINE = Border(bottom=Side("thin", color="D9D9D9"))
_SHADED = PatternFill("solid", fgColor="F2F2F2")


def sheet(page: Worksheet, widths: Sequence[float]) -> None:
    """Prepare a sheet that is read like a page: no grid, columns as wide as told."""
    page.sheet_view.showGridLines = False
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    printed(page)


def text(page: Worksheet, place: str, words: str, font: Font | None = None, *, across: str = "") -> Cell:
    """Write a text, over several columns up to `across` if need be; returns its cell."""
    cell = put(page[place], words)
    cell.alignment = _WRAPPED if across else _TOP
    if font:
        cell.font = font
    if across:
        page.merge_cells(f"{place}:{across}{cell.row}")
        # Merged cells do not grow by themselves.
        grown(page, cell.row, words, sum(page.column_dimensions[column].width for column in _columns(place, across)))
    return cell


def _columns(place: str, across: str) -> list[str]:
    first = place.rstrip("0123456789")
    return [get_column_letter(number) for number in range(ord(first) - 64, ord(across) - 63)]


def figure(page: Worksheet, place: str, value: float | date | str | None, form: str) -> Cell:
    """Write a number, a date or a formula."""
    cell: Cell = page[place]
    cell.value, cell.number_format, cell.alignment = value, form, _TOP
    return cell


def ruled(page: Worksheet, row: int, columns: Sequence[str], *, shaded: bool = False) -> None:
    """Draw a line under a row."""
    for column in columns:
        page[f"{column}{row}"].border = _LINE
        if shaded:
            page[f"{column}{row}"].fill = _SHADED


def grown(page: Worksheet, row: int, words: str, width: float) -> None:
    """Make a row as high as a text needs in so many characters a line."""
    page.row_dimensions[row].height = LINE_HEIGHT * max(1, -(-len(words) // int(width * 1.1)))


def wrapped(cell: Cell) -> Cell:
    """Let a long text go on below in its cell."""
    cell.alignment = _INDENTED
    return cell
