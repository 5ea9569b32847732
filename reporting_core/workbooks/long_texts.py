"""Texts that no cell can hold: they go in pieces on a sheet of their own, and their cell says where."""

from pathlib import Path
from tempfile import SpooledTemporaryFile

from reporting_core.workbooks.escaping import utf16
from reporting_core.workbooks.rendering import Renderer
from reporting_core.workbooks.tables import Column, Kind, Words

HEADER_ROWS = 1
IN_MEMORY = 1 << 20
"""Bytes from which the pieces lie on disk."""


def columns(words: Words) -> tuple[Column, ...]:
    """Return the columns of the sheet."""
    sheet, cell, piece, text = words.headings
    return (
        Column(sheet, width=16, format="@"),
        Column(cell, width=10, format="@"),
        Column(piece, Kind.NUMBER, width=8, format="0"),
        Column(text, width=120, format="@"),
    )


class LongTexts:
    """Collects the pieces as drawn rows, on disk when they get many: a hostile table can hold gigabytes of them."""

    def __init__(self, words: Words, styles: list[int], most: int, folder: Path) -> None:
        """Begin with none. `styles` are those of the sheet's columns, `most` is what a cell can hold."""
        self._words = words
        self._most = most
        self._renderer = Renderer(columns(words), styles, most, lambda text, _cell: text)
        self.drawn = SpooledTemporaryFile(IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed by `close`
        self.rows = 0
        self.texts = 0

    def close(self) -> None:
        """Let go of the pieces."""
        self.drawn.close()

    def keep(self, text: str, sheet: str, cell: str) -> str:
        """Keep a text; returns its beginning with the place of the whole."""
        row = self.rows + HEADER_ROWS + 1
        found = [(sheet, cell, number, piece) for number, piece in enumerate(self._pieces(text), 1)]
        self.drawn.write(self._renderer.rows(found, row))
        self.rows += len(found)
        self.texts += 1
        more = self._words.more.format(sheet=self._words.long_texts, row=row)
        return beginning(text, max(self._most - utf16(more), 0)) + more

    def _pieces(self, text: str) -> list[str]:
        pieces = []
        while text:
            pieces.append(beginning(text, self._most))
            text = text[len(pieces[-1]) :]
        return pieces


def beginning(text: str, most: int) -> str:
    """Return as many characters from the beginning as are not more than `most` in UTF-16."""
    kept = text[:most]
    while (over := utf16(kept) - most) > 0:
        kept = kept[: -max(over // 2, 1)]
    return kept
