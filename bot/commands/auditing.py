"""`usagebot audit …`: whether the audit is whole, what it says, and all of it as a spreadsheet."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around
from bot.printing import contract
from reporting_core.words.errors import AskAgain

if TYPE_CHECKING:
    from reporting_core.usecases.auditing import Verified
    from reporting_core.words.audit import Line, Page

app = typer.Typer(help="The audit: who did what about seats, and when.")

BAD = 2
Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print it.")]
ASKED_BY = "an operator, on the command line"

Words = Annotated[list[str] | None, typer.Argument(metavar="[WORDS]", help="As “team=Design last=90d”.")]


@app.command("verify")
def verify(context: typer.Context, *, account: Account = None, form: Form = "text") -> None:
    """Look at every row, against its keyed hash and the marks outside the database. Status 2 if one is not right."""
    here = around(context)
    with here.core(account) as core:
        found = core.audit.verify()
    for warning in found.warnings:
        here.tell(f"Note: {warning}")
    if form == "json":
        from bot.printing import audit as printing  # noqa: PLC0415 - `usagebot --help` does without

        here.out.write(contract.written(printing.verified(found)))
    else:
        here.say(_verified(found))
    if not found.whole:
        raise typer.Exit(BAD)


@app.command("list")
def show(
    context: typer.Context,
    words: Words = None,
    *,
    account: Account = None,
    whole: Annotated[bool, typer.Option("--all", help="All rows, not one page.")] = False,
    form: Form = "text",
) -> None:
    """List rows, newest first, of the last 30 days unless other dates are named."""
    here = around(context)
    found = _page(here, account, words, whole=whole)
    if form == "json":
        from bot.printing import audit as printing  # noqa: PLC0415 - as above

        here.out.write(contract.written(printing.page(found)))
        return
    for line in found.lines:
        here.say(_told(line))
    here.say(f"{_counted(found.count, 'row')} from {found.first} to {found.last}.{_further(found)}")


@app.command("export")
def export(
    context: typer.Context,
    words: Words = None,
    *,
    account: Account = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The xlsx file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Let it replace a file that is there.")] = False,
) -> None:
    """Write rows as a spreadsheet, of the last 30 days unless other dates are named."""
    from handlers.views import audit_sheet  # noqa: PLC0415 - openpyxl takes long to load

    here = around(context)
    if out.exists() and not force:
        raise AskAgain(f"{out} is there already. Name another file with --out, or replace it with --force.")
    found = _page(here, account, words, whole=True)
    try:
        audit_sheet.write(found, out, audit_sheet.About(ASKED_BY, here.clock(), version("usagebot")))
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(out)) from error  # it names the half-made file beside it
    here.say(f"Wrote {out} ({_counted(len(found.lines), 'row')}).")


def _page(here: Around, account: str | None, words: Sequence[str] | None, *, whole: bool) -> "Page":
    with here.core(account) as core:
        return asyncio.run(core.audit.page(core.operator, " ".join(words or ()), whole=whole))


def _verified(found: "Verified") -> str:
    if found.finding is not None:
        return f"BROKEN at row {found.finding.seq:,}: {found.finding.what}"
    return f"The audit is whole: {_counted(found.rows, 'row')}, {_counted(found.marks, 'mark')} outside the database."


def _told(line: "Line") -> str:
    from handlers.views import audit as view  # noqa: PLC0415 - `usagebot --help` does without

    about = (line.person, view.product(line), line.team, view.more(line), view.reason(line), line.subject)
    said = " · ".join(filter(None, about))
    return f"{line.seq:>6}  {line.at:%Y-%m-%d %H:%M:%S}  {line.actor}  {view.kind(line)}: {said}"


def _further(found: "Page") -> str:
    if len(found.lines) == found.count:
        return ""
    next_page = f" The next: page={found.number + 1}." if found.number < found.pages else ""
    return f" Page {found.number:,} of {found.pages:,}.{next_page}"


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}{'s' if count != 1 else ''}"
