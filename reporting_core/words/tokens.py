"""Random words that name things: actions, schedules, questions. People type some of them."""

import secrets
from collections.abc import Callable

_BYTES = 18


def random_word(word: Callable[[int], str] = secrets.token_urlsafe) -> str:
    """Return a word of 24 letters, digits, `-` and `_` that no command line takes for an option."""
    made = word(_BYTES)
    while made.startswith("-"):
        made = word(_BYTES)
    return made
