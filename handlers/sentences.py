"""Sentences from `templates/<language>/*.j2`.

A sentence that misses a value fails loudly, and only `<`, `>` and `&` are ever escaped.
"""

from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from handlers.views import wording

LANGUAGE = "en"
"""The one catalogue so far; another one is another folder with the same names of files."""


def sentence(name: str, /, **values: Any) -> str:
    """Return the sentence `name` filled in, without blank lines at its ends."""
    return _environment().get_template(f"{LANGUAGE}/{name}.j2").render(**values).strip()


@cache
def _environment() -> Environment:
    # Jinja's own HTML escape would turn quotes into entities, which Slack shows as they are.
    environment = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Slack's mrkdwn is no HTML; see above
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "mrkdwn": wording.harmless,
        "day": wording.day,
        "dates": wording.dates,
        "number": wording.number,
        "counted": wording.counted,
    }
    return environment


def _source(path: str) -> str | None:
    file = resources.files("templates").joinpath(*path.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None
