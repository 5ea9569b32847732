"""Help, examples, the working line, the greeting: what can be said without any data of the account."""

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, context, divider, header, mrkdwn, section

EXAMPLES = (
    ("last=30d", "everything"),
    ("status=inactive last=90d", "inactive"),
    ("status=not_yet_active", "new"),
    ("access=flex last=3mo sort=-tokens", "flex"),
    ("assigned=no last=1y", "unassigned"),
)
"""Questions that need no name of the account, and under which label stands what they bring."""

TOPICS = ("", "filters", "examples", "digests")


def working() -> Message:
    """Return the line that stands until the answer replaces it."""
    return Message(sentence("working"), (context(mrkdwn(sentence("working"))),))


def in_direct_message() -> Message:
    """Say where the answer is."""
    text = sentence("in_direct_message")
    return Message(text, (section(mrkdwn(text)),), Message(text))


def overview() -> Message:
    """Return the help: what can be typed, and where to read on."""
    topics = [buttons.help_about(index, topic) for index, topic in enumerate(("filters", "examples", "digests"))]
    return _page("help", label("guide.help"), [*topics, buttons.form()])


def filters() -> Message:
    """Return the help on every key and its values."""
    row = [buttons.help_about(0), buttons.help_about(1, "examples"), buttons.form()]
    return _page("help_filters", label("guide.filters"), row)


def digests() -> Message:
    """Return the help on what comes by itself: when, where to, and how it is ended."""
    row = [buttons.help_about(0), buttons.help_about(1, "filters")]
    return _page("help_digests", label("guide.digests"), row)


def examples() -> Message:
    """Return questions to try, each with a button that asks it."""
    tried: list[Block] = [
        section(mrkdwn(f"{_brings(name)}\n`/usage {query}`"), accessory=buttons.run(index, query, label("guide.try")))
        for index, (query, name) in enumerate(EXAMPLES)
    ]
    title = label("guide.examples")
    lines = ". ".join(f"{_brings(name)}: /usage {query}" for query, name in EXAMPLES)
    blocks = [header(title), *tried, divider(), section(mrkdwn(sentence("examples")))]
    row = actions("help", [buttons.help_about(0), buttons.help_about(1, "filters")])
    return Message(f"{title}. {lines}", (*blocks, row))


def about(topic: str) -> Message:
    """Return the page of the help on a topic, the overview for any word that is none."""
    pages = {"filters": filters, "examples": examples, "digests": digests}
    return pages.get(topic.strip().casefold(), overview)()


def _page(name: str, title: str, row: list[Block]) -> Message:
    # An empty line parts the paragraphs of a page; each becomes a section of its own.
    text = sentence(name)
    paragraphs = [section(mrkdwn(paragraph)) for paragraph in text.split("\n\n")]
    return Message(f"{title}. {text}", (header(title), *paragraphs, actions("help", row)))


def _brings(name: str) -> str:
    return label(f"guide.example_{name}")
