"""The result of an import for the terminal: every file, every refused row, and what the data now covers."""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.printing import listing
from bot.printing.contract import totals
from bot.printing.terminal import one_line
from reporting_core.words.imports import FileResult, ImportResult
from reporting_core.words.terms import Kind

SHOWN = 20
"""Refused rows of a file that are listed; `--format json` has all of them."""

TITLES = {
    Kind.USAGE_REPORT: "Usage Report",
    Kind.USAGE: "Usage",
    Kind.SEAT_USAGE: "Seat Usage",
    Kind.TOKEN_USAGE: "Token Usage",
    Kind.SUBSCRIPTIONS: "Subscriptions",
    Kind.USERS: "Users",
    Kind.GROUPS: "Groups",
    Kind.TOKEN_BALANCES: "Token balances",
    Kind.ASSIGNMENT_RULES: "Assignment rules",
}


def text(result: ImportResult) -> str:
    """Return the result, ending in a line break."""
    parts = ["\n".join(_table(result.files)), *_remarks(result.files)]
    if result.coverage:
        parts.append("\n".join(["The daily data now covers:", *_coverage(result)]))
    if result.notes:
        parts.append("\n".join(f"* {one_line(note)}" for note in result.notes))
    return "\n\n".join(parts) + "\n"


def _table(files: Sequence[FileResult]) -> Iterator[str]:
    sums = totals(files)
    lines = [
        ["File", "Kind", "Read", "Stored", "Unchanged", "Refused"],
        *(_row(file) for file in files),
        ["Total", "", *(f"{sums[key]:,}" for key in ("read", "stored", "unchanged", "refused"))],
    ]
    yield from listing.lines(lines if len(files) > 1 else lines[:-1], right=(2, 3, 4, 5))


def _row(file: FileResult) -> list[str]:
    counts = [f"{count:,}" for count in (file.read, file.stored, file.unchanged, len(file.refused))]
    return [file.name, TITLES[file.kind] if file.kind else "not read", *counts]


def _remarks(files: Sequence[FileResult]) -> Iterator[str]:
    for file in files:
        name = one_line(file.name)
        if file.error is not None:
            yield f"{name} was not read: {one_line(file.error)}"
        if file.refused:
            yield "\n".join([f"Refused rows of {name}:", *_refused(file)])
        if file.ignored_columns:
            yield f"Columns of {name} that were left out: {', '.join(map(one_line, file.ignored_columns))}."


def _refused(file: FileResult) -> Iterator[str]:
    for line, reason in file.refused[:SHOWN]:
        yield f"  line {line}: {one_line(reason)}"
    if len(file.refused) > SHOWN:
        yield f"  and {len(file.refused) - SHOWN:,} more; --format json lists all of them"


def _coverage(result: ImportResult) -> Iterator[str]:
    for line in listing.lines(
        [[team, ", ".join(map(_span, spans))] for team, spans in sorted(result.coverage.items())]
    ):
        yield f"  {line}"


def _span(span: tuple[date, date]) -> str:
    first, last = span
    return f"{first}" if first == last else f"{first} to {last}"
