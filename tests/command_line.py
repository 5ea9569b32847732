"""The command line in this process, with a clock, an environment and streams of its own; and a few small exports."""

import io
import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bot import cli
from bot.commands.around import Around

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

REPORT = """team,email,first_name,last_name,offering_name,access_option,seat_assignment,assigned_date,last_accessed,\
days_inactive
Design,ann@example.com,Ann,Lee,Revit,Subscription,Assigned,2026-01-10,2026-11-24,0
Design,ben@example.com,Ben,Kay,Revit,Subscription,Assigned,2026-01-10,,
Design,gus@example.com,Gus,Oh,AutoCAD,Flex,Assigned,2026-01-10,2026-11-23,1
"""
USAGE = """day_used,email,first_name,last_name,team,access_option,offering_name,product_name
2026-10-01,ann@example.com,Ann,Lee,Design,Subscription,Revit,Revit
2026-11-23,gus@example.com,Gus,Oh,Design,Flex,AutoCAD,AutoCAD
2026-11-24,ann@example.com,Ann,Lee,Design,Subscription,Revit,Revit
"""
TOKENS = """day_used,email,first_name,last_name,offering_name,team,feature,tokens_used
2026-11-23,gus@example.com,Gus,Oh,AutoCAD,Design,,7
"""


class Terminal(io.StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


class Ran(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """Somewhere to type commands; `files` is where exports lie."""

    url: str
    files: Path
    environment: dict[str, str] = field(default_factory=dict)
    now: datetime = NOW

    def around(self, *, terminal: bool = False, types: str = "") -> Around:
        stream = Terminal if terminal else io.StringIO
        own = {"USAGEBOT_DATABASE_URL": self.url, "USAGEBOT_DATA": str(self.files / "data")}
        return Around(own | self.environment, lambda: self.now, stream(), stream(), stream(types))

    def __call__(self, *arguments: str, terminal: bool = False, types: str = "") -> Ran:
        around = self.around(terminal=terminal, types=types)
        status = cli.run(arguments, around)
        assert isinstance(around.out, io.StringIO)
        assert isinstance(around.err, io.StringIO)
        return Ran(status, around.out.getvalue(), around.err.getvalue())

    def file(self, name: str, text: str) -> str:
        path = self.files / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def stocked(self) -> "Shell":
        """Import the small company: Ann works, Ben does not, Gus pays by the day."""
        names = [self.file("report.csv", REPORT), self.file("usage.csv", USAGE), self.file("tokens.csv", TOKENS)]
        assert self("import", *names).status == 0
        return self


def environment_of(shell: Shell) -> dict[str, str]:
    """Return the environment of a process that types in this shell."""
    own = {"USAGEBOT_DATABASE_URL": shell.url, "USAGEBOT_DATA": str(shell.files / "data")}
    return {**os.environ, **own, **shell.environment}
