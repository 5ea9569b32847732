"""Spreadsheets in words: on the way, sent, kept, withheld, and the history of the last two weeks."""

import re
from collections.abc import Sequence
from datetime import datetime

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, button, context, header, plain, rich, said, words
from handlers.views.wording import TWINS, clean, day, escaped, harmless, number, shown
from reporting_core import grammar
from reporting_core.words.errors import UsagebotError
from reporting_core.words.report import UsageReport
from reporting_core.words.spreadsheets import KEPT, Fetched, Spreadsheet, State, Withheld

PAGE = 8
"""Spreadsheets listed in one message: with their buttons they stay within Slack's limits."""

LONGEST_COMMAND = 700
LISTED_COMMAND = 300
"""Characters of a command in the list, which has eight of them."""
_LONGEST_NAME = 80
_KEYS = re.compile(r"\b\w+!?=")
_UNUSUAL = re.compile(r"[^\w.@+-]+")


def name(sheet: Spreadsheet) -> str:
    """Return what the file is called: the values that were asked for, and the day."""
    asked = _UNUSUAL.sub(" ", _KEYS.sub(" ", clean(sheet.query))).strip()
    return f"usage {asked[:_LONGEST_NAME].strip()} {sheet.asked_at.date().isoformat()}.xlsx"


def comment(sheet: Spreadsheet, why: str = "") -> str:
    """Return the words beside the file, in Slack's formatting: how much is in it, and what was asked."""
    before = f"{why} " if why else ""
    return (
        f"{before}{sentence('export_rows', rows=sheet.rows)}\n`{escaped(_typed(sheet.query)).replace('`', TWINS['`'])}`"
    )


def making(done: int, total: int) -> Message:
    """Say how far it is."""
    text = sentence("export_making", done=done, total=total)
    return Message(text, (context(plain(text)),))


def sending(sheet: Spreadsheet) -> Message:
    """Say that it is made, and on its way into Slack."""
    text = sentence("export_sending", rows=sheet.rows)
    return Message(text, (context(plain(text)),))


def under_way(sheet: Spreadsheet) -> Message:
    """Say that the same one is made or sent at this moment."""
    return _message(sentence("export_under_way"), sheet.query)


def sent(sheet: Spreadsheet, *, here: bool, permalink: str = "") -> Message:
    """Say where the file is."""
    link = [{"type": "link", "url": permalink, "text": label("exports.open")}] if permalink else []
    return _message(sentence("export_sent", rows=sheet.rows, here=here), sheet.query, link)


def not_sent(sheet: Spreadsheet, error: UsagebotError) -> Message:
    """Say why the file is not where it should be, and that it is kept."""
    text = sentence("export_not_sent", error=error, rows=sheet.rows, until=sheet.expires_at.date())
    return _message(text, sheet.query, row=[fetch_button(0, sheet)])


def withheld(found: Fetched) -> Message:
    """Say why a file is not handed out; what can be made anew comes with a button for it."""
    sheet = found.spreadsheet
    text = sentence("export_withheld", why=str(found.withheld or Withheld.GONE))
    if sheet is None or found.withheld in {Withheld.UNKNOWN, Withheld.BUSY}:
        return _message(text, sheet.query if sheet else "")
    return _message(text, sheet.query, row=_anew(sheet.query))


def nothing(report: UsageReport) -> Message:
    """Say that there would be no rows, with a button for the report, which says what comes nearest."""
    offers = [buttons.run_named(0, report.canonical)] if buttons.fits(report.canonical) else []
    return _message(sentence("export_nothing"), report.canonical, row=offers)


def history(sheets: Sequence[Spreadsheet], now: datetime, offset: int = 0) -> Message:
    """List what somebody asked for, newest first, from the `offset`-th on."""
    if not sheets:
        return _message(sentence("export_history_empty", days=KEPT.days), row=[buttons.form()])
    offset = offset if 0 <= offset < len(sheets) else 0
    page = sheets[offset : offset + PAGE]
    entries = [block for index, sheet in enumerate(page) for block in _entry(index, sheet, now, offset)]
    lines = [f"{harmless(name(sheet))}: {_state(sheet, now)}" for sheet in page]
    heading = sentence("export_history", count=len(sheets), first=offset + 1, last=offset + len(page), days=KEPT.days)
    blocks = (header(label("exports.title")), context(plain(heading)), *entries, *_turns(offset, len(sheets)))
    return Message("\n".join([heading, *lines]), blocks, Message("\n".join([heading, *lines])))


def line(sheet: Spreadsheet, now: datetime) -> str:
    """Return a spreadsheet in one line: its name, and what has become of it."""
    return f"{name(sheet)}: {_state(sheet, now)}"


def _entry(index: int, sheet: Spreadsheet, now: datetime, offset: int) -> list[Block]:
    title = said(name(sheet), bold=True)
    about = words(title, said(f"\n{_state(sheet, now)}\n"), said(_typed(sheet.query, LISTED_COMMAND), code=True))
    if sheet.is_there(now):
        row = [fetch_button(index, sheet), _delete(index, sheet, offset)]
    elif sheet.state is State.MAKING:
        row = []
    else:
        row = _anew(sheet.query)
    return [rich(about), *([actions(f"export_{index}", row)] if row else [])]


def _state(sheet: Spreadsheet, now: datetime) -> str:
    reason = sheet.reason or ("" if sheet.state is State.READY else "abandoned")
    return sentence(
        "export_line",
        sheet=sheet,
        reason=label(f"exports.reason_{reason}") if reason else "",
        rows=sheet.rows,
        size=_size(sheet.size),
        there=sheet.is_there(now),
        making=sheet.state is State.MAKING,
        asked=day(sheet.asked_at.date()),
        time=f"{sheet.asked_at:%H:%M}",
        until=day(sheet.expires_at.date()),
        deleted=day(sheet.deleted_at.date()) if sheet.deleted_at else "",
    )


def _turns(offset: int, count: int) -> list[Block]:
    newer = [_turn("newer", max(0, offset - PAGE))] if offset else []
    older = [_turn("older", offset + PAGE)] if offset + PAGE < count else []
    return [actions("exports", [*newer, *older])] if newer or older else []


def _turn(direction: str, offset: int) -> Block:
    return button(f"exports_{direction}", label(f"exports.{direction}"), buttons.value(o=offset))


def fetch_button(index: int, sheet: Spreadsheet) -> Block:
    """Return the button that sends a spreadsheet once more."""
    return button(f"fetch_{index}", label("exports.fetch"), buttons.value(x=sheet.token))


def _delete(index: int, sheet: Spreadsheet, offset: int) -> Block:
    confirm = {
        "title": plain(label("exports.delete_title")),
        "text": plain(label("exports.delete_text")),
        "confirm": plain(label("exports.delete")),
        "deny": plain(label("exports.keep")),
        "style": "danger",
    }
    value = buttons.value(x=sheet.token, o=offset)
    return button(f"export_delete_{index}", label("exports.delete"), value) | {"confirm": confirm}


def _anew(query: str) -> list[Block]:
    if grammar.MASK in query:
        return []  # whoever was asked about is not named any more
    return [button("spreadsheet", label("exports.anew"), buttons.value(q=query))] if buttons.fits(query) else []


def _message(text: str, query: str = "", link: Sequence[Block] = (), row: Sequence[Block] = ()) -> Message:
    typed = [words(said(_typed(query), code=True))] if query else []
    space = [said(" ")] if link else []
    blocks = [rich(words(said(text), *space, *link), *typed), *([actions("export", list(row))] if row else [])]
    spoken = f"{text} {harmless(_typed(query), LONGEST_COMMAND)}" if query else text
    return Message(spoken, tuple(blocks), Message(spoken))


def _typed(query: str, most: int = LONGEST_COMMAND) -> str:
    return shown(f"/usage {query}", most)


def _size(size: int) -> str:
    kilobytes = size / 1024
    return f"{number(kilobytes / 1024, 1)} MB" if kilobytes >= 1024 else f"{number(max(1, round(kilobytes)))} KB"  # noqa: PLR2004
