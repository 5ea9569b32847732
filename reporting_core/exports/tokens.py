"""Token Usage: charges are few, so each keeps its day and feature; and every charge, even of 0, is a day of use."""

from collections.abc import Sequence

from reporting_core.exports.asking import Refused
from reporting_core.exports.cells import Cells
from reporting_core.exports.daily import DailyFile
from reporting_core.exports.keys import month_of
from reporting_core.exports.rows import Chunk, of_lines
from reporting_core.words.imports import Refusal


class TokenFile:
    """Takes in the rows of a Token Usage file."""

    def __init__(self, cells: Cells, file: DailyFile) -> None:
        """Gather into the batches of `file`."""
        self._cells = cells
        self._file = file

    def take(self, chunk: Chunk) -> None:
        """Take in some rows."""
        self._file.gathered.refuse(chunk.broken)
        for row, line in of_lines(chunk):
            try:
                self._charge(row)
            except Refused as refused:
                self._file.gathered.refuse([Refusal(line, str(refused))])
        if len(self._file.batch.tokens) >= self._file.gathered.limits.batch_entries // 2:
            self._file.flush()

    def _charge(self, row: Sequence[str]) -> None:
        day = self._file.days.ordinal(row)
        amount = self._cells.milli(row, "tokens_used")
        if amount is None:
            raise Refused("Tokens used is blank")
        feature = self._cells.text(row, "feature")
        number = self._file.keys.known_number(row)
        charge = (number, day, feature)
        tokens = self._file.batch.tokens
        # A repeated row is one charge; of two that differ, the larger (repeated rows are one, features add up).
        tokens[charge] = max(amount, tokens.get(charge, 0))
        month, bit = month_of(day)
        self._file.batch.masks[number + month] |= bit
        self._file.gathered.tail.read += 1
