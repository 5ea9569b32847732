"""Figures of one row or one tile, in exact arithmetic (days a month, tokens). Days are counted by the source."""

from datetime import date
from fractions import Fraction

from reporting_core.words.report import Period

DAYS_A_MONTH = 30
"""What counts as a month in ranges that are not given in months (ruling; the vendor publishes no formula)."""
MILLI = 1000
"""Tokens are kept in thousandths, so that charges such as 0.1 add up exactly."""


def months(period: Period) -> Fraction:
    """Length of a period in months, never less than 1: N for `last=Nmo`, 12·N for `last=Ny`, else dates / 30."""
    if period.months is not None:
        return Fraction(max(period.months, 1))
    return max(Fraction(period.days, DAYS_A_MONTH), Fraction(1))


def monthly_average(amount: int | Fraction, length: Fraction) -> float:
    """Amount a month to one decimal, half rounded up: 1 day in 4 months is 0.3, not 0.2."""
    # Whole numbers only: a Fraction would shorten itself at each step, for each of 100,000 rows.
    above, below = 10 * amount.numerator * length.denominator, amount.denominator * length.numerator
    return (2 * above + below) // (2 * below) / 10


def days_inactive(last_accessed: int | None, as_of: date) -> int | None:
    """Days from last accessed to the as-of date; None if never accessed, 0 on the day itself."""
    return None if last_accessed is None else max(as_of.toordinal() - last_accessed, 0)


def tokens(millitokens: int) -> float:
    """Tokens of so many thousandths."""
    return millitokens / MILLI


def tokens_a_month(millitokens: int, length: Fraction) -> float:
    """Tokens a month to one decimal, half rounded up, by the same months as days."""
    return monthly_average(Fraction(millitokens, MILLI), length)
