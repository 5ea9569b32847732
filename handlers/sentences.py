"""Sentences from `templates/<language>/*.j2`.

A sentence that misses a value fails loudly, and only `<`, `>` and `&` are ever escaped.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from handlers import language
from handlers.views import wording


def sentence(name: str, /, **values: Any) -> str:
    """Return the sentence `name` filled in, without blank lines at its ends, in the language that is spoken."""
    return environment().get_template(f"{language.current()}/{name}.j2").render(**values).strip()


def label(name: str) -> str:
    """Return a short text such as a button's; `exports.fetch` is `fetch` in `labels/exports.toml` of the language."""
    group, _, key = name.partition(".")
    return _labels(language.current(), group)[key]


@cache
def _labels(spoken: str, group: str) -> Mapping[str, str]:
    source = _source(f"{spoken}/labels/{group}.toml")
    if source is None:
        raise LookupError(f"templates/{spoken}/labels/{group}.toml does not exist")
    return tomllib.loads(source)


@cache
def environment() -> Environment:
    """Return what fills sentences in, for those that stand elsewhere than in a file of their own."""
    # Jinja's own HTML escape would turn quotes into entities, which Slack shows as they are.
    made = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Slack's mrkdwn is no HTML; see above
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "mrkdwn": wording.harmless,
        "day": wording.day,
        "dates": wording.dates,
        "number": wording.number,
        "counted": wording.counted,
    }
    return made


def _source(path: str) -> str | None:
    file = resources.files("templates").joinpath(*path.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None
