"""Plain questions and what was made of them, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reporting_core.words.query import UsageQuery


class Act(StrEnum):
    """What a plain question wants done with its query."""

    REPORT = "report"
    WHY = "why"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a plain question. `score` is 0 to 1; readings are comparable within one question only."""

    act: Act
    query: UsageQuery
    score: float


@dataclass(frozen=True, slots=True)
class Readings:
    """What a reader made of a text: `sure` is the one reading it stands by, `near` the nearest, best first, at most 3.

    Neither: the text is no question about use of this account's teams, products and people.
    """

    sure: Reading | None = None
    near: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """What the search must know of a reviewed entry: its id and ways of asking."""

    id: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaqHit:
    """An entry found for a question; `score` is 0 to 1."""

    id: str
    score: float


class Band(StrEnum):
    """How sure a search is: answer it; ask which is meant; say that it is not known."""

    ANSWER = "answer"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Found:
    """The band, and the nearest entries, best first, at most 3."""

    band: Band
    hits: tuple[FaqHit, ...] = ()


class Kind(StrEnum):
    """What a question turned out to be; the words of `usagebot ask --format json`."""

    QUERY = "query"
    FAQ = "faq"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One thing that may have been meant: a query in canonical form with its act, or an entry by its id."""

    kind: Kind
    act: Act = Act.REPORT
    canonical: str = ""
    faq: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was made of a plain question. `candidates` are offered when unsure, and as the nearest when unknown."""

    kind: Kind
    act: Act = Act.REPORT
    canonical: str = ""
    faq: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question that somebody asked, what it turned out to be, and what was answered."""

    question: str
    kind: Kind
    answer: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for the owner, asked in the same words `times`, `down` of them with a thumb down."""

    token: str
    question: str
    kind: Kind
    answer: str
    """What was answered: a canonical query, or the id of an entry; empty where nothing was."""
    asked_at: datetime
    times: int
    down: int


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """One page of the owner's list, newest first, and what is counted over all questions that are kept."""

    questions: tuple[OpenQuestion, ...]
    page: int
    pages: int
    total: int
    asked: int
    unanswered: int
    up: int
    down: int
