"""Answers to questions about the numbers: one that is known, several that may be meant, none.

What the buttons carry: `id` names an entry, `t` the token under which the question is kept, `v` a verdict, 1 or -1.
"""

from collections.abc import Sequence

from handlers import language
from handlers.faq_entries import Entry, entries
from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, button, context, header, mrkdwn, plain, section
from handlers.views.buttons import value
from handlers.views.wording import shown
from reporting_core.words.questions import Act, Candidate

_MOST = 3


def answer(entry: Entry, live: str, token: str) -> Message:
    """Return an entry's answer with the asker's own numbers, if there are any, and what leads on from it."""
    body = [header(entry.title), *(section(mrkdwn(each)) for each in (entry.answer, live) if each)]
    known = entries(language.current())
    related = [_show(index, known[each], token) for index, each in enumerate(entry.related)]
    tail = [context(mrkdwn(sentence("faq_source", entry=entry))), actions("faq", [*related, ask_person(token)])]
    text = " ".join(each for each in (f"{entry.title}:", entry.answer, live) if each)
    # Workspaces that refuse the thumbs get them as buttons.
    simple = Message(text, (*body, *tail, _thumb_buttons(token)), Message(text))
    return Message(text, (*body, *tail, _thumbs(token)), simple)


def unsure(candidates: Sequence[Candidate], token: str) -> Message:
    """Ask which one is meant."""
    return _choice(sentence("faq_unsure"), candidates, token)


def unknown(nearest: Sequence[Candidate], token: str) -> Message:
    """Say that the answer is not known, that the owner will see the question, and what comes nearest."""
    return _choice(sentence("faq_unknown", nearest=bool(nearest)), nearest, token)


def ask_person(token: str) -> Block:
    """Return the button that hands the question over to a person."""
    return button("agent", label("faq.ask_person"), value(t=token), spoken=label("faq.ask_person_spoken"))


def _choice(said: str, candidates: Sequence[Candidate], token: str) -> Message:
    offered = list(enumerate(candidates[:_MOST]))
    row = [each for index, candidate in offered for each in _offer(index, candidate, token)]
    named = "; ".join(str(each["text"]["text"]) for each in row)
    text = f"{said} {named}".strip()
    blocks = (section(plain(said)), actions("faq", [*row, ask_person(token)]))
    return Message(text, blocks, Message(text))


def _offer(index: int, candidate: Candidate, token: str) -> list[Block]:
    """Return the button of a candidate; none for an entry that is gone and a query too long for a button."""
    known = entries(language.current())
    if candidate.faq:
        return [_show(index, known[candidate.faq], token)] if candidate.faq in known else []
    verb = "" if candidate.act is Act.REPORT else f"{candidate.act} "
    about = {"a": str(candidate.act)} if verb else {}
    carried = value(q=candidate.canonical, t=token, **about)
    if len(carried) > buttons.LONGEST_VALUE:
        return []
    return [button(f"run_{index}", shown(f"/usage {verb}{candidate.canonical}", 75), carried)]


def _show(index: int, entry: Entry, token: str) -> Block:
    return button(f"faq_show_{index}", entry.title, value(id=entry.id, t=token))


def _thumbs(token: str) -> Block:
    both = {"positive_button": _thumb("helped", token, 1), "negative_button": _thumb("did_not_help", token, -1)}
    element = {"type": "feedback_buttons", "action_id": "faq_feedback", **both}
    return {"type": "context_actions", "block_id": "faq_thumbs", "elements": [element]}


def _thumb(name: str, token: str, verdict: int) -> Block:
    return {
        "text": plain(label(f"faq.{name}")),
        "value": value(t=token, v=verdict),
        "accessibility_label": label(f"faq.{name}_spoken"),
    }


def _thumb_buttons(token: str) -> Block:
    up, down = label("faq.helped"), label("faq.did_not_help")
    return actions(
        "faq_thumbs",
        [
            button("faq_feedback_0", f"👍 {up}", value(t=token, v=1), spoken=label("faq.helped_spoken")),
            button("faq_feedback_1", f"👎 {down}", value(t=token, v=-1), spoken=label("faq.did_not_help_spoken")),
        ],
    )
