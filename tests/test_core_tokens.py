"""Random words that people type."""

from reporting_core.words.tokens import random_word


def test_no_word_looks_like_an_option_of_a_command() -> None:
    words = iter(["-Sab", "--cd", "a-b_c"])
    assert random_word(lambda _bytes: next(words)) == "a-b_c"


def test_words_are_long_and_differ() -> None:
    words = {random_word() for _ in range(1_000)}
    assert len(words) == 1_000
    assert {len(word) for word in words} == {24}
