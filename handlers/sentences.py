"""Sentences from `templates/<language>/*.j2`.

A sentence that misses a value fails loudly, and only `<`, `>` and `&` are ever escaped.
"""

from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from handlers import catalogue, language
from handlers.catalogue import label
from handlers.views import wording

__all__ = ["environment", "label", "sentence"]


def sentence(name: str, /, **values: Any) -> str:
    """Return the sentence `name` filled in, without blank lines at its ends, in the language that is spoken."""
    return environment().get_template(f"{language.current()}/{name}.j2").render(**values).strip()


@cache
def environment() -> Environment:
    """Return what fills sentences in, for those that stand elsewhere than in a file of their own."""
    # Jinja's own HTML escape would turn quotes into entities, which Slack shows as they are.
    made = Environment(
        loader=FunctionLoader(catalogue.source),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Slack's mrkdwn is no HTML; see above
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "told": wording.told,
        "mrkdwn": wording.harmless,
        "day": wording.day,
        "dates": wording.dates,
        "number": wording.number,
        "counted": wording.counted,
        "moment": wording.moment,
        "who": wording.who,
    }
    return made
