"""What is counted while requests are answered. Here nobody counts; the process hands in who does."""

from typing import Literal

from reporting_core.words.errors import UsagebotError

Outcome = Literal["answered", "refused", "failed"]
"""Refused: told in clear words why not. Failed: something went wrong that nobody had thought of."""


class Meter:
    """Counts nothing."""

    def heard(self, kind: str, outcome: Outcome, seconds: float) -> None:
        """A request of a kind was answered, from when it came until its listener had finished."""


def outcome(error: Exception | None) -> Outcome:
    """Say how a request ended."""
    if error is None:
        return "answered"
    return "refused" if isinstance(error, UsagebotError) else "failed"
