"""Slack's refusals as exceptions: one carries an error code, the other a sentence for the person at the page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.playground.schema import Json, Problem


class Refused(Exception):
    """A Web API call is answered with `{"ok": false, "error": code}` and what else Slack says."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more

    def body(self) -> Json:
        """The answer as JSON."""
        return {"ok": False, "error": self.code, **self.more}


class InvalidArguments(Refused):
    """An argument is missing or of the wrong kind."""

    def __init__(self, *messages: str) -> None:
        texts = [f"[ERROR] {message}" for message in messages]
        super().__init__("invalid_arguments", response_metadata={"messages": texts})


class InvalidBlocks(Refused):
    """Blocks, a view or metadata break a rule; the messages name each place."""

    def __init__(self, problems: Sequence[Problem], code: str = "invalid_blocks") -> None:
        texts = [str(problem) for problem in problems]
        super().__init__(
            code, errors=[text.removeprefix("[ERROR] ") for text in texts], response_metadata={"messages": texts}
        )


class NotPossible(Exception):
    """What a person tried on the page does not work, with the sentence Slack would show."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
