"""`usagebot report`: the same answer as in Slack, as text, JSON for programs, a spreadsheet, or Slack's blocks."""

import asyncio
import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around, iso_date
from bot.printing import contract

if TYPE_CHECKING:
    from reporting_core.core import Core
    from reporting_core.words.report import UsageReport


def report(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    question: Annotated[
        list[str] | None, typer.Argument(metavar="QUESTION", help="As after /usage: “team=Design last=30d”.")
    ] = None,
    *,
    account: Account = None,
    as_of: Annotated[
        date | None,
        typer.Option(parser=iso_date, metavar="DATE", help="Answer as on that date, if not the newest with data."),
    ] = None,
    form: Annotated[
        Literal["text", "json", "blocks", "xlsx"],
        typer.Option("--format", help="How to print it; xlsx writes a spreadsheet."),
    ] = "text",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file instead.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Let a spreadsheet replace a file that is there.")] = False,
) -> None:
    """Answer a question about use, for all teams. Rows are all rows of the answer, riskiest first."""
    here = around(context)
    if form == "xlsx":
        from bot.commands.spreadsheet import Target, made  # noqa: PLC0415 - openpyxl takes long to load

        with here.core(account) as core:
            made(here, core, " ".join(question or ()), as_of, Target(out, force=force))
        return
    with here.core(account) as core:
        answer = core.answer(" ".join(question or ()), core.operator, as_of=as_of)
        printed = _printed(here, core, answer, form if out is None or form != "text" else "file")
    if out is None:
        here.out.write(printed)
    else:
        out.write_text(printed, encoding="utf-8")


def _printed(here: Around, core: "Core", answer: "UsageReport", form: str) -> str:
    if form == "json":
        return contract.written(contract.report(answer))
    if form == "blocks":
        return contract.written(_blocks(core, answer))
    from bot.printing import report as printing  # noqa: PLC0415 - programs that read JSON do without

    on_screen = form == "text" and here.out.isatty()
    columns = shutil.get_terminal_size().columns if on_screen else None
    return printing.text(answer, printing.Screen(columns, colours=on_screen and "NO_COLOR" not in here.environment))


def _blocks(core: "Core", answer: "UsageReport") -> dict[str, object]:
    from handlers.views import buttons, spoken  # noqa: PLC0415 - only for this format
    from handlers.views import report as view  # noqa: PLC0415 - as above

    question = spoken.first_page(answer.query)
    short = len(question) <= buttons.LONGEST_QUESTION
    reference = {"q": question} if short else {"k": asyncio.run(core.keep(core.operator, question))}
    message = view.message(answer, reference)
    return {"text": message.text, "blocks": list(message.blocks)}
