"""Every kind of person tries every act, through every door, at every place; what may happen stands in a table.

The table was written from what is promised (who administers a team changes its seats; any admin may stop, owners alone
start and set rules; guests, strangers and whoever left get nothing), not from the code.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

from chaos.rights import ACTORS, EMAILS, QUESTION, REASON, USERS, Stage, stage
from reporting_core.usecases.seats.exempting import Wish
from reporting_core.words.errors import UsagebotError
from tests.company import TODAY

ACTS = ("look", "take", "second", "undo", "settle", "exempt", "unexempt", "stop", "allow", "audit")
TABLE = """
owner            + + + + + + + + + +
primary admin    + + + + + + + + - +
secondary admin  + + + + + + + + - +
SSO admin        + + + + + + + + - +
admin elsewhere  - - - - - - - + - -
contract manager - - - - - - - - - -
user             - - - - - - - - - -
reporter         - - - - - - - - - -
guest            - - - - - - - - - -
stranger         - - - - - - - - - -
deactivated      - - - - - - - - - -
"""
SURFACES = ("core", "command", "message", "form", "home", "sent", "typed")
PLACES = ("direct", "private", "public", "shared", "elsewhere")
CHANNELS = {"direct": "D1", "private": "C1", "public": "C2", "shared": "C3", "elsewhere": "C1"}
NOBODY = {"typed"}
"""Doors through which nobody changes anything: a sentence is answered, not obeyed."""

COMMANDS = {
    "look": f"unassign {QUESTION}",
    "second": "unassign second {batch}",
    "undo": "undo {token}",
    "exempt": f"exempt {QUESTION} until=2026-12-24 reason={REASON}",
    "stop": "unassign off",
    "allow": "unassign on",
    "audit": "audit",
}
BUTTONS = {
    "look": ("unassign_row", '{{"a":{seat}}}'),
    "second": ("seats_second", '{{"b":"{batch}"}}'),
    "undo": ("seats_undo", '{{"t":"{token}"}}'),
    "settle": ("seats_settled", '{{"t":"{token}"}}'),
    "unexempt": ("exempt_undo", '{{"x":"{token}"}}'),
    "stop": ("seats_stop", "{{}}"),
    "allow": ("seats_go", "{{}}"),
    "audit": ("audit_newer", '{{"q":""}}'),
}
EFFECTS = {
    "take": "SELECT 1 FROM seat_actions WHERE change = 'unassign' AND state <> 'refused'",
    "second": "SELECT 1 FROM seat_actions WHERE state <> 'second'",
    "undo": "SELECT 1 FROM seat_actions WHERE change = 'assign'",
    "settle": "SELECT 1 FROM seat_actions WHERE state <> 'person'",
    "exempt": "SELECT 1 FROM exemptions",
    "unexempt": "SELECT 1 FROM exemptions WHERE removed_at IS NOT NULL",
}


@dataclass(frozen=True)
class Cell:
    actor: str
    act: str
    surface: str
    place: str

    @property
    def exists(self) -> bool:
        """Tell whether there is such a door for such an act."""
        buttons = tuple(BUTTONS)
        doors = {"command": tuple(COMMANDS), "message": buttons, "form": buttons, "home": buttons, "sent": ("take",)}
        if self.surface == "core":
            return self.place == PLACES[0]
        return self.act in doors.get(self.surface, ACTS)


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


def expected(cell: Cell) -> bool:
    """Look it up in the table."""
    rows = {line[:17].strip(): line[17:].split() for line in TABLE.strip().splitlines()}
    if cell.place == "elsewhere" or cell.surface in NOBODY:
        return False
    return rows[cell.actor][ACTS.index(cell.act)] == "+"


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
                await _tried(tally, opened, cell, may=expected(cell) and not empty)
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
    names = await _set(here, cell.act)
    here.bot.slack.calls.clear()
    shown = False
    with suppress(UsagebotError):
        shown = bool(await _DOORS.get(cell.surface, _pressed)(here, cell, names))
    happened = shown or await _has_happened(here, cell)
    tally.cells += 1
    tally.allowed += happened
    tally.by_surface[cell.surface] += 1
    if happened != may:
        tally.wrong.append(f"{cell}: {'happened' if happened else 'did not happen'}")
    if "incident" in str([call.arguments for call in here.bot.slack.posted]):
        tally.wrong.append(f"{cell}: an incident")


async def _set(here: Stage, act: str) -> dict[str, Any]:
    """Bring about what the act is about."""
    core, found = here.core, {"token": "none", "batch": "none", "seat": here.seat}
    match act:
        case "second":
            await core.seats.set_policy(core.operator, "second_above", "0")
            found["token"] = await here.begun()
        case "undo":
            found["token"] = await here.begun(done=True)
        case "settle":
            found["token"] = await here.begun()
            here.write("UPDATE seat_actions SET state = 'person'")
        case "unexempt" | "audit":
            found["token"] = await here.exempted()
        case "allow":
            await core.seats.set_policy(core.operator, "switched_on", "off")
    found["batch"] = next(iter(here.read("SELECT batch FROM seat_actions")), "none")
    return found


async def _has_happened(here: Stage, cell: Cell) -> bool:
    if cell.surface == "core" and cell.act in {"look", "audit"}:
        return False  # what was returned says it
    match cell.act:
        case "look":
            # The form, not a report: who reads reports may be shown one by a sentence.
            drawn = [call for call in here.bot.slack.calls if call.method.startswith("views.")]
            return "Canary Lee" in str([call.arguments for call in drawn if "home" not in str(call.arguments)[:200]])
        case "audit":
            return REASON in str([call.arguments for call in here.bot.slack.calls])
        case "stop":
            return not (await here.core.seats.policy()).switched_on
        case "allow":
            return (await here.core.seats.policy()).switched_on
    return bool(here.read(EFFECTS[cell.act]))


async def _by_the_core(here: Stage, cell: Cell, names: dict[str, Any]) -> object:
    asker, core = await here.asker(USERS[cell.actor]), here.core
    calls: dict[str, Callable[[], Awaitable[Any]]] = {
        "look": lambda: core.seats.preview(asker, [here.seat]),
        "take": lambda: core.seats.confirm(asker, f"core {next(here.numbers)}", [(here.seat, here.print)]),
        "second": lambda: core.seats.second(asker, names["batch"]),
        "undo": lambda: core.seats.undo(asker, names["token"]),
        "settle": lambda: core.seats.settle(asker, names["token"], done=True),
        "exempt": lambda: core.seats.exempt(asker, _wish(here)),
        "unexempt": lambda: core.seats.unexempt(asker, names["token"]),
        "stop": lambda: core.seats.set_policy(asker, "switched_on", "off"),
        "allow": lambda: core.seats.set_policy(asker, "switched_on", "on"),
        "audit": lambda: core.audit.page(asker, ""),
    }
    found = await calls[cell.act]()
    if cell.act == "look":
        return any(each.allowed for each in found)
    return cell.act == "audit" and REASON in str(found)


def _wish(here: Stage) -> Wish:
    ((team, person),) = here.rows(f"SELECT team_id, person_id FROM assignments WHERE id = {here.seat}")
    return Wish(team, person, None, TODAY.replace(month=12), REASON)


async def _by_command(here: Stage, cell: Cell, names: dict[str, Any]) -> None:
    text = COMMANDS[cell.act].format(**names)
    await here.bot.command(text, USERS[cell.actor], **_place(cell))


async def _pressed(here: Stage, cell: Cell, names: dict[str, Any]) -> None:
    action_id, value = BUTTONS[cell.act]
    action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value.format(**names)}
    body = here.bot.pressing(action, USERS[cell.actor]) | _interaction(cell)
    if cell.surface == "message":
        body["channel"] = {"id": CHANNELS[cell.place]}
    else:
        body.pop("channel")
        kind = "home" if cell.surface == "home" else "modal"
        body["view"] = {"type": kind, "id": "V7", "private_metadata": "", "blocks": []}
        body["container"] = {"type": "view", "view_id": "V7"}
    await here.bot.dispatch(body)


async def _sent(here: Stage, cell: Cell, _names: dict[str, Any]) -> None:
    user = USERS[cell.actor]
    view = {"type": "modal", **here.form, "id": f"V{next(here.numbers)}", "state": {"values": {}}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "view": view}
    await here.bot.dispatch(body | _interaction(cell))


async def _typed(here: Stage, cell: Cell, names: dict[str, Any]) -> None:
    words = COMMANDS.get(cell.act, f"{cell.act} {{token}}").format(**names)
    kind = "im" if cell.place == "direct" else "channel"
    event = {"type": "message", "channel": CHANNELS[cell.place], "channel_type": kind, "user": USERS[cell.actor]}
    event |= {"text": words, "ts": f"{next(here.numbers)}.1"}
    if kind == "channel":
        event = {**event, "type": "app_mention", "text": f"<@UBOT> {words}"}
    await here.bot.event(event, **({"team_id": "T9"} if cell.place == "elsewhere" else {}))


def _place(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"channel_id": CHANNELS[cell.place]}
    return found | ({"team_id": "T9"} if cell.place == "elsewhere" else {})


def _interaction(cell: Cell) -> dict[str, Any]:
    return {"team": {"id": "T9"}} if cell.place == "elsewhere" else {}


_DOORS: dict[str, Callable[[Stage, Cell, dict[str, Any]], Awaitable[object]]] = {
    "core": _by_the_core,
    "command": _by_command,
    "sent": _sent,
    "typed": _typed,
}
