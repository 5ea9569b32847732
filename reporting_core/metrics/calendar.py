"""A month of use as one integer: month numbers, day masks, windows and popcounts. What the days mean lives elsewhere.

A month number is `year * 12 + month - 1`; bit d-1 of a mask stands for day d of the month; a day is `date.toordinal()`.
"""

from collections.abc import Iterable, Mapping
from datetime import date

MONTHS_A_YEAR = 12


def month_number(day: date) -> int:
    """Number of the month a date lies in, e.g. 2026-11-24 is in 24322."""
    return day.year * MONTHS_A_YEAR + day.month - 1


def month_start(month: int) -> date:
    """First date of a numbered month."""
    year, index = divmod(month, MONTHS_A_YEAR)
    return date(year, index + 1, 1)


def month_length(month: int) -> int:
    """Number of days of a numbered month; works for the last month that a `date` can hold, too."""
    year, index = divmod(month, MONTHS_A_YEAR)
    if index == MONTHS_A_YEAR - 1:
        return 31
    return (date(year, index + 2, 1) - date(year, index + 1, 1)).days


def month_end(month: int) -> date:
    """Last date of a numbered month."""
    return month_start(month).replace(day=month_length(month))


def bit(day: int) -> tuple[int, int]:
    """Month number and one-bit mask of a day."""
    at = date.fromordinal(day)
    return month_number(at), 1 << (at.day - 1)


def masks(days: Iterable[int]) -> dict[int, int]:
    """Masks by month of some days, in any order and repeated as they may be."""
    found: dict[int, int] = {}
    for day in days:
        month, mask = bit(day)
        found[month] = found.get(month, 0) | mask
    return found


def days(month: int, mask: int) -> list[int]:
    """Days of one month's mask, oldest first."""
    start = month_start(month).toordinal()
    return [start + index for index in range(mask.bit_length()) if mask >> index & 1]


def all_days(by_month: Mapping[int, int]) -> list[int]:
    """Days of the masks of many months, oldest first: the inverse of `masks`."""
    return [day for month in sorted(by_month) for day in days(month, by_month[month])]


def window(first: date, last: date) -> dict[int, int]:
    """One mask for each month that [first, last] touches, in order; empty if the dates are the wrong way round."""
    if first > last:
        return {}
    low, high = month_number(first), month_number(last)
    whole = {month: (1 << month_length(month)) - 1 for month in range(low, high + 1)}
    whole[high] &= (1 << last.day) - 1
    whole[low] &= -1 << (first.day - 1)
    return whole


def count(by_month: Mapping[int, int], through: Mapping[int, int]) -> int:
    """Number of days seen through a window."""
    return sum((by_month.get(month, 0) & mask).bit_count() for month, mask in through.items())


def union(several: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """Days of any of several calendars, e.g. of a collection's child products; a day in two of them is one day."""
    found: dict[int, int] = {}
    for by_month in several:
        for month, mask in by_month.items():
            found[month] = found.get(month, 0) | mask
    return found
