"""What a command finds around it: environment, clock and streams, handed in so that a test can hand in its own."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.printing.terminal import safe

if TYPE_CHECKING:
    from bot.settings import Settings
    from reporting_core.core import Core


@dataclass(frozen=True, slots=True)
class Around:
    """The process as a command sees it. Libraries that take long to load are loaded by the commands that need them."""

    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    out: TextIO
    err: TextIO
    keyboard: TextIO = field(default_factory=lambda: sys.stdin)

    def settings(self, account: str | None = None) -> "Settings":
        """Read the settings, for another account than the one that is set if one is named. Raises `SettingWrong`."""
        from bot import settings  # noqa: PLC0415 - `usagebot --help` does without

        return settings.read({**self.environment, **({"USAGEBOT_ACCOUNT": account} if account else {})})

    @contextmanager
    def core(self, account: str | None = None) -> Iterator["Core"]:
        """Open the account. Raises `SettingWrong`, `StoreBusy`."""
        from bot.opening import opened  # noqa: PLC0415 - `usagebot --help` does without

        with opened(self.settings(account), self.clock) as core:
            yield core

    def say(self, line: str) -> None:
        """Write a line of the answer. Names in it come from files and cannot reach into the terminal."""
        self.out.write(f"{safe(line)}\n")

    def announce(self, line: str) -> None:
        """Write a line at once, for whoever waits."""
        self.say(line)
        self.out.flush()

    def tell(self, line: str) -> None:
        """Write a line beside the answer, to standard error."""
        self.err.write(f"{safe(line)}\n")
        self.err.flush()


def around(context: typer.Context) -> Around:
    """Return what was handed to the command line."""
    found: Around = context.obj
    return found


def iso_date(text: str) -> date:
    """Read 2026-11-24."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-11-24.") from None


Account = Annotated[
    str | None, typer.Option("--account", metavar="NAME", help="The account, if not the one of USAGEBOT_ACCOUNT.")
]
