"""`python -m bench.questions`: how long a plain question takes, from its words to what is to be answered, and whole."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from bench import kept, machine
from bench.company import opened
from bench.measuring import timed
from handlers import faq_entries, faq_live
from reporting_core.core import Core
from reporting_core.usecases.asking import Place
from reporting_core.words.people import Asker
from reporting_core.words.questions import Kind

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"
FIRST, LAST = "<!-- questions: written by `python -m bench.questions --write` -->", "<!-- end of questions -->"
DAYS_OF_A_PERSON = 400
RUN = token_hex(8)
"""Part of every question's place: the database is kept, and a question that came before is not asked again."""
MOST = 50.0
"""Milliseconds that a question may take (issue 3)."""

QUESTIONS = (
    'who in "Team 50" hasn\'t opened Revit for 90 days?',
    "inactive people in Team 7 since September",
    "how many Flex tokens are left?",
    "why is Femke Okafor 90 inactive?",
    "export Team 12 for last quarter",
    "who in Taem 50 hasnt opend Revti for 90 dyas",
    'team="Team 50" status=inactive last=90d',
    "What does inactive mean?",
    "how is the monthly average worked out for Team 50?",
    "is work without a network counted?",
    "where can I park my bicycle",
    "please " * 140,
)
"""Figures, explanations, typing errors, nothing that is known, and as long as a question may be."""


class Measured(NamedTuple):
    """Milliseconds: preparing the names once, and for each question the making out, the asking, the whole answer."""

    people: int
    warm: float
    questions: list[tuple[str, Kind, float, float, float | None]]


def measured(path: Path, repeat: int) -> Measured:
    """Ask every question, in turns."""
    core = opened(f"sqlite:///{path}")
    with closing(core.store):
        asker = replace(core.operator, slack_user_id="U1")
        faq_entries.warm()
        faq_live.warm()
        warm = timed({"warm": lambda: asyncio.run(core.warm())}, 1)["warm"].first
        read = {each: partial(core.asking.make_out, each, asker, faq_entries) for each in QUESTIONS}
        numbers = count()
        asks = {f"asked {each}": partial(_asked, core, asker, each, numbers) for each in QUESTIONS}
        # In turns, so that whatever else the machine does meets both alike.
        times = timed({**read, **asks}, repeat)
        lines = [
            (
                each,
                read[each]().kind,
                1000 * times[each].median,
                1000 * times[f"asked {each}"].median,
                _report(core, asker, each, max(repeat // 5, 1)),
            )
            for each in QUESTIONS
        ]
        return Measured(len(core.names.of(asker).people) // 2, 1000 * warm, lines)


def _asked(core: Core, asker: Asker, text: str, numbers: Iterator[int]) -> None:
    """Ask as a direct message does: written down, made out, and what became of it written down."""
    asyncio.run(core.asking.ask(text, asker, faq_entries, Place("direct", f"{RUN}:{next(numbers)}")))


def _report(core: Core, asker: Asker, text: str, repeat: int) -> float | None:
    asked = core.asking.make_out(text, asker, faq_entries)
    if asked.kind is not Kind.QUERY:
        return None
    return 1000 * timed({text: lambda: core.answer(asked.canonical, asker).rows[:15]}, repeat)[text].median


def table(run: Measured) -> str:
    """Return the figures as the page has them."""
    worst = max(asked for _, _, _, asked, _ in run.questions)
    rows = [
        f"| {_short(text)} | {kind} | {made_out:.1f} ms | {asked:.1f} ms | {f'{report:.0f} ms' if report else ''} |"
        for text, kind, made_out, asked, report in run.questions
    ]
    verdict = "reached" if worst <= MOST else "missed"
    head = (
        f"Names of {run.people:,} people; {machine.described()['Processor']}. Preparing them at the start: "
        f"{run.warm:.0f} ms. Slowest question: {worst:.1f} ms of at most {MOST:.0f} ms ({verdict})."
    )
    heading = "| question | taken for | made out | asked, with what is written down | its report |"
    return "\n".join([head, "", heading, "|---|---|---|---|---|", *rows])


def _short(text: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:50]}… ({len(text)} characters)"
    return shown.replace("|", "/")


def written(page: str, figures: str) -> str:
    """Return the page with these figures in place of the old ones."""
    before, _, rest = page.partition(FIRST)
    _, _, after = rest.partition(LAST)
    return f"{before}{FIRST}\n\n{figures}\n{LAST}{after}"


def main(arguments: list[str]) -> int:
    """Measure and tell; ends with status 1 when the figure is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--repeat", type=int, default=25)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "usagebot-bench")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/performance.md")
    wanted = parser.parse_args(arguments)
    run = measured(kept.database(wanted.folder, wanted.people * DAYS_OF_A_PERSON), wanted.repeat)
    print(table(run))
    if wanted.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), table(run)), encoding="utf-8")
    return int(max(asked for _, _, _, asked, _ in run.questions) > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
