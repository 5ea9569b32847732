"""Writing xlsx files: openpyxl builds the book, rows of large sheets are streamed. Reports are not known here."""

from reporting_core.workbooks.skeleton import FACE, heading, native_table, printed, put
from reporting_core.workbooks.streaming import Around, Known, sheets_of, write
from reporting_core.workbooks.tables import Column, Kind, Limits, Row, Table, Value, Words, Written, WrongCount

__all__ = (
    "FACE",
    "Around",
    "Column",
    "Kind",
    "Known",
    "Limits",
    "Row",
    "Table",
    "Value",
    "Words",
    "Written",
    "WrongCount",
    "heading",
    "native_table",
    "printed",
    "put",
    "sheets_of",
    "write",
)
