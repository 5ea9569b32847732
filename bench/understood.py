"""`python -m bench.understood`: what the bot of the demo makes of questions that its reader was not made with."""

import argparse
import os
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bot import demo_company, opening, settings
from handlers import faq_entries
from handlers.language import speaking
from reporting_core.core import Core
from reporting_core.words.errors import UsagebotError
from reporting_core.words.questions import Asked, Candidate, Kind

SAMPLES = Path(__file__).parent.parent / "tests" / "samples" / "questions"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""The day for which the expectations were written."""
UNSURE = "unsure"


class Tried(NamedTuple):
    """A text, what it belongs to, and how it went."""

    kind: str
    verdict: str
    text: str
    came_out: str


@contextmanager
def demo(*, names: bool) -> Iterator[Core]:
    """Open the demo's company as of `NOW`. With `names` the one team that hides its people shows them."""
    with tempfile.TemporaryDirectory(prefix="usagebot-understood-") as folder:
        given = settings.read({"USAGEBOT_DATA": folder, "USAGEBOT_ACCOUNT": "Northgate Studio", "PATH": os.defpath})
        with opening.opened(given, lambda: NOW) as core:
            exports = Path(folder) / "exports"
            exports.mkdir()
            for delivery in demo_company.write(demo_company.make_up(NOW.date()), exports):
                core.load(delivery)
            if names:
                core.set_personal_data("Visualisation", shown=True)
            yield core


def tried(core: Core, sample: Mapping[str, Any]) -> Iterator[Tried]:
    """Ask everything of a set, as the command line and Slack ask it."""
    for text, act, *queries in sample["questions"]:
        yield _tried(core, "question", text, partial(_as_question, act=act, queries=queries))
    for text, *ids in sample.get("answers", []):
        yield _tried(core, "answer", text, partial(_as_answer, ids=ids))
    with speaking("de"):
        for text, *ids in sample.get("answers_de", []):
            yield _tried(core, "answer", text, partial(_as_answer, ids=ids))
    for text in sample["not_questions"]:
        yield _tried(core, "neither", text, _as_neither)


def main() -> int:
    """Print how often what came out, and with `--missed` each text that did not come out as it should."""
    parser = argparse.ArgumentParser(prog="python -m bench.understood", description=__doc__)
    parser.add_argument("--set", default="fresh", help="the file of tests/samples/questions")
    parser.add_argument("--hidden", action="store_true", help="leave the demo's names of people hidden")
    parser.add_argument("--missed", action="store_true", help="print what came out otherwise than wanted")
    wanted = parser.parse_args()
    faq_entries.warm()
    with demo(names=not wanted.hidden) as core:
        found = list(tried(core, tomllib.loads((SAMPLES / f"{wanted.set}.toml").read_text("utf-8"))))
    for (kind, verdict), count in sorted(Counter((each.kind, each.verdict) for each in found).items()):
        print(f"{kind:9} {verdict:24} {count:4} of {sum(each.kind == kind for each in found)}")
    for each in found if wanted.missed else ():
        if each.verdict not in {"right", "nothing said"}:
            print(f"{each.kind} · {each.verdict} · {each.text!r} → {each.came_out}")
    return 0


def _tried(core: Core, kind: str, text: str, judged: Callable[[Asked], str]) -> Tried:
    try:
        asked = core.asking.make_out(text, core.operator, faq_entries)
    except UsagebotError as error:
        return Tried(kind, "refused", text, str(error))
    return Tried(kind, judged(asked), text, _shown(asked))


def _as_question(asked: Asked, act: str, queries: Sequence[str]) -> str:
    queries = [each for each in queries if each]
    offered = any(each.canonical in queries for each in asked.candidates)
    if asked.kind is Kind.FAQ:
        return "entry answered"
    if asked.kind is Kind.QUERY:
        return "right" if act == asked.act and asked.canonical in queries else "WRONG, and sure"
    if act == UNSURE and (offered or not queries):
        return "right"
    return "offered" if offered else "other or nothing offered"


def _as_answer(asked: Asked, ids: Sequence[str]) -> str:
    if asked.kind is Kind.QUERY:
        return "READ AS QUERY"
    if asked.kind is Kind.FAQ:
        return "right" if asked.faq in ids else "WRONG ENTRY, and sure"
    entries = [each.faq for each in asked.candidates if each.faq]
    if not {*entries} & {*ids}:
        return "not found"
    return "first offered" if entries[0] in ids else "among three"


def _as_neither(asked: Asked) -> str:
    if asked.kind is Kind.QUERY:
        return "READ AS QUERY"
    if asked.kind is Kind.FAQ:
        return "ENTRY ANSWERED"
    if any(each.canonical for each in asked.candidates):
        return "query offered"
    return "entries offered" if asked.kind is Kind.UNSURE else "nothing said"


def _shown(asked: Asked) -> str:
    def one(each: Candidate | Asked) -> str:
        return each.faq or f"{each.act}: {each.canonical}"

    return one(asked) if asked.kind in {Kind.QUERY, Kind.FAQ} else " | ".join(one(each) for each in asked.candidates)


if __name__ == "__main__":
    sys.exit(main())
