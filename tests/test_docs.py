"""The documents keep their word: examples run, and each status and figure has its one paragraph."""

import doctest
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from reporting_core.words.report import FlexTiles, SubscriptionTiles
from reporting_core.words.terms import Status

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ARCHITECTURE = (DOCS / "architecture.md").read_text("utf-8")
METRICS = (DOCS / "metrics.md").read_text("utf-8")
ROW_FIGURES = {"days_used", "monthly_average", "last_accessed", "days_inactive", "tokens_used"}
TILES = {field.name for tile in (SubscriptionTiles, FlexTiles) for field in fields(tile)}

_FENCE = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections(text: str) -> Iterator[tuple[str, str]]:
    """Headings of any level, each with the text up to the next one."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return zip(parts[1::2], parts[2::2], strict=True)


SECTIONS = list(sections(METRICS))
PREAMBLE = _FENCE.findall(SECTIONS[0][1])[0]
EXAMPLES = [(heading, code) for heading, body in SECTIONS[1:] for code in _FENCE.findall(body)]


@pytest.mark.parametrize(("heading", "code"), EXAMPLES, ids=[heading for heading, _ in EXAMPLES])
def test_examples_of_the_numbers_are_true(heading: str, code: str) -> None:
    example = doctest.DocTestParser().get_doctest(PREAMBLE + "\n" + code, {}, heading, "docs/metrics.md", 0)
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(example, out=said.append)
    assert "".join(said) == ""


def test_each_paragraph_about_a_number_has_an_example() -> None:
    lowest = re.findall(r"^### (.+)$", METRICS, re.MULTILINE)
    assert [heading for heading in lowest if heading not in dict(EXAMPLES)] == []


@pytest.mark.parametrize("name", sorted({*Status, *ROW_FIGURES, *TILES}))
def test_each_status_and_figure_has_exactly_one_paragraph(name: str) -> None:
    assert [heading for heading, _ in SECTIONS].count(f"`{name}`") == 1


def places(section: str) -> set[str]:
    """What stands in a section as code and is a file, a folder or a module, not a word that tests ask for."""
    body = dict(sections(ARCHITECTURE))[section]
    return set(re.findall(r"`([a-z_/.]+)`", body)) - {"database_url", "page", "usagebot"}


@pytest.mark.parametrize("name", sorted(places("Where does X go?") | places("The conversation")))
def test_each_place_of_the_architecture_is_there(name: str) -> None:
    folders = (ROOT, ROOT / "handlers", *ROOT.glob("reporting_core/**/"), *ROOT.glob("templates/*/"))
    assert any((folder / f"{name}{end}").exists() for folder in folders for end in ("", ".py"))
