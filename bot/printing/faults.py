"""An error for the terminal: what is wrong, where, and what to type next."""

from collections.abc import Iterator

from bot.printing.terminal import one_line, safe
from reporting_core.words.errors import BadQuery, UsagebotError


def text(problem: UsagebotError) -> str:
    """Return an error, ending in a line break."""
    return "\n".join(_lines(problem)) + "\n"


def _lines(problem: UsagebotError) -> Iterator[str]:
    yield f"Error: {safe(problem.message)}"
    if isinstance(problem, BadQuery):
        yield from _place(problem)
    if any(each not in problem.message for each in problem.suggestions):
        yield f"Nearest: {', '.join(map(one_line, problem.suggestions))}"
    if isinstance(problem, BadQuery) and problem.corrected:
        yield f"Try: {one_line(problem.corrected)}"


def _place(problem: BadQuery) -> Iterator[str]:
    from reporting_core import grammar  # noqa: PLC0415 - whoever raised it has loaded it already

    if problem.text:
        yield from (f"  {line}" for line in grammar.render_error(problem).split("\n"))
