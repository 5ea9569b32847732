"""`usagebot run` and `usagebot demo`: the two commands that stay until they are told to stop."""

import asyncio
from typing import Annotated

import typer

from bot.commands.around import Account, around


def run(
    context: typer.Context,
    *,
    account: Account = None,
    socket: Annotated[
        bool | None,
        typer.Option(
            "--socket/--http",
            show_default=False,
            help="Socket Mode (SLACK_APP_TOKEN), or requests to an address of yours (SLACK_SIGNING_SECRET). "
            "Without either: what the settings allow, Socket Mode first.",
        ),
    ] = None,
) -> None:
    """Answer Slack until it is stopped."""
    from bot import app, callback, logs  # noqa: PLC0415 - Slack's libraries take long to load
    from bot.opening import provided  # noqa: PLC0415 - as above

    here = around(context)
    given = here.settings(account)
    if socket is None:
        socket = bool(given.slack_app_token.get_secret_value() or not given.slack_signing_secret.get_secret_value())
    logs.write(here.err)
    with here.core(account) as core:
        core.seats.provided_by(provided(given, core))
        asyncio.run(app.run(given, "socket" if socket else "http", core, callback.doors(given, core)))


def demo(
    context: typer.Context,
    *,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port of the page; the next free one if it is taken.")
    ] = 3000,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the demo's data for the next time.")] = False,
) -> None:
    """Open a local workspace with the bot and a made-up company in it; nothing else is needed."""
    import logging  # noqa: PLC0415 - for a level only

    from bot import demo as demonstration  # noqa: PLC0415 - as in `run`
    from bot import logs  # noqa: PLC0415 - as in `run`

    here = around(context)
    logs.write(here.err, logging.WARNING)
    kept = here.settings().data_folder / "demo" if keep else None
    asyncio.run(demonstration.run(demonstration.Demo(here.environment, here.clock, here.announce, port, kept)))
