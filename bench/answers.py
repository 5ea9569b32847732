"""`python -m bench.answers`: how often questions that nothing was tuned on find their answer, and others find none."""

import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from handlers import faq_entries
from handlers.language import LANGUAGES, speaking
from reporting_core.words.questions import Band, Found

SAMPLES = Path(__file__).parent.parent / "tests" / "samples" / "faq"


@dataclass(frozen=True, slots=True)
class Tried:
    """A question, the entry that answers it ('' if none does), and what was found."""

    question: str
    wanted: str
    found: Found

    @property
    def ids(self) -> list[str]:
        """The entries found, best first."""
        return [hit.id for hit in self.found.hits]


@dataclass(frozen=True, slots=True)
class Measured:
    """One language's questions, those with an answer and those without, and milliseconds for each question."""

    language: str
    asked: tuple[Tried, ...]
    off_topic: tuple[Tried, ...]
    median: float
    longest: float

    def within(self, first: int) -> float:
        """Return the share of questions whose entry is among the `first` found."""
        return _share(sum(each.wanted in each.ids[:first] for each in self.asked), self.asked)

    def answered(self, *, right: bool) -> float:
        """Return the share of questions answered at once, with the right entry or with another."""
        sure = [each for each in self.asked if each.found.band is Band.ANSWER]
        return _share(sum((each.ids[0] == each.wanted) is right for each in sure), self.asked)

    def off_topic_in(self, band: Band) -> float:
        """Return the share of questions without an answer that fell into a band."""
        return _share(sum(each.found.band is band for each in self.off_topic), self.off_topic)


def measured(language: str) -> Measured:
    """Ask all questions of a language."""
    faq_entries.warm()
    held_out = tomllib.loads((SAMPLES / "held_out.toml").read_text(encoding="utf-8"))[language]
    others = tomllib.loads((SAMPLES / "off_topic.toml").read_text(encoding="utf-8"))[language]
    times: list[float] = []
    with speaking(language):
        asked = tuple(_tried(each, wanted, times) for wanted, questions in held_out.items() for each in questions)
        off_topic = tuple(_tried(each, "", times) for each in others)
    return Measured(language, asked, off_topic, sorted(times)[len(times) // 2], max(times))


def lines(run: Measured) -> list[str]:
    """Return the rows of the table for a language."""
    figures = {
        f"right entry found first ({len(run.asked)} questions)": run.within(1),
        "right entry among the first three": run.within(3),
        "answered at once, rightly": run.answered(right=True),
        "answered at once, wrongly": run.answered(right=False),
        f"without an answer, yet answered ({len(run.off_topic)} questions)": run.off_topic_in(Band.ANSWER),
        "without an answer, told so": run.off_topic_in(Band.UNKNOWN),
    }
    shares = [f"| {run.language} | {name} | {share:.1%} |" for name, share in figures.items()]
    return [
        *shares,
        f"| {run.language} | time for a question, median and longest | {run.median:.1f} ms, {run.longest:.1f} ms |",
    ]


def missed(run: Measured) -> list[str]:
    """Return the questions that went wrong, for whoever writes entries."""
    asked = [f"{each.wanted}: {each.question} → {each.ids}" for each in run.asked if [each.wanted] != each.ids[:1]]
    answered = [f"-: {each.question} → {each.ids[0]}" for each in run.off_topic if each.found.band is Band.ANSWER]
    return [*asked, *answered]


def main() -> int:
    """Measure both languages and print the table; `--missed` adds the questions that went wrong."""
    print("| language | figure | measured |\n|---|---|---|")
    runs = [measured(each) for each in LANGUAGES]
    print("\n".join(line for run in runs for line in lines(run)))
    if "--missed" in sys.argv:
        print("\n".join(line for run in runs for line in missed(run)))
    return 0


def _tried(question: str, wanted: str, times: list[float]) -> Tried:
    begun = time.perf_counter()
    found = faq_entries.find(question)
    times.append((time.perf_counter() - begun) * 1_000)
    return Tried(question, wanted, found)


def _share(count: int, of: tuple[Tried, ...]) -> float:
    return count / len(of)


if __name__ == "__main__":
    sys.exit(main())
