"""What the matrix tries, by theme: who may do it, through which doors, how it comes about, what shows that it did."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chaos.rights import ACTORS, USERS, Stage
from reporting_core.words.people import Asker

HANDS = ("message", "form", "home")
"""Places in which a button may stand, or be put by hand."""

Names = dict[str, Any]
"""What a command, a button or a form is filled in with, such as the seat and the token of a schedule."""


@dataclass(frozen=True)
class Try:
    """One act of one person, and what it is about."""

    here: Stage
    act: str
    actor: str
    names: Names

    @property
    def user(self) -> str:
        return USERS[self.actor]

    @property
    def said(self) -> str:
        """Whatever anybody may have seen."""
        return str([call.arguments for call in self.here.bot.slack.calls])

    @property
    def names_aloud(self) -> bool:
        """Tell whether a name was put where something was typed or pressed, be it for one reader alone."""
        here = [call for call in self.here.bot.slack.calls if call.method in {"response", "chat.postEphemeral"}]
        return "Canary Lee" in str([call.arguments for call in here])

    @property
    def in_forms(self) -> str:
        """What was shown in forms, which whoever pressed sees alone."""
        calls = [call.arguments for call in self.here.bot.slack.calls if call.method.startswith("views.")]
        return str([each for each in calls if (each.get("view") or {}).get("type") == "modal"])


@dataclass(frozen=True)
class Theme:
    """Acts of one kind: in the core but for some, by command, button and form.

    What shows a list stands in no form. `by_core` is true where what the core returns shows what was wanted.
    """

    table: str
    not_in_core: frozenset[str]
    not_in_forms: frozenset[str]
    commands: Mapping[str, str]
    buttons: Mapping[str, tuple[str, str]]
    forms: Mapping[str, str]
    set_up: Callable[[Stage, str, str], Awaitable[Names]]
    form: Callable[[Try], Mapping[str, Any]]
    by_core: Callable[[Try, Asker], Awaitable[bool]]
    happened: Callable[[Try], Awaitable[bool]]

    @property
    def rows(self) -> dict[str, list[str]]:
        """The marks of each act, in the order of `ACTORS`."""
        _head, *lines = self.table.strip().splitlines()
        return {line[:18].strip(): line[18:].split() for line in lines}

    def may(self, act: str, actor: str) -> bool:
        """Look it up in the table."""
        return self.rows[act][ACTORS.index(actor)] == "+"

    def has(self, act: str, surface: str) -> bool:
        """Tell whether there is such a door for such an act; a sentence is tried of everything."""
        if surface == "form" and act in self.not_in_forms:
            return False
        doors = {"command": self.commands, "sent": self.forms, **dict.fromkeys(HANDS, self.buttons)}
        return act in doors.get(surface, self.rows) and (surface != "core" or act not in self.not_in_core)

    @property
    def ids(self) -> set[str]:
        """Ids of buttons and forms that are tried."""
        return {id_ for id_, _value in self.buttons.values()} | set(self.forms.values())
