"""What a digest says about the company, from one Monday to the next: dates are counted back from November 24th."""

from typing import Any

from reporting_core.words.digests import Digest, DigestWish, Listed
from reporting_core.words.errors import AskAgain, NotAllowed
from tests.company import ANN, BEN, CLEO, DAN, TODAY, Company, ago


def wish(company: Company, question: str = "team=Design", since: int | None = 7, **more: Any) -> DigestWish:
    """A wish of the operator's, for what changed in the last week."""
    asker = more.pop("asker", company.core.operator)
    day = None if since is None else ago(since)
    return DigestWish(more.pop("token", "D1"), asker, question, day, more.pop("today", TODAY), **more)


def digest(company: Company, question: str = "team=Design", since: int | None = 7, **more: Any) -> Digest:
    """The digest of one wish."""
    found = company.core.digests.made([wish(company, question, since, **more)])["D1"]
    assert isinstance(found, Digest), found
    return found


def refused(company: Company, question: str, **more: Any) -> AskAgain | NotAllowed:
    """The error in place of a digest."""
    found = company.core.digests.made([wish(company, question, **more)])["D1"]
    assert not isinstance(found, Digest)
    return found


def names(some: Listed) -> list[str]:
    """People of a list, in their order."""
    assert some.count == len(some.rows)
    return [row.person.partition(" ")[0].lower() for row in some.rows]


def load_month(company: Company, *rows: Any) -> None:
    """Use of ninety days, in which Cleo works every few days, so that all days are covered."""
    busy = CLEO.used("Revit", *range(0, 90, 3), 89)
    company.load(company.usage(busy, *[row for row in rows if "day_used" in row[0]]))
    company.load(company.report(CLEO.holds("Revit"), *[row for row in rows if "day_used" not in row[0]]))


def test_who_was_last_in_before_the_range_is_newly_inactive(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 33), BEN.holds("Revit"), BEN.used("Revit", 50))
    found = digest(company)
    assert (found.as_of, found.since, found.team, found.first) == (TODAY, ago(7), "Design", False)
    assert names(found.newly_inactive) == ["ann"]
    assert not found.nothing_new


def test_who_uses_it_again_is_back(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 60, 2), BEN.holds("Revit"), BEN.used("Revit", 10, 2))
    found = digest(company)
    assert names(found.back_again) == ["ann"]
    assert found.newly_inactive == Listed()
    assert found.back_again.rows[0].last_accessed == ago(2)


def test_a_seat_that_stands_unused_for_fourteen_days_is_named_once(company: Company) -> None:
    load_month(company, ANN.holds("Revit", since=18), BEN.holds("Revit", since=25), DAN.holds("Revit", since=12))
    assert names(digest(company).unused_14) == ["ann"]
    assert names(digest(company, since=12).unused_14) == ["ann", "ben"]


def test_a_seat_that_was_given_back_is_freed(company: Company) -> None:
    load_month(company, ANN.gave_back("Revit", 3), BEN.gave_back("Revit", 7), DAN.gave_back("Revit", 8))
    assert names(digest(company).freed) == ["ann"]


def test_the_first_digest_tells_the_state_as_it_is(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), BEN.holds("Revit", since=20), DAN.gave_back("Revit", 3))
    found = digest(company, since=None)
    assert found.first
    assert names(found.newly_inactive) == ["ann"]
    assert names(found.unused_14) == ["ben"]
    assert found.freed == Listed()
    assert not found.nothing_new
