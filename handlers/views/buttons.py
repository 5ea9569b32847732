"""Buttons and what they carry. A value is never trusted when it comes back: it is parsed and checked again."""

import json
from collections.abc import Mapping

from handlers.views.blocks import Block, button
from handlers.views.wording import shown

LONGEST_VALUE = 2_000
LONGEST_QUESTION = 300
"""Longer canonical texts are kept in the database under a token: three buttons would carry each of them three times."""


def turn(direction: str, label: str, reference: Mapping[str, str], page: int) -> Block:
    """Return a button that shows another page of the same answer."""
    spoken = f"{label.removesuffix(' page')} page, page {page}"
    return button(f"page_{direction}", label, value(**reference, p=page), spoken=spoken)


def change(reference: Mapping[str, str]) -> Block:
    """Return a button that opens the form filled in with this question."""
    return button("change", "Filter…", value(**reference), spoken="Filter: change this question")


def run(index: int, query: str, label: str = "") -> Block:
    """Return a button that runs a question given whole."""
    return button(f"run_{index}", shown(label or f"/usage {query}", 75), value(q=query))


def fits(query: str) -> bool:
    """Tell whether a question fits into a button."""
    return len(value(q=query)) <= LONGEST_VALUE


def form() -> Block:
    """Return a button that opens the form."""
    return button("form", "Open the form", value(), spoken="Open the form for a usage report")


def help_about(index: int, topic: str, label: str) -> Block:
    """Return a button that shows a page of the help."""
    return button(f"help_{index}", label, value(t=topic))


def value(**parts: str | int) -> str:
    """Return what a button carries, as JSON."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def parts_of(value: str) -> dict[str, object]:
    """Return what a button carried; anything that is no JSON object counts as nothing."""
    try:
        parts = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return parts if isinstance(parts, dict) else {}
