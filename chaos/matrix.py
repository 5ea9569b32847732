"""Every kind of person tries every act, through every door, at every place; what may happen stands in a table.

The tables, one a theme, were written from what is promised, not from the code.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from chaos.acts import Try
from chaos.rights import ACTORS, EMAILS, QUESTION, USERS, Stage, stage
from chaos.schedule_acts import SCHEDULES
from chaos.seat_acts import SEATS
from reporting_core.words.errors import UsagebotError

THEMES = (SEATS, SCHEDULES)
ACTS = {act: theme for theme in THEMES for act in theme.rows}
SURFACES = ("core", "command", "message", "form", "home", "sent", "typed")
PLACES = ("direct", "private", "public", "shared", "elsewhere")
CHANNELS = {"direct": "D1", "private": "C1", "public": "C2", "shared": "C3", "elsewhere": "C1"}
NOBODY = {"typed"}
"""Doors through which nobody changes anything: a sentence is answered, not obeyed."""


@dataclass(frozen=True)
class Cell:
    actor: str
    act: str
    surface: str
    place: str

    @property
    def exists(self) -> bool:
        """Tell whether there is such a door for such an act."""
        there = ACTS[self.act].has(self.act, self.surface)
        return there and (self.surface != "core" or self.place == PLACES[0])

    @property
    def promised(self) -> bool:
        """Look it up in the table of its theme."""
        if self.place == "elsewhere" or self.surface in NOBODY:
            return False
        return ACTS[self.act].may(self.act, self.actor)


@dataclass
class Tally:
    what: str
    cells: int = 0
    allowed: int = 0
    by_surface: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def line(self) -> str:
        doors = ", ".join(f"{count} {surface}" for surface, count in self.by_surface.items())
        return f"{self.what}: {self.cells} cells ({doors}), {self.allowed} allowed; {len(self.wrong)} wrong"


def cells() -> list[Cell]:
    every = (Cell(*each) for each in product(ACTORS, ACTS, SURFACES, PLACES))
    return [each for each in every if each.exists]


async def run(database: tuple[str, str, Path], every: int, dice: Random) -> list[Tally]:
    """Try one in so many cells; and the same without any set-up, where nobody may do anything."""
    _name, url, folder = database
    found = []
    for what, empty in (("set up", False), ("nothing set up", True)):
        tally = Tally(what)
        some = [each for each in cells() if dice.random() * every < 1]
        here = f"{url.removesuffix('.db')}-{what.replace(' ', '-')}.db"
        async with stage(here, folder, empty=empty) as opened:
            await drawn(opened)
            for cell in some:
                await _tried(tally, opened, cell, may=cell.promised and not empty)
        found.append(tally)
    return found


async def drawn(here: Stage) -> None:
    """Have the form drawn that is sent by others later, as somebody could by hand."""
    allowed = here.core.rules
    here.core.rules = type(allowed)(owners=frozenset({EMAILS["owner"]}))
    await here.bot.command(f"unassign {QUESTION}", USERS["owner"])
    drawn = [call for call in here.bot.slack.calls if call.method == "views.update"]
    here.form = dict(drawn[-1].arguments["view"])
    here.core.rules = allowed


async def _tried(tally: Tally, here: Stage, cell: Cell, *, may: bool) -> None:
    here.all_back()
    theme = ACTS[cell.act]
    tried = Try(here, cell.act, cell.actor, await theme.set_up(here, cell.act, cell.actor))
    here.bot.slack.calls.clear()
    shown = False
    with suppress(UsagebotError):
        shown = bool(await _DOORS.get(cell.surface, _pressed)(tried, cell))
    happened = shown or (await theme.happened(tried))
    tally.cells += 1
    tally.allowed += happened
    tally.by_surface[cell.surface] += 1
    if happened != may:
        tally.wrong.append(f"{cell}: {'happened' if happened else 'did not happen'}")
    if "incident" in str([call.arguments for call in here.bot.slack.posted]):
        tally.wrong.append(f"{cell}: an incident")
    if cell.place == "shared" and tried.names_aloud:
        tally.wrong.append(f"{cell}: a name where another organisation reads along")


async def _by_the_core(tried: Try, cell: Cell) -> bool:
    asker = await tried.here.asker(tried.user)
    return await ACTS[cell.act].by_core(tried, asker)


async def _by_command(tried: Try, cell: Cell) -> None:
    text = ACTS[cell.act].commands[cell.act].format(**tried.names)
    await tried.here.bot.command(text, tried.user, **_place(cell))


async def _pressed(tried: Try, cell: Cell) -> None:
    action_id, value = ACTS[cell.act].buttons[cell.act]
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value.format(**tried.names)}
    body = tried.here.bot.pressing(action, tried.user) | _interaction(cell)
    if cell.surface == "message":
        body["channel"] = {"id": CHANNELS[cell.place]}
    else:
        del body["channel"], body["response_url"]
        kind = "home" if cell.surface == "home" else "modal"
        body["view"] = {"type": kind, "id": "V7", "private_metadata": "", "blocks": []}
        body["container"] = {"type": "view", "view_id": "V7"}
    await tried.here.bot.dispatch(body)


async def _sent(tried: Try, cell: Cell) -> None:
    view = {"type": "modal", **ACTS[cell.act].form(tried), "id": f"V{next(tried.here.numbers)}"}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": tried.user, "team_id": "T1"}, "view": view}
    await tried.here.bot.dispatch(body | _interaction(cell))


async def _typed(tried: Try, cell: Cell) -> None:
    words = ACTS[cell.act].commands.get(cell.act, f"{cell.act} {{token}}").format(**tried.names)
    kind = "im" if cell.place == "direct" else "channel"
    event = {"type": "message", "channel": CHANNELS[cell.place], "channel_type": kind, "user": tried.user}
    event |= {"text": words, "ts": f"{next(tried.here.numbers)}.1"}
    if kind == "channel":
        event = {**event, "type": "app_mention", "text": f"<@UBOT> {words}"}
    await tried.here.bot.event(event, **({"team_id": "T9"} if cell.place == "elsewhere" else {}))


def _place(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"channel_id": CHANNELS[cell.place]}
    return found | ({"team_id": "T9"} if cell.place == "elsewhere" else {})


def _interaction(cell: Cell) -> dict[str, Any]:
    return {"team": {"id": "T9"}} if cell.place == "elsewhere" else {}


_DOORS: dict[str, Callable[[Try, Cell], Awaitable[object]]] = {
    "core": _by_the_core,
    "command": _by_command,
    "sent": _sent,
    "typed": _typed,
}
