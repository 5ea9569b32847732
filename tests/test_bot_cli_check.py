"""`usagebot check` and `usagebot run`: what is wrong, and how to mend it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import yaml

from bot.playground import Playground
from handlers.checks import SCOPES
from reporting_core.core import Core
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Cadence, Rhythm
from reporting_core.words.schedules import Kind as ScheduleKind
from tests.command_line import USAGE, Ran, Shell
from tests.playground_cast import CAST, CREDENTIALS, Stage, raise_curtain
from tests.slack_stand_in import Slack, standing_in


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    owners = {"USAGEBOT_OWNERS": "ann@example.com"}
    return Shell(f"sqlite:///{tmp_path / 'usagebot.db'}", tmp_path, owners)


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with standing_in() as made:
        yield made


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await raise_curtain(stack, lambda: datetime.now(UTC).timestamp())


async def check(shell: Shell, api_url: str, **changes: str) -> Ran:
    tokens = {
        "SLACK_BOT_TOKEN": CREDENTIALS.bot_token,
        "SLACK_APP_TOKEN": CREDENTIALS.app_token,
        "SLACK_API_URL": api_url,
    }
    return await asyncio.to_thread(
        replace(shell, environment=shell.environment | tokens | changes, now=_now()), "check"
    )


def _now() -> datetime:
    return datetime.now(UTC)


def line(ran: Ran, about: str) -> str:
    return next(each for each in ran.out.splitlines() if each[7:].startswith(f"{about}:"))


def test_a_stocked_database_without_slack_is_in_order(shell: Shell) -> None:
    ran = shell.stocked()("check")
    assert ran.status == 0
    assert line(ran, "Data") == "ok     Data: through 2026-11-24."
    assert line(ran, "Slack").startswith("note   Slack: SLACK_BOT_TOKEN is not set")


def test_an_empty_one_says_what_to_load_and_who_may_ask(shell: Shell) -> None:
    ran = replace(shell, environment={})("check")
    assert ran.status == 0
    assert "usagebot import FILE…" in line(ran, "Data")
    assert "USAGEBOT_OWNERS is not set" in line(ran, "Owners")


def test_old_data_is_noted_and_a_clock_behind_the_data_is_wrong(shell: Shell) -> None:
    shell.stocked()
    assert "20 days old" in line(replace(shell, now=shell.now + timedelta(days=19))("check"), "Data")
    early = replace(shell, now=shell.now - timedelta(days=9))("check")
    assert early.status == 1
    assert line(early, "Clock").startswith("BROKEN Clock: there is data of 2026-11-24")


def test_a_team_without_usage_report_is_named(shell: Shell) -> None:
    shell("import", shell.file("usage.csv", USAGE))
    assert "no Usage Report is loaded" in line(shell("check"), "Team Design")


def test_a_wrong_setting_ends_the_check(shell: Shell) -> None:
    ran = replace(shell, environment={"USAGEBOT_PORT": "many"})("check")
    assert ran.status == 1
    assert ran.out.startswith("BROKEN Settings: USAGEBOT_PORT")


def test_a_database_out_of_reach_is_told(shell: Shell) -> None:
    ran = replace(shell, url="postgresql://nobody@127.0.0.1:1/none")("check")
    assert ran.status == 1
    assert "BROKEN Database: " in ran.out


def test_a_data_folder_that_is_a_file_is_told(shell: Shell) -> None:
    (shell.files / "data").write_text("no folder")
    ran = shell("check")
    assert ran.status == 1
    assert "Set USAGEBOT_DATA to another one" in line(ran, "Data folder")


async def test_a_workspace_that_gave_all_is_fine(shell: Shell, stage: Stage) -> None:
    ran = await check(shell, stage.playground.api_url)
    assert (ran.status, "BROKEN" in ran.out) == (0, False)
    assert line(ran, "Slack") == "ok     Slack: workspace Playground."
    assert line(ran, "Scopes") == "ok     Scopes: all that the manifest asks for."
    assert line(ran, "Clock") == "ok     Clock: as Slack's."
    assert line(ran, "Socket Mode").startswith("ok")


async def test_missing_scopes_are_named(shell: Shell) -> None:
    less = replace(CAST, app=replace(CAST.app, scopes=tuple(sorted(SCOPES - {"users:read.email"}))))
    playground = Playground(less, CREDENTIALS, clock=lambda: _now().timestamp(), random=Random(1))
    await playground.start(port=0)
    ran = await check(shell, playground.api_url)
    await playground.stop()
    assert ran.status == 1
    assert "missing: users:read.email. Add them" in line(ran, "Scopes")


async def test_a_clock_that_is_wrong_is_told(shell: Shell, slack: Slack) -> None:
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "SLACK_API_URL": slack.api_url}
    late = replace(shell, environment=tokens, now=_now() + timedelta(minutes=4))
    ran = await asyncio.to_thread(late, "check")
    assert ran.status == 1
    assert "seconds from Slack's" in line(ran, "Clock")


async def test_dead_tokens_are_named(shell: Shell, slack: Slack) -> None:
    slack.faults["auth.test"] = ["invalid_auth"]
    assert "Slack refused SLACK_BOT_TOKEN (invalid_auth)" in line(await check(shell, slack.api_url), "Slack")
    slack.faults["apps.connections.open"] = ["invalid_auth"]
    ran = await check(shell, slack.api_url)
    assert "Slack refused SLACK_APP_TOKEN (invalid_auth)" in line(ran, "Socket Mode")
    assert ran.status == 1


@pytest.mark.parametrize(
    ("channel", "status", "said"),
    [
        ("C0GENERAL", "ok", "#general."),
        ("C0LONELY", "BROKEN", "no member"),
        ("C0SECRET", "BROKEN", "channel_not_found"),
        ("C0SHARED", "BROKEN", "archived"),
    ],
)
async def test_the_support_channel_is_looked_at(
    shell: Shell, stage: Stage, channel: str, status: str, said: str
) -> None:
    stage.playground.happenings.archive(stage.playground.world.channels["C0SHARED"])
    ran = await check(shell.stocked(), stage.playground.api_url, USAGEBOT_SUPPORT_CHANNEL=channel)
    assert line(ran, "Support channel").startswith(status)
    assert said in line(ran, "Support channel")
    assert ran.status == int(status == "BROKEN")


async def test_without_a_way_in_nothing_can_arrive(shell: Shell, slack: Slack) -> None:
    ran = await check(shell, slack.api_url, SLACK_APP_TOKEN="")
    assert (ran.status, line(ran, "Way in").startswith("BROKEN")) == (1, True)
    signed = await check(shell, slack.api_url, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="secret")
    assert line(signed, "HTTP").startswith("ok")


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text(encoding="utf-8"))
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [(("run",), "SLACK_BOT_TOKEN"), (("run", "--socket"), "SLACK_BOT_TOKEN"), (("run", "--http"), "SLACK_BOT_TOKEN")],
)
def test_a_bot_without_tokens_does_not_start(shell: Shell, arguments: tuple[str, ...], missing: str) -> None:
    ran = shell(*arguments)
    assert (ran.status, f"{missing} is not set" in ran.err) == (2, True)


async def test_the_transport_is_the_one_that_is_set_up(shell: Shell, slack: Slack) -> None:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": slack.api_url}
    socket = await asyncio.to_thread(replace(shell, environment=given), "run")
    assert "SLACK_APP_TOKEN is not set" in socket.err
    http = await asyncio.to_thread(replace(shell, environment=given | {"SLACK_APP_TOKEN": "xapp-1"}), "run", "--http")
    assert "SLACK_SIGNING_SECRET is not set" in http.err


def test_a_folder_for_spreadsheets_that_takes_no_file_is_named(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    changed = replace(shell, environment=shell.environment | {"USAGEBOT_EXPORTS": str(tmp_path / "in the way")})
    ran = changed("check")
    assert ran.status != 0
    assert "BROKEN" in line(ran, "Spreadsheets")
    assert "USAGEBOT_EXPORTS" in line(ran, "Spreadsheets")
    assert line(shell("check"), "Spreadsheets").startswith("ok")


def test_a_provider_that_misses_a_setting_is_named(shell: Shell) -> None:
    assert "task takes seats away" in line(shell("check"), "Provider")
    ran = replace(shell, environment=shell.environment | {"USAGEBOT_PROVIDER": "webhook"})("check")
    assert "USAGEBOT_WEBHOOK_URL is not set" in line(ran, "Provider")
    assert ran.status == 1


def test_a_schedule_in_trouble_is_named_and_where_to_read_on(shell: Shell) -> None:
    async def troubled(core: Core) -> str:
        asker = Asker(core.account_id, "U1", "Ann", "ann@example.com", owner=True, every_team=True)
        weekly = Cadence(Rhythm.WEEKLY)
        made = await core.schedules.subscribe(asker, ScheduleKind.DIGEST, "team=Design", weekly, "UTC", "C0GONE")
        await core.schedules.trouble(made.token, "archived")
        return made.token

    assert line(shell.stocked()("check"), "Schedules") == "ok     Schedules: none yet; /usage subscribe begins one."
    with shell.around().core() as core:
        token = asyncio.run(troubled(core))
    ran = shell("check")
    assert (ran.status, token in line(ran, "Schedules")) == (1, True)


async def test_channels_where_something_comes_by_itself_are_looked_at(shell: Shell, stage: Stage) -> None:
    async def subscribed(core: Core, channel: str) -> None:
        asker = Asker(core.account_id, "U1", "Ann", "ann@example.com", owner=True, every_team=True)
        await core.schedules.subscribe(
            asker, ScheduleKind.DIGEST, "team=Design", Cadence(Rhythm.WEEKLY), "UTC", channel
        )

    with (await asyncio.to_thread(shell.stocked)).around().core() as core:
        await subscribed(core, "C0GENERAL")
        assert "1 of what comes by itself" in line(await check(shell, stage.playground.api_url), "Channels")
        await subscribed(core, "C0OLD")
    ran = await check(shell, stage.playground.api_url)
    assert (ran.status, "is archived" in line(ran, "Channel #old")) == (1, True)
