"""What an answer shows: the asker's own numbers where nothing is missing from them, buttons, and Slack's limits."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from handlers import faq_live, limits
from handlers.faq_entries import Entry, entries
from handlers.language import LANGUAGES, speaking
from handlers.views import faq
from handlers.views.blocks import Block, Message
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.questions import Act, Candidate, Kind
from reporting_core.words.report import Period, UsageReport
from tests.hand_made import HOSTILE, report, seats, tiles

EACH = [(spoken, entry) for spoken in LANGUAGES for entry in entries(spoken).values()]
EVERY_ENTRY = pytest.mark.parametrize(("spoken", "entry"), EACH, ids=[f"{spoken}-{each.id}" for spoken, each in EACH])
TOKEN = "t0k3n"


# --- the asker's own numbers


def said(name: str, about: UsageReport | None, **more: object) -> str:
    return faq_live.live(entries("en")[name], about, **more)


def filtered(*filters: Filter, **changes: Any) -> UsageReport:
    return report(query=UsageQuery(filters=filters), **changes)


DESIGN = Filter(Key.TEAM, ("Design",))


def test_the_numbers_are_those_of_the_report_with_its_team_and_dates() -> None:
    assert said("not-yet-active", filtered(DESIGN)) == (
        "In Design: 14 seats are assigned, not yet active (26 Oct – 24 Nov 2026)."
    )


def test_one_is_counted_as_one() -> None:
    assert said("unknown", filtered(DESIGN)).startswith("In Design: 1 seat is unknown")


@pytest.mark.parametrize(
    ("filters", "count", "where"),
    [
        ((), 5, "In all 5 teams that you may see:"),
        ((Filter(Key.TEAM, ("Design", "West")),), 2, "In the 2 teams asked for:"),
        ((Filter(Key.PRODUCT, ("Civil 3D",)),), 5, 'In all 5 teams that you may see (`product="Civil 3D"`):'),
        ((Filter(Key.STATUS, ("active",)),), 5, "In all 5 teams that you may see:"),
    ],
)
def test_what_is_counted_is_said(filters: tuple[Filter, ...], count: int, where: str) -> None:
    over = filtered(*filters, team=None, team_count=count, tiles=tiles(seats(inactive=None)))
    assert said("active", over).startswith(where)


def test_over_several_teams_no_inactive_total_is_made_up() -> None:
    over = report(team=None, team_count=3, tiles=tiles(seats(inactive=None)))
    assert said("inactive", over) == "Over several teams there is no total of inactive seats; ask for one team."
    assert [said(name, over) for name in ("adding-up", "all-teams-inactive", "inactive-purpose", "offline")] == [""] * 4


def test_what_is_not_loaded_is_not_a_number() -> None:
    bare = filtered(DESIGN, tiles=tiles(seats(seats=None, available=None), tokens_remaining=None))
    assert said("seats-available", bare) == "Seats bought are not known here: no Subscriptions export is loaded."
    assert said("token-life", bare).startswith("How many tokens are left is not known here")
    assert said("unassign-effect", bare) == ""
    assert "left" not in said("flex", bare)


def test_while_a_group_is_set_the_reason_is_the_filter() -> None:
    narrowed = filtered(
        DESIGN,
        Filter(Key.GROUP, ("CAD",)),
        tiles=tiles(seats(seats=None, available=None), tokens_remaining=None),
    )
    assert said("seats-available", narrowed) == "Seats bought are not known while group, user or version is set."
    assert said("token-life", narrowed) == ""


def test_an_access_option_that_is_not_counted_is_not_zero() -> None:
    flex_only = filtered(Filter(Key.ACCESS, ("flex",)), tiles=tiles(seats(assigned=0, active=0, inactive=0)))
    assert [said(name, flex_only) for name in ("active", "inactive", "unknown", "seats-available")] == [""] * 4
    seats_only = filtered(Filter(Key.ACCESS, ("subscription",)))
    assert [said(name, seats_only) for name in ("flex", "flex-inactive", "low-balance")] == [""] * 3


def test_sums_that_leave_something_out_are_left_out() -> None:
    assert said("active", filtered(DESIGN, incomplete=frozenset({"assigned"}))) == ""
    assert said("zero-tokens", filtered(DESIGN, incomplete=frozenset({"tokens_used"}))) == ""
    assert said("token-life", filtered(DESIGN, incomplete=frozenset({"tokens_used"}))) != ""


def test_a_report_about_a_person_says_nothing() -> None:
    one = filtered(Filter(Key.USER, ("ann@example.com",)))
    assert {faq_live.live(entry, one) for entry in entries("en").values()} == {""}


def test_without_a_report_only_what_is_handed_in_is_said() -> None:
    assert {faq_live.live(entry, None) for entry in entries("en").values()} == {""}
    assert said("support-level", None, plan="Premium") == "The plan noted here: Premium."


def test_hashed_teams_are_named_and_shown_names_are_said_to_be_shown() -> None:
    assert said("personal-data", report(hashed=True, hashed_because=("Design", "West"))) == (
        "Personal data is off in Design, West."
    )
    assert "shown" in said("personal-data", report())


def test_a_name_cannot_ping_or_format() -> None:
    for name in HOSTILE:
        text = said("active", filtered(DESIGN, team=name or "-"))
        assert not re.search(r"<[!@#]|<http", text)
        assert "`code`" not in text


def test_german_numbers_are_said_in_german() -> None:
    with speaking("de"):
        text = faq_live.live(
            entries("de")["active"], filtered(DESIGN, period=Period(date(2026, 10, 1), date(2026, 10, 31)))
        )
    assert text.startswith("In Design: 60 von 100 zugewiesenen Plätzen sind aktiv (1.")
    assert "Oct" not in text


# --- messages


def every(message: Message) -> Iterator[Message]:
    yield message
    if message.fallback:
        yield from every(message.fallback)


def problems(message: Message) -> list[str]:
    return [each for made in every(message) for each in limits.problems(made.blocks)]


def buttons(message: Message) -> list[Block]:
    return [each for block in message.blocks if block["type"] == "actions" for each in block["elements"]]


@EVERY_ENTRY
def test_every_answer_fits_into_a_message(spoken: str, entry: Entry) -> None:
    with speaking(spoken):
        live = faq_live.live(entry, report(), plan="Premium")
        made = faq.answer(entry, live, "x" * 24)
    assert problems(made) == []
    assert len(made.text) <= 3_000
    assert entry.title in made.text
    assert live in made.text


def test_an_answer_shows_title_answer_numbers_rule_source_and_ways_on() -> None:
    entry = entries("en")["inactive"]
    made = faq.answer(entry, "In Design: 25 seats are inactive.", TOKEN)
    kinds = [block["type"] for block in made.blocks]
    assert kinds == ["header", "section", "section", "context", "actions", "context_actions"]
    source = made.blocks[3]["elements"][0]["text"]
    assert source == (
        "Our rule: A seat assigned on the first day of the range was held for all of it. · "
        "From the vendor's help pages (usage/usage-report) · reviewed 2026-11"
    )
    assert [each["action_id"] for each in buttons(made)] == ["faq_show_0", "faq_show_1", "faq_show_2", "agent"]
    assert [each["text"]["text"] for each in buttons(made)][:1] == ["Assigned, not yet active"]
    assert buttons(made)[0]["value"] == '{"id":"not-yet-active","t":"t0k3n"}'


def test_thumbs_carry_the_question_and_the_verdict() -> None:
    made = faq.answer(entries("en")["flex"], "", TOKEN)
    thumbs = made.blocks[-1]["elements"][0]
    assert (thumbs["type"], thumbs["action_id"]) == ("feedback_buttons", "faq_feedback")
    assert thumbs["positive_button"]["value"] == '{"t":"t0k3n","v":1}'
    assert thumbs["negative_button"]["value"] == '{"t":"t0k3n","v":-1}'


def test_where_the_thumbs_are_refused_there_are_buttons() -> None:
    made = faq.answer(entries("en")["flex"], "", TOKEN).fallback
    assert made is not None
    assert "context_actions" not in {block["type"] for block in made.blocks}
    plain = {each["action_id"]: each["value"] for each in buttons(made) if each["action_id"].startswith("faq_feedback")}
    assert plain == {"faq_feedback_0": '{"t":"t0k3n","v":1}', "faq_feedback_1": '{"t":"t0k3n","v":-1}'}


CANDIDATES = (
    Candidate(Kind.QUERY, canonical="team=Design status=inactive last=30d"),
    Candidate(Kind.QUERY, Act.WHY, canonical="user=ann last=30d"),
    Candidate(Kind.FAQ, faq="inactive"),
    Candidate(Kind.FAQ, faq="active"),
)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_when_unsure_up_to_three_of_both_kinds_are_offered(spoken: str) -> None:
    with speaking(spoken):
        made = faq.unsure(CANDIDATES, TOKEN)
        title = entries(spoken)["inactive"].title
    assert problems(made) == []
    assert [each["action_id"] for each in buttons(made)] == ["run_0", "run_1", "faq_show_2", "agent"]
    assert [each["text"]["text"] for each in buttons(made)][:3] == [
        "/usage team=Design status=inactive last=30d",
        "/usage why user=ann last=30d",
        title,
    ]
    assert '"a":"why"' in buttons(made)[1]["value"]
    assert title in made.text


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_is_not_known_is_said_and_the_nearest_are_offered(spoken: str) -> None:
    with speaking(spoken):
        some, none = faq.unknown(CANDIDATES[2:], TOKEN), faq.unknown((), TOKEN)
    assert problems(some) + problems(none) == []
    assert len(buttons(some)) == 3
    assert [each["action_id"] for each in buttons(none)] == ["agent"]
    assert ":" not in none.text


def test_what_cannot_be_pressed_is_not_offered() -> None:
    gone = Candidate(Kind.FAQ, faq="no-such-entry")
    long = Candidate(Kind.QUERY, canonical=f"user={'x' * 3_000}")
    made = faq.unsure((gone, long, CANDIDATES[2]), TOKEN)
    assert problems(made) == []
    assert [each["action_id"] for each in buttons(made)] == ["faq_show_2", "agent"]
