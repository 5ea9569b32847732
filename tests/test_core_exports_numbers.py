"""Numbers as people and programs write them; what can be read in two ways is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting_core.exports.asking import Refused
from reporting_core.exports.numbers import NumberReader

MILLI = [
    (",", "8", 8_000),
    (",", "8.0", 8_000),
    (",", "8.", 8_000),
    (",", ".5", 500),
    (",", "1.234", 1_234),
    (",", "1,234", 1_234_000),
    (",", "1,234.5", 1_234_500),
    (",", "1,234,567", 1_234_567_000),
    (",", "8,5", 8_500),
    (",", "1 234.5", 1_234_500),
    (",", "1\u202f234,5", 1_234_500),
    (",", "1’234.5", 1_234_500),
    (",", "0.30000000000000004", 300),
    (",", "0.0005", 1),
    (";", "8,0", 8_000),
    (";", "8.0", 8_000),
    (";", "1.234,5", 1_234_500),
    (";", "1.234.567", 1_234_567_000),
    (";", "1,234.5", 1_234_500),
    (";", "0,123", 123),
    (";", "0.123", 123),
    ("\t", "1.234", 1_234),
    ("", "6.4", 6_400),
]


@pytest.mark.parametrize(("delimiter", "text", "milli"), MILLI)
def test_numbers(delimiter: str, text: str, milli: int) -> None:
    assert NumberReader(delimiter).milli(text) == milli


@pytest.mark.parametrize(("delimiter", "text"), [(";", "1.234"), (";", "1,234"), ("\t", "1,234"), ("", "1,234")])
def test_a_number_that_can_be_read_in_two_ways_is_refused(delimiter: str, text: str) -> None:
    with pytest.raises(Refused, match="two ways"):
        NumberReader(delimiter).milli(text)


@pytest.mark.parametrize("text", ["-1", "−8.0", "(8)"])
def test_negative_numbers_are_refused_as_such(text: str) -> None:
    with pytest.raises(Refused, match="is negative"):
        NumberReader(",").milli(text)


@pytest.mark.parametrize(
    "text", ["", "x", "1e3", "nan", "inf", "1,23,4", "1.2.3", "8 tokens", "٨", "0x8", "--1", "=1+1", "1,234,"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is no number"):
        NumberReader(",").milli(text)


def test_seats_are_whole() -> None:
    assert NumberReader(",").whole("8.0") == 8
    with pytest.raises(Refused, match="not a whole number"):
        NumberReader(",").whole("8.5")
    with pytest.raises(Refused, match="too large"):
        NumberReader(",").whole("9" * 400)


@given(st.integers(0, 10**12), st.sampled_from(",;\t"))
def test_a_plain_number_is_itself_whatever_the_delimiter(milli: int, delimiter: str) -> None:
    text = f"{milli // 1000}.{milli % 1000:03d}0"
    assert NumberReader(delimiter).milli(text) == milli
