"""When something is due: rhythms on the calendar, and the two nights on which the clocks are changed."""

from datetime import UTC, date, datetime, time
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics import due
from reporting_core.words.schedules import Cadence, Rhythm, Slot

BERLIN = "Europe/Berlin"
THURSDAY = datetime(2026, 11, 26, 8, 12, tzinfo=UTC)
MONDAY = date(2026, 11, 23)


def names(cadence: Cadence, count: int = 4, zone: str = BERLIN, after: datetime = THURSDAY) -> list[str]:
    end = datetime(2100, 1, 1, tzinfo=UTC)
    return [slot.name for slot in islice(due.slots_between(cadence, zone, after, end, MONDAY), count)]


def slot_at(local: str, due_at: str) -> Slot:
    return Slot(datetime.fromisoformat(local), datetime.fromisoformat(f"{due_at}Z"))


def cron(line: str) -> Cadence:
    return Cadence(Rhythm.CRON, cron=line)


@pytest.mark.parametrize(
    ("cadence", "slots"),
    [
        (Cadence(Rhythm.DAILY, time(7, 30)), ["2026-11-27T07:30", "2026-11-28T07:30", "2026-11-29T07:30"]),
        (Cadence(Rhythm.WEEKDAYS, time(9)), ["2026-11-27T09:00", "2026-11-30T09:00"]),
        (Cadence(Rhythm.WEEKLY), ["2026-11-30T09:00", "2026-12-07T09:00"]),
        (Cadence(Rhythm.WEEKLY, weekday=6), ["2026-11-29T09:00", "2026-12-06T09:00"]),
        (Cadence(Rhythm.FORTNIGHTLY), ["2026-12-07T09:00", "2026-12-21T09:00", "2027-01-04T09:00"]),
        (Cadence(Rhythm.FORTNIGHTLY, weekday=4), ["2026-11-27T09:00", "2026-12-11T09:00"]),
        (Cadence(Rhythm.MONTHLY, day=15), ["2026-12-15T09:00", "2027-01-15T09:00"]),
        (Cadence(Rhythm.MONTHLY, day=30), ["2026-11-30T09:00", "2026-12-30T09:00", "2027-01-30T09:00"]),
        (
            Cadence(Rhythm.MONTHLY, day=31),
            ["2026-11-30T09:00", "2026-12-31T09:00", "2027-01-31T09:00", "2027-02-28T09:00"],
        ),
        (Cadence(Rhythm.QUARTERLY), ["2027-01-01T09:00", "2027-04-01T09:00", "2027-07-01T09:00"]),
        (Cadence(Rhythm.QUARTERLY, day=31), ["2027-01-31T09:00", "2027-04-30T09:00"]),
        (cron("0 9 * * 1-5"), ["2026-11-27T09:00", "2026-11-30T09:00"]),
        (cron("0 8 29 2 *"), ["2028-02-29T08:00", "2032-02-29T08:00"]),
    ],
)
def test_each_rhythm_is_due_on_its_dates(cadence: Cadence, slots: list[str]) -> None:
    assert names(cadence, len(slots), after=THURSDAY.replace(hour=8, minute=30)) == slots


def test_a_slot_is_due_by_the_wall_clock_of_its_zone() -> None:
    assert due.next_slot(Cadence(Rhythm.DAILY), BERLIN, THURSDAY.replace(hour=7), MONDAY) == slot_at(
        "2026-11-26 09:00", "2026-11-26 08:00"
    )


def test_a_slot_due_at_this_very_moment_is_not_due_after_it() -> None:
    at_nine = datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert names(Cadence(Rhythm.DAILY), 1, after=at_nine) == ["2026-11-27T09:00"]


def test_fortnights_count_from_the_monday_of_the_week_the_anchor_lies_in() -> None:
    fridays = Cadence(Rhythm.FORTNIGHTLY, weekday=4)
    found = {due.next_slot(fridays, BERLIN, THURSDAY, date(2026, 11, day)) for day in range(23, 30)}
    assert {slot.name for slot in found if slot} == {"2026-11-27T09:00"}


@pytest.mark.parametrize("line", ["0 0 31 2 *", "0 0 31 4,6 *", "0 0 */30 2 1#5", "60 9 * * *", "at nine", ""])
def test_a_line_that_holds_on_no_date_is_never_due(line: str) -> None:
    assert due.next_slot(cron(line), BERLIN, THURSDAY, MONDAY) is None


def test_an_hour_that_does_not_exist_is_due_once_at_the_end_of_the_gap() -> None:
    """Berlin skips from 2:00 to 3:00 on 28 March 2027."""
    found = due.slots_between(
        Cadence(Rhythm.DAILY, time(2, 30)),
        BERLIN,
        datetime(2027, 3, 27, 12, tzinfo=UTC),
        datetime(2027, 3, 29, 12, tzinfo=UTC),
        MONDAY,
    )
    assert [(slot.name, slot.due) for slot in found] == [
        ("2027-03-28T02:30", datetime(2027, 3, 28, 1, tzinfo=UTC)),
        ("2027-03-29T02:30", datetime(2027, 3, 29, 0, 30, tzinfo=UTC)),
    ]


def test_an_hour_that_exists_twice_is_due_once_at_the_first() -> None:
    """Berlin has 2:30 twice on 25 October 2026, at 0:30 and at 1:30 UTC; between the two it is not due again."""
    nightly = Cadence(Rhythm.DAILY, time(2, 30))
    first = due.next_slot(nightly, BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC), MONDAY)
    assert first == slot_at("2026-10-25 02:30", "2026-10-25 00:30")
    assert names(nightly, 1, after=datetime(2026, 10, 25, 0, 45, tzinfo=UTC)) == ["2026-10-26T02:30"]


def test_of_hourly_slots_that_fall_together_behind_a_gap_there_is_one() -> None:
    hourly = names(cron("0 * * * *"), 3, after=datetime(2027, 3, 28, 0, 0, tzinfo=UTC))
    assert hourly == ["2027-03-28T02:00", "2027-03-28T04:00", "2027-03-28T05:00"]


def test_a_midnight_that_does_not_exist_is_due_when_the_day_begins() -> None:
    """Cairo goes from 0:00 to 1:00 on Friday, 30 April 2027."""
    slot = due.next_slot(
        Cadence(Rhythm.WEEKLY, time(0), 4), "Africa/Cairo", datetime(2027, 4, 29, 12, tzinfo=UTC), MONDAY
    )
    assert slot == slot_at("2027-04-30 00:00", "2027-04-29 22:00")


def test_half_an_hour_is_skipped_where_the_clocks_go_half_an_hour() -> None:
    """Lord Howe goes from 2:00 to 2:30 on 4 October 2026."""
    daily = Cadence(Rhythm.DAILY, time(2, 15))
    slot = due.next_slot(daily, "Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC), MONDAY)
    assert slot == slot_at("2026-10-04 02:15", "2026-10-03 15:30")


@given(
    st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    st.integers(1_767_225_600, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_asked_at_any_moment_the_next_slot_is_the_same_until_it_is_due(zone: str, at: datetime, clock: time) -> None:
    cadence = Cadence(Rhythm.DAILY, clock)
    found = due.next_slot(cadence, zone, at, MONDAY)
    assert found is not None
    assert found.due > at
    between = at + (found.due - at) / 2
    assert due.next_slot(cadence, zone, between, MONDAY) == found
    later = due.next_slot(cadence, zone, found.due, MONDAY)
    assert later is not None
    assert later.local.date().toordinal() == found.local.date().toordinal() + 1


def test_the_wall_clock_shows_what_the_slot_is_called_wherever_that_time_exists() -> None:
    where = ZoneInfo("America/New_York")
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    found = list(due.slots_between(Cadence(Rhythm.WEEKDAYS), where.key, start, end, MONDAY))
    assert all(slot.due.astimezone(where).replace(tzinfo=None) == slot.local for slot in found)
    assert all(before.due < after.due for before, after in pairwise(found))
