"""`usagebot import`: loads the vendor's exports, shows how far it is, and accounts for every row."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around, iso_date
from bot.printing import contract
from bot.printing.terminal import one_line

if TYPE_CHECKING:
    from reporting_core.exports import Progress
    from reporting_core.words.imports import ImportResult

REFUSED = 2
INTERRUPTED = 130

Hear = Callable[["Progress"], None]


def load(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Exports, CSV or XLSX, in any order; “*.csv” for all of them.")
    ],
    *,
    account: Account = None,
    dates: Annotated[
        Literal["dmy", "mdy"] | None,
        typer.Option(help="Order of day and month, where the dates of a file can be read both ways."),
    ] = None,
    first: Annotated[
        date | None,
        typer.Option(
            "--from", parser=iso_date, metavar="DATE", help="First day the exports cover, if not the first in them."
        ),
    ] = None,
    last: Annotated[
        date | None,
        typer.Option(
            "--to", parser=iso_date, metavar="DATE", help="Last day the exports cover, if not the last in them."
        ),
    ] = None,
    exported_on: Annotated[
        date | None,
        typer.Option(
            parser=iso_date, metavar="DATE", help="When the exports were made, if not on the newest date in them."
        ),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Allow the exports to take away more than a tenth of the use known so far."),
    ] = False,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print the result.")] = "text",
) -> None:
    """Load exports of the vendor. Their kind is told by their columns; the same file twice changes nothing."""
    from reporting_core.usecases.staging import LoadOptions  # noqa: PLC0415 - `usagebot --help` does without

    here = around(context)
    options = LoadOptions(dates, first, last, exported_on, replace)
    _in_order(options.first, options.last)
    with here.core(account) as core, progress(here, files) as hear:
        try:
            result = core.load(files, options, hear)
        except KeyboardInterrupt:
            here.tell("Stopped. Nothing was stored.")
            raise typer.Exit(INTERRUPTED) from None
    _show(here, result, form)
    if any(file.error for file in result.files) and not any(file.stored or file.unchanged for file in result.files):
        raise typer.Exit(REFUSED)


def _in_order(first: date | None, last: date | None) -> None:
    if first and last and first > last:
        raise typer.BadParameter(f"--from {first} is after --to {last}.")


def _show(here: Around, result: "ImportResult", form: str) -> None:
    from bot.printing import imported  # noqa: PLC0415 - not needed for JSON

    if form == "json":
        here.out.write(contract.written(contract.imported(result)))
    else:
        here.out.write(imported.text(result))


@contextmanager
def progress(here: Around, files: Sequence[Path]) -> Iterator[Hear]:
    """Show a bar on a terminal, and a line for each file elsewhere."""
    if here.err.isatty():
        with _bars(here, files) as hear:
            yield hear
    else:
        yield _lines(here)


def _lines(here: Around) -> Hear:
    begun: set[str] = set()

    def hear(progress: "Progress") -> None:
        if progress.file not in begun:
            begun.add(progress.file)
            here.tell(f"Reading {one_line(progress.file)} …" if progress.file else "Storing …")

    return hear


@contextmanager
def _bars(here: Around, files: Sequence[Path]) -> Iterator[Hear]:
    from rich import progress as bars  # noqa: PLC0415 - only on a terminal
    from rich.console import Console  # noqa: PLC0415 - as above

    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TextColumn("{task.fields[rows]:,} rows"),
        bars.TimeElapsedColumn(),
    )
    sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
    with bars.Progress(*columns, console=Console(file=here.err), transient=True) as shown:
        whole = shown.add_task("Reading", total=sum(sizes), rows=0)
        done: dict[str, tuple[int, int]] = {}

        def hear(progress: "Progress") -> None:
            if not progress.file:
                shown.update(whole, description="Storing", completed=sum(sizes), rows=progress.rows)
                return
            done[progress.file] = progress.done_bytes, progress.rows
            read, rows = (sum(counts) for counts in zip(*done.values(), strict=True))
            shown.update(whole, description=f"Reading {one_line(progress.file)}", completed=read, rows=rows)

        yield hear
