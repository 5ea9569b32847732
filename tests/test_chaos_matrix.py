"""The matrix of rights knows every button and form: a new one is tried in it, or left out with the reason."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from chaos import left_out
from chaos.matrix import ACTS, THEMES, Cell, cells
from chaos.rights import ACTORS
from handlers.door import Route
from handlers.routes import ROUTES

TRIED = {id_ for theme in THEMES for id_ in theme.ids}
BUTTONS_AND_FORMS = [route for route in ROUTES if route.kind in {"action", "view"}]


def alternatives(route: Route) -> Iterator[str]:
    """Return a pattern for each id: `^seats_(not_)?settled$` is two; digits and names in ids stay patterns."""
    text = route.match if isinstance(route.match, str) else route.match.pattern.strip("^$")
    parts = re.split(r"(\([^()]*\)\??)", text)
    return map("".join, product(*map(_choices, parts)))


def _choices(part: str) -> list[str]:
    choices = part.strip("()?").split("|") if part.startswith("(") else [part]
    return [*choices, ""] if part.endswith(")?") else choices


def unknown(ids: set[str]) -> set[str]:
    """Return the patterns of which no id is among these."""
    patterns = {each for route in BUTTONS_AND_FORMS for each in alternatives(route)}
    return {each for each in patterns if not any(re.fullmatch(each, id_) for id_ in ids)}


def test_every_button_and_form_is_tried_or_left_out_for_a_reason() -> None:
    assert unknown(TRIED | left_out.IDS) == set(), (
        "try it in the matrix, or add it to chaos/left_out.py with the reason"
    )


def test_what_is_tried_or_left_out_is_there() -> None:
    patterns = [each for route in BUTTONS_AND_FORMS for each in alternatives(route)]
    assert [id_ for id_ in TRIED | left_out.IDS if not any(re.fullmatch(each, id_) for each in patterns)] == []
    assert not TRIED & left_out.IDS


def test_a_new_one_would_be_noticed() -> None:
    assert unknown((TRIED | left_out.IDS) - {"schedule_end"}) == {"schedule_end"}
    assert unknown((TRIED | left_out.IDS) - {"seats_not_settled"}) == {"seats_not_settled"}
    assert unknown((TRIED | left_out.IDS) - {"question_settled_0"}) == {r"question_settled_\d"}


@pytest.mark.parametrize("act", ACTS)
def test_the_table_says_of_everybody_whether_they_may(act: str) -> None:
    marks = ACTS[act].rows[act]
    assert (len(marks), set(marks) <= {"+", "-"}) == (len(ACTORS), True)
    assert marks[ACTORS.index("guest") :] == ["-", "-", "-"]


def test_every_act_has_a_door_besides_words() -> None:
    assert {each.act for each in cells() if each.surface != "typed"} == set(ACTS)
    assert not Cell("owner", "take", "sent", "elsewhere").promised
