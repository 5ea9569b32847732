"""Reading numbers as people and programs write them; what can be read in two ways is refused."""

import re
from decimal import ROUND_HALF_UP, Decimal

from reporting_core.exports.asking import Refused

LARGEST = 10**9
"""No seat count, day count or token figure is larger; sums of such numbers stay within 64 bits."""

_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f'\u2019](?=\d{3}(?:\D|$))")
_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GERMAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})*,\d+|\d+,\d+|[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_ONE_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
_ONE_COMMA = re.compile(r"[1-9]\d{0,2},\d{3}", re.ASCII)


class NumberReader:
    """Reads the numbers of one file. Its delimiter says what a lone `1,234` or `1.234` means.

    Between commas, `"1,234"` is a thousand and `1.234` a decimal. Between semicolons, which programs with a decimal
    comma write, both could be either; between tabs, and in a text cell of a sheet, the comma could.
    """

    def __init__(self, delimiter: str) -> None:
        """Read numbers of a file with this delimiter ('' for a sheet)."""
        self._comma_doubtful = delimiter != ","
        self._point_doubtful = delimiter == ";"

    def value(self, text: str) -> Decimal:
        """Return the number. Raises Refused for none, a negative one, and one that can be read in two ways."""
        bare = _SPACES.sub("", text)
        if (self._comma_doubtful and _ONE_COMMA.fullmatch(bare)) or (
            self._point_doubtful and _ONE_POINT.fullmatch(bare)
        ):
            raise Refused(f"“{text[:40]}” can be read in two ways: write it without a thousands separator")
        plain = _plain(bare)
        if not plain:
            negative = bare[:1] in "-\u2212(" and bool(_plain(bare[1:].strip().rstrip(")")))
            raise Refused(f"“{text[:40]}” is {'negative' if negative else 'no number'}")
        found = Decimal(plain)
        if found > LARGEST:
            raise Refused(f"“{text[:40]}” is too large")
        return found

    def whole(self, text: str) -> int:
        """Return a whole number; `8.0` is one."""
        found = self.value(text)
        if found != found.to_integral_value():
            raise Refused(f"“{text[:40]}” is not a whole number")
        return int(found)

    def milli(self, text: str) -> int:
        """Return a number times 1000; more decimals (a spreadsheet's 0.30000000000000004) are rounded half up."""
        return int((self.value(text) * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def _plain(text: str) -> str:
    """Return digits with a decimal point, '' for what is no number."""
    if _PLAIN.fullmatch(text):
        return text
    if _ENGLISH.fullmatch(text):
        return text.replace(",", "")
    if _GERMAN.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    return ""
