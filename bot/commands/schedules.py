"""`usagebot schedules …`: what comes by itself, for an operator: the list, a rehearsal, what became of it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.commands.around import Account, around
from bot.printing import contract
from reporting_core.words.errors import AskAgain

if TYPE_CHECKING:
    from reporting_core.core import Core
    from reporting_core.words.schedules import Post, Schedule

app = typer.Typer(help="Digests and spreadsheets that come by themselves.")

Form = Annotated[Literal["text", "json"], typer.Option("--format", help="How to print it.")]
Token = Annotated[str, typer.Argument(metavar="TOKEN", help="Of the schedule, or the beginning of it; see the list.")]

AHEAD = timedelta(days=366)
"""How far a rehearsal may look ahead."""


@app.command("list")
def show(context: typer.Context, *, account: Account = None, form: Form = "text") -> None:
    """List all schedules with owner, last result and next run. A channel and an owner are told by Slack's ids."""
    from bot.printing import schedules as printing  # noqa: PLC0415 - `usagebot --help` does without

    here = around(context)
    with here.core(account) as core:
        found, last = asyncio.run(_listed(core))
    if form == "json":
        body = [printing.as_json(each, last.get(each.token)) for each in found]
        here.out.write(contract.written({"schema": printing.SCHEMA, "schedules": body}))
        return
    for line in printing.lines(found, last) if found else ["There are no schedules. In Slack: /usage subscribe"]:
        here.say(line)


async def _listed(core: "Core") -> tuple[Sequence["Schedule"], dict[str, "Post"]]:
    found = await core.schedules.listed(core.operator, everyone=True)
    return found, await core.schedules.last(each.token for each in found)


@app.command("run-now")
def run_now(context: typer.Context, token: Token, *, account: Account = None) -> None:
    """Let a schedule send something now, beside its slots. The running bot does it, within seconds."""
    here = around(context)
    with here.core(account) as core:
        schedule = asyncio.run(_asked_for(core, token))
    here.say(f"{schedule.token} ({schedule.kind} of {schedule.question}) is due now; the running bot sends it.")
    here.say(f"What became of it: usagebot schedules history {schedule.token}")


async def _asked_for(core: "Core", token: str) -> "Schedule":
    schedule = await core.schedules.one(core.operator, token)
    await core.schedules.send_now(core.operator, schedule.token, f"operator-{core.token()}")
    return schedule


@app.command("history")
def history(
    context: typer.Context,
    token: Token,
    *,
    account: Account = None,
    most: Annotated[int, typer.Option("--most", min=1, max=1_000, help="How many, newest first.")] = 20,
    form: Form = "text",
) -> None:
    """Say what became of the messages of a schedule, newest first."""
    from bot.printing import schedules as printing  # noqa: PLC0415 - as above

    here = around(context)
    with here.core(account) as core:
        schedule, posts = asyncio.run(_history(core, token, most))
    if form == "json":
        newest = next(iter(posts), None)
        body = {"schedule": printing.as_json(schedule, newest), "posts": [printing.post_json(each) for each in posts]}
        here.out.write(contract.written({"schema": printing.SCHEMA, **body}))
        return
    for line in printing.history(posts, schedule.zone) if posts else ["Nothing was due yet."]:
        here.say(line)


async def _history(core: "Core", token: str, most: int) -> tuple["Schedule", Sequence["Post"]]:
    schedule = await core.schedules.one(core.operator, token)
    return schedule, await core.schedules.history(core.operator, schedule.token, most)


@app.command("dry-run")
def dry_run(
    context: typer.Context,
    *,
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="As 2026-11-30T09:00+01:00; without an offset: UTC. Else: now.")
    ] = "",
    account: Account = None,
    form: Form = "text",
) -> None:
    """Say what would be due by a given time, and what it would say.

    Nothing is sent or noted. Digests are made of the data there is now, with an operator's rights.
    """
    from bot.commands.rehearsal import rehearse  # noqa: PLC0415 - as above
    from bot.printing import schedules as printing  # noqa: PLC0415 - as above

    here = around(context)
    moment = _moment(at, here.clock())
    found = rehearse(here, account, moment)
    if form == "json":
        body = [printing.rehearsal_json(*each) for each in found]
        here.out.write(contract.written({"schema": printing.SCHEMA, "at": moment.isoformat(), "would": body}))
        return
    for line in (line for each in found for line in printing.rehearsal(*each)):
        here.say(line)
    if not found:
        here.say(f"Nothing is due by {moment:%Y-%m-%d %H:%M} UTC.")


def _moment(text: str, now: datetime) -> datetime:
    """Read a time that has not passed. Raises `AskAgain`."""
    if not text:
        return now
    try:
        read = datetime.fromisoformat(text)
        moment = (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise AskAgain(f"“{text}” is no time. Write it as --at 2026-11-30T09:00+01:00") from None
    if not now - timedelta(minutes=1) <= moment <= now + AHEAD:
        raise AskAgain("A dry run looks ahead, by a year at most. For what was: usagebot schedules history TOKEN")
    return moment
