"""Which language is being spoken: that of whoever asks, set at the door and carried along by the task."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

LANGUAGES = ("en", "de")
"""Each is a folder of `templates/` with files of the same names; the first one is spoken where nothing is set."""

_spoken: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def current() -> str:
    """Return the language that is spoken now."""
    return _spoken.get()


def turn_to(language: str) -> None:
    """Speak a language of `LANGUAGES` from now on, until the block of `speaking` around it ends."""
    _spoken.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language of `LANGUAGES` for as long as the block lasts, in threads started from it too."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


AUTO = "auto"
"""Everybody's own language; any other value of the setting is one that everybody is spoken to in."""


def of(locale: str, setting: str = AUTO) -> str:
    """Return the language for somebody whose Slack is set to `locale`, under the setting USAGEBOT_LANGUAGE."""
    return best(locale if setting == AUTO else setting)


def best(locale: str) -> str:
    """Return the language for a locale as Slack gives it (`de-DE`), the first one where there is none."""
    wanted = locale.replace("_", "-").split("-")[0].casefold()
    return wanted if wanted in LANGUAGES else LANGUAGES[0]
