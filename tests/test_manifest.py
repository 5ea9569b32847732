"""The Slack app's manifest: within Slack's lengths, and in step with what the code listens to and calls."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.front_door import PATHS
from handlers.routes import ROUTES

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8")))


def test_texts_keep_slacks_lengths(manifest: dict[str, Any]) -> None:
    about, features = manifest["display_information"], manifest["features"]
    command = features["slash_commands"][0]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4_000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(command["description"]) <= 2_000
    assert len(command["usage_hint"]) <= 1_000
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert 1 <= len(features["agent_view"]["suggested_prompts"]) <= 4


def test_every_command_listened_to_is_declared_and_the_other_way_round(manifest: dict[str, Any]) -> None:
    declared = {each["command"] for each in manifest["features"]["slash_commands"]}
    assert declared == {route.match for route in ROUTES if route.kind == "command"}


def test_every_event_listened_to_is_declared_and_the_other_way_round(manifest: dict[str, Any]) -> None:
    declared = {each.split(".")[0] for each in manifest["settings"]["event_subscriptions"]["bot_events"]}
    assert declared == {route.match for route in ROUTES if route.kind == "event"} - OF_OLDER_INSTALLS


OF_OLDER_INSTALLS = {"assistant_thread_started", "assistant_thread_context_changed"}
"""Events of `assistant_view`, which no new app can have: heard where an app was made with it, asked for by none."""


def test_presses_and_looked_up_options_reach_the_bot(manifest: dict[str, Any]) -> None:
    interactivity = manifest["settings"]["interactivity"]
    assert interactivity["is_enabled"] is True
    assert interactivity["message_menu_options_url"]


def test_every_address_leads_to_a_path_the_front_door_has(manifest: dict[str, Any]) -> None:
    addresses = re.findall(r"https://usagebot\.example\.com(/\S*)\"", json.dumps(manifest))
    assert addresses
    assert set(addresses) <= set(PATHS)


# Which of these scopes a method needs: docs.slack.dev/reference/methods.
SCOPES = {
    "auth_test": None,
    "apps_connections_open": None,
    "assistant_threads_setStatus": "assistant:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write",
    "chat_getPermalink": None,
    "chat_delete": "chat:write",
    # Direct messages alone are read: what the bot sent there itself, after an answer of Slack's was lost.
    "conversations_history": "im:history",
    "conversations_info": "channels:read",
    "conversations_members": "channels:read",
    "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_open": "im:write",
    "files_completeUploadExternal": "files:write",
    "files_getUploadURLExternal": "files:write",
    "files_info": "files:read",
    "users_info": "users:read",
    "users_lookupByEmail": "users:read.email",
    "views_open": None,
    "views_publish": None,
    "views_update": None,
}
EVENT_SCOPES = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "user_change": "users:read",
}
OF_LATER_ISSUES = {"channels:read", "groups:read", "im:read", "usergroups:read"}
"""Granted at the installation, so that nobody has to install anew for what comes next."""


METHOD = re.compile(r"client\.((?:apps|assistant|auth|chat|conversations|files|users|usergroups|views)_\w+)")


def called() -> set[str]:
    """Methods of the Web API that the code calls."""
    sources = [*(ROOT / "handlers").rglob("*.py"), *(ROOT / "bot").glob("*.py")]
    return {name for source in sources for name in METHOD.findall(source.read_text(encoding="utf-8"))}


def test_every_method_called_is_known_here() -> None:
    assert called() == SCOPES.keys()


def test_scopes_cover_what_is_called_and_heard_and_nothing_unknown(manifest: dict[str, Any]) -> None:
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {scope for scope in SCOPES.values() if scope} | {scope for each in events if (scope := EVENT_SCOPES[each])}
    # `commands` for the slash command; e-mails are a scope of their own.
    needed |= {"commands", "users:read.email"}
    assert scopes == needed | OF_LATER_ISSUES


def test_no_history_but_of_direct_messages_is_asked_for(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert [scope for scope in scopes if scope.endswith(":history")] == ["im:history"]


def test_mentions_arrive_by_id(manifest: dict[str, Any]) -> None:
    assert manifest["features"]["slash_commands"][0]["should_escape"] is True


def test_slacks_own_tool_gets_the_manifest_as_json(manifest: dict[str, Any]) -> None:
    hook = json.loads((ROOT / ".slack" / "hooks.json").read_text(encoding="utf-8"))["hooks"]["get-manifest"]
    printed = subprocess.run(["/bin/sh", "-c", hook], cwd=ROOT, capture_output=True, check=True, text=True)
    assert json.loads(printed.stdout) == manifest
