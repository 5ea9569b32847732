"""Time zones by their IANA names, in any case, or by the city alone where one zone has it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import available_timezones

from reporting_core.grammar.faults import did_you_mean
from reporting_core.grammar.nearness import nearest
from reporting_core.words.names import fold
from reporting_core.words.said import say

# Names of no place: what a machine is set to, and a file for machines that were never set.
_NO_PLACE = frozenset({"localtime", "Factory"})


class _Zones(NamedTuple):
    exact: Mapping[str, str]
    cities: Mapping[str, tuple[str, ...]]


def zone(typed: str) -> str | None:
    """Return the zone that is meant, `None` where there is none or more than one."""
    known, key = _zones(), _key(typed)
    cities = known.cities.get(key, ())
    return known.exact.get(key) or (cities[0] if len(cities) == 1 else None)


def no_zone(typed: str) -> tuple[str, tuple[str, ...]]:
    """Say that a zone is not known, with the three nearest."""
    known, key = _zones(), _key(typed)
    near = known.cities.get(key, ())[:3] or _near(known, key)
    message = say("I know no time zone “{typed}”.{hint}", typed=typed, hint=did_you_mean(near))
    return message, near


def _near(known: _Zones, key: str) -> tuple[str, ...]:
    if "/" in key:
        return tuple(known.exact[each] for each in nearest(key, known.exact))
    found = (name for city in nearest(key, known.cities) for name in known.cities[city])
    return tuple(dict.fromkeys(found))[:3]


def _key(name: str) -> str:
    return fold(name).replace(" ", "_")


@lru_cache(maxsize=1)
def _zones() -> _Zones:
    names = sorted(available_timezones() - _NO_PLACE)
    cities: dict[str, tuple[str, ...]] = {}
    for name in names:
        city = _key(name.rpartition("/")[2])
        cities[city] = (*cities.get(city, ()), name)
    return _Zones({_key(name): name for name in names}, cities)
