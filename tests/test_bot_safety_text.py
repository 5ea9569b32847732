"""Any text that somebody can type is answered, over the real front door, with the real core on both databases."""

import json
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from handlers.limits import problems
from reporting_core.core import Core
from tests.hand_made import HOSTILE
from tests.safe_company import Holder, Seat, opened, write
from tests.safe_typist import Typist, typing

SEED = random.SystemRandom().randrange(1 << 32)

NAUGHTY = (
    *HOSTILE,
    "",
    " ",
    "\x00",
    "user=\x00",
    'user="a\x00b"',
    "\x1b[31mred",
    "user=\u202eevil",
    "\u200f\u200e\u2066team=Design\u2069",
    "team=payload-ops",
    'payload={"type":"block_actions"}',
    "team=" + "x" * 9_994,
    "a" * 10_000,
    "a" * 10_001,
    "é" * 10_000,
    "team=Design " * 800,
    "'" * 10_000,
    '"' * 9_999,
    "=" * 10_000,
    "," * 10_000,
    "user=" + "*" * 5_000,
    "user=" + "a*" * 4_000,
    "user=abc*" + "*b" * 3_000,
    "last=" + "9" * 5_000 + "d",
    "top=" + "9" * 5_000,
    "page=99999999999999999999",
    "from=0000-00-00 to=9999-99-99",
    "from=2026-02-30",
    "last=-1d",
    "sort=" + "-" * 2_000,
    "<@U1> <@U404|x> <@UBOT>",
    "<@" + "U" * 3_000 + ">",
    "<!subteam^S1|@admins> <#C1|general>",
    "help " + "x" * 9_000,
    "people link <@U1> a@b",
    "unassign \x00",
    "ZA͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "١٢٣ last=٣٠d",
    "' OR 1=1 --",
    '"; DROP TABLE people; --',
    "{{7*7}} ${7*7} %s %n {0}",
    "<script>alert(1)</script>",
    "&lt;!channel&gt; &amp;amp;",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
)


@pytest.fixture
def core(database_url: str, tmp_path: Path) -> Iterator[Core]:
    seats = [Seat("ann@example.com"), Seat("bob@example.com", "Bob", team="Build", product="AutoCAD", group="CAD")]
    holders = [Holder("U1@example.com"), Holder("U1@example.com", team="Build")]
    with opened(database_url, write(tmp_path / "in", seats, holders)) as made:
        yield made


@pytest.fixture
async def typist(core: Core) -> AsyncIterator[Typist]:
    async with typing(core) as made:
        yield made


def generated(chance: random.Random, count: int) -> list[str]:
    words = [
        "team", "product", "user", "status", "last", "sort", "top", "=", "!=", ",", '"', "“", "'", "Design", "build*",
        "30d", "ann", "me", "none", "all", "-days", "<@U1>", "\x00", "\u202e", "\n", "😀", "é", " ", "  ", "inactive",
        "from=2026-11-01", "to=today", "page=2", "*", "abc*", "&", "payload", "help", "people", "unassign", "why",
    ]  # fmt: skip
    return ["".join(chance.choices(words, k=chance.randrange(1, 12))) for _ in range(count)]


async def test_every_typed_text_is_answered_and_none_is_an_incident(typist: Typist) -> None:
    chance = random.Random(SEED)
    for text in (*NAUGHTY, *generated(chance, 60)):
        status, said = await typist.command(text)
        what = f"seed {SEED}: {text[:80]!r} ({len(text)} characters)"
        bad_bytes = any("\ud800" <= letter <= "\udfff" for letter in text)
        assert status == (400 if bad_bytes else 200), what
        if bad_bytes:
            continue
        opened_form = bool(typist.slack.named("views.open"))
        typist.slack.calls.clear()
        assert said or opened_form, what
        for call in said:
            assert call.arguments["text"].strip(), what
            assert problems(call.blocks) == [], what
    assert "incident" not in typist.log.getvalue()
    assert "unanswered" not in typist.log.getvalue()


async def test_every_text_typed_into_the_form_is_answered(typist: Typist) -> None:
    texts = ("user=\ud800", "\ud83d", 'user="a\x00b"', "\x00", "user=😀", "x" * 3_000, "user=" + "x," * 1_400)
    for text in texts:
        status, said, answer = await typist.submit({"typed": {"type": "plain_text_input", "value": text}})
        assert status == 200, text[:80]
        assert said or json.loads(answer)["errors"], text[:80]
    assert "incident" not in typist.log.getvalue()


ALTERED = (
    "", "null", "[]", "5", '"x"', "{}", "[" * 50_000, '{"q":5}', '{"k":5}', '{"q":"last=30d","p":true}',
    '{"q":"last=30d","p":1e99}', '{"q":"last=30d","p":-1}', '{"k":"nobody\\u0000s"}', '{"k":"\\ud800","p":1}',
    '{"q":"user=\\ud800","p":1}', '{"q":"user=\\u0000","p":1}', '{"q":"' + "x" * 20_000 + '","p":1}', '{"t":5}',
    '{"t":["x"]}', '{"q":"team=Design page=3","p":2}', '{"q":"team=\\"Design","p":2}', '{"k":"\' OR 1=1 --","p":1}',
)  # fmt: skip


async def test_every_altered_button_is_answered(typist: Typist) -> None:
    for action_id in ("page_next", "run_0", "change", "help_0", "form"):
        for value in ALTERED:
            status, said, _text = await typist.press(action_id, value)
            what = f"{action_id} {value[:60]}"
            assert status == 200, what
            assert said or typist.slack.named("views.open"), what
            typist.slack.calls.clear()
    assert "incident" not in typist.log.getvalue()


async def test_marks_that_nobody_sees_do_not_keep_a_command_from_being_read(typist: Typist) -> None:
    _status, said = await typist.command("\u200fteam\u200e=\u2066De\u200bsign\u2069 last=30d")
    assert said[0].arguments["text"].startswith("Usage of Design,")
