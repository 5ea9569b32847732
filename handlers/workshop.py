"""How spreadsheets are made and sent: what a test, or another machine, does in another way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers import progress, uploads
from handlers.views import spreadsheet
from handlers.views.spreadsheet import About, Written
from reporting_core.words.report import DayUse, UsageReport

Write = Callable[[UsageReport, Path, About, Callable[[int, int], None], Sequence[DayUse]], Written]


@dataclass(frozen=True, slots=True)
class Workshop:
    """`every`: seconds between two lines on how far it is; `looks`: see `uploads.LOOKS`."""

    write: Write = spreadsheet.write
    every: float = progress.EVERY
    looks: Sequence[float] = uploads.LOOKS
    folder: Path | None = None
    """Where files lie that are sent and not kept; None: where the system puts them."""
