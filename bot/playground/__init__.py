"""The local workspace: a server that plays Slack's side, with a page to act as several people.

It knows nothing of the bot's code; the bot connects to it as it connects to Slack.
"""

from bot.playground.cast import App, Cast, Command, Credentials, Person, Place, Suggestion, UserGroup
from bot.playground.errors import NotPossible
from bot.playground.hands import MovableClock, Move, Tell
from bot.playground.server import Options, Playground

__all__ = [
    "App",
    "Cast",
    "Command",
    "Credentials",
    "MovableClock",
    "Move",
    "NotPossible",
    "Options",
    "Person",
    "Place",
    "Playground",
    "Suggestion",
    "Tell",
    "UserGroup",
]
