"""The audit in words: what each row says, a page of them with its buttons."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, button, context, header, mrkdwn, plain, section
from handlers.views.wording import clean, day, harmless, shown, who
from reporting_core import grammar
from reporting_core.words.audit import Line, Page
from reporting_core.words.query import UsageQuery

_CHANGES = {"unassign", "assign"}
_LONGEST_NAME, _LONGEST_REASON = 80, 200
"""Signs that Slack decodes take up to five characters each; a paragraph has 3,000."""


def page(found: Page) -> Message:
    """Return a page, newest first, with buttons for its neighbours and for the spreadsheet."""
    heading = counts(found)
    lines = [_line(each) for each in found.lines]
    rows = [section(mrkdwn(line)) for line in lines] or [section(plain(label("audit.nothing")))]
    hidden = [context(plain(hashed(found)))] if found.hashed_because else []
    blocks = (header(label("audit.title")), context(plain(heading)), *rows, *hidden, *_buttons(found))
    text = "\n".join([heading, *lines])
    return Message(text, blocks, Message(text))


def comment(found: Page) -> str:
    """Return the words beside the file."""
    return harmless(counts(found), 500)


def sent(found: Page, permalink: str) -> Message:
    """Say where the file is."""
    text = sentence("audit_sent", count=found.count, link=permalink)
    return Message(text, (section(mrkdwn(text)),))


def counts(found: Page) -> str:
    """Say how many rows there are, of which dates, and which of them are shown; plain."""
    dates = (day(found.first), day(found.last))
    return sentence(
        "audit_counts", found=found, dates=dates, command=shown(f"/usage audit {command(found.query)}", 200)
    )


def hashed(found: Page) -> str:
    """Say why nobody is named; plain."""
    return sentence("hashed", teams=", ".join(clean(team) for team in found.hashed_because))


def command(query: UsageQuery) -> str:
    """Return the question as it is typed."""
    return grammar.canonical(query)


def kind(line: Line) -> str:
    """Return what happened, as a few words."""
    change = str(line.details.get("change") or "")
    name = f"{line.kind}_{change}" if line.kind == "intent" and change in _CHANGES else line.kind
    try:
        return label(f"audit.kind_{name}")
    except KeyError:
        return clean(line.kind)


def reason(line: Line) -> str:
    """Return the reason that a row gives: one of ours in words, one that was typed as it is."""
    given = clean(str(line.details.get("reason") or ""))
    if line.kind == "exempt" or not given:
        return given
    try:
        return label(f"audit.reason_{given}")
    except KeyError:
        return given


def more(line: Line) -> str:
    """Return what else a row holds, in short words; what programs need is left to the spreadsheet."""
    details = line.details
    if line.kind == "policy":
        before, after = details.get("before"), str(details.get("after"))
        was = label("audit.unset") if before is None else _spelt(str(before))
        return f"{_setting(str(details.get('name')))}: {was} → {_spelt(after)}"
    return f"{label('audit.until')} {_value('until', details['until'])}" if details.get("until") else ""


def _setting(name: str) -> str:
    """Return a setting in the words in which the rules name it, an alert by its title."""
    with suppress(KeyError):
        if name.startswith(_ALERT):
            return label("audit.alert").format(name=label(f"alerts.{name.removeprefix(_ALERT)}"))
        return label(f"exempt.policy_{name}")
    return name.replace("_", " ")


_ALERT = "alert "


def _spelt(value: str) -> str:
    return " ".join(label(f"audit.value_{word}") if word in _WORDS else clean(word) for word in value.split())


_WORDS = {"on", "off", "any"}


def rest(line: Line) -> str:
    """Return in words what a row holds beside its columns: what a decision rested on, and who carries it out."""
    left = {name: value for name, value in line.details.items() if name not in _SAID and _is_said(name, value)}
    if "last_accessed" in left and left["last_accessed"] is None and left.get("days_90") == 0:
        left["last_accessed"] = label("why.never")
    told = [] if line.kind == "policy" else [_detail(name, value) for name, value in left.items()]
    return "; ".join([*filter(None, [more(line)]), *told])


_SAID = ("change", "product", "reason", "until")
"""Details that have a column of their own, or are said with what happened."""
_EVIDENCE = ("assigned_on", "last_accessed", "data_through", "days_30", "days_90")
"""Details that say something also where they are not known."""


def _is_said(name: str, value: object) -> bool:
    return name in _EVIDENCE or value not in (None, "", [])


def _detail(name: str, value: object) -> str:
    try:
        return label(f"audit.detail_{name}").format(value=_value(name, value))
    except KeyError:
        return f"{name.replace('_', ' ')}: {_value(name, value)}"


def _value(name: str, value: object) -> str:
    if value is None:
        return label("why.not_known")
    # What a later version writes is shown as it is.
    with suppress(KeyError, ValueError):
        if name in _DATES:
            return day(date.fromisoformat(str(value)))
        if name == "origin":
            return label(f"words.by_{value}")
    return ", ".join(clean(str(each)) for each in value) if isinstance(value, list | tuple) else clean(str(value))


_DATES = ("until", "assigned_on", "last_accessed", "data_through")


def product(line: Line) -> str:
    """Return the product that a row is about."""
    return clean(str(line.details.get("product") or ""))


def _line(line: Line) -> str:
    names = [harmless(each, _LONGEST_NAME) for each in (line.person, product(line), line.team) if each]
    given = [harmless(each, _LONGEST_REASON) for each in (more(line), reason(line)) if each]
    asked = [label("audit.to").format(who=who(str(each))) for each in line.details.get("to") or []]
    return sentence("audit_line", line=line, kind=harmless(kind(line)), about=[*names, *given, *asked])


def _buttons(found: Page) -> list[Block]:
    first = found.query.turned_to(1)
    if not buttons.fits(command(first)):
        return []  # asked with so many names that no button can carry them
    row = [*_turns(found), *([_sheet(first)] if found.count else [])]
    return [actions("audit", row)] if row else []


def _turns(found: Page) -> Sequence[Block]:
    wanted = [("newer", found.number - 1), ("older", found.number + 1)]
    return [
        button(f"audit_{name}", label(f"audit.{name}"), buttons.value(q=command(found.query.turned_to(number))))
        for name, number in wanted
        if 1 <= number <= found.pages
    ]


def _sheet(query: UsageQuery) -> Block:
    return button("audit_sheet", label("audit.sheet"), buttons.value(q=command(query)))
