"""A report that stands in a message of Slack's, as a value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """Which question a message shows. `token` stands in the message and cannot be guessed.

    `revision` counts the changes, from 1; `slack_user_id` is whose message it is.
    """

    token: str
    slack_user_id: str
    query: str
    revision: int
