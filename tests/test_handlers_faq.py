"""The reviewed entries: complete in every language, true to what is filled in, and shown within Slack's limits."""

import re
import tomllib
from pathlib import Path

import pytest

from handlers import faq_entries, faq_live
from handlers.faq_entries import Entry, EntryWrong, entries, index
from handlers.language import LANGUAGES, speaking
from reporting_core.faq import words
from reporting_core.words.questions import Band
from reporting_core.words.spreadsheets import KEPT

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
    assert no in here["digest"].answer


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


# --- samples


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
