"""The owner's list of questions without a good answer. Nobody who asked is named; what they wrote may name people."""

from handlers.sentences import label, sentence
from handlers.views import buttons, wording
from handlers.views.blocks import Block, Message, actions, button, context, divider, header, mrkdwn, plain, section
from reporting_core.words.questions import Kind, OpenQuestion, OpenQuestions

MOST_WORDS = 300


def listed(found: OpenQuestions) -> Message:
    """Return one page, each question with the button that settles it."""
    text = sentence("questions_counts", found=found)
    lines = [block for index, each in enumerate(found.questions) for block in _one(index, each, found.page)]
    blocks = (header(label("questions.title")), section(mrkdwn(text)), divider(), *lines, *_turns(found))
    told = " ".join(f"{wording.harmless(each.question, MOST_WORDS)} ({_about(each)})." for each in found.questions)
    return Message(f"{text} {told}".strip(), blocks, Message(f"{text} {told}".strip()))


def _one(index: int, question: OpenQuestion, page: int) -> list[Block]:
    settled = button(
        f"question_settled_{index}",
        label("questions.settled"),
        buttons.value(t=question.token, p=page),
        spoken=label("questions.settled_spoken"),
    )
    return [
        section(plain(wording.shown(question.question, MOST_WORDS)), accessory=settled),
        context(plain(_about(question))),
    ]


def _about(question: OpenQuestion) -> str:
    """Say when it was asked, how often, and what was answered."""
    kind = question.kind if question.kind in {Kind.UNSURE, Kind.UNKNOWN} else "answered"
    return sentence("questions_about", question=question, kind=str(kind), answer=wording.shown(question.answer, 100))


def _turns(found: OpenQuestions) -> list[Block]:
    wanted = [(name, page) for name, page in (("previous", found.page - 1), ("next", found.page + 1)) if page > 0]
    row = [
        button(f"questions_{name}", label(f"questions.{name}"), buttons.value(p=page))
        for name, page in wanted
        if page <= found.pages
    ]
    return [actions("questions", row)] if row else []
