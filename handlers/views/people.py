"""Who of Slack is who in the account."""

from collections.abc import Sequence
from typing import Protocol

from handlers.sentences import sentence
from handlers.views.blocks import Block, Message, bullets, header, mrkdwn, rich, said, section, words
from handlers.views.wording import counted, harmless, shown

MOST_LINES = 40


class Known(Protocol):
    """What is known of people; the core's own value has more."""

    @property
    def unmatched(self) -> Sequence[str]:
        """One line a Slack person."""

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """Slack id and e-mail."""

    @property
    def reporters(self) -> Sequence[tuple[str, str | None]]:
        """E-mail and team, None for every team."""


def people(known: Known) -> Message:
    """Return the lists of the unmatched, of links made by hand, and of reporters."""
    links = [f"{user_id} is {email}" for user_id, email in known.links]
    reporters = [f"{email}: {team or 'all teams'}" for email, team in known.reporters]
    parts = (("Not matched", list(known.unmatched)), ("Matched by hand", links), ("Reporters", reporters))
    lists = [block for title, lines in parts for block in _list(title, lines)]
    text = ". ".join(
        f"{title}: {', '.join(harmless(line) for line in lines[:MOST_LINES]) or 'nobody'}" for title, lines in parts
    )
    return Message(text[:10_000], (header("People"), *lists, section(mrkdwn(sentence("people_change")))))


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    listed = [words(said(shown(line, 100))) for line in lines[:MOST_LINES]]
    beyond = len(lines) - MOST_LINES
    more = [words(said(f"and {counted(beyond, 'more', 'more')}", italic=True))] if beyond > 0 else []
    if not listed:
        return [rich(words(said(title, bold=True), said(": nobody")))]
    return [rich(words(said(f"{title} ({len(lines)})", bold=True)), bullets([*listed, *more]))]
