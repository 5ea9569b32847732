"""Hostile names, from real export files to whatever a person sees: nothing pings, links, formats, breaks or is lost."""

import json
import random
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.printing import contract
from bot.printing import imported as printed_imports
from bot.printing import report as printed
from handlers.limits import problems
from handlers.views import report as view
from handlers.views.blocks import Message
from reporting_core.core import Core
from reporting_core.usecases.identity import Rules
from tests.safe_company import Holder, Seat, opened, write
from tests.safe_typist import Typist, typing
from tests.slack_stand_in import Call

SEED = random.SystemRandom().randrange(1 << 32)
OWNER = "U1@example.com"

NAMES = (
    "<!channel> all",
    "<!here|all> b",
    "<@U1> ping",
    "<#C1|general> c",
    "<!subteam^S1> d",
    "<http://evil.example|click> e",
    "https://evil.example/?a=1&b=2 f",
    "mailto:evil@evil.example g",
    "*bold* _it_ ~gone~ `code` h",
    "```fence``` i",
    ":tada: :x: j",
    "&lt;!channel&gt; k",
    "\u202eevil\u202c l",
    "line\nbreak\ttab m",
    "\x1b[31mred\x1b[0m n",
    "\u2028two\u2029 lines o",
    "x" * 480 + " p",
    "x" * 32_000 + " o",
    "名前 " * 150 + "q",
    "👩‍👩‍👧‍👦" * 30 + " r",
    "> quote s",
    "\"quoted\" “smart” 'single' t",
    "=cmd|' /C calc'!A0 u",
    "a,b;c=d!=e* v",
    "{{ report }} {% w %}",
    "none",
    "me",
    "all",
    "help",
    "last=30d",
)
WRONG = re.compile(
    r"<[!@#]|<https?:|<mailto:|://|\*bold|_it_|~gone|`code|```fence|:tada:|:x:"
    r"|[\x00-\x09\x0b-\x1f\u202a-\u202e\u2028\u2029\u2066-\u2069]"
)
FENCED = re.compile("```.*?```", re.DOTALL)
DECODED = re.compile(r"<[!@#]|<https?:|<mailto:")
"""What Slack decodes even inside a fence."""


def company() -> list[Seat]:
    def email(number: int) -> str:
        return f"p{number}@example.com"

    people = [Seat(email(n), name, "", team="Design", number=f"A{n}") for n, name in enumerate(NAMES)]
    teams = [Seat(email(0), NAMES[0], "", team=name, number="A0") for name in NAMES]
    products = [Seat(email(0), NAMES[0], "", product=name, number="A0") for name in NAMES]
    groups = [
        Seat(email(n), name, "", product="CAD", group=name, assigned_by=f"Group: {name}", number=f"A{n}")
        for n, name in enumerate(NAMES)
        if ";" not in name
    ]
    return [*people, *teams, *products, *groups]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    folder = tmp_path_factory.mktemp("hostile")
    with opened(f"sqlite:///{folder / 'x.db'}") as made:
        made.load(write(folder, company(), [Holder(OWNER), *(Holder(OWNER, team=name) for name in NAMES)], days=2))
        yield made


@pytest.fixture
async def typist(core: Core) -> AsyncIterator[Typist]:
    async with typing(core) as made:
        yield made


def _formatted(node: Any) -> Iterator[str]:
    """Texts that Slack decodes or formats: `text` of a message, and every mrkdwn object."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for value in node.values():
            yield from _formatted(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _formatted(value)


def _all_texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ():
        yield from _all_texts(value)


UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")


def faults_of(text: str, blocks: list[Any]) -> list[str]:
    found = [*problems(blocks)]
    for each in (text, *_formatted(blocks)):
        assert each.count("```") in {0, 2}
        outside, inside = FENCED.sub("", each), "".join(FENCED.findall(each))
        found += [f"{wrong!r} in {each[:200]!r}" for wrong in WRONG.findall(outside) + DECODED.findall(inside)]
    shown = [each for each in _all_texts([_without_values(blocks), text]) if UNSAFE.search(each)]
    links = [block for block in blocks if '"type": "link"' in json.dumps(block)]
    emoji = [each for each in _plain(blocks) if each.get("emoji")]
    return [*found, *shown, *map(str, links), *map(str, emoji)]


def _without_values(node: Any) -> Any:
    """What is carried back to us, and never shown, may hold names as they are."""
    if isinstance(node, dict):
        return {key: _without_values(value) for key, value in node.items() if key not in {"value", "private_metadata"}}
    return [_without_values(each) for each in node] if isinstance(node, list | tuple) else node


def _plain(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("type") == "plain_text":
            yield node
        for value in node.values():
            yield from _plain(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _plain(value)


def check(said: list[Call], what: str) -> None:
    assert said, what
    for call in said:
        assert faults_of(call.arguments["text"], call.blocks) == [], f"{what}: {call.method}"


def rows_of(call: Call) -> int:
    return sum(len(block["rows"]) - 1 for block in call.blocks if block["type"] == "data_table")


def quoted(name: str) -> str:
    return '"' + " ".join(name.split()).replace('"', "'") + '"'


async def test_every_page_shows_every_row_and_no_name_does_anything(typist: Typist, core: Core) -> None:
    found = len(core.answer("", core.operator).rows)
    shown, page = 0, 1
    while shown < found:
        _status, said = await typist.command(f"last=30d page={page}")
        check(said, f"page {page}")
        assert rows_of(said[-1]), f"{shown} of {found} rows"
        shown, page = shown + rows_of(said[-1]), page + 1
    assert shown == found


async def test_where_a_workspace_refuses_the_blocks_the_text_is_as_harmless(typist: Typist) -> None:
    for page in (1, 3, 5):
        typist.slack.faults["response"] = ["invalid_blocks"]
        _status, said = await typist.command(f"last=30d page={page}")
        check(said, f"page {page}")
        assert len(said) == 2


@pytest.mark.parametrize("key", ["team", "product", "group", "user"])
async def test_every_name_can_be_asked_for_and_is_harmless_in_whatever_is_said(typist: Typist, key: str) -> None:
    chance = random.Random(SEED)
    for name in NAMES:
        for value in (quoted(name), quoted(name[:-1] + chance.choice("zy")), name, quoted(name[:-2] + "*")):
            _status, said = await typist.command(f"{key}={value} last=30d")
            check(said, f"seed {SEED}: {key}={value[:60]}")


async def test_help_home_people_and_greetings_are_harmless(typist: Typist, core: Core) -> None:
    for number, name in enumerate(NAMES):
        user = f"U{number + 10}"
        typist.slack.person(user, real_name=name, profile={"email": f"p{number}@example.com", "real_name": name})
        _status, said = await typist.command("last=30d", user=user)
        check(said, name[:40])
        for call in await typist.event({"type": "app_home_opened", "tab": "home", "user": user, "channel": "D1"}):
            assert faults_of("", call.arguments["view"]["blocks"]) == []
    for text in ("help", "help filters", "examples"):
        _status, said = await typist.command(text)
        assert all(problems(call.blocks) == [] for call in said)
    core.rules = Rules(owners=frozenset({OWNER.casefold()}))
    for text in ("people", "people link <@U11> x@example.com", "people reporter x@example.com nowhere <!channel>"):
        _status, said = await typist.command(text)
        check(said, text)


def test_printed_reports_hold_no_control_characters_and_no_turned_writing(core: Core) -> None:
    answer = core.answer("", core.operator)
    assert UNSAFE.findall(printed.text(answer, printed.Screen())) == []
    assert UNSAFE.findall(printed.text(answer, printed.Screen(columns=80))) == []
    told = contract.report(answer)
    assert json.loads(json.dumps(told)) == told
    assert len(told["rows"]) == answer.row_count


def test_the_result_of_an_import_is_harmless_on_a_terminal(tmp_path: Path) -> None:
    with opened(f"sqlite:///{tmp_path / 'x.db'}") as core:
        result = core.load(write(tmp_path / "in", company(), [Holder(OWNER)], days=2))
    assert UNSAFE.findall(printed_imports.text(result)) == []
    assert all(file.read == file.stored + file.unchanged + len(file.refused) for file in result.files)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 100, 1_500])
async def test_any_number_of_rows_keeps_the_limits_and_loses_none(tmp_path: Path, count: int) -> None:
    seats = [
        Seat(f"p{n}@example.com", f"{NAMES[n % len(NAMES)][:300]} {n}", number=f"A{n}", group=f"G{n % 7}")
        for n in range(count)
    ]
    spare = [Seat(OWNER, team="Spare", product="AutoCAD")]
    holders = [Holder(OWNER), Holder(OWNER, team="Spare")]
    with opened(f"sqlite:///{tmp_path / 'x.db'}", write(tmp_path / "in", [*seats, *spare], holders, days=1)) as core:
        answer = core.answer("product=Revit", core.operator) if count else None
        async with typing(core) as typist:
            _status, said = await typist.command("product=Revit" if count else "team=Spare status=inactive")
            check(said, f"{count} rows")
            pages = -(-count // 15)
            if count:
                assert answer is not None
                assert answer.row_count == count
                assert f"of {count:,}" in said[-1].arguments["text"]
                _status, last = await typist.command(f"product=Revit page={pages}")
                check(last, f"last page of {count} rows")
                assert rows_of(last[-1]) == count - 15 * (pages - 1)


def test_every_form_of_a_hostile_report_is_harmless(core: Core) -> None:
    answer = core.answer("", core.operator)
    message: Message | None = view.message(answer, {"q": "last=30d"})
    while message is not None:
        assert faults_of(message.text, list(message.blocks)) == []
        message = message.fallback
