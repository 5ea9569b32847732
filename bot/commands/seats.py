"""`usagebot unassign`, `undo`, `exempt`, `exemptions`: seats taken back by an operator, with the checks of Slack."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, Around, around
from bot.printing import contract
from reporting_core.words.errors import AskAgain, StoreBusy

if TYPE_CHECKING:
    from bot.printing.seats import Told
    from reporting_core.core import Core
    from reporting_core.words.seats import Action, Verdict

NOT_ALL = 3
"""Exit status when some seats are not as they were wanted."""

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print it.")]


class NotConfirmed(AskAgain):
    """Nobody said that it may be done."""

    kind = "not_confirmed"


def unassign(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="As “team=Design user=ann product=Revit”.")],
    *,
    account: Account = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    form: Form = "text",
) -> None:
    """Take seats back: all that a question picks and no rule keeps. Status 3 if some were not taken."""
    here, text = around(context), " ".join(question)
    with _seats(here, account) as core:
        verdicts = _picked(core, text)
        done = dry_run or _confirmed(here, verdicts, form, yes=yes)
        told = _previewed(verdicts) if dry_run else asyncio.run(_taken(core, verdicts)) if done else []
    if not done:
        raise NotConfirmed("Nothing was changed.")
    _print(here, told, form, dry_run=dry_run)
    _leave(told, dry_run=dry_run)


def undo(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="ID", help="Of the action, as unassign printed it.")],
    *,
    account: Account = None,
    form: Form = "text",
) -> None:
    """Give a seat back that was taken. Status 3 if it was not, or not yet."""
    here = around(context)
    with _seats(here, account) as core:
        told = [asyncio.run(_undone(core, number))]
    _print(here, told, form)
    _leave(told)


def exempt(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="As “user=ann product=Revit until=2027-01-31 reason=parental leave”."),
    ],
    *,
    account: Account = None,
) -> None:
    """Keep somebody's seat whatever its use, until a date and for a reason."""
    here = around(context)
    with here.core(account) as core:
        kept = asyncio.run(core.seat_rules.exempt(core.operator, " ".join(words)))
    product = kept.product or "every product"
    here.say(f"{kept.person} keeps {product} in {kept.team} until {kept.exemption.until}: {kept.exemption.reason}.")
    here.say(f"To end it: usagebot exemptions --end {kept.exemption.token}")


def exemptions(
    context: typer.Context,
    *,
    account: Account = None,
    end: Annotated[str, typer.Option("--end", metavar="ID", help="End this one.")] = "",
    form: Form = "text",
) -> None:
    """List who keeps a seat whatever its use, those that end first in front."""
    here = around(context)
    with here.core(account) as core:
        if end and not asyncio.run(core.seat_rules.unexempt(core.operator, end)):
            raise AskAgain(f"There is no exemption {end}. See: usagebot exemptions")
        found = asyncio.run(core.cards.kept(core.operator))
    if form == "json":
        from bot.printing import audit as printing  # noqa: PLC0415 - `usagebot --help` does without

        here.out.write(contract.written(printing.exemptions(found)))
        return
    for kept in found:
        exemption = kept.exemption
        about = (
            f"{kept.person} · {kept.product or 'every product'} · {kept.team}, by {exemption.by}: {exemption.reason}"
        )
        here.say(f"{exemption.token}  until {exemption.until}  {about}")
    if not found:
        here.say("Nobody is exempt.")


@contextmanager
def _seats(here: Around, account: str | None) -> Iterator["Core"]:
    """Open the account with whoever carries actions out. Raises `SettingWrong`, `StoreBusy`."""
    from bot.opening import provided  # noqa: PLC0415 - `usagebot --help` does without

    with here.core(account) as core:
        core.seats.provided_by(provided(here.settings(account), core))
        yield core


def _picked(core: "Core", text: str) -> Sequence["Verdict"]:
    from reporting_core.usecases.seats.confirming import MOST  # noqa: PLC0415 - as above

    ids = core.seats.rows(text, core.operator, None)
    if not ids:
        raise AskAgain("The question picks no seat. Ask it as a report first: usagebot report QUESTION")
    if len(ids) > MOST:
        raise AskAgain(f"The question picks {len(ids):,} rows; unassign at most {MOST} in one go.")
    return asyncio.run(core.seats.preview(core.operator, ids))


def _previewed(verdicts: Sequence["Verdict"]) -> list["Told"]:
    from bot.printing import seats as printing  # noqa: PLC0415 - as above

    return printing.previewed(verdicts)


def _confirmed(here: Around, verdicts: Sequence["Verdict"], form: str, *, yes: bool) -> bool:
    """Ask, on a terminal; where nobody sits at one, only --yes counts. Raises `NotConfirmed`."""
    count = sum(each.allowed for each in verdicts)
    if yes or not count:
        return True
    if not (here.keyboard.isatty() and here.err.isatty()):
        raise NotConfirmed("Nobody can be asked here. Look at it with --dry-run, then add --yes.")
    from bot.printing import seats as printing  # noqa: PLC0415 - as above

    for line in printing.lines(printing.previewed(verdicts)):
        here.tell(line) if form == "json" else here.announce(line)
    here.tell(f"Take {count:,} seat{'s' if count != 1 else ''} back? Type yes:")
    return here.keyboard.readline().strip().casefold() in {"yes", "y"}


async def _taken(core: "Core", verdicts: Sequence["Verdict"]) -> list["Told"]:
    from bot.printing import seats as printing  # noqa: PLC0415 - as above

    told = [each for each in printing.previewed(verdicts) if each.outcome == printing.REFUSED]
    seats = [(each.seat.assignment_id, each.seat.print) for each in verdicts if each.allowed]
    if not seats:
        return told
    batch = core.token()
    confirmed = await core.seats.confirm(core.operator, batch, seats)
    if not confirmed.needs_second:
        await _carry_out(core, confirmed.actions)
    return [*printing.carried_out(await core.cards.card(core.operator, batch)), *told]


async def _carry_out(core: "Core", actions: Sequence["Action"]) -> None:
    for action in actions:
        with suppress(StoreBusy):  # the bot, or the next one to start, carries it out
            await core.seats.carry_out(action.token)


async def _undone(core: "Core", number: str) -> "Told":
    from bot.printing import seats as printing  # noqa: PLC0415 - as above
    from reporting_core.usecases.seats.machine import OPERATOR  # noqa: PLC0415 - as above

    begun = await core.seats.undo(core.operator, number)
    # One that was begun in Slack is the bot's, which can look up whether whoever asked for it still may.
    await _carry_out(core, [begun] if begun.asked_by == OPERATOR else [])
    card = await core.cards.with_action(core.operator, number)
    return printing.undone(next(each for each in (card.lines if card else ()) if each.action.token == number))


def _print(here: Around, told: Sequence["Told"], form: str, *, dry_run: bool = False) -> None:
    from bot.printing import seats as printing  # noqa: PLC0415 - as above

    if form == "json":
        here.out.write(contract.written(printing.as_json(told, dry_run=dry_run)))
        return
    for line in printing.lines(told):
        here.say(line)


def _leave(told: Sequence["Told"], *, dry_run: bool = False) -> None:
    if not dry_run and any(each.outcome != "applied" for each in told):
        raise typer.Exit(NOT_ALL)
