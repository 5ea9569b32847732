"""Small tables of words, each column as wide as its widest cell."""

from collections.abc import Iterator, Sequence

from bot.printing.terminal import one_line, padded, width


def lines(grid: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Return the lines of a table; the columns in `right` hold numbers."""
    safe = [[one_line(cell) for cell in line] for line in grid]
    widths = [max(width(line[place]) for line in safe) for place in range(len(safe[0]))]
    for line in safe:
        cells = (
            padded(cell, wide, right=place in right)
            for place, (cell, wide) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()
