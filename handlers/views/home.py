"""App Home, for now: who one is here, and what can be typed."""

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, actions, divider, header, mrkdwn, plain, rich, said, section, words
from handlers.views.wording import shown
from reporting_core.words.people import Asker


def home(asker: Asker) -> Block:
    """Return the Home of somebody who may see reports."""
    who = sentence("home_who", asker=asker, name=shown(asker.name or asker.email, 100))
    return _view([rich(words(said(label("home.you_are")), said(who, bold=True)))])


def outsider(reason: str, contact: str) -> Block:
    """Return the Home of somebody who may not: why, and whom to ask."""
    whom = [words(said(sentence("whom_to_ask", contact=shown(contact, 200))))] if contact else []
    return {"type": "home", "blocks": [header("usagebot"), rich(words(said(f"⛔ {shown(reason, 1_000)}")), *whom)]}


def _view(who: list[Block]) -> Block:
    guide = [section(mrkdwn(paragraph)) for paragraph in sentence("help").split("\n\n")]
    row = actions("home", [buttons.form()])
    privacy = section(plain(sentence("home_privacy")))
    return {"type": "home", "blocks": [header("usagebot"), *who, row, divider(), *guide, divider(), privacy]}
