"""Tokens, the signing secret, the key and the database's password: in no log, no repr, no error, no table."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import app, settings
from bot.front_door import FrontDoor
from bot.opening import opened as open_account
from reporting_core.core import open_core
from reporting_core.storage.engines import open_store
from reporting_core.words.errors import SettingWrong, StoreBusy
from tests.playground_cast import CREDENTIALS
from tests.safe_company import KEY, NOW, Holder, Seat, on_stage, opened, write

PASSWORD = "canarypassword"
SECRETS = (CREDENTIALS.bot_token, CREDENTIALS.app_token, CREDENTIALS.signing_secret, KEY.decode(), PASSWORD)


def environment(folder: Path, **changes: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": CREDENTIALS.bot_token,
        "SLACK_APP_TOKEN": CREDENTIALS.app_token,
        "SLACK_SIGNING_SECRET": CREDENTIALS.signing_secret,
        "USAGEBOT_KEY": KEY.decode(),
        "USAGEBOT_DATA": str(folder),
    } | changes


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_settings_and_what_is_made_of_them_print_without_secrets(tmp_path: Path) -> None:
    url = f"postgresql://usagebot:{PASSWORD}@127.0.0.1:1/none"
    given = settings.read(environment(tmp_path, USAGEBOT_DATABASE_URL=url))
    with opened(f"sqlite:///{tmp_path / 'x.db'}") as core:
        shown = f"{given!r} {given} {core!r} {core.pseudonyms!r} {open_store(url).engine!r} {vars(FrontDoor)!r}"
    assert told(shown) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"USAGEBOT_PORT": PASSWORD},
        {"USAGEBOT_KEY": "canarykey"},
        {"SLACK_API_URL": f"ftp://{PASSWORD}"},
        {"USAGEBOT_DATABASE_URL": f"nosuch://usagebot:{PASSWORD}@host/name"},
        {"USAGEBOT_DATABASE_URL": f"postgresql://usagebot:{PASSWORD}@127.0.0.1:1/none?connect_timeout=2"},
    ],
)
def test_wrong_settings_are_named_and_not_quoted(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises((SettingWrong, StoreBusy)) as caught:
        _open(tmp_path, changes)
    assert told(f"{caught.value.message} {caught.value!r}") == []
    assert "canarykey" not in caught.value.message


def _open(folder: Path, changes: dict[str, str]) -> None:
    with open_account(settings.read(environment(folder, **changes)), lambda: NOW):
        pass


async def test_a_day_of_the_bot_leaves_no_secret_in_logs_or_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "x.db"
    transports: tuple[app.Transport, ...] = ("socket", "http")
    with opened(
        f"sqlite:///{path}", write(tmp_path / "in", [Seat("ada@example.com")], [Holder("ada@example.com")])
    ) as core:
        for transport in transports:
            async with on_stage(core, tmp_path, transport) as (stage, _running):
                stage.playground.faults.order("users.info", "500", 2)
                stage.playground.faults.order("response_url", "drop")
                for text in ("/usage last=30d", "/usage last=7d", "/usage", "/usage help"):
                    await stage.page.say(text)
        with core.store.writing():
            pass
    printed = capfd.readouterr()
    assert told(caplog.text + printed.out + printed.err) == []
    assert _stored(path) == []


def _stored(database: Path) -> list[str]:
    """Secrets in the tables, and in the bytes of the database and its log."""
    with closing(sqlite3.connect(database)) as store:
        dump = "\n".join(store.iterdump())
    raw = b"".join(each.read_bytes() for each in database.parent.glob("x.db*"))
    return told(dump) + [secret for secret in SECRETS if secret.encode() in raw]


def test_a_refused_statement_quotes_no_values(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    core = open_core(store, "main", clock=lambda: NOW, key=KEY)
    core.notes.keep("U1", "user=canary@example.com", "same token")
    with pytest.raises(Exception, match="UNIQUE") as caught:
        core.notes.keep("U1", "user=canary@example.com", "same token")
    assert "canary" not in str(caught.value)
    store.close()
