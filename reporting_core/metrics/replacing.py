"""How a newer export changes a month of use: bits in its window are replaced, not only added (domain.md §6).

Each kind of daily export keeps its own series. A Usage export lists every day of use, a Seat Usage export every day
under Subscription,
so they also take away days that another kind claimed and they do not list. A Token Usage export never takes away days
of the others.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple


class Source(IntEnum):
    """Which kind of daily export a series of use came from."""

    USAGE = 0
    SEAT = 1
    TOKEN = 2


Series = tuple[int, int, int]
"""(child product, release, source) of a mask."""


class Change(NamedTuple):
    """One month of one assignment after an export: masks by series, and what happened to the days."""

    masks: dict[Series, int]
    stored: tuple[tuple[int, int], ...]
    """(file, rows whose day was not in its series before) for each incoming piece."""
    late: tuple[tuple[int, Series, int], ...]
    """(file, series, bits) that a newer export of the same kind already speaks for and does not list."""
    known: int
    """Days known in the windows before, any series."""
    removed: int
    """Days known before and not any more, as a mask."""


def change(
    existing: Mapping[Series, int],
    incoming: Sequence[tuple[Series, int, int]],
    windows: Mapping[int, int],
    *,
    flex: bool,
) -> Change:
    """Apply `incoming` pieces (series, mask, file) to one month.

    `windows[source]` are the bits this export may speak for.
    """
    if not existing and len(incoming) == 1:
        return _first(incoming[0], windows)
    confirmed = 0
    for _series, mask, _file in incoming:
        confirmed |= mask
    masks = {series: _kept(series, mask, windows, confirmed, flex=flex) for series, mask in existing.items()}
    stored, late = [], []
    for series, mask, file in incoming:
        window = windows.get(series[2], 0)
        before = existing.get(series, 0) | masks.get(series, 0)
        stored.append((file, (mask & window & ~before).bit_count()))
        if missing := mask & ~window & ~before:
            late.append((file, series, missing))
        masks[series] = masks.get(series, 0) | (mask & window)
    old = _union(existing)
    reach = _reach(windows, flex=flex)
    return Change(masks, tuple(stored), tuple(late), (old & reach).bit_count(), old & reach & ~_union(masks))


def _first(piece: tuple[Series, int, int], windows: Mapping[int, int]) -> Change:
    """The rule for a month that nothing is known of and one file tells: what most months of a first import are."""
    series, mask, file = piece
    taken = mask & windows.get(series[2], 0)
    late = () if taken == mask else ((file, series, mask & ~taken),)
    return Change({series: taken}, ((file, taken.bit_count()),), late, 0, 0)


def _kept(series: Series, mask: int, windows: Mapping[int, int], confirmed: int, *, flex: bool) -> int:
    mask &= ~windows.get(series[2], 0)
    if series[2] != Source.USAGE:
        mask &= ~windows.get(Source.USAGE, 0) | confirmed
    elif not flex:
        mask &= ~windows.get(Source.SEAT, 0) | confirmed
    return mask


def _union(masks: Mapping[Series, int]) -> int:
    union = 0
    for mask in masks.values():
        union |= mask
    return union


def _reach(windows: Mapping[int, int], *, flex: bool) -> int:
    reach = windows.get(Source.USAGE, 0)
    return reach | windows.get(Source.TOKEN if flex else Source.SEAT, 0)


def own_bits(masks: Mapping[Series, int]) -> dict[Series, int]:
    """Give each series the bits that no earlier one has, in key order: the sum of their counts is that of the union."""
    seen, own = 0, {}
    for series in sorted(masks):
        own[series] = masks[series] & ~seen
        seen |= masks[series]
    return own


class Covered(NamedTuple):
    """Days [first, last] (ordinals) that an export made on `exported_on` speaks for."""

    first: int
    last: int
    exported_on: int


def cover(known: Sequence[Covered], new: Covered) -> list[Covered]:
    """Lay a new export over known coverage: for each day the newest export counts, a tie goes to the later import."""
    newer = [each for each in known if each.exported_on > new.exported_on]
    older = [each for each in known if each.exported_on <= new.exported_on]
    kept = newer + _without(older, new)
    kept += [Covered(first, last, new.exported_on) for first, last in _minus((new.first, new.last), newer)]
    return _joined(sorted(kept))


def _without(pieces: Sequence[Covered], hole: Covered) -> list[Covered]:
    return [Covered(*rest, each.exported_on) for each in pieces for rest in _minus((each.first, each.last), [hole])]


def _minus(span: tuple[int, int], holes: Sequence[Covered]) -> list[tuple[int, int]]:
    left = [span]
    for hole in holes:
        left = [rest for each in left for rest in _cut(each, hole)]
    return left


def _cut(span: tuple[int, int], hole: Covered) -> list[tuple[int, int]]:
    first, last = span
    if hole.last < first or hole.first > last:
        return [span]
    return [rest for rest in ((first, hole.first - 1), (hole.last + 1, last)) if rest[0] <= rest[1]]


def _joined(pieces: Sequence[Covered]) -> list[Covered]:
    joined: list[Covered] = []
    for each in pieces:
        if joined and joined[-1].exported_on == each.exported_on and joined[-1].last + 1 == each.first:
            joined[-1] = joined[-1]._replace(last=each.last)
        else:
            joined.append(each)
    return joined


def spans(pieces: Sequence[Covered]) -> list[tuple[int, int]]:
    """Return the covered days as as few spans as possible, whoever covers them."""
    merged: list[tuple[int, int]] = []
    for first, last, _ in sorted(pieces):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
