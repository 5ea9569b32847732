"""Where a command is wrong, in two lines of a monospaced font."""

import pytest

from reporting_core.grammar import parse, render_error
from reporting_core.words.errors import BadQuery
from tests.grammar_vocabularies import COMPANY, TODAY


def _shown(text: str) -> str:
    with pytest.raises(BadQuery) as caught:
        parse(text, COMPANY, TODAY)
    return render_error(caught.value)


def test_carets_stand_under_the_value_that_is_not_known() -> None:
    assert _shown("team=Desgin last=30d") == ("team=Desgin last=30d\n     ^^^^^^")


def test_wide_characters_count_double() -> None:
    assert _shown("team=設計部 product=設計部門") == ("team=設計部 product=設計部門\n                    ^^^^^^^^")


def test_combining_marks_take_no_room() -> None:
    assert _shown("team=“Zu\u0308rich Bu\u0308ro” x=1") == ("team=“Zu\u0308rich Bu\u0308ro” x=1\n                   ^")


def test_line_breaks_do_not_tear_the_lines_apart() -> None:
    assert _shown("team=Design\nteem=x\ty") == ("team=Design teem=x y\n            ^^^^")


def test_of_a_long_command_the_part_around_the_fault_is_shown() -> None:
    first, second = _shown(f"team=Design {'product=Revit ' * 20}teem=x {'product=Revit ' * 20}").split("\n")
    assert first.startswith("…")
    assert first.endswith("…")
    assert len(first) <= 74
    assert first[second.index("^") : second.index("^") + 4] == "teem"
    assert second.count("^") == 4


def test_a_place_behind_the_end_still_gets_a_caret() -> None:
    error = BadQuery("More.", text="team=", position=5, length=1)
    assert render_error(error) == "team=\n     ^"
