"""The spreadsheets as handlers use them; `reporting_core.usecases.exporting` is what stands behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from reporting_core.words.people import Asker
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import Claimed, Fetched, Spreadsheet


class Shelf(Protocol):
    """Spreadsheets of reports: asked for, made once, kept, handed out to whoever may have them."""

    def clock(self) -> datetime:
        """Return the time by which files are kept."""

    async def version(self) -> int:
        """Return the version of the data; asked before a report, whose data are then no older."""

    async def request(self, asker: Asker, report: UsageReport, version: int, flavour: str = ...) -> Claimed:
        """Say whose turn it is to make the spreadsheet of a report, or to send the one that is there."""

    async def alive(self, token: str) -> None:
        """Say that somebody is still at it."""

    async def made(self, token: str, rows: int) -> Fetched:
        """Note that the file is whole, and return it."""

    async def settled(self, token: str, reason: str = ...) -> None:
        """Note that the file was sent, or for what reason it was not."""

    async def failed(self, token: str, reason: str) -> None:
        """Note that the file could not be made."""

    async def listed(self, asker: Asker) -> Sequence[Spreadsheet]:
        """List what this person asked for in the last two weeks, newest first."""

    async def file_of(self, asker: Asker, token: str) -> Fetched:
        """Return a file that this person may have now, or why it is withheld."""

    async def take(self, token: str) -> bool:
        """Take the turn to send a file that is there; False if somebody is sending it."""

    async def delete(self, asker: Asker, token: str) -> bool:
        """Delete a file of this person's; False if there is none."""

    async def expire(self) -> int:
        """Delete the files whose time is over; returns how many."""
