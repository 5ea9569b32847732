"""Settings from an environment that is handed in."""

import stat
from pathlib import Path

import pytest

from bot import settings
from reporting_core.words.errors import SettingWrong


def test_without_any_variable_everything_has_a_usable_default() -> None:
    made = settings.read({})
    assert made.account == "main"
    assert made.slack_api_url == "https://slack.com/api/"
    assert made.database == f"sqlite:///{made.data_folder / 'usagebot.db'}"
    assert made.owners == ()


def test_lists_are_separated_by_commas() -> None:
    given = {"USAGEBOT_OWNERS": " ann@example.com, U1 ,", "USAGEBOT_REPORTERS": "bob@example.com:Design West, cy@x.com"}
    made = settings.read(given)
    assert made.owners == ("ann@example.com", "U1")
    assert made.reporters == (("bob@example.com", "Design West"), ("cy@x.com", None))


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert settings.read({"USAGEBOT_ACCOUNT": " ", "USAGEBOT_PORT": ""}).account == "main"


def test_the_surroundings_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USAGEBOT_ACCOUNT", "other")
    assert settings.read({}).account == "main"


def test_an_address_without_its_last_slash_gets_it() -> None:
    assert settings.read({"SLACK_API_URL": "http://127.0.0.1:3000/api"}).slack_api_url == "http://127.0.0.1:3000/api/"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"USAGEBOT_PORT": "eighty"}, "USAGEBOT_PORT"),
        ({"USAGEBOT_PORT": "70000"}, "USAGEBOT_PORT"),
        ({"USAGEBOT_REPORTERS": "bob:Design"}, "“bob:Design” has no e-mail; write ann@example.com:Design"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL: must begin with https://"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(given: dict[str, str], said: str) -> None:
    with pytest.raises(SettingWrong, match=said):
        settings.read(given)


def test_every_setting_is_described() -> None:
    for field in settings.Settings.model_fields.values():
        assert field.description
        assert str(field.alias).startswith(("USAGEBOT_", "SLACK_"))


def test_secrets_are_not_printed() -> None:
    made = settings.read(
        {"SLACK_BOT_TOKEN": "xoxb-canary", "USAGEBOT_KEY": "canary" * 10, "SLACK_APP_TOKEN": "xapp-canary"}
    )
    assert "canary" not in f"{made!r} {made} {made.model_dump_json()}"


@pytest.mark.parametrize(("value", "said"), [("", "SLACK_BOT_TOKEN is not set"), ("xoxp-1", "should begin with xoxb-")])
def test_a_missing_or_other_token_is_named(value: str, said: str) -> None:
    made = settings.read({"SLACK_BOT_TOKEN": value})
    with pytest.raises(SettingWrong, match=said) as error:
        settings.needed(made.slack_bot_token, "SLACK_BOT_TOKEN", "xoxb-")
    assert "xoxp-1" not in error.value.message


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = settings.read({"USAGEBOT_DATA": str(tmp_path / "data")})
    first = settings.pseudonym_key(made)
    assert len(first) == 64
    assert settings.pseudonym_key(made) == first
    assert stat.S_IMODE((tmp_path / "data" / "pseudonym.key").stat().st_mode) == 0o600


def test_a_key_that_is_set_is_taken(tmp_path: Path) -> None:
    made = settings.read({"USAGEBOT_DATA": str(tmp_path), "USAGEBOT_KEY": "k" * 32})
    assert settings.pseudonym_key(made) == b"k" * 32
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingWrong, match="USAGEBOT_KEY is too short"):
        settings.pseudonym_key(settings.read({"USAGEBOT_DATA": str(tmp_path), "USAGEBOT_KEY": "secret"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USAGEBOT_SUPPORT_CHANNEL", "#it-help"),
        ("USAGEBOT_SUPPORT_CHANNEL", "C012"),
        ("USAGEBOT_SUPPORT_CHANNEL", "c0123456789"),
        ("USAGEBOT_SUPPORT_LINK", "javascript:alert(1)"),
        ("USAGEBOT_SUPPORT_LINK", "http://help.example.com"),
        ("USAGEBOT_SUPPORT_LINK", "https://help.example.com/a b"),
        ("USAGEBOT_PLAN", "gold"),
    ],
)
def test_a_way_to_support_that_cannot_work_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingWrong, match=name):
        settings.read({name: value})


def test_ways_to_support() -> None:
    given = settings.read(
        {
            "USAGEBOT_SUPPORT_CHANNEL": "C0123456789",
            "USAGEBOT_SUPPORT_LINK": "mailto:help@example.com?subject={team}",
            "USAGEBOT_PLAN": "Business Success",
        }
    )
    assert (given.support_channel, given.plan) == ("C0123456789", "business-success")
    assert given.support_link == "mailto:help@example.com?subject={team}"
