"""Who of Slack is who in the account."""

from collections.abc import Sequence
from typing import Protocol

from handlers.sentences import label, sentence
from handlers.views.blocks import Block, Message, bullets, header, mrkdwn, rich, said, section, words
from handlers.views.wording import harmless, number, shown

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
    links = [label("people.link").format(id=user_id, email=email) for user_id, email in known.links]
    reporters = [f"{email}: {team or label('people.all_teams')}" for email, team in known.reporters]
    named = {"unmatched": list(known.unmatched), "links": links, "reporters": reporters}
    parts = [(label(f"people.{name}"), lines) for name, lines in named.items()]
    lists = [block for title, lines in parts for block in _list(title, lines)]
    text = ". ".join(
        f"{title}: {', '.join(harmless(line) for line in lines[:MOST_LINES]) or label('people.nobody')}"
        for title, lines in parts
    )
    return Message(text[:10_000], (header(label("people.title")), *lists, section(mrkdwn(sentence("people_change")))))


def _list(title: str, lines: Sequence[str]) -> list[Block]:
    listed = [words(said(shown(line, 100))) for line in lines[:MOST_LINES]]
    beyond = len(lines) - MOST_LINES
    more = [words(said(label("people.more").format(count=number(beyond)), italic=True))] if beyond > 0 else []
    if not listed:
        return [rich(words(said(title, bold=True), said(f": {label('people.nobody')}")))]
    return [rich(words(said(f"{title} ({len(lines)})", bold=True)), bullets([*listed, *more]))]
