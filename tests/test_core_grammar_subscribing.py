"""Reading when something is to come: as people type it, and where it is wrong."""

import time as clocks
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.grammar import parse, render_error
from reporting_core.grammar.crons import bad_line
from reporting_core.grammar.subscribing import Wanted, cadence, read, whole
from reporting_core.words.errors import BadQuery
from reporting_core.words.schedules import Cadence, Rhythm
from tests.grammar_vocabularies import COMPANY

TODAY = date(2026, 11, 26)
HERE = "Europe/London"


def wanted(text: str) -> Wanted:
    return read(text, TODAY, HERE)


def fault(text: str) -> BadQuery:
    with pytest.raises(BadQuery) as found:
        wanted(text)
    return found.value


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        ("", "weekly mon 09:00"),
        ("weekly mon 9:00", "weekly mon 09:00"),
        ("WEEKLY MON 9:00", "weekly mon 09:00"),
        ("every monday at 9am", "weekly mon 09:00"),
        ("Mondays 9", "weekly mon 09:00"),
        ("tue", "weekly tue 09:00"),
        ("17:30", "weekly mon 17:30"),
        ("every 2 weeks fri 17:30", "every 2 weeks fri 17:30"),
        ("every other friday at 5:30 pm", "every 2 weeks fri 17:30"),
        ("biweekly", "every 2 weeks mon 09:00"),
        ("fortnightly, wed, 12am", "every 2 weeks wed 00:00"),
        ("monthly 31 8:00", "monthly 31 08:00"),
        ("monthly on the last day at noon", "monthly 31 12:00"),
        ("on the 31st of every month at 8", "monthly 31 08:00"),
        ("monthly 9 am", "monthly 1 09:00"),
        ("first of the month", "monthly 1 09:00"),
        ("quarterly 9:00", "quarterly 1 09:00"),
        ("every 3 months 15 9:00", "quarterly 15 09:00"),
        ("weekdays 9:00", "weekdays 09:00"),
        ("mon-fri 9:00", "weekdays 09:00"),
        ("every working day at 7", "weekdays 07:00"),
        ("daily 7:30", "daily 07:30"),
        ('cron "0 9 * * 1-5"', 'cron "0 9 * * 1-5"'),
        ("cron “0  9 * * mon-fri”", 'cron "0 9 * * MON-FRI"'),
        ("cron 0 9 * * 1,3", 'cron "0 9 * * 1,3"'),
        ("cron='0 9 L * *'", 'cron "0 9 L * *"'),
        ("täglich um 7 Uhr", "daily 07:00"),
        ("taeglich 7 uhr", "daily 07:00"),
        ("ta\u0308glich 7:00 Uhr", "daily 07:00"),
        ("jeden Montag um 9.30 Uhr", "weekly mon 09:30"),
        ("sonntags 18:00", "weekly sun 18:00"),
        ("Sonnabend 18:00", "weekly sat 18:00"),
        ("alle 2 Wochen Freitag", "every 2 weeks fri 09:00"),
        ("monatlich am 31. um 8 Uhr", "monthly 31 08:00"),
        ("vierteljährlich", "quarterly 1 09:00"),
        ("werktags 9 uhr", "weekdays 09:00"),
        ("mi 9:00", "weekly wed 09:00"),
    ],
)
def test_it_is_read_as_people_type_it(typed: str, read_as: str) -> None:
    found = wanted(typed)
    assert (str(found.cadence), found.question) == (read_as, "")
    assert cadence(read_as) == found.cadence


@pytest.mark.parametrize(
    ("typed", "question", "place"),
    [
        ("team=Design weekly mon 9:00 here", "team=Design", "here"),
        ("weekly here team=Design status=inactive", "            team=Design status=inactive", "here"),
        ("team=Structural West, weekly, mon, to me", "team=Structural West", "me"),
        ('team="Weekly Planning" tue', 'team="Weekly Planning"', ""),
        ("team=Monday,Daily tue", "team=Monday,Daily", ""),
        ("user=me last quarter monthly", "user=me last quarter", ""),
        ("last=30d top=10 sort=-days hier", "last=30d top=10 sort=-days", "here"),
        ("product='cron' daily", "product='cron'", ""),
        ("Design Revit", "Design Revit", ""),
    ],
)
def test_what_it_is_about_is_left_at_its_place(typed: str, question: str, place: str) -> None:
    assert (wanted(typed).question, wanted(typed).place) == (question, place)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("9:00", HERE),
        ("zone=Europe/Berlin 9:00", "Europe/Berlin"),
        ("daily zone=EUROPE/berlin", "Europe/Berlin"),
        ("zone=berlin", "Europe/Berlin"),
        ("tz=“new york” fri", "America/New_York"),
        ("zone=New York fri", "America/New_York"),
        ("9:00 utc", "UTC"),
        ("fri 9:00 Asia/Tokyo", "Asia/Tokyo"),
    ],
)
def test_zones_go_by_their_names(typed: str, zone: str) -> None:
    assert wanted(typed).zone == zone


def test_what_was_read_can_be_typed_again() -> None:
    found = wanted("Fridays at 5pm  team=Design zone=berlin HERE")
    assert found.when == "weekly fri 17:00 zone=Europe/Berlin here"
    assert found.again == f"team=Design {found.when}"
    assert wanted(found.again)._replace(question="") == found._replace(question="")


@pytest.mark.parametrize(
    ("typed", "before", "after"),
    [
        ("10:30", "monthly 31 08:00", "monthly 31 10:30"),
        ("fri", "every 2 weeks mon 08:00", "every 2 weeks fri 08:00"),
        ("fri", "monthly 31 08:00", "weekly fri 08:00"),
        ("15th", "quarterly 1 08:00", "quarterly 15 08:00"),
        ("daily", "weekly fri 08:00", "daily 08:00"),
        ("here", 'cron "0 9 * * 1-5"', 'cron "0 9 * * 1-5"'),
    ],
)
def test_a_change_leaves_what_it_does_not_name(typed: str, before: str, after: str) -> None:
    assert str(read(typed, TODAY, HERE, before=cadence(before)).cadence) == after


@pytest.mark.parametrize(
    ("typed", "place", "suggestions", "corrected"),
    [
        ("weekly mon 25:00", "25:00", ("15:00", "23:00", "5:00"), "subscribe weekly mon 15:00"),
        ("mon 24:00", "24:00", ("0:00", "23:00", "4:00"), "subscribe mon 0:00"),
        ("at 9:75 daily", "9:75", ("9:00", "9:15", "9:45"), "subscribe at 9:00 daily"),
        ("13pm mon", "13pm", ("13:00", "3:00", "23:00"), "subscribe 13:00 mon"),
        ("monthly 32", "32", ("31", "1", "15"), "subscribe monthly 31"),
        (
            "zone=Europe/Berln daily",
            "Europe/Berln",
            ("Europe/Berlin", "Europe/Dublin", "Europe/Belfast"),
            "subscribe zone=Europe/Berlin daily",
        ),
        ("daily zone=", "zone=", ("zone=Europe/Berlin",), "subscribe daily zone=Europe/Berlin"),
        (
            'team=Design cron "0 0 31 2 *" here',
            'cron "0 0 31 2 *"',
            ('cron "0 0 L 2 *"',),
            'subscribe team=Design cron "0 0 L 2 *" here',
        ),
        ('cron "*/5 * * * *"', 'cron "*/5 * * * *"', ('cron "0 * * * *"',), 'subscribe cron "0 * * * *"'),
        ('cron "0 0 9 * * 1"', 'cron "0 0 9 * * 1"', ('cron "0 9 * * 1"',), 'subscribe cron "0 9 * * 1"'),
        ('cron "0 9 * *"', 'cron "0 9 * *"', ('cron "0 9 * * *"',), 'subscribe cron "0 9 * * *"'),
        ('cron "0 25 * * *"', "25", (), None),
        ("daily cron", "cron", ('cron "0 9 * * 1-5"',), None),
        ("weekly at", "at", ("at 9:00",), "subscribe weekly at 9:00"),
        ("every", "every", ("every monday", "every 2 weeks"), "subscribe every monday"),
        ("mon and wed 9:00", "and wed", (), "subscribe mon 9:00"),
        ("monthly mon", "mon", (), "subscribe monthly"),
        ("weekly 15th", "15th", (), "subscribe weekly"),
        ("weekly monthly", "monthly", (), "subscribe weekly"),
        ("hourly", "hourly", ("daily",), "subscribe daily"),
        ("every 3 weeks fri", "every 3 weeks", ("every 2 weeks",), "subscribe every 2 weeks fri"),
        ("team=Design weekley", "weekley", ("weekly",), "subscribe team=Design weekly"),
        ("weekly here me", "me", (), "subscribe weekly here"),
        ("weekly in <#C0DESIGN|design>", "in <#C0DESIGN|design>", (), None),
        ('cron "0 9 * * 1" 10:00', "10:00", (), 'subscribe cron "0 9 * * 1"'),
    ],
)
def test_a_fault_is_shown_at_its_place_with_what_would_read(
    typed: str, place: str, suggestions: tuple[str, ...], corrected: str | None
) -> None:
    found = fault(typed)
    assert typed[found.position : found.position + found.length] == place
    assert found.suggestions == suggestions
    assert found.corrected == corrected


def test_the_caret_stands_under_the_time() -> None:
    assert render_error(fault("team=Design mon 25:00")) == "team=Design mon 25:00\n                ^^^^^"


def test_a_correction_begins_with_the_verb_that_was_typed() -> None:
    with pytest.raises(BadQuery) as found:
        read("mon 25:00", TODAY, HERE, verb="edit 7f3a")
    assert found.value.corrected == "edit 7f3a mon 15:00"


def test_a_fault_in_the_question_is_shown_in_the_whole_command() -> None:
    text = "weekly mon team=Desgin here"
    found = wanted(text)
    with pytest.raises(BadQuery) as error:
        parse(found.question, COMPANY, TODAY)
    told = whole(error.value, text, found)
    assert render_error(told) == "weekly mon team=Desgin here\n                ^^^^^^"
    assert told.corrected == "subscribe team=Design last=30d weekly mon 09:00 here"


def test_a_cadence_is_nothing_but_a_cadence() -> None:
    with pytest.raises(BadQuery, match="does not say when"):
        cadence("team=Design weekly")


def test_a_command_longer_than_anybody_types_is_refused() -> None:
    assert fault("weekly " * 500).position == 3000


_PIECES = (
    "weekly", "mon", "every", "2", "weeks", "monday", "9:00", "25:00", "9", "am", "at", "the", "31st", "last", "day",
    "of", "month", "cron", '"', "“", "'", "0 9 * * 1", "*/5", "L", "1#5", "zone=", "zone", "Europe/Berlin", "Berln",
    "here", "me", "team=", "Design", ",", "=", "user=me", "täglich",
    "um", "uhr", "mi", "#design", "<#C1|x>", "and", "monthly",
)  # fmt: skip
_TYPED = st.lists(st.sampled_from(_PIECES) | st.text(max_size=4), max_size=10).flatmap(
    lambda found: st.sampled_from([" ".join(found), "".join(found)])
)


def reading(text: str) -> Wanted | BadQuery:
    try:
        return wanted(text)
    except BadQuery as error:
        return error


@given(_TYPED)
def test_whatever_is_typed_is_read_or_shown_where_it_is_wrong(text: str) -> None:
    found = reading(text)
    if isinstance(found, Wanted):
        assert cadence(str(found.cadence)) == found.cadence
        assert len(found.question) <= len(text)
        return
    assert 0 <= found.position < max(len(text), 1)
    assert found.position + found.length <= max(len(text), 1)
    assert found.message.strip()
    assert found.corrected is None or isinstance(reading(found.corrected.removeprefix("subscribe ")), Wanted)


_AT = st.times().map(lambda at: at.replace(second=0, microsecond=0))
_CADENCES = st.one_of(
    st.builds(Cadence, st.sampled_from([Rhythm.DAILY, Rhythm.WEEKDAYS]), _AT),
    st.builds(Cadence, st.sampled_from([Rhythm.WEEKLY, Rhythm.FORTNIGHTLY]), _AT, weekday=st.integers(0, 6)),
    st.builds(Cadence, st.sampled_from([Rhythm.MONTHLY, Rhythm.QUARTERLY]), _AT, day=st.integers(1, 31)),
)


@given(_CADENCES)
def test_every_cadence_reads_back_from_its_canonical_form(made: Cadence) -> None:
    assert cadence(str(made)) == made


@given(st.lists(st.text("0123456789*/-,#LW ", max_size=6), min_size=4, max_size=6))
def test_any_cron_line_is_judged(fields: list[str]) -> None:
    found = bad_line(" ".join(fields).split(), TODAY)
    assert found is None or found.message


def test_three_thousand_characters_of_anything_are_read_in_no_time() -> None:
    for piece in ("every ", "9:00 ", "weekley ", "mon and ", "the ", "cron ", "zone=x ", '"', "on a ", "last day of "):
        begin = clocks.process_time()
        reading((piece * 3000)[:3000])
        assert clocks.process_time() - begin < 1, piece


def test_times_are_plain_times() -> None:
    assert wanted("weekly tue 8").cadence == Cadence(Rhythm.WEEKLY, time(8), 1)
