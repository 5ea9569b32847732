"""Handing a question over to a person: the form, the message for the channel, the link, what became of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from handlers.sentences import label, sentence
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    field,
    header,
    mrkdwn,
    plain,
    preformatted,
    rich,
    said,
    section,
    words,
)
from handlers.views.buttons import value
from handlers.views.wording import EMPTY, clean, shown

CALLBACK = "agent_form"
FIELDS = ("question", "team", "product", "range")
LONGEST = {"question": 2_000, "team": 300, "product": 300, "range": 100}
LONGEST_LINK = 3_000
"""What a button's address may hold."""

_PLACE = re.compile(r"\{(question|team|product|range)\}")


@dataclass(frozen=True, slots=True)
class Support:
    """Where people are to be found: a channel by its id, a link with places to fill in, the account's plan."""

    channel: str = ""
    link: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is handed over, in the asker's words."""

    question: str = ""
    team: str = ""
    product: str = ""
    range: str = ""

    def cut(self) -> "Case":
        """Return the case as long as it may be."""
        return Case(**{name: getattr(self, name)[: LONGEST[name]] for name in FIELDS})


class Sent(NamedTuple):
    """Where a case went: the channel, and the address of the message if Slack told it."""

    channel: str
    permalink: str


def plan_name(plan: str) -> str:
    """Return the plan in words, '' where none is set."""
    return label(f"agent.plan_{plan}") if plan else ""


def form(case: Case, support: Support, metadata: str) -> Block:
    """Return the form, filled in with what is known."""
    inputs = [_input(name, getattr(case, name)) for name in FIELDS]
    blocks = [section(plain(sentence("agent_form"))), *inputs, context(plain(_level(support)))]
    return _view(blocks, metadata) | {"submit": plain(label("agent.send"))}


def loading(metadata: str) -> Block:
    """Return what stands there until the form is filled in."""
    return _view([section(plain(sentence("working")))], metadata)


def sending() -> Block:
    """Return what stands there while the case is on its way."""
    return _view([section(plain(sentence("agent_sending")))])


def read(view: Mapping[str, Any]) -> Case:
    """Return what was filled in."""
    values = (view.get("state") or {}).get("values") or {}
    found = {name: str(((values.get(name) or {}).get(name) or {}).get("value") or "").strip() for name in FIELDS}
    return Case(**found).cut()


def posted(case: Case, user_id: str, support: Support) -> Message:
    """Return the message for the support channel. What was typed there stays text: it cannot ping, link or format."""
    asks = words({"type": "user", "user_id": user_id}, said(f" {sentence('agent_asks')}"))
    about = [_line(name, getattr(case, name)) for name in FIELDS[1:] if clean(getattr(case, name))]
    plan = [context(plain(f"{label('agent.plan')}: {plan_name(support.plan)}"))] if support.plan else []
    blocks = (header(label("agent.posted")), rich(asks), rich(preformatted(_text(case))), *_about(about), *plan)
    text = f"<@{user_id}> {sentence('agent_posted', case=case)}"
    return Message(text, blocks, Message(text))


def done(sent: Sent) -> Message:
    """Say where the case went."""
    text = sentence("agent_done", sent=sent)
    row = [actions("agent_done", [_link(sent.permalink, label("agent.look"))])] if sent.permalink else []
    return Message(text, (section(mrkdwn(text)), *row), Message(text))


def failed(reason: str, case: Case, support: Support, contact: str) -> Message:
    """Say why the case did not go, show it so that it can be copied, and the other way there is."""
    address = link(support.link, case) if support.link else ""
    text = sentence("agent_failed", reason=reason, link=bool(address), contact=contact)
    row = [actions("agent_link", [_link(address, label("agent.open"))])] if address else []
    blocks = (section(plain(text)), rich(preformatted(_whole(case))), *row)
    return Message(f"{text}\n{_whole(case)}", blocks)


def by_link(case: Case, support: Support) -> Message:
    """Return the link, filled in, for accounts without a support channel."""
    text = sentence("agent_link")
    row = actions("agent_link", [_link(link(support.link, case), label("agent.open"), "primary")])
    blocks = (section(plain(text)), rich(preformatted(_whole(case))), context(plain(_level(support))), row)
    return Message(f"{text} {_level(support)}", blocks)


def nowhere(support: Support, contact: str) -> Message:
    """Say that no way to a person is set, and whom to ask."""
    text = f"{sentence('agent_nowhere', contact=contact)} {_level(support)}"
    return Message(text, (section(plain(text)),))


def offer(question: str) -> Message:
    """Offer the hand-over where words cannot open a form."""
    text = sentence("agent_offer")
    pressed = button("agent", label("agent.title"), value(q=question[:300]))
    return Message(text, (section(plain(text)), actions("agent", [pressed])))


def said_already() -> Block:
    """Return what stands there when a form is sent twice."""
    return _view([section(plain(sentence("agent_twice")))])


def shown_in(message: Message) -> Block:
    """Return a message as a view in place of the form."""
    return _view(list(message.blocks))


def link(template: str, case: Case) -> str:
    """Fill the places of a link in, each value encoded; a link without places gets them as parameters.

    The question gives way where the whole would be too long.
    """
    while True:
        found = _filled(template, case)
        if len(found) <= LONGEST_LINK or not case.question:
            return found
        case = replace(case, question=case.question[: max(len(case.question) - 100, 0)])


def _filled(template: str, case: Case) -> str:
    if _PLACE.search(template):
        return _PLACE.sub(lambda place: quote(_plain(getattr(case, place[1])), safe=""), template)
    values = {"subject": label("agent.title"), "body": _whole(case)}
    if not template.startswith("mailto:"):
        values = {name: _plain(getattr(case, name)) for name in FIELDS if getattr(case, name)}
    return f"{template}{'&' if '?' in template else '?'}{urlencode(values, quote_via=quote)}"


def _plain(text: str) -> str:
    return text.encode(errors="replace").decode()


def _whole(case: Case) -> str:
    about = {name: clean(getattr(case, name)) for name in FIELDS[1:]}
    return "\n".join([_text(case), *(f"{label(f'agent.{name}')}: {said}" for name, said in about.items() if said)])


def _text(case: Case) -> str:
    return "\n".join(map(clean, case.question.splitlines())).strip() or EMPTY


def _about(lines: list[Block]) -> list[Block]:
    return [rich(*lines)] if lines else []


def _line(name: str, text: str) -> Block:
    return words(said(f"{label(f'agent.{name}')}: ", bold=True), said(shown(text, LONGEST[name])))


def _level(support: Support) -> str:
    return sentence("agent_level", plan=support.plan, name=plan_name(support.plan))


def _input(name: str, text: str) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": LONGEST[name]}
    extras: dict[str, Any] = {"initial_value": text[: LONGEST[name]]} if text else {}
    extras |= {"multiline": True} if name == "question" else {}
    block = field(name, label(f"agent.{name}"), element | extras)
    return block | {"optional": name != "question"}


def _link(address: str, said_on_it: str, style: str = "") -> Block:
    return button("agent_link", said_on_it, style=style) | {"url": address}


def _view(blocks: list[Block], metadata: str = "") -> Block:
    view: Block = {"type": "modal", "callback_id": CALLBACK, "title": plain(label("agent.title")), "blocks": blocks}
    return view | {"close": plain(label("agent.close")), "private_metadata": metadata}
