"""`usagebot team …` and `usagebot balance`: an operator's view and changes of teams."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around, iso_date
from reporting_core.words.errors import AskAgain
from reporting_core.words.names import fold

if TYPE_CHECKING:
    from reporting_core.core import Core
    from reporting_core.usecases.teams import TeamLine

app = typer.Typer(help="Teams: list, merge, personal data.")

TeamName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the team, in any case of letters.")]


@app.command("list")
def show(context: typer.Context, *, account: Account = None) -> None:
    """List the teams: personal data, newest Usage Report, days with daily data."""
    here = around(context)
    with here.core(account) as core:
        lines = core.teams()
    if not lines:
        here.say("No team is loaded yet. Load the vendor's exports with: usagebot import FILE…")
        return
    from bot.printing import listing  # noqa: PLC0415 - only where there is something to list

    heading = ["Team", "Personal data", "Usage Report of", "Daily data"]
    for line in listing.lines([heading, *(_cells(line) for line in lines)]):
        here.say(line)


def _cells(line: "TeamLine") -> list[str]:
    spans = [f"{first}" if first == last else f"{first} to {last}" for first, last in line.covered]
    shown = "shown" if line.personal_data else "hashed"
    return [line.name, shown, f"{line.reported_on or 'none'}", ", ".join(spans) or "none"]


@app.command("merge")
def merge(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="FROM", help="The team that ends.")],
    new: Annotated[str, typer.Argument(metavar="INTO", help="The team that gets its use and assignments.")],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Take the newest merge back, of these two teams.")] = False,
    account: Account = None,
) -> None:
    """Merge a team into another. It can be taken back until the next import that changes something."""
    here = around(context)
    with here.core(account) as core:
        was, into = core.merge_teams(old, new, undo=undo)
    if undo:
        here.say(f"“{was}” and “{into}” are two teams again.")
    else:
        here.say(f"“{was}” is now part of “{into}”. To take it back before the next import: the same with --undo.")


@app.command("personal-data")
def personal_data(
    context: typer.Context,
    name: TeamName,
    state: Annotated[Literal["on", "off"], typer.Argument(help="on: names are shown. off: names are hashed.")],
    *,
    account: Account = None,
) -> None:
    """Turn a team's personal data on or off. While it is off anywhere, everybody is hashed under All teams."""
    here = around(context)
    with here.core(account) as core:
        team = core.set_personal_data(name, shown=state == "on")
    here.say(f"Personal data of “{team}” is {state}: names are {'shown' if state == 'on' else 'hashed'}.")


def balance(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    name: TeamName,
    *,
    remaining: Annotated[float, typer.Option(min=0, help="Tokens that are left.")],
    purchased: Annotated[
        float | None, typer.Option(min=0, help="Tokens that were bought, if more than are left.")
    ] = None,
    expires: Annotated[
        date | None, typer.Option(parser=iso_date, metavar="DATE", help="Last day on which they can be used.")
    ] = None,
    as_of: Annotated[
        date | None, typer.Option(parser=iso_date, metavar="DATE", help="Day of these figures, if not today.")
    ] = None,
    account: Account = None,
) -> None:
    """Write down how many Flex tokens a team has left; the exports do not say."""
    here = around(context)
    with here.core(account) as core, TemporaryDirectory(prefix="usagebot-") as folder:
        team = _known(core, name)
        file = Path(folder) / "token_balances.csv"
        _write(file, [team, purchased or remaining, remaining, expires or "", as_of or here.clock().date()])
        result = core.load([file])
    _say(here, team, remaining, stored=bool(result.files[0].stored))


def _known(core: "Core", name: str) -> str:
    """Return the team's name as in the account: the file this writes would add a team that is misspelt."""
    known = [line.name for line in core.teams()]
    for team in known:
        if fold(team) == fold(name):
            return team
    from reporting_core import grammar  # noqa: PLC0415 - loaded with the core

    near = grammar.nearest(name, known)
    hint = f" Did you mean {' or '.join(f'“{each}”' for each in near)}?" if near else " No team is loaded yet."
    raise AskAgain(f"I know no team “{name}”.{hint}", near)


def _write(file: Path, row: list[object]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["team", "tokens_purchased", "tokens_remaining", "expires_on", "as_of"])
        writer.writerow(row)


def _say(here: Around, team: str, remaining: float, *, stored: bool) -> None:
    here.say(f"“{team}” has {remaining:,.10g} tokens left." if stored else "That was known already.")
