"""The book as openpyxl makes it: a large table's sheet without its rows, and cells for the small sheets."""

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as NativeTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from reporting_core.workbooks.escaping import spelt
from reporting_core.workbooks.tables import Column, Kind

DARK, LINE = "1F3864", "D9D9D9"
FACE = "Calibri"
"""Named, since a program takes any other where the name is left out."""
HEADING = Font(FACE, 11, bold=True, color="FFFFFF")
HEADING_FILL = PatternFill("solid", fgColor=DARK)
NUMBERS = Alignment(vertical="top")
TEXTS = Alignment(horizontal="left", vertical="top", indent=1)
"""A number to the left of a text would else touch it."""
MIDDLE = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
MIDDLE_RIGHT = Alignment(horizontal="right", vertical="center", wrap_text=True)
UNDERLINED = Border(bottom=Side("thin", color=LINE))
HEADING_HEIGHT = 48


def put(cell: Cell, text: str) -> Cell:
    """Write a text that stays one, whatever it begins with or holds."""
    cell.value = spelt(text) or None
    if text:
        cell.data_type = "s"
    return cell


def heading(cell: Cell, text: str, *, right: bool = False) -> Cell:
    """Write the head of a column, on the side on which its values stand."""
    put(cell, text).font = HEADING
    cell.fill, cell.alignment = HEADING_FILL, MIDDLE_RIGHT if right else MIDDLE
    return cell


def table_sheet(book: Workbook, title: str, columns: Sequence[Column], rows: int) -> Worksheet:
    """Add a sheet for so many rows: everything around them, and one row that only carries the cells' styles."""
    sheet: Worksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = HEADING_HEIGHT
    last = max(rows, 1) + 1
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        heading(sheet[f"{letter}1"], column.heading, right=column.kind is not Kind.TEXT)
        sheet.column_dimensions[letter].width = column.width
        sample = sheet[f"{letter}2"]
        sample.number_format, sample.border = column.format, UNDERLINED
        sample.alignment = TEXTS if column.kind is Kind.TEXT else NUMBERS
        for word, colour in column.colours.items():
            rule = CellIsRule("equal", [f'"{word}"'], font=Font(FACE, color=colour, bold=True))  # type: ignore[no-untyped-call]
            sheet.conditional_formatting.add(f"{letter}2:{letter}{last}", rule)
    names = [column.heading for column in columns]
    sheet.add_table(native_table(title, names, f"A1:{get_column_letter(len(columns))}{last}"))
    printed(sheet)
    sheet.print_title_rows = "1:1"
    return sheet


def styles(sheet: Worksheet) -> list[int]:
    """Return the numbers of the styles that the cells of a table's sheet have."""
    return [cell.style_id for cell in sheet[2]]


def native_table(title: str, headings: Sequence[str], ref: str) -> NativeTable:
    """Make a table, as the program calls it, over cells whose first row holds the headings; it has a filter."""
    table = NativeTable(displayName=title.replace(" ", "_"), ref=ref)
    # Given by hand: openpyxl would make every cell of the range to look for the headings.
    table.autoFilter = AutoFilter(ref=ref)
    table.tableColumns = [TableColumn(id=number, name=name) for number, name in enumerate(headings, 1)]
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    return table


def printed(sheet: Worksheet) -> None:
    """Lay a sheet out for paper: its whole width on a page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if sheet.oddFooter and sheet.oddFooter.center:
        sheet.oddFooter.center.text = "&P / &N"
