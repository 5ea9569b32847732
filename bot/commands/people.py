"""`usagebot people …`: who of Slack is who in the account, and who may read reports without being an admin."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.around import Account, around
from reporting_core.words.errors import AskAgain

if TYPE_CHECKING:
    from reporting_core.usecases.identity import People

app = typer.Typer(help="People: who of Slack is who, and who may read reports.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="E-mail of a person of the account.")]


@app.command("list")
def show(context: typer.Context, *, account: Account = None) -> None:
    """List Slack people who asked and matched nobody, matches made by hand, and reporters."""
    here = around(context)
    with here.core(account) as core:
        known = asyncio.run(core.people(core.operator))
    for title, lines in _parts(known):
        here.say(title)
        for line in lines or ["nobody"]:
            here.say(f"  {line}")


def _parts(known: "People") -> list[tuple[str, list[str]]]:
    return [
        ("Asked, and matched nobody (usagebot people link SLACK_ID EMAIL):", list(known.unmatched)),
        ("Matched by hand:", [f"{slack_id} is {email}" for slack_id, email in known.links]),
        ("Reporters:", [f"{email}: {team or 'every team'}" for email, team in known.reporters]),
    ]


@app.command("link")
def link(
    context: typer.Context,
    slack_id: Annotated[str, typer.Argument(metavar="SLACK_ID", help="Member ID in the Slack profile, U…")],
    email: Email,
    *,
    account: Account = None,
) -> None:
    """Match a Slack person by hand, where the e-mail of the Slack profile is another one."""
    here = around(context)
    if not slack_id.isalnum() or slack_id[:1] not in "UW":
        raise typer.BadParameter(f"{slack_id!r} is no Slack member ID; it looks like U024BE7LH.")
    _need_email(email)
    with here.core(account) as core:
        asyncio.run(core.link(core.operator, slack_id, email))
    here.say(f"{slack_id} is {email} from now on.")


@app.command("reporter")
def reporter(
    context: typer.Context,
    email: Email,
    team: Annotated[str | None, typer.Argument(metavar="[TEAM]", help="A team; without it every team.")] = None,
    *,
    account: Account = None,
) -> None:
    """Let somebody read reports of a team, or of every team, without being its admin."""
    here = around(context)
    _need_email(email)
    with here.core(account) as core:
        asyncio.run(core.grant(core.operator, email, team))
    here.say(f"{email} may read reports of {f'“{team}”' if team else 'every team'}.")


@app.command("remove")
def remove(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="EMAIL|SLACK_ID", help="A reporter's e-mail, or a Slack member ID.")],
    *,
    account: Account = None,
) -> None:
    """Take back a reporter's role that was given by hand, or a match made by hand."""
    here = around(context)
    with here.core(account) as core:
        taken = asyncio.run(core.take_back(core.operator, who))
    if not taken:
        raise AskAgain(f"Nothing was given to {who} by hand. See: usagebot people list")
    here.say(f"Taken back from {who}.")


def _need_email(email: str) -> None:
    if "@" not in email:
        raise typer.BadParameter(f"{email!r} is no e-mail.")
