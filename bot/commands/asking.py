"""`usagebot ask`: a question in plain words, answered as in a direct message."""

import shutil
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around
from bot.printing import contract
from reporting_core.words.errors import AskAgain

if TYPE_CHECKING:
    from bot.printing.report import Screen
    from reporting_core.core import Core


class NothingAsked(AskAgain):
    """No question, or one that is too long to be one."""

    kind = "no_question"


def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="As “why is Ann inactive?”.")],
    *,
    account: Account = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print it.")] = "text",
) -> None:
    """Answer a question in plain words, about use or about what the numbers mean. Nothing is written down."""
    here = around(context)
    text = " ".join(question).strip()
    if not text:
        raise NothingAsked('Ask something, such as: usagebot ask "who in Design hasn\'t opened Revit for 90 days?"')
    with here.core(account) as core:
        here.out.write(_answered(here, core, text, form))


def _answered(here: Around, core: "Core", text: str, form: str) -> str:
    from bot.printing import asked as printing  # noqa: PLC0415 - `usagebot --help` does without
    from handlers import faq_entries  # noqa: PLC0415 - as above
    from reporting_core.usecases.asking import LONGEST  # noqa: PLC0415 - as above

    made_out = core.asking.make_out(text, core.operator, faq_entries)
    if len(text) > LONGEST and not made_out.canonical:
        raise NothingAsked(f"The question has {len(text):,} characters; I read up to {LONGEST:,}.")
    told = printing.told(core, text, made_out, _screen(here) if form == "text" else None)
    return told if form == "text" else contract.written(contract.asked(made_out, told))


def _screen(here: Around) -> "Screen":
    from bot.printing.report import Screen  # noqa: PLC0415 - as above

    on_screen = here.out.isatty()
    columns = shutil.get_terminal_size().columns if on_screen else None
    return Screen(columns, colours=on_screen and "NO_COLOR" not in here.environment)
