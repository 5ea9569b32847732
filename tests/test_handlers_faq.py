"""The reviewed entries: complete in every language, true to what is filled in, and shown within Slack's limits."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handlers import faq_entries, faq_live, limits
from handlers.faq_entries import Entry, EntryWrong, entries, index
from handlers.language import LANGUAGES, speaking
from handlers.views import faq
from handlers.views.blocks import Block, Message
from reporting_core.faq import words
from reporting_core.words.query import Filter, Key, UsageQuery
from reporting_core.words.questions import Act, Band, Candidate, Kind
from reporting_core.words.report import Period, UsageReport
from reporting_core.words.spreadsheets import KEPT
from tests.hand_made import HOSTILE, report, seats, tiles

_FIXED = """
active inactive not-yet-active all-teams-inactive adding-up inactive-purpose flex-inactive last-accessed usage days-used
monthly-average short-launch zero-tokens offline disconnected groups history team-merge time-ranges wrong-figures
seat-or-flex flex token-order token-life idle-time low-balance authorization several-devices who-may-unassign
cannot-unassign unassign-effect personal-data export-contents export-kept contact-agent support-level products-covered
collections data-through digest
"""
FIXED = _FIXED.split()
"""The ids of domain.md §8."""

SOURCES = re.compile(r"usagebot|(usage|users|flex|licensing-faq|insights)/[a-z0-9-]+")
SAMPLES = Path(__file__).parent / "samples" / "faq"
EACH = [(spoken, entry) for spoken in LANGUAGES for entry in entries(spoken).values()]
EVERY_ENTRY = pytest.mark.parametrize(("spoken", "entry"), EACH, ids=[f"{spoken}-{each.id}" for spoken, each in EACH])
TOKEN = "t0k3n"


def test_all_fixed_ids_are_there() -> None:
    assert len(FIXED) == 40
    assert set(FIXED) <= entries("en").keys()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_language_has_the_same_entries_with_the_same_grounds(spoken: str) -> None:
    here, first = entries(spoken), entries(LANGUAGES[0])
    assert here.keys() == first.keys()
    for name, entry in here.items():
        other = first[name]
        assert (entry.sources, entry.reviewed, entry.ruling, entry.related) == (
            other.sources,
            other.reviewed,
            other.ruling,
            other.related,
        )
        assert (bool(entry.rule), len(entry.live)) == (bool(other.rule), len(other.live)), name
        assert [faq_live.needs(each) for each in entry.live] == [faq_live.needs(each) for each in other.live], name


@EVERY_ENTRY
def test_an_entry_is_asked_in_many_ways_and_says_where_it_is_from(spoken: str, entry: Entry) -> None:
    folded = [tuple(words(each)) for each in entry.ask]
    assert len(set(folded)) == len(folded) >= 8
    assert all(SOURCES.fullmatch(each) for each in entry.sources)
    assert entry.reviewed <= "2026-11"
    # What is ours is said as a rule; what is the vendor's needs a page of theirs.
    assert bool(entry.rule) is (entry.ruling != "vendor")
    assert entry.ruling == "ours" or any(each != "usagebot" for each in entry.sources)
    assert 1 <= len(entry.related) <= 3


@EVERY_ENTRY
def test_every_way_of_asking_finds_its_own_entry(spoken: str, entry: Entry) -> None:
    for each in (entry.title, *entry.ask):
        found = index(spoken).find(each)
        assert found.hits[0].id == entry.id, each
        assert found.band is not Band.UNKNOWN, each


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_question_belongs_to_two_entries(spoken: str) -> None:
    owner: dict[tuple[str, ...], str] = {}
    for entry in entries(spoken).values():
        for each in entry.ask:
            assert owner.setdefault(tuple(words(each)), entry.id) == entry.id, each


_ENGLISH = re.compile(
    r"\b(the|and|is|are|were|of|this|that|with|which|not|yet|your|seats?|unassign|inactive|active)\b", re.IGNORECASE
)
_IN_CODE = re.compile(r"`[^`]*`|\{\{.*?\}\}|\{%.*?%\}")


def german(entry: Entry) -> str:
    return _IN_CODE.sub("", " ".join((entry.title, entry.answer, entry.rule, *entry.live)))


@pytest.mark.parametrize("entry", entries("de").values(), ids=lambda entry: entry.id)
def test_no_english_is_left_in_german(entry: Entry) -> None:
    assert _ENGLISH.findall(german(entry)) == []
    assert not re.search(r"\b(du|dein|deine|dir|dich)\b", german(entry), re.IGNORECASE)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_cannot_be_done_yet_is_not_promised(spoken: str) -> None:
    here = entries(spoken)
    no = {"en": "usagebot cannot", "de": "usagebot kann"}[spoken]
    assert all(no in here[name].answer for name in ("digest", "cannot-unassign", "unassign-effect"))


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_days_that_spreadsheets_are_kept_are_those_they_are_kept(spoken: str) -> None:
    assert entries(spoken)["export-kept"].answer.startswith(f"{KEPT.days} ")


# --- loading


GOOD = """
title = "What it is"
ask = ["a one", "b two", "c three", "d four", "e five", "f six", "g seven", "h eight"]
answer = "It is so."
sources = ["usagebot"]
reviewed = "2026-11"
ruling = "vendor"
"""


def test_a_file_becomes_an_entry_named_after_it() -> None:
    entry = faq_entries.read("en/what.toml", GOOD)
    assert (entry.id, entry.title, len(entry.ask), entry.live) == ("what", "What it is", 8, ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("answer = ", "anser = "), "anser"),
        (('"h eight"', ""), "ask"),
        (("2026-11", "soon"), "reviewed"),
        (('"vendor"', '"mine"'), "ruling"),
        (("What it is", "w" * 76), "title"),
        (("It is so.", " "), "answer"),
        (('"usagebot"', ""), "sources"),
        (("title =", "title"), "no TOML"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(change: tuple[str, str], said: str) -> None:
    with pytest.raises(EntryWrong) as wrong:
        faq_entries.read("en/what.toml", GOOD.replace(*change))
    assert "templates/faq/en/what.toml" in str(wrong.value)
    assert said in str(wrong.value)


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_a_word_stands_under_one_meaning_only(spoken: str) -> None:
    file = Path(faq_entries.__file__).parents[1] / "templates" / "faq" / f"alike_{spoken}.toml"
    grouped = [word for group in tomllib.loads(file.read_text("utf-8")).values() for word in words(group)]
    assert len(set(grouped)) == len(grouped)


def test_everything_can_be_made_ready_before_the_first_question() -> None:
    faq_entries.warm()
    faq_live.warm()


# --- finding across languages


@pytest.mark.parametrize(
    ("spoken", "typed", "wanted"),
    [
        ("en", "Wie lange gelten Tokens?", "token-life"),
        ("de", "How long do tokens last?", "token-life"),
        ("de", "Wie lange gelten Tokens?", "token-life"),
        ("en", "Warum sind die Namen verschlüsselt?", "personal-data"),
    ],
)
def test_people_may_ask_in_the_other_language(spoken: str, typed: str, wanted: str) -> None:
    with speaking(spoken):
        found = faq_entries.find(typed)
    assert (found.band, found.hits[0].id) == (Band.ANSWER, wanted)


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


@pytest.mark.parametrize("name", ["development.toml", "held_out.toml"])
def test_every_sample_names_an_entry_that_exists(name: str) -> None:
    sample = tomllib.loads((SAMPLES / name).read_text("utf-8"))
    for spoken in LANGUAGES:
        assert sample[spoken].keys() == entries(spoken).keys()
    assert name == "development.toml" or min(map(len, sample["en"].values())) >= 3


def test_nothing_measured_was_tuned_on() -> None:
    development, held_out, off_topic = (
        tomllib.loads((SAMPLES / f"{name}.toml").read_text("utf-8"))
        for name in ("development", "held_out", "off_topic")
    )
    for spoken in LANGUAGES:
        tuned = {tuple(words(each)) for group in development[spoken].values() for each in group}
        tuned |= {tuple(words(each)) for each in development["off_topic"][spoken]}
        tuned |= {tuple(words(each)) for entry in entries(spoken).values() for each in entry.ask}
        kept = [each for group in held_out[spoken].values() for each in group] + off_topic[spoken]
        assert [each for each in kept if words(each) and tuple(words(each)) in tuned] == []
