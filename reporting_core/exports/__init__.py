"""Reading the vendor's export files, and the two hand-kept ones (domain.md §6): `read` and `locate`. Stores nothing.

Hostile and broken files are expected: everything is parsed in a child process (`child`), limited in memory and time.
"""

from reporting_core.exports.asking import FileFailure, Limits, Progress, ReadOptions
from reporting_core.exports.dates import asks_for_order
from reporting_core.exports.reading import Piece, locate, read

__all__ = ["FileFailure", "Limits", "Piece", "Progress", "ReadOptions", "asks_for_order", "locate", "read"]
