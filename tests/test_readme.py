"""The README promises nothing that is not there, and leaves no setting and no command out."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from playwright.async_api import Browser

from bot.cli import app
from bot.settings import Settings
from reporting_core import grammar
from reporting_core.words.query import Vocabulary
from tests import conversation, pictures

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
VOCABULARY = Vocabulary(("Design",), ("Revit", "AutoCAD"))
MOST_BYTES = 150_000


def section(heading: str) -> str:
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def commands(group: Any, before: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command with its whole name, and its options."""
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            yield from commands(each, f"{before}{name} ")
        else:
            yield f"{before}{name}", {option for one in each.params for option in (*one.opts, *one.secondary_opts)}


COMMANDS = dict(commands(typer.main.get_command(app)))
TABLED = re.findall(r"^\| `usagebot ([^`]+)` \|", section("Commands"), re.MULTILINE)


def name_of(typed: str) -> str:
    """The command that a line begins with, as `COMMANDS` names it."""
    return max((name for name in COMMANDS if f"{typed} ".startswith(f"{name} ")), key=len, default="")


def test_the_table_lists_every_command_once() -> None:
    assert sorted(map(name_of, TABLED)) == sorted(COMMANDS)


@pytest.mark.parametrize("typed", sorted(set(re.findall(r"(?:\.venv/bin/|`)usagebot ([a-z][^`\n]*)", README))))
def test_each_command_line_names_a_command(typed: str) -> None:
    assert set(re.findall(r"--[a-z-]+", typed)) <= COMMANDS[name_of(typed)]


@pytest.mark.parametrize("line", re.findall(r"^\| `usagebot .*$", README, re.MULTILINE))
def test_each_option_beside_a_command_is_its_own(line: str) -> None:
    name = name_of(line.removeprefix("| `usagebot ").split("`")[0])
    assert set(re.findall(r"--[a-z-]+", line)) <= COMMANDS[name]


def test_the_table_lists_every_setting_once() -> None:
    listed = re.findall(
        r"`([A-Z_]{6,})`", "\n".join(re.findall(r"^\| (`[A-Z].*?) \|", section("Settings"), re.MULTILINE))
    )
    assert sorted(listed) == sorted(str(field.alias) for field in Settings.model_fields.values())


def test_no_other_setting_is_named() -> None:
    named = set(re.findall(r"\b(?:USAGEBOT|SLACK)_[A-Z_]+", README)) - {"SLACK_ID"}
    assert named <= {str(field.alias) for field in Settings.model_fields.values()}


@pytest.mark.parametrize("name", ["slack_api_url", "contact", "account", "host", "port"])
def test_defaults_are_those_of_the_settings(name: str) -> None:
    field = Settings.model_fields[name]
    line = next(line for line in section("Settings").splitlines() if f"`{field.alias}`" in line)
    assert f"`{field.default}`" in line


@pytest.mark.parametrize("question", sorted(set(re.findall(r"`/usage ([^`]*=[^`]*|Design Revit)`", README))))
def test_every_question_can_be_read(question: str) -> None:
    query = grammar.parse(grammar.command(question).rest, VOCABULARY, date(2026, 11, 24))
    assert grammar.parse(grammar.canonical(query), VOCABULARY, date(2026, 11, 24)).filters == query.filters


def test_every_word_after_usage_is_listed() -> None:
    listed = set(re.findall(r"/usage ([a-z]+)(?=[` ])", section("What to type")))
    assert {name for name, verb in grammar.VERBS.items() if verb.available} - listed == {"report", "modal"}
    assert not {name for name, verb in grammar.VERBS.items() if not verb.available} & listed


async def test_the_conversation_is_what_the_demo_answers(tmp_path: Path) -> None:
    """`python -m tests.conversation --write` writes it anew."""
    assert conversation.written(README, await conversation.held(tmp_path)) == README


@pytest.mark.asyncio(loop_scope="module")
async def test_each_picture_can_be_taken_anew(browser: Browser, tmp_path: Path) -> None:
    await pictures.take(browser, tmp_path / "demo", tmp_path)
    taken, shown = (sorted(path.name for path in folder.glob("*.png")) for folder in (tmp_path, pictures.IMAGES))
    assert taken == shown


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)`|^ {4}make ([a-z]+)$", README, re.MULTILINE))))
def test_make_has_every_target(target: tuple[str, str]) -> None:
    assert re.search(rf"^{''.join(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda path: path.name)
def test_pictures_are_used_small_and_described(picture: Path) -> None:
    assert re.search(rf"!\[[^\]]{{20,}}\]\(docs/images/{re.escape(picture.name)}\)", README)
    assert picture.stat().st_size < MOST_BYTES
    assert picture.read_bytes().startswith(b"\x89PNG")
