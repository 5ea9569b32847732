"""The words that say when something comes, as patterns: rhythms, days, times and places, in English and in German.

They are looked for in a text of small letters in which values of keys are hidden, longest form first; what is found is
hidden in its turn, so that `mon-fri` is not read as two days.
"""

import re
from typing import NamedTuple

from reporting_core.words.schedules import Rhythm

HIDDEN = "\x01"
"""In place of a value of a key."""
TAKEN = "\x02"
"""In place of words that were read."""


def _words(pattern: str) -> re.Pattern[str]:
    # Decomposed and spelt out: "täglich" as phones, file names and keyboards without umlauts have it.
    for letter, plain in (("ä", "a"), ("ö", "o"), ("ü", "u")):
        pattern = pattern.replace(letter, f"(?:{letter}|{plain}\u0308|{plain}e)")
    return re.compile(rf"(?<![^\s,;\x02])(?:{pattern})(?![^\s,;\x02])", re.VERBOSE)


_TO = "[-\u2013\u2014]"
_EVERY = r"(?:every|each|alle|jede[nrms]?)"
_TWO = r"(?:2|two|other|second|2nd|zwei|zweite[nrms]?|2\.)"
_DAY = (
    r"(?:mon(?:days?|tags?)?|tue(?:s|sdays?)?|wed(?:nesdays?)?|thu(?:r|rs|rsdays?)?|fri(?:days?)?|sat(?:urdays?)?"
    r"|sun(?:days?)?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonnabends?|sonntags?)"
)
_SHORT = r"(?:mo|di|mi|do|fr|sa|so)"
_MONTHDAY = (
    r"(?:\s+(?:on\s+|am\s+)?(?:the\s+)?(?:day\s+)?"
    r"(?P<day>\d{1,4}(?:st|nd|rd|th|\.)?(?!\s*(?:uhr|[ap]\.?m|o.?clock))|last(?:\s+day)?|letzten))?"
)

RHYTHMS = (
    (Rhythm.FORTNIGHTLY, _words(
        rf"bi-?weekly|fortnightly|{_EVERY}\s+fortnight|{_EVERY}\s+{_TWO}\s+(?:weeks?|wochen?)|{_EVERY}\s+14\s+(?:days|tage)"
        rf"|zwei-?wöchentlich|14-?tägig|vierzehntägig|{_EVERY}\s+{_TWO}(?=\s+{_DAY})"
    )),
    (Rhythm.WEEKDAYS, _words(
        rf"(?:on\s+|{_EVERY}\s+)?(?:weekdays?|workdays?|(?:work|working|business)\s+days?)|werktags|werktäglich|wochentags"
        rf"|mon(?:day)?\s*{_TO}\s*fri(?:day)?|mon(?:day)?\s+(?:to|till|through)\s+fri(?:day)?"
        rf"|mo(?:ntag)?\s*(?:{_TO}|\s+bis\s+)\s*fr(?:eitag)?"
    )),
    (Rhythm.DAILY, _words(rf"daily|dayly|everyday|{_EVERY}\s+(?:day|tag)|täglich")),
    (Rhythm.WEEKLY, _words(rf"weekly|{_EVERY}\s+(?:week|woche)|wöchentlich")),
    (Rhythm.MONTHLY, _words(rf"(?:monthly|{_EVERY}\s+(?:month|monat)|monatlich){_MONTHDAY}")),
    (Rhythm.QUARTERLY, _words(
        rf"(?:quarterly|{_EVERY}\s+(?:quarter|quartal)|{_EVERY}\s+(?:3|three|drei)\s+(?:months|monate)"
        rf"|vierteljährlich|quartalsweise){_MONTHDAY}"
    )),
)  # fmt: skip

NEVER = _words(
    rf"hourly|yearly|annually|stündlich|jährlich|{_EVERY}\s+(?:\w+\s+)?"
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|quarters?|years?|minuten?|stunden?|tage?|wochen?|monate?|jahre?)"
)
"""Rhythms that there are not."""

_AND = r"(?:(?:and|und|\&|\+)\s+)?"
WEEKDAY = _words(rf"{_AND}(?:(?:{_EVERY}|on|on\s+a|am)\s+)?(?P<weekday>{_DAY}|{_SHORT}\.?(?=\s+(?:um\s+)?\d))")

MONTHDAY = _words(
    r"(?:on\s+)?(?:the\s+)?(?P<day>\d{1,4}(?:st|nd|rd|th)|last\s+day(?=\s+of)|first(?=\s+(?:day\s+)?of))"
    r"(?:\s+(?:day\s+)?of\s+(?:the|each|every)\s+month)?|am\s+(?P<tag>\d{1,4}\.)"
)

_HALF = r"(?:\s*(?P<half>[ap]\.?m\.?))?"
_AT = rf"{_AND}(?:(?:at|um|@)\s*)"
TIMES = (
    _words(rf"{_AT}?(?P<clock>(?P<hour>\d{{1,3}})[:：h](?P<minute>\d{{1,3}})(?::00)?{_HALF})(?:\s*uhr)?"),  # noqa: RUF001
    _words(rf"{_AT}?(?P<clock>(?P<hour>\d{{1,3}})\.(?P<minute>\d{{2}}))\s*uhr"),
    _words(rf"{_AT}?(?P<clock>(?P<hour>\d{{1,3}})(?:\s*(?P<half>[ap]\.?m\.?)|\s*uhr|\s*o.?clock|h))"),
    _words(rf"{_AT}(?P<clock>(?P<hour>\d{{1,3}})(?:\.(?P<minute>\d{{2}}))?)"),
    _words(rf"{_AT}?(?P<clock>(?P<noon>noon|midday|midnight|mittags?|mitternachts?))"),
    re.compile(r"(?<=\x02)[\s,]+(?P<clock>(?P<hour>\d{1,3}))(?![^\s,;])"),
)
"""Times of a day; a bare number is one right behind words that were read, as in `mon 9`."""

HERE = _words(r"(?:in\s+|to\s+)?here|hier(?:her)?|(?:in|to)\s+this\s+channel|in\s+diese[mn]\s+kanal")
ME = _words(r"(?:to\s+)?me|to\s+myself|(?:as\s+|by\s+)?(?:a\s+)?(?:dm|direct\s+message)|mir|an\s+mich")
CHANNEL = _words(r"(?:in\s+|to\s+)?(?:<\#[a-z0-9]+(?:\|[^>]*)?>|\#[\w-]+)")
UTC = _words(r"utc|gmt")
PLACE = _words(r"[a-z]+/[a-z_/+\-0-9]+")

LONELY = _words(rf"(?P<word>{_EVERY}|cron|(?:at|um)(?=[\s,\x02]*\Z))")
"""Words behind which something is missing."""

SPOKEN = (
    "daily", "weekdays", "weekly", "biweekly", "fortnightly", "monthly", "quarterly", "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday", "sunday", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag",
    "sonntag", "täglich", "werktags", "wöchentlich", "monatlich", "vierteljährlich",
)  # fmt: skip
"""What a mistyped word is compared with."""
NO_SLIPS = frozenset({"quarter", "month", "months", "weeks"})
"""Words of ranges: `last quarter`."""

_FIRST = {"mo": 0, "tu": 1, "di": 1, "we": 2, "mi": 2, "th": 3, "do": 3, "fr": 4, "sa": 5, "su": 6, "so": 6}


class Clock(NamedTuple):
    """A time as typed: hours and minutes that may not exist."""

    hour: int
    minute: int

    @property
    def exists(self) -> bool:
        """Whether a day has it."""
        return 0 <= self.hour < 24 and 0 <= self.minute < 60  # noqa: PLR2004


def weekday(name: str) -> int:
    """Return the number of a day, from Monday as 0."""
    return 5 if name.startswith("sonna") else _FIRST[name[:2]]


def monthday(name: str) -> int:
    """Return the number of a day of the month; the last is 31, which shorter months have as their last."""
    number = name.rstrip("stndrh.")
    return int(number) if number.isdigit() else 1 if name == "first" else 31


def clock(found: re.Match[str]) -> Clock:
    """Return the time of a match of `TIMES`; 13 o'clock in the afternoon does not exist."""
    groups = found.groupdict()
    if noon := groups.get("noon"):
        return Clock(0 if noon.startswith(("midn", "mittern")) else 12, 0)
    hour, minute, half = int(found["hour"]), int(groups.get("minute") or 0), groups.get("half")
    if not half:
        return Clock(hour, minute)
    return Clock(hour % 12 + 12 * half.startswith("p") if 1 <= hour <= 12 else -1, minute)  # noqa: PLR2004
