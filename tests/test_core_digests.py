"""What a digest says about the company, from one week to the next: dates are counted back from November 24th."""

import json
from typing import Any

from reporting_core.words.digests import Digest, DigestWish, Listed
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.terms import Role
from tests.company import ANN, BEN, CLEO, DAN, TODAY, WEST, Company, ago


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


def test_what_was_unassigned_after_the_data_ends_is_said(company: Company) -> None:
    company.load(company.usage(CLEO.used("Revit", *range(2, 90, 3))))
    company.load(company.report(CLEO.holds("Revit"), BEN.gave_back("Revit", 2), DAN.of(WEST).gave_back("Revit", 1)))
    assert digest(company).notes == ()
    company.load(company.report(CLEO.holds("Revit"), BEN.gave_back("Revit", 2), ANN.gave_back("Revit", 1)))
    (note,) = digest(company).notes
    assert note == "1 seat was unassigned after 2026-11-22, where the data ends; it counts here as it was then."
    report = company.ask("team=Design last=30d").report
    assert report.notes == (note,)


def test_the_first_digest_tells_the_state_as_it_is(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), BEN.holds("Revit", since=20), DAN.gave_back("Revit", 3))
    found = digest(company, since=None)
    assert found.first
    assert names(found.newly_inactive) == ["ann"]
    assert names(found.unused_14) == ["ben"]
    assert found.freed == Listed()
    assert not found.nothing_new


def test_nothing_new_is_said_so_although_decisions_wait(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    found = digest(company)
    assert found.nothing_new
    assert names(found.waiting) == ["ann"]
    assert found.newly_inactive == found.back_again == found.unused_14 == found.freed == Listed()


def test_without_newer_data_nothing_is_new(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 33))
    found = digest(company, since=0)
    assert found.nothing_new
    assert found.newly_inactive == Listed()


def test_only_seats_that_the_reader_may_take_back_wait_for_a_decision(company: Company) -> None:
    load_month(
        company,
        ANN.holds("Revit"),
        BEN.holds("Revit", assigned_by="Group: CAD"),
        DAN.holds("Revit", since=29),
        ANN.of(WEST).holds("Revit"),
    )
    company.load(company.usage(CLEO.of(WEST).used("Revit", *range(0, 90, 3), 89)))
    assert names(digest(company).waiting) == ["ann"]
    admin = asker(company, Role.PRIMARY_ADMIN, "Design", "Structural West")
    assert names(digest(company, "last=30d", asker=admin).waiting) == ["ann", "ann"]
    reporter = asker(company, Role.REPORTER, "Design")
    assert digest(company, asker=reporter).waiting == Listed()


def asker(company: Company, role: Role, *teams: str) -> Asker:
    """Somebody with a role in some teams."""
    operator = company.core.operator
    ids = {id_ for team in teams for id_ in company.ask(f'team="{team}" last=30d').report.team_ids}
    return Asker(operator.account_id, "U2", "Ann", "", teams={id_: frozenset({role}) for id_ in ids})


def test_one_team_that_hides_its_people_hides_all_of_them(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 33))
    company.load(
        company.usage(CLEO.of(WEST).used("Revit", *range(0, 90, 3), 89), BEN.of(WEST).used("Revit", 33)),
        company.report(BEN.of(WEST).holds("Revit"), CLEO.of(WEST).holds("Revit")),
    )
    company.core.set_personal_data(WEST, shown=False)
    both, design = digest(company, "last=30d"), digest(company)
    assert (both.hashed, both.hashed_because) == (True, (WEST,))
    assert all(len(row.person) == 16 and " " not in row.person for row in both.newly_inactive.rows)
    assert both.newly_inactive.count == 2
    assert names(design.newly_inactive) == ["ann"]
    made = company.core.digests.made(
        [wish(company, "last=30d", token="all"), wish(company), wish(company, f'team="{WEST}"', token="west")]
    )
    assert {token: each.hashed for token, each in made.items() if isinstance(each, Digest)} == {
        "all": True,
        "D1": False,
        "west": True,
    }


def test_a_team_that_was_merged_is_named_with_what_to_ask_for_now(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    company.load(company.report(BEN.of(WEST).holds("Revit")))
    reporter = asker(company, Role.REPORTER, WEST)
    company.core.merge_teams(WEST, "Design")
    found = refused(company, f'team="{WEST}" product=Revit last=30d')
    assert found.message == "The team Structural West was merged into Design. Ask for Design instead."
    assert found.suggestions == ("team=Design product=Revit last=30d",)
    assert isinstance(refused(company, f'team="{WEST}" last=30d', asker=reporter), NotAllowed)


def test_who_lost_the_role_hears_it_in_place_of_a_digest(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    company.load(company.report(BEN.of(WEST).holds("Revit")))
    nobody = Asker(company.core.account_id, "U3", "Dan", "")
    west = asker(company, Role.REPORTER, WEST)
    assert isinstance(refused(company, "team=Design last=30d", asker=nobody), NotAllowed)
    assert isinstance(refused(company, "team=Design last=30d", asker=west), NotAllowed)
    assert isinstance(refused(company, "team=Nowhere last=30d"), AskAgain)


def test_old_data_is_told_instead_of_numbers(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 33))
    assert digest(company, today=ago(-3)).stale is None
    found = digest(company, today=ago(-4))
    assert (found.stale, found.as_of) == (4, TODAY)
    assert (found.seats, found.tokens, found.chart, found.newly_inactive) == (None, None, None, Listed())


def test_each_team_is_as_new_as_its_own_data(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    company.load(
        company.usage(CLEO.of(WEST).used("Revit", *range(2, 90, 3), 89), BEN.of(WEST).used("Revit", 33)),
        company.report(BEN.of(WEST).holds("Revit")),
        exported_on=ago(2),
    )
    found = digest(company, f'team="{WEST}" last=30d')
    assert found.as_of == ago(2)
    assert names(found.newly_inactive) == ["ben"]


def test_late_use_from_before_the_last_digest_is_told_as_a_correction(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 40), BEN.holds("Revit"), BEN.used("Revit", 39))
    (last_week,) = company.core.digests.made([wish(company, since=None, today=TODAY)]).values()
    assert isinstance(last_week, Digest)
    assert names(last_week.newly_inactive) == ["ann", "ben"]
    company.load(company.usage(ANN.used("Revit", 12), CLEO.used("Revit", 12)), exported_on=TODAY)
    told = digest(company, since=7, memo=last_week.memo)
    assert names(told.corrected) == ["ann"]
    assert told.back_again == Listed()
    assert not told.nothing_new
    assert digest(company, since=7).corrected == Listed()


def test_a_freed_seat_that_an_export_tells_late_is_named_once(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), DAN.gave_back("Revit", 20))
    first = digest(company, since=None)
    company.load(company.report(ANN.gave_back("Revit", 10), CLEO.holds("Revit"), DAN.gave_back("Revit", 20)))
    second = digest(company, since=7, memo=first.memo)
    assert names(second.freed) == ["ann"]
    assert digest(company, since=0, memo=second.memo).freed == Listed()


def test_a_memo_is_json_and_names_nobody(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), DAN.gave_back("Revit", 20))
    found = digest(company, since=None)
    kept = json.loads(json.dumps(found.memo))
    assert kept.keys() == {"told", "freed", "run_out"}
    assert all(isinstance(each, int) for each in kept["told"] + kept["freed"])
    assert digest(company, since=7, memo=kept).nothing_new
    assert digest(company, since=7, memo={"told": "?", "freed": 3, "run_out": 7}).nothing_new


def test_tokens_are_told_with_the_day_on_which_they_run_out(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    company.load(company.token_usage(ANN.charged("Revit", *range(28), tokens="10")))
    company.load(company.balances((1000, 500, 100)))
    found = digest(company)
    assert found.tokens
    assert (found.tokens.used, found.tokens.used_from) == (70, ago(6))
    assert (found.tokens.remaining, found.tokens.per_day) == (500, 10)
    assert (found.tokens.run_out, found.tokens.renewal) == (ago(-50), ago(-100))
    assert found.tokens.arithmetic == (
        "500 tokens left on 2026-11-24, 10 a day (280 used in 28 days): used up after 50 days, on 2027-01-13."
    )
    assert found.tokens.too_early
    assert not found.nothing_new
    assert digest(company, memo=found.memo).nothing_new


def test_tokens_of_several_teams_tell_whose_run_out_first(company: Company) -> None:
    company.load(
        company.token_usage(ANN.charged("Revit", *range(28)), BEN.of(WEST).charged("Revit", *range(28), tokens="20"))
    )
    company.load(company.balances((1000, 500, 100)), company.balances((1000, 400, 100), team=WEST))
    found = digest(company, "last=30d")
    assert found.tokens
    assert (found.tokens.team, found.tokens.remaining, found.tokens.run_out) == (WEST, 900, ago(-20))


def test_too_few_days_of_token_use_make_no_forecast(company: Company) -> None:
    company.load(company.token_usage(ANN.charged("Revit", *range(13))), company.balances((1000, 500, 100)))
    found = digest(company)
    assert found.tokens
    assert (found.tokens.run_out, found.tokens.per_day, found.tokens.remaining) == (None, None, 500)
    assert "needs 14 days" in found.tokens.arithmetic


def test_a_team_without_flex_has_no_tokens(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    assert digest(company).tokens is None


def test_a_question_about_people_or_products_is_answered_like_its_report(company: Company) -> None:
    load_month(
        company,
        *(ANN.holds("Revit"), ANN.used("Revit", 33), BEN.holds("AutoCAD"), BEN.used("AutoCAD", 33)),
    )
    assert names(digest(company, "product=AutoCAD last=30d").newly_inactive) == ["ben"]
    assert names(digest(company, "user=ann last=30d").newly_inactive) == ["ann"]
    assert names(digest(company, "team=Design status=active sort=days top=1 last=30d").newly_inactive) == ["ann", "ben"]
    assert digest(company, "access=flex last=30d").newly_inactive == Listed()


def test_a_range_that_begins_after_the_last_digest_makes_a_first_one(company: Company) -> None:
    load_month(company, ANN.holds("Revit"))
    found = digest(company, f"team=Design from={ago(3)}")
    assert found.first
    assert names(found.newly_inactive) == ["ann"]


async def test_many_wishes_are_answered_each_with_its_own(company: Company) -> None:
    load_month(company, ANN.holds("Revit"), ANN.used("Revit", 33))
    wishes = [
        wish(company, token="week"),
        wish(company, token="month", since=30),
        wish(company, token="bad", question="team=Nowhere"),
        wish(company, token="people", question="user=ann last=30d"),
    ]
    found = await company.core.digests.of(wishes)
    assert {token: type(each).__name__ for token, each in found.items()} == {
        "week": "Digest",
        "month": "Digest",
        "bad": "BadQuery",
        "people": "Digest",
    }
    assert await company.core.digests.of([]) == {}
