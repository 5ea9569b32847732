"""Buttons and what they carry. A value is never trusted when it comes back: it is parsed and checked again."""

import json
from collections.abc import Mapping

from handlers.sentences import label
from handlers.views.blocks import Block, button
from handlers.views.wording import shown
from reporting_core.words.names import storable

LONGEST_VALUE = 2_000
LONGEST_QUESTION = 50
"""Longer canonical texts are kept in the database under a token: each of seven buttons would carry them."""


def turn(direction: str, reference: Mapping[str, str], page: int) -> Block:
    """Return a button that shows another page of the same answer: first, previous, next or last."""
    spoken = f"{label(f'buttons.{direction}_page')}, {label('buttons.page')} {page}"
    return button(f"page_{direction}", label(f"buttons.{direction}"), value(**reference, p=page), spoken=spoken)


def of_report(name: str, reference: Mapping[str, str]) -> Block:
    """Return a button that does something with this question: `change`, `spreadsheet`, `why`, `share`."""
    return button(name, label(f"buttons.{name}"), value(**reference), spoken=label(f"buttons.{name}_spoken"))


def review(action_id: str, reference: Mapping[str, str]) -> Block:
    """Return a button that opens the form for the inactive rows of a question."""
    return button(action_id, label("seats.review"), value(**reference), spoken=label("seats.review_spoken"))


def unassign(row: int, reference: Mapping[str, str]) -> Block:
    """Return a button that opens the form for one row of an explanation, which `reference` asks for again."""
    carried = value(**reference, a=row)
    return button("unassign_row", label("seats.unassign"), carried, spoken=label("seats.unassign_spoken"))


def why(index: int, query: str, text: str) -> Block:
    """Return a button that says why the rows of a question have their status."""
    return button(f"why_{index}", shown(text, 75), value(q=query))


def run(index: int, query: str, text: str = "") -> Block:
    """Return a button that runs a question given whole."""
    return button(f"run_{index}", shown(text or f"/usage {query}", 75), value(q=query))


def run_named(index: int, query: str) -> Block:
    """Return a button that says that it runs the question."""
    return run(index, query, label("buttons.run").format(query=query))


def command(index: int, typed: str) -> Block:
    """Return a button that does what typing a command would, and says so."""
    return button(f"command_{index}", shown(label("buttons.run").format(query=typed), 75), value(c=typed))


def evidence(reference: Mapping[str, str], row: int) -> Block:
    """Return a button that shows the evidence of one row of a question."""
    return button("why_9", label("buttons.evidence"), value(**reference, a=row))


def report(reference: Mapping[str, str]) -> Block:
    """Return a button that shows the report of a question."""
    return button("run_0", label("buttons.report"), value(**reference))


def fits(query: str) -> bool:
    """Tell whether a question fits into a button."""
    return len(value(q=query)) <= LONGEST_VALUE


def form() -> Block:
    """Return a button that opens the form."""
    return button("form", label("buttons.form"), value(), spoken=label("buttons.form_spoken"))


def help_about(index: int, topic: str = "") -> Block:
    """Return a button that shows a page of the help."""
    return button(f"help_{index}", label(f"buttons.{topic or 'help'}"), value(t=topic))


def value(**parts: str | int) -> str:
    """Return what a button carries, as JSON."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def parts_of(value: str) -> dict[str, object]:
    """Return what a button carried; anything that is no JSON object counts as nothing."""
    try:
        parts = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(parts, dict):
        return {}
    return {key: storable(each) if isinstance(each, str) else each for key, each in parts.items()}


def assignment(parts: Mapping[str, object]) -> int | None:
    """Return the assignment that a button names; None where it names none that a database could hold."""
    id_ = parts.get("a")
    return id_ if isinstance(id_, int) and not isinstance(id_, bool) and 0 < id_ < 2**63 else None
