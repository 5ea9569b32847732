"""`usagebot report --format xlsx`: the spreadsheet that Slack delivers, as a file here."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from bot.commands.around import Around
from handlers.views import spreadsheet
from handlers.views.table import whose_use
from reporting_core.core import Core
from reporting_core.words.errors import AskAgain
from reporting_core.words.report import UsageReport

ASKED_BY = "an operator, on the command line"
_LONGEST_NAME = 40

Hear = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the file goes; without a path its name says what is in it. `force` lets it replace another."""

    path: Path | None
    force: bool


class FileExists(AskAgain):
    """There is a file of that name, and nobody said that it may go."""

    kind = "file"

    def __init__(self, path: Path) -> None:
        """Say what to type instead."""
        super().__init__(f"{path} is there already. Name another file with --out, or replace it with --force.")


def made(here: Around, core: Core, question: str, as_of: date | None, target: Target) -> None:
    """Write the spreadsheet of a question and say where it is. Raises `FileExists`, `OSError`, and as `answer`."""
    if target.path is not None:
        _free(target.path, target)
    answer = core.answer(question, core.operator, as_of=as_of)
    path = target.path or Path(name(answer))
    _free(path, target)
    about = spreadsheet.About(ASKED_BY, here.clock(), version("usagebot"))
    daily = core.daily_use(answer.query, core.operator, as_of=as_of)
    with _progress(here) as hear:
        written = _written(lambda: spreadsheet.write(answer, path, about, hear, daily), path)
    rows = f"{written.rows:,} row{'s' if written.rows != 1 else ''}"
    here.say(f"Wrote {path} ({rows}, {max(written.size // 1024, 1):,} KB).")


def name(answer: UsageReport) -> str:
    """Return a name that says what is in the file: `usage-design-2026-10-26-to-2026-11-24.xlsx`."""
    letters = unicodedata.normalize("NFKD", whose_use(answer)).casefold()
    whose = re.sub(r"[^\w]+", "-", "".join(sign for sign in letters if not unicodedata.combining(sign))).strip("-_")
    return f"usage-{whose[:_LONGEST_NAME] or 'team'}-{answer.period.first}-to-{answer.period.last}.xlsx"


def _written(write: Callable[[], spreadsheet.Written], path: Path) -> spreadsheet.Written:
    try:
        return write()
    except OSError as error:
        # It names the half-made file beside the one that was asked for.
        raise OSError(error.errno, error.strerror, str(path)) from error


def _free(path: Path, target: Target) -> None:
    if path.exists() and not target.force:
        raise FileExists(path)


@contextmanager
def _progress(here: Around) -> Iterator[Hear | None]:
    if not here.err.isatty():
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415 - only on a terminal
    from rich.console import Console  # noqa: PLC0415 - as above

    columns = (
        bars.TextColumn("Writing"),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TextColumn("{task.completed:,} rows"),
        bars.TimeElapsedColumn(),
    )
    with bars.Progress(*columns, console=Console(file=here.err), transient=True) as shown:
        whole = shown.add_task("", total=None)
        yield lambda done, total: shown.update(whole, completed=done, total=total)
