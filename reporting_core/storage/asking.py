"""Plain questions as they were asked: what became of each, whether it helped, and which the owner has not settled."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from reporting_core.storage.talk import asked_questions
from reporting_core.words.questions import Kind, OpenQuestion

WITHOUT_ANSWER = ("unsure", "unknown")


class Question(NamedTuple):
    """One question as it is written down."""

    token: str
    slack_user_id: str
    question: str
    kind: str
    answer: str
    place: str
    asked_at: datetime


class Counts(NamedTuple):
    """How many questions are kept, and how many of them had no answer, a thumb up, a thumb down."""

    asked: int
    unanswered: int
    up: int
    down: int


def note(connection: Connection, account_id: int, asked: Question) -> bool:
    """Write a question down; False if it was there already."""
    try:
        with connection.begin_nested():
            connection.execute(insert(asked_questions).values(account_id=account_id, **asked._asdict()))
    except IntegrityError:
        return False
    return True


def answered(connection: Connection, account_id: int, token: str, kind: str, answer: str) -> None:
    """Write down what became of a question."""
    connection.execute(update(asked_questions).where(*_the(account_id, token)).values(kind=kind, answer=answer))


def judge(connection: Connection, account_id: int, token: str, verdict: int) -> bool:
    """Keep a thumb, in place of an earlier one; False where there is no such question."""
    changed = update(asked_questions).where(*_the(account_id, token)).values(verdict=verdict)
    return connection.execute(changed).rowcount > 0


def asked(connection: Connection, account_id: int, token: str) -> Question | None:
    """Return a question by its token."""
    q = asked_questions.c
    columns = (q.token, q.slack_user_id, q.question, q.kind, q.answer, q.place, q.asked_at)
    row = connection.execute(select(*columns).where(*_the(account_id, token))).first()
    return None if row is None else Question(*row)


def waiting(connection: Connection, account_id: int, first: int, most: int) -> list[OpenQuestion]:
    """Return questions that wait for the owner, newest first, from the `first` (0-based) on.

    The same words in any case are one question.
    """
    q = asked_questions.c
    down = func.sum(case((q.verdict < 0, 1), else_=0))
    same = _same(account_id, func.max(q.id).label("newest"), func.count().label("times"), down.label("down")).subquery()
    columns = (q.token, q.question, q.kind, q.answer, q.asked_at, same.c.times, same.c.down)
    listed = select(*columns).join(same, q.id == same.c.newest).where(q.account_id == account_id)
    return [_open_question(*row) for row in connection.execute(listed.order_by(q.id.desc()).offset(first).limit(most))]


def open_total(connection: Connection, account_id: int) -> int:
    """Count the questions that wait for the owner."""
    same = _same(account_id, func.max(asked_questions.c.id)).subquery()
    return connection.execute(select(func.count()).select_from(same)).scalar_one()


def _same(account_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(*_open(account_id)).group_by(func.lower(asked_questions.c.question))


def _open_question(  # noqa: PLR0913, PLR0917 - the columns of the statement above
    token: str, question: str, kind: str, answer: str, asked_at: datetime, times: int, down: int
) -> OpenQuestion:
    # SQLite gives times back without their zone.
    return OpenQuestion(token, question, Kind(kind), answer, asked_at.replace(tzinfo=UTC), int(times), int(down))


def counts(connection: Connection, account_id: int) -> Counts:
    """Count what is kept."""
    q = asked_questions.c
    sums = [
        func.coalesce(func.sum(case((each, 1), else_=0)), 0)
        for each in (q.kind.in_(WITHOUT_ANSWER), q.verdict > 0, q.verdict < 0)
    ]
    return Counts(*connection.execute(select(func.count(), *sums).where(q.account_id == account_id)).one())


def settle(connection: Connection, account_id: int, token: str) -> int:
    """Take a question off the owner's list, however often it was asked; returns how often that was."""
    q = asked_questions
    words = select(func.lower(q.c.question)).where(*_the(account_id, token)).scalar_subquery()
    mine = (*_open(account_id), func.lower(q.c.question) == words)
    return connection.execute(update(q).where(*mine).values(settled=1)).rowcount


def forget(connection: Connection, account_id: int, before: datetime) -> int:
    """Delete questions asked before that; returns how many."""
    q = asked_questions
    return connection.execute(delete(q).where(q.c.account_id == account_id, q.c.asked_at < before)).rowcount


def _the(account_id: int, token: str) -> tuple[ColumnElement[bool], ...]:
    return (asked_questions.c.account_id == account_id, asked_questions.c.token == token)


def _open(account_id: int) -> tuple[ColumnElement[bool], ...]:
    q = asked_questions.c
    return (q.account_id == account_id, q.settled == 0, or_(q.kind.in_(WITHOUT_ANSWER), q.verdict < 0))
