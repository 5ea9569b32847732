"""How long tokens last equals a loop over days, and is said with its arithmetic."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reporting_core.metrics.forecast import Forecast, Pack, forecast

TODAY = date(2026, 11, 24)
AT = TODAY.toordinal()


def in_days(*packs: tuple[int, int | None]) -> list[Pack]:
    """Packs of so many thousandths that end in so many days."""
    return [Pack(left, None if days is None else AT + days) for left, days in packs]


def day_by_day(packs: list[Pack], rate: int, until: int) -> tuple[date | None, int]:
    """Use tokens up day by day, those first whose pack ends first; what is left of a pack at its end is lost."""
    left = {index: pack.remaining for index, pack in enumerate(packs)}
    order = sorted(left, key=lambda index: (packs[index].ends or AT + until, packs[index].remaining))
    lost = 0
    if not any(left.values()):
        return TODAY, 0
    for day in range(AT + 1, AT + until):
        for index in order:
            if (ends := packs[index].ends) is not None and ends < day:
                lost += left[index]
                left[index] = 0
        if not any(left.values()):
            return None, lost
        need = rate
        for index in order:
            taken = min(need, left[index])
            left[index] -= taken
            need -= taken
        if not any(left.values()):
            return date.fromordinal(day), lost
    return None, lost


def test_tokens_last_as_long_as_they_are_enough_for_a_day() -> None:
    assert forecast(in_days((1000, None)), TODAY, Fraction(10)).run_out == TODAY + timedelta(days=100)
    assert forecast(in_days((1001, None)), TODAY, Fraction(10)).run_out == TODAY + timedelta(days=101)


def test_the_pack_that_ends_first_is_used_first() -> None:
    assert forecast(in_days((500, 90), (500, 10)), TODAY, Fraction(10)) == Forecast(
        TODAY + timedelta(days=60), TODAY + timedelta(days=90), Fraction(400)
    )


def test_where_the_last_pack_ends_first_nothing_runs_out() -> None:
    assert forecast(in_days((500, 10)), TODAY, Fraction(10)) == Forecast(
        None, TODAY + timedelta(days=10), Fraction(400)
    )


def test_without_use_all_is_lost_with_its_pack() -> None:
    assert forecast(in_days((500, 10)), TODAY, Fraction(0)) == Forecast(None, TODAY + timedelta(days=10), Fraction(500))
    assert forecast(in_days((500, None)), TODAY, Fraction(0)) == Forecast(None, None, Fraction(0))


def test_where_none_are_left_they_have_run_out() -> None:
    assert forecast([], TODAY, Fraction(10)).run_out == TODAY


packs = st.lists(
    st.builds(Pack, st.integers(0, 300), st.none() | st.integers(AT, AT + 60)),
    max_size=4,
    unique_by=lambda pack: pack.ends or 0,
)


@given(packs=packs, rate=st.integers(1, 40))
def test_it_equals_using_tokens_up_day_by_day(packs: list[Pack], rate: int) -> None:
    found = forecast(packs, TODAY, Fraction(rate))
    assert (found.run_out, int(found.lost)) == day_by_day(packs, rate, until=2_000)
