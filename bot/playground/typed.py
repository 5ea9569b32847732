"""From what somebody typed to what Slack sends the app: mentions, links and the three escaped characters."""

from __future__ import annotations

import re

from bot.playground.cast import Person
from bot.playground.messages import Channel
from bot.playground.schema import Json
from bot.playground.world import World

# Longest alternatives first; an @ or # inside a word (an e-mail address) is no mention.
_URL = r"(?P<url>https?://[^\s<>]+)"
_MAIL = r"(?P<mail>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)"
_PERSON = r"(?<![\w.@])@(?P<person>[\w][\w.'-]*)"
_CHANNEL = r"(?<![\w.#&])#(?P<channel>[\w-]+)"
_MARK = re.compile(f"{_URL}|{_MAIL}|{_PERSON}|{_CHANNEL}")
_BROADCASTS = {"channel", "here", "everyone"}


def entities(text: str) -> str:
    """The only three characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Typed:
    """Reads typed text with the names of one workspace."""

    def __init__(self, world: World) -> None:
        self._world = world

    def in_command(self, text: str) -> str:
        """A slash command's text with escaping on: `<@U1|ann>`, `<#C1|design>`, `<https://…>`; e-mail as typed."""
        return self._replaced(text, in_command=True)

    def in_message(self, text: str) -> str:
        """A message's text: `<@U1>`, `<#C1|design>`, `<https://…>`, `<mailto:a@b.c|a@b.c>`, `<!here>`."""
        return self._replaced(text, in_command=False)

    def _replaced(self, text: str, *, in_command: bool) -> str:
        parts, end = [], 0
        for match in _MARK.finditer(text):
            parts += [entities(text[end : match.start()]), self._mark(match, in_command=in_command)]
            end = match.end()
        return "".join([*parts, entities(text[end:])])

    def _mark(self, match: re.Match[str], *, in_command: bool) -> str:
        kind, word = match.lastgroup, match[match.lastgroup or 0]
        if kind == "url":
            bare = word.rstrip(".,;:!?)")
            return f"<{entities(bare)}>{word[len(bare) :]}"
        if kind == "mail":
            return entities(word) if in_command else f"<mailto:{entities(word)}|{entities(word)}>"
        if kind == "person":
            return self._person(word, in_command=in_command)
        return self._channel(word)

    def _person(self, word: str, *, in_command: bool) -> str:
        bare = word.rstrip(".'-")
        rest = word[len(bare) :]
        if bare in _BROADCASTS and not in_command:
            return f"<!{bare}>{rest}"
        person: Person | None = self._world.named(bare)
        if person is None:
            return entities(f"@{word}")
        return f"<@{person.id}|{entities(person.name)}>{rest}" if in_command else f"<@{person.id}>{rest}"

    def _channel(self, word: str) -> str:
        known: list[Channel] = [c for c in self._world.channels.values() if c.kind == "channel" and c.name == word]
        return f"<#{known[0].id}|{known[0].name}>" if known else f"#{word}"


_TOKEN = re.compile(
    r"<@(?P<user>\w+)>|<#(?P<channel>\w+)\|[^>]*>|<!(?P<range>\w+)>|<(?P<url>(?:https?|mailto):[^>|]+)(?:\|(?P<label>[^>]*))?>"
)


def rich_text(text: str, block_id: str) -> list[Json]:
    """The `rich_text` block Slack puts beside a person's text."""
    marks: list[Json] = []
    end = 0
    for match in _TOKEN.finditer(text):
        marks += [*_plain(text[end : match.start()]), _token(match)]
        end = match.end()
    marks += _plain(text[end:])
    section = {"type": "rich_text_section", "elements": marks}
    return [{"type": "rich_text", "block_id": block_id, "elements": [section]}]


def _plain(text: str) -> list[Json]:
    shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": shown}] if shown else []


def _token(match: re.Match[str]) -> Json:
    kind = {"user": "user_id", "channel": "channel_id"}.get(match.lastgroup or "")
    if match["url"]:
        label = {"text": match["label"]} if match["label"] else {}
        return {"type": "link", "url": match["url"], **label}
    if kind is None:
        return {"type": "broadcast", "range": match["range"]}
    return {"type": match.lastgroup, kind: match[match.lastgroup or 0]}
