"""`usagebot check` and `usagebot db …`: what keeps an installation in order."""

import typer

from bot.commands.around import Account, around

app = typer.Typer(help="The database.")

BROKEN = 1


def check(context: typer.Context, *, account: Account = None) -> None:
    """Say what is wrong with settings, data, Slack and schedules, and how to mend it. Status 1 if anything is."""
    from bot import checks  # noqa: PLC0415 - `usagebot --help` does without

    here = around(context)
    names = {"USAGEBOT_ACCOUNT": account} if account else {}
    broken = False
    for finding in checks.findings({**here.environment, **names}, here.clock):
        broken |= finding.state == "broken"
        here.say(f"{checks.SIGNS[finding.state]} {finding.about}: {finding.said}")
    if broken:
        raise typer.Exit(BROKEN)


@app.command("upgrade")
def upgrade(context: typer.Context) -> None:
    """Bring the database to the shape this version needs. Every other command does so too."""
    from reporting_core.storage.engines import open_store  # noqa: PLC0415 - `usagebot --help` does without
    from reporting_core.storage.upgrade import upgrade as migrate  # noqa: PLC0415 - as above

    here = around(context)
    store = open_store(here.settings().database)
    try:
        changed = migrate(store)
    finally:
        store.close()
    here.say("The database was upgraded." if changed else "The database is up to date.")
