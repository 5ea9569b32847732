"""Settings: environment variables, read once from a mapping that is handed in. A wrong one is named in clear words."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from reporting_core.words.errors import SettingWrong
from reporting_core.words.people import WHOM_TO_ASK
from reporting_core.words.seats import OutOfGroups

LEAST_KEY = 16
"""Bytes of a key below which hashes could be reversed by guessing the key."""


class Settings(BaseSettings):
    """Everything that can be set. Secrets print as asterisks."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    slack_bot_token: SecretStr = Field(
        SecretStr(""), alias="SLACK_BOT_TOKEN", description="The bot's token, xoxb-…, from “OAuth & Permissions”."
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""), alias="SLACK_APP_TOKEN", description="The app's token, xapp-…, needed for Socket Mode."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), alias="SLACK_SIGNING_SECRET", description="The signing secret, needed for HTTP."
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="Where Slack's Web API is.",
    )
    data_folder: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("usagebot", appauthor=False)),
        alias="USAGEBOT_DATA",
        description="Folder of the embedded database and of the key; default: the user's data folder.",
    )
    database_url: str = Field(
        "",
        alias="USAGEBOT_DATABASE_URL",
        description="Any SQLAlchemy address; default: SQLite in the data folder.",
        repr=False,  # it may hold a password
    )
    exports_folder: Path | None = Field(
        None, alias="USAGEBOT_EXPORTS", description="Folder of spreadsheets; default: `exports` in the data folder."
    )
    account: str = Field("main", alias="USAGEBOT_ACCOUNT", min_length=1, description="Name of the account to serve.")
    owners: tuple[str, ...] = Field(
        (), alias="USAGEBOT_OWNERS", description="E-mails or Slack ids of the owners, separated by commas."
    )
    reporters: tuple[tuple[str, str | None], ...] = Field(
        (),
        alias="USAGEBOT_REPORTERS",
        description="Who else gets reports: “ann@example.com:Design, bob@example.com”; without a team, of all teams.",
    )
    key: SecretStr = Field(
        SecretStr(""),
        alias="USAGEBOT_KEY",
        description="Key that hashes names where personal data is off; default: made once, in the data folder.",
    )
    contact: str = Field(
        str(WHOM_TO_ASK), alias="USAGEBOT_CONTACT", description="Whom to ask, such as “Ann (IT desk)”."
    )
    language: Literal["auto", "en", "de"] = Field(
        "auto",
        alias="USAGEBOT_LANGUAGE",
        description="auto: everybody's own, as set in Slack; en or de: this one for everybody.",
    )
    support_channel: str = Field(
        "",
        alias="USAGEBOT_SUPPORT_CHANNEL",
        description="Id of the channel to which questions are handed over, as C0123456789; the bot must be a member.",
    )
    support_link: str = Field(
        "",
        alias="USAGEBOT_SUPPORT_LINK",
        description="Link for questions that are handed over, https:// or mailto:; {question} {team} {product} {range} "
        "in it are filled in.",
    )
    plan: Literal["", "standard", "premium", "business-success", "enterprise"] = Field(
        "", alias="USAGEBOT_PLAN", description="The account's plan with the vendor, which decides the level of support."
    )
    provider: str = Field(
        "task",
        alias="USAGEBOT_PROVIDER",
        description="Who takes seats away: task (a person, with link and steps), webhook, entra, okta, ledger (demo).",
    )
    webhook_url: str = Field(
        "", alias="USAGEBOT_WEBHOOK_URL", description="Address of your automation; https, but for this machine itself."
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        alias="USAGEBOT_WEBHOOK_SECRET",
        description="Signs what goes between usagebot and your automation; at least 32 characters, chosen at random.",
    )
    entra_tenant: str = Field("", alias="USAGEBOT_ENTRA_TENANT", description="Id or domain of the Entra directory.")
    entra_client_id: str = Field("", alias="USAGEBOT_ENTRA_CLIENT_ID", description="Id of the app registered in Entra.")
    entra_client_secret: SecretStr = Field(
        SecretStr(""), alias="USAGEBOT_ENTRA_CLIENT_SECRET", description="Secret of the app registered in Entra."
    )
    entra_groups: str = Field(
        "",
        alias="USAGEBOT_ENTRA_GROUPS",
        description="Which group carries what: “Revit=ID, Design/AutoCAD=ID”, or the same as a JSON object.",
    )
    entra_allow: OutOfGroups = Field(
        OutOfGroups.NO,
        alias="USAGEBOT_ENTRA_ALLOW",
        description="Take people out of groups: no; yes; also-shared: also where the group carries other products.",
    )
    entra_login_url: str = Field(
        "https://login.microsoftonline.com",
        alias="USAGEBOT_ENTRA_LOGIN_URL",
        description="Where Entra signs apps in; another one for national clouds.",
    )
    entra_graph_url: str = Field(
        "https://graph.microsoft.com",
        alias="USAGEBOT_ENTRA_GRAPH_URL",
        description="Where Microsoft Graph is; another one for national clouds.",
    )
    okta_url: str = Field("", alias="USAGEBOT_OKTA_URL", description="Your Okta, as https://example.okta.com.")
    okta_token: SecretStr = Field(
        SecretStr(""), alias="USAGEBOT_OKTA_TOKEN", description="An API token of Okta (SSWS), made by a group admin."
    )
    okta_client_id: str = Field(
        "", alias="USAGEBOT_OKTA_CLIENT_ID", description="Id of the service app in Okta, in place of an API token."
    )
    okta_private_key: SecretStr = Field(
        SecretStr(""),
        alias="USAGEBOT_OKTA_PRIVATE_KEY",
        description="The app's private RSA key, as PEM or JSON Web Key, or the path of a file with it.",
    )
    okta_key_id: str = Field(
        "",
        alias="USAGEBOT_OKTA_KEY_ID",
        description="Which of the app's keys it is (kid), if a PEM is one of several.",
    )
    okta_groups: str = Field(
        "", alias="USAGEBOT_OKTA_GROUPS", description="Which group carries what, as USAGEBOT_ENTRA_GROUPS."
    )
    okta_allow: OutOfGroups = Field(
        OutOfGroups.NO, alias="USAGEBOT_OKTA_ALLOW", description="Take people out of groups, as USAGEBOT_ENTRA_ALLOW."
    )
    host: str = Field("127.0.0.1", alias="USAGEBOT_HOST", description="Address to listen on for HTTP.")
    port: int = Field(8080, alias="USAGEBOT_PORT", ge=0, le=65535, description="Port to listen on for HTTP.")
    status_port: int | None = Field(
        None,
        alias="USAGEBOT_STATUS_PORT",
        ge=0,
        le=65535,
        description="Port of 127.0.0.1 for /healthz, /readyz and /metrics; without it they are there with HTTP alone.",
    )
    metrics: bool = Field(
        default=False, alias="USAGEBOT_METRICS", description="yes: with HTTP, figures for Prometheus at /metrics, too."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take only what is handed in: nothing is read behind the caller's back."""
        return (init_settings,)

    @field_validator("owners", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return _listed(value) if isinstance(value, str) else value

    @field_validator("reporters", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        return tuple(_reporter(each) for each in _listed(value)) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value if value.endswith("/") else f"{value}/"

    @property
    def exports(self) -> Path:
        """Folder of the spreadsheets that were made."""
        return self.exports_folder or self.data_folder / "exports"

    @property
    def marks(self) -> Path:
        """Folder of the marks of the audit, which belong outside the database."""
        return self.data_folder / "audit"

    @property
    def whom_to_ask(self) -> str:
        """The contact; where none is set, words that are open to other languages."""
        return WHOM_TO_ASK if self.contact == WHOM_TO_ASK else self.contact

    @field_validator("support_channel", mode="before")
    @classmethod
    def _is_a_channel(cls, value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(r"([CG][A-Z0-9]{7,})?", value):
            raise ValueError("is no id of a channel; one looks like C0123456789 and stands under “About” in Slack")
        return value

    @field_validator("support_link")
    @classmethod
    def _can_be_followed(cls, value: str) -> str:
        if value and not re.match(r"(https://[^/\s]|mailto:[^@\s]+@)\S*$", value):
            raise ValueError("must begin with https:// or mailto: and hold no spaces")
        return value

    @field_validator("plan", "provider", "entra_allow", "okta_allow", mode="before")
    @classmethod
    def _in_any_case(cls, value: Any) -> Any:
        return value.casefold().replace(" ", "-") if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """Address of the database, the embedded one unless another is set."""
        return self.database_url or f"sqlite:///{self.data_folder / 'usagebot.db'}"


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings; raises SettingWrong with the name of the variable and what is wrong with it."""
    names = {str(field.alias) for field in Settings.model_fields.values()}
    # An empty variable is one that is not set: `USAGEBOT_CONTACT= usagebot run`.
    given = {name: value.strip() for name, value in environment.items() if name in names and value.strip()}
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingWrong("; ".join(_told(each) for each in error.errors())) from None


def needed(secret: SecretStr, name: str, prefix: str = "") -> str:
    """Return a secret that this start cannot do without; raises SettingWrong where it is missing or of another kind."""
    value = secret.get_secret_value()
    about = next(field.description for field in Settings.model_fields.values() if field.alias == name)
    if not value:
        raise SettingWrong(f"{name} is not set. {about}")
    if not value.startswith(prefix):
        raise SettingWrong(f"{name} should begin with {prefix}. {about}")
    return value


def pseudonym_key(settings: Settings) -> bytes:
    """Return the key that hashes names: as set, else one made once beside the database, never in it."""
    if settings.key.get_secret_value():
        return _long_enough(settings.key.get_secret_value().encode(), "USAGEBOT_KEY")
    file = settings.data_folder / "pseudonym.key"
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # `x`: of two processes that start at once, one makes the key and the other reads it.
        with open(file, "x", encoding="ascii", opener=_private) as made:
            made.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return _long_enough(file.read_text(encoding="ascii").strip().encode(), str(file))


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _long_enough(key: bytes, name: str) -> bytes:
    if len(key) < LEAST_KEY:
        raise SettingWrong(f"{name} is too short: at least {LEAST_KEY} characters, better 64, chosen at random.")
    return key


def _listed(value: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in value.split(",") if each.strip())


def _reporter(text: str) -> tuple[str, str | None]:
    email, _, team = text.partition(":")
    if "@" not in email:
        raise ValueError(f"“{text}” has no e-mail; write ann@example.com:Design")
    return email.strip(), team.strip() or None


def _told(error: Any) -> str:
    """Say what is wrong with one variable, without its value: it may be a secret."""
    return f"{error['loc'][0]}: {error['msg'].removeprefix('Value error, ')}"
