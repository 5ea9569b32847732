"""A stand-in for plain questions: it makes out what it is told to, and remembers what was asked and judged."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from reporting_core.usecases.asking import Place
from reporting_core.words.people import Asker
from reporting_core.words.questions import Asked, AskedBefore, Kind, OpenQuestion, OpenQuestions


def open_question(number: int, **changes: Any) -> OpenQuestion:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    given: dict[str, Any] = {"token": f"t{number}", "question": f"riddle {number}", "kind": Kind.UNKNOWN}
    return OpenQuestion(**(given | {"answer": "", "asked_at": at, "times": 1, "down": 0} | changes))


@dataclass
class AskingStandIn:
    """`made_out` is what every question turns out to be; `fails` is raised instead."""

    made_out: Asked = field(default_factory=lambda: Asked(Kind.UNKNOWN))
    fails: Exception | None = None
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    said: set[str] = field(default_factory=set)
    kept: dict[tuple[str, str], AskedBefore] = field(default_factory=dict)
    choices: list[tuple[str, str, Asked]] = field(default_factory=list)
    thumbs: list[tuple[str, str, bool]] = field(default_factory=list)
    waiting: list[OpenQuestion] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    expired: int = 0

    async def ask(self, text: str, asker: Asker, search: Any, at: Place) -> tuple[str, Asked] | None:
        if at.said in self.said:
            return None
        self.said.add(at.said)
        self.asked.append((text, asker.slack_user_id, at.kind))
        if self.fails:
            raise self.fails
        return "token", self.made_out

    async def before(self, token: str, slack_user_id: str) -> AskedBefore | None:
        return self.kept.get((token, slack_user_id))

    async def chosen(self, token: str, slack_user_id: str, asked: Asked) -> None:
        self.choices.append((token, slack_user_id, asked))

    async def judge(self, token: str, slack_user_id: str, *, helped: bool) -> bool:
        self.thumbs.append((token, slack_user_id, helped))
        return token != "gone"

    async def open(self, page: int = 1) -> OpenQuestions:
        left = [each for each in self.waiting if each.token not in self.settled]
        rows = tuple(left[10 * (page - 1) : 10 * page])
        return OpenQuestions(rows, page, max(-(-len(left) // 10), 1), len(left), 20, 5, 3, 1)

    async def expire(self) -> int:
        self.expired += 1
        return 0

    async def settle(self, token: str) -> bool:
        self.settled.append(token)
        return True
