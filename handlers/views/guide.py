"""Help, examples, the working line, the greeting: what can be said without any data of the account."""

from handlers.sentences import sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, context, divider, header, mrkdwn, section

EXAMPLES = (
    ("last=30d", "Who used what in the last 30 days"),
    ("status=inactive last=90d", "Who holds a seat and has not used it for 90 days"),
    ("status=not_yet_active", "Assigned not long ago, and not used yet"),
    ("access=flex last=3mo sort=-tokens", "Flex: most tokens first, three months"),
    ("assigned=no last=1y", "Used this year, not assigned any more"),
)
"""Questions that need no name of the account, and what they bring."""

TOPICS = ("", "filters", "examples")


def working() -> Message:
    """Return the line that stands until the answer replaces it."""
    return Message(sentence("working"), (context(mrkdwn(sentence("working"))),))


def overview() -> Message:
    """Return the help: what can be typed, and where to read on."""
    return _page(
        "help",
        "What usagebot can do",
        [_more(0, "filters", "Filters"), _more(1, "examples", "Examples"), buttons.form()],
    )


def filters() -> Message:
    """Return the help on every key and its values."""
    return _page("help_filters", "Filters", [_more(0, "", "Help"), _more(1, "examples", "Examples"), buttons.form()])


def examples() -> Message:
    """Return questions to try, each with a button that asks it."""
    tried: list[Block] = [
        section(mrkdwn(f"{meaning}\n`/usage {query}`"), accessory=buttons.run(index, query, "Try it"))
        for index, (query, meaning) in enumerate(EXAMPLES)
    ]
    lines = ". ".join(f"{meaning}: /usage {query}" for query, meaning in EXAMPLES)
    blocks = [header("Examples"), *tried, divider(), section(mrkdwn(sentence("examples")))]
    return Message(
        f"Examples. {lines}", (*blocks, actions("help", [_more(0, "", "Help"), _more(1, "filters", "Filters")]))
    )


def about(topic: str) -> Message:
    """Return the page of the help on a topic, the overview for any word that is none."""
    return {"filters": filters, "examples": examples}.get(topic.strip().casefold(), overview)()


def later(command: str = "") -> Message:
    """Answer a plain question while those are not understood yet, and what is written like a command with a button."""
    text = sentence("questions_later", command=command)
    run = [buttons.run(0, command, f"Run: /usage {command}")] if command else []
    row = [*run, _more(0, "", "Help"), _more(1, "examples", "Examples")]
    return Message(text, (section(mrkdwn(text)), actions("later", row)))


def _page(name: str, title: str, row: list[Block]) -> Message:
    # An empty line parts the paragraphs of a page; each becomes a section of its own.
    text = sentence(name)
    paragraphs = [section(mrkdwn(paragraph)) for paragraph in text.split("\n\n")]
    return Message(f"{title}. {text}", (header(title), *paragraphs, actions("help", row)))


def _more(index: int, topic: str, label: str) -> Block:
    return buttons.help_about(index, topic, label)
