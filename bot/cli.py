"""The command line of usagebot: which commands there are, and how errors and interruptions end them."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import TextIO

import typer

from bot.commands import asking, auditing, importing, keeping, people, reporting, schedules, seats, serving, teams
from bot.commands.around import Around
from bot.printing import contract, faults
from reporting_core.words.errors import AskAgain, UsagebotError

WRONG = 2
INTERRUPTED = 130
UNREAD = 1
"""As Typer ends when it meets the broken pipe first."""

app = typer.Typer(
    name="usagebot",
    help="Who uses which seats and tokens of an Autodesk account, in Slack and in the terminal.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("demo")(serving.demo)
app.command("import")(importing.load)
app.command("report")(reporting.report)
app.command("ask")(asking.ask)
app.add_typer(teams.app, name="team")
app.command("balance")(teams.balance)
app.add_typer(people.app, name="people")
app.command("unassign")(seats.unassign)
app.command("undo")(seats.undo)
app.command("exempt")(seats.exempt)
app.command("exemptions")(seats.exemptions)
app.add_typer(auditing.app, name="audit")
app.add_typer(schedules.app, name="schedules")
app.command("run")(serving.run)
app.command("check")(keeping.check)
app.add_typer(keeping.app, name="db")


def main() -> int:
    """Run the command that the process was started with; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        # A name may hold letters that the terminal's encoding lacks; JSON is UTF-8 whatever the terminal is.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return run(sys.argv[1:], Around(os.environ, lambda: datetime.now(UTC), sys.stdout, sys.stderr))
    except BrokenPipeError:
        # Whoever read our output has gone, as in `usagebot report | head`. What is left must not be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD


def run(arguments: Sequence[str], around: Around) -> int:
    """Run one command; returns the exit status. Raises BrokenPipeError when nobody reads the output any more."""
    try:
        status = app(list(arguments) or ["--help"], prog_name="usagebot", standalone_mode=False, obj=around)
        around.out.flush()
    except UsagebotError as error:
        return _failed(around, arguments, error)
    except typer.TyperException as error:
        return _failed(around, arguments, _Mistyped(_usage(error)))
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        return _failed(around, arguments, _File(f"{error.filename or 'A file'}: {error.strerror or error}."))
    return status if isinstance(status, int) else 0


class _Mistyped(AskAgain):
    """A command line that names what does not exist."""

    kind = "usage"


class _File(AskAgain):
    """A file or folder that cannot be read or written."""

    kind = "file"


def _usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    hint = f"\nSee: {context.command_path} --help" if context else ""
    # Typer hands on how pydantic, which it reads values with, begins its sentences.
    return f"{error.format_message().replace('Value error, ', '')}{hint}"


def _failed(around: Around, arguments: Sequence[str], error: UsagebotError) -> int:
    if _wants_json(arguments):
        _write(around.out, contract.written(contract.error(error)))
    _write(around.err, faults.text(error))
    return WRONG


def _wants_json(arguments: Sequence[str]) -> bool:
    """Tell whether JSON was asked for, also where the rest of the command line makes no sense."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())
