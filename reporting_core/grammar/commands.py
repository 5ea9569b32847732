"""The first word of `/usage`: which verb it is, and what is left for it. Verbs of later versions are known as such."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from reporting_core.words.names import fold


class Verb(NamedTuple):
    """A verb: what it does in one line, and whether this version does it."""

    line: str
    available: bool = True


class Command(NamedTuple):
    """A verb and the words behind it."""

    verb: str
    rest: str


REPORT = "report"
MODAL = "modal"

VERBS: Mapping[str, Verb] = {
    REPORT: Verb("Who uses what: the default, so the word may be left out"),
    MODAL: Verb("No words at all: opens the form with your last report filled in"),
    "help": Verb("What can be typed; help filters explains every key"),
    "examples": Verb("Commands to try"),
    "people": Verb("Who is who: Slack people and people of the account"),
    "why": Verb("Why a row has its status, with its evidence"),
    "export": Verb("The report as a spreadsheet"),
    "exports": Verb("Spreadsheets of the last 14 days"),
    "unassign": Verb("Take a seat back, after a confirmation"),
    "undo": Verb("Undo an unassignment"),
    "exempt": Verb("Keep a seat from being offered for unassigning"),
    "audit": Verb("Who did what, and when"),
    "faq": Verb("Answers to common questions"),
    "questions": Verb("Questions that had no answer yet"),
    "subscribe": Verb("Get a digest regularly"),
    "subscriptions": Verb("What comes by itself, and how it stands"),
    "pause": Verb("Let a digest or spreadsheet rest"),
    "resume": Verb("Let it go on"),
    "edit": Verb("Change what comes, when and where"),
    "preview": Verb("A digest as it would come now"),
    "send": Verb("Send a digest or spreadsheet now"),
    "hand": Verb("Hand a digest or spreadsheet over"),
    "unsubscribe": Verb("Let it come no more"),
    "alerts": Verb("What is watched, from when on, and where it is told"),
    "doctor": Verb("What is wrong with the installation, and how to mend it"),
    "agent": Verb("Ask a person for help"),
}
"""Every verb; a team that is called like one is reached as team="help"."""

_ALIASES = {"?": "help", "help?": "help", "-h": "help", "--help": "help", "example": "examples"}
_FIRST = re.compile(r"\s*(\S+)\s*")
_OPERATOR = re.compile(r"!?[=＝:：]|≠")  # noqa: RUF001 - typed by East Asian keyboards


def command(text: str) -> Command:
    """Split the verb off. No words at all are `modal`; a first word that is no verb belongs to the report."""
    found = _FIRST.match(text)
    if not found:
        return Command(MODAL, "")
    word = fold(found[1])
    verb = _ALIASES.get(word, word)
    rest = text[found.end() :]
    if verb not in VERBS or verb == MODAL or _OPERATOR.match(rest):
        return Command(REPORT, text)
    return Command(verb, rest)
