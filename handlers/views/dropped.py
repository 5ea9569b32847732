"""What is said of files that were dropped: how far they are, what was stored, what was refused and why."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    bullets,
    button,
    context,
    header,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.wording import dates, harmless, shown
from reporting_core.exports import Progress
from reporting_core.words.errors import WouldRemove
from reporting_core.words.imports import FileResult, ImportResult
from reporting_core.words.report import Period
from reporting_core.words.said import fact

REFUSALS = "refused-rows.csv"
_FORMULAS = tuple("=+-@\t\r\n\0|%＝＋－＠")  # noqa: RUF001 - typed by East Asian keyboards, and taken for formulas there
SHOWN = 10
"""Teams and notes that are listed in the message."""

MANY = 4
"""Files from which on what is said of each is cut short, so that the message holds twenty."""


@dataclass(frozen=True, slots=True)
class Again:
    """Files to load once more (Slack ids), and how."""

    files: tuple[str, ...]
    dates: str | None = None
    replace: bool = False


def fetching(names: Sequence[str]) -> Message:
    """Say that the files are being fetched."""
    return _line(
        sentence("dropped_progress", step="fetch", file=shown(names[0], 80), files=len(names), percent=0, rows=0)
    )


def progress(heard: Progress | None, names: Sequence[str]) -> Message:
    """Say how far loading is: waiting, reading a file, or storing."""
    step = "wait" if heard is None else "read" if heard.file else "store"
    file, rows = (heard.file, heard.rows) if heard else (names[0], 0)
    percent = 100 * heard.done_bytes // heard.total_bytes if heard and heard.total_bytes else 0
    return _line(
        sentence("dropped_progress", step=step, file=shown(file, 80), files=len(names), percent=percent, rows=rows)
    )


def result(done: ImportResult, doubtful: Again | None) -> Message:
    """Account for every row; `doubtful` are files whose dates can be read both ways."""
    files = done.files
    read, stored = sum(file.read for file in files), sum(file.stored for file in files)
    unchanged, refused = sum(file.unchanged for file in files), sum(len(file.refused) for file in files)
    failed = sum(1 for file in files if file.error)
    title = sentence(
        "dropped_result",
        files=len(files),
        failed=failed,
        read=read,
        stored=stored,
        unchanged=unchanged,
        refused=refused,
    )
    few = len(files) < MANY
    listed = rich(bullets([words(*_file(file, few=few)) for file in files]))
    heading = "loaded" if stored else "nothing_new" if unchanged else "nothing"
    blocks = [
        header(label(f"dropped.{heading}")),
        section(plain(title)),
        listed,
        *_coverage(done),
        *_notes(done, few=few),
        *([_orders(doubtful)] if doubtful else []),
        *([actions("dropped_next", [buttons.run(0, "last=30d", label("dropped.report"))])] if stored else []),
    ]
    covered = [harmless(each, 400) for each in _covered(done)]
    return _message("\n".join([title, *(_said(file) for file in files), *covered]), blocks)


def would_remove(error: WouldRemove, again: Again) -> Message:
    """Say what would be taken away, and let it be allowed."""
    text = f"{shown(fact(error.message), 2_000)} {sentence('dropped_replace')}"
    confirm = {
        "title": plain(label("dropped.replace_title")),
        "text": plain(label("dropped.replace_text")),
        "confirm": plain(label("dropped.replace")),
        "deny": plain(label("dropped.keep")),
        "style": "danger",
    }
    replace = button("drop_replace", label("dropped.replace"), _value(again), style="danger") | {"confirm": confirm}
    return _message(harmless(text, 2_500), [section(plain(text)), actions("dropped_again", [replace])])


def fault(reason: str) -> Message:
    """Say why nothing was loaded."""
    return _message(harmless(reason, 1_000), [section(plain(shown(reason, 1_000)))])


def write_refusals(done: ImportResult, path: Path) -> None:
    """Write every refused row with its file, line and reason, as CSV that spreadsheet programs read."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        lines = csv.writer(target)
        lines.writerow([label("dropped.file"), label("dropped.line"), label("dropped.reason")])
        for file in done.files:
            lines.writerows([_text(file.name), line, _text(reason)] for line, reason in file.refused)


def _text(value: str) -> str:
    # A spreadsheet program takes these beginnings for a formula.
    return f"'{value}" if value.startswith(_FORMULAS) else value


def _file(file: FileResult, *, few: bool) -> list[Block]:
    name = shown(file.name, 80 if few else 40)
    return [said(name, bold=True), said(f": {_outcome(file, 600 if few else 150)}")]


def _outcome(file: FileResult, most: int = 600) -> str:
    kind = label(f"dropped.{file.kind}") if file.kind else ""
    error = shown(fact(file.error or ""), most)
    return sentence("dropped_file", file=file, kind=kind, error=error, refused=len(file.refused))


def _said(file: FileResult) -> str:
    return harmless(f"{file.name}: {_outcome(file)}", 900)


def _coverage(done: ImportResult) -> list[Block]:
    lines = _covered(done)
    return [context(plain("\n".join(lines)))] if lines else []


def _covered(done: ImportResult) -> list[str]:
    teams = sorted(done.coverage.items())
    lines = [f"{shown(team, 60)}: {', '.join(map(_span, spans[-3:]))}" for team, spans in teams[:SHOWN]]
    return [sentence("dropped_coverage", more=max(0, len(teams) - SHOWN)), *lines] if lines else []


def _span(span: tuple[date, date]) -> str:
    return dates(Period(*span))


def _notes(done: ImportResult, *, few: bool) -> list[Block]:
    notes = [plain(shown(note, 400 if few else 200)) for note in done.notes[:SHOWN]]
    return [context(*notes)] if notes else []


def _orders(doubtful: Again) -> Block:
    both = [
        button(f"drop_{order}", label(f"dropped.{order}"), _value(Again(doubtful.files, order, doubtful.replace)))
        for order in ("dmy", "mdy")
    ]
    return actions("dropped_again", both)


def _value(again: Again) -> str:
    return buttons.value(f=",".join(again.files), d=again.dates or "", r=int(again.replace))


def _line(text: str) -> Message:
    return Message(harmless(text, 500), (context(plain(text)),))


def _message(text: str, blocks: Sequence[Block]) -> Message:
    return Message(text, tuple(blocks), Message(text))
