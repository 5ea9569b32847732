"""The audit as it is read: whether it is whole, and what it says to whoever may see it."""

import asyncio
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reporting_core.storage.auditing import FIRST, Chain, Sealed
from reporting_core.storage.checkpoints import Checkpoints, Mark
from reporting_core.storage.engines import Connection, Store
from reporting_core.usecases.audit_book import MOST, PAGE, Book
from reporting_core.words.audit import Line, Page
from reporting_core.words.errors import BadQuery
from reporting_core.words.people import Asker
from reporting_core.words.query import UsageQuery
from reporting_core.words.said import Said, say


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the audit, and at which row it begins."""

    seq: int
    what: Said


@dataclass(frozen=True, slots=True)
class Verified:
    """The rows looked at, the marks they were held against, and the first thing that is wrong, if any."""

    rows: int
    marks: int
    finding: Finding | None = None
    warnings: tuple[Said, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether nothing was found."""
        return self.finding is None


@dataclass(slots=True)
class Audit:
    """One account's audit. `marks` are outside the database; `read` reads typed words."""

    store: Store
    chain: Chain
    marks: Checkpoints
    clock: Callable[[], datetime]
    pseudonym: Callable[[int], str] = field(repr=False)
    read: Callable[[str, Asker], UsageQuery] = lambda _text, _asker: UsageQuery()

    def mark(self) -> None:
        """Write down outside the database how far the audit goes; to be called after what was recorded is committed."""
        with self.store.reading() as connection:
            newest = list(self.chain.rows(connection, max(0, self.chain.last(connection) - 1)))
        if newest:
            self.marks.add(Mark(newest[-1].seq, newest[-1].hash), self.clock())

    def rows(self) -> int:
        """Return the number of the newest row."""
        with self.store.reading() as connection:
            return self.chain.last(connection)

    def verify(self) -> Verified:
        """Look at every row and every mark; the first thing that is wrong is named."""
        marks, broken = self.marks.read()
        with self.store.reading() as connection:
            count, finding, hashes = self._rows(connection, {mark.seq for mark in marks})
        finding = _earlier(finding, _against(marks, hashes, count))
        return Verified(count, len(marks), finding, tuple(_warnings(self.marks, len(marks), broken)))

    def listed(self, asker: Asker, after: int = 0, most: int | None = None) -> list[Line]:
        """List rows, newest first: an owner sees all, an admin those of the own teams. Raises `NotAllowed`."""
        return self.book.listed(asker, after, most)

    async def page(self, asker: Asker, text: str = "", *, whole: bool = False) -> Page:
        """Return rows, newest first: the page that typed words name, or all that they pick.

        Raises `NotAllowed`, `AskAgain` (`BadQuery`).
        """

        def page() -> Page:
            query, today = self._query(text, asker), self.clock().date()
            return self.book.page(asker, query.turned_to(1) if whole else query, today, MOST if whole else PAGE)

        return await asyncio.to_thread(page)

    def _query(self, text: str, asker: Asker) -> UsageQuery:
        try:
            return self.read(text, asker)
        except BadQuery as error:
            error.corrected = None  # it would be run as a report
            raise

    @property
    def book(self) -> Book:
        """What is read of it."""
        return Book(self.store, self.chain, self.pseudonym)

    def _rows(self, connection: Connection, wanted: set[int]) -> tuple[int, Finding | None, dict[int, str]]:
        previous, count, finding, hashes = FIRST, 0, None, {}
        for count, row in enumerate(self.chain.rows(connection), 1):
            finding = finding or self._wrong(row, count, previous)
            previous = row.hash
            if row.seq in wanted:
                hashes[row.seq] = row.hash
        return count, finding, hashes

    def _wrong(self, row: Sealed, expected: int, previous: str) -> Finding | None:
        if row.seq != expected:
            return Finding(expected, say("Row {seq} is missing, or rows were put in or moved.", seq=str(expected)))
        if row.previous != previous:
            return Finding(row.seq, say("Row {seq} does not follow the row before it.", seq=str(row.seq)))
        if not hmac.compare_digest(row.hash, self.chain.seal(row)):
            return Finding(row.seq, say("Row {seq} was altered.", seq=str(row.seq)))
        return None


def audit_of(
    kept: tuple[Store, int, bytes],
    clock: Callable[[], datetime],
    pseudonym: Callable[[int], str],
    read: Callable[[str, Asker], UsageQuery],
) -> Audit:
    """Open the audit of an account: where it is kept, its id, the master key. The folder of its marks is set later."""
    store, account_id, master = kept
    chain, marks = Chain(account_id, master), Checkpoints(None, account_id, master)
    return Audit(store, chain, marks, clock, pseudonym, read)


def _against(marks: Sequence[Mark], hashes: dict[int, str], count: int) -> Finding | None:
    return next(_misses(marks, hashes, count), None)


def _misses(marks: Sequence[Mark], hashes: dict[int, str], count: int) -> Iterator[Finding]:
    for mark in sorted(marks, key=lambda mark: mark.seq):
        if mark.seq > count:
            last = max(each.seq for each in marks)
            gone = {"first": str(count + 1), "last": str(last)}
            yield Finding(count + 1, say("Rows {first} to {last} were cut off at the end.", **gone))
        elif hashes.get(mark.seq) != mark.hash:
            seq = str(mark.seq)
            yield Finding(mark.seq, say("Row {seq} is not the one that was marked outside the database.", seq=seq))


def _earlier(one: Finding | None, other: Finding | None) -> Finding | None:
    found = [each for each in (one, other) if each]
    return min(found, key=lambda each: each.seq, default=None)


def _warnings(marks: Checkpoints, count: int, broken: int) -> Iterator[Said]:
    if broken:
        yield say("{count} lines of the marks outside the database are altered or cut.", count=broken)
    if marks.path is None or not count:
        yield say("There are no marks outside the database, so rows cut off at the end would not be missed.")
