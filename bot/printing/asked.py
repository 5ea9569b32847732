"""The answer to a plain question for the terminal: what a direct message says, without its buttons."""

import html
import re
from collections.abc import Iterator

from bot.printing import report as printing
from bot.printing.terminal import one_line, safe
from handlers import faq_entries, faq_live, language
from handlers.sentences import sentence
from handlers.views import report as report_view
from handlers.views import talk, wording
from handlers.views.paging import page_of
from reporting_core.core import Core
from reporting_core.words.errors import AskAgain, StoreBusy
from reporting_core.words.questions import Act, Asked, Candidate, Kind
from reporting_core.words.report import Row, UsageReport

_MARKED = re.compile(r"(?<![\w*`])([*`])(\S|\S[^*`\n]*\S)\1(?![\w*`])")


def told(core: Core, text: str, asked: Asked, screen: printing.Screen | None) -> str:
    """Return the answer: whole for a screen or a file, else (None) the one paragraph that the message's text is."""
    match asked.kind:
        case Kind.QUERY:
            return _answered(core, asked, screen)
        case Kind.FAQ:
            return f"{_entry(core, text, asked.faq)}\n" if screen else _entry(core, text, asked.faq)
        case Kind.UNSURE:
            lines = [sentence("faq_unsure"), *_offered(asked)]
        case _:
            lines = [sentence("ask_unknown", nearest=bool(asked.candidates)), *_offered(asked)]
    return "\n".join(lines) + ("\n" if screen else "")


def _answered(core: Core, asked: Asked, screen: printing.Screen | None) -> str:
    try:
        report = core.answer(asked.canonical, core.operator)
    except StoreBusy:
        raise
    except AskAgain as error:
        # The question was understood; that no data is loaded for its dates, or the like, is the answer to it.
        near = "".join(f"\n  {one_line(each)}" for each in error.suggestions[:3])
        return f"{safe(error.message)}{near}" + ("\n" if screen else "")
    return _figures(report, asked.act, screen) if screen else report_view.headline(report, page_of(report))


def _figures(report: UsageReport, act: Act, screen: printing.Screen) -> str:
    if act is Act.WHY and report.rows:
        return "".join(f"{line}\n" for line in [one_line(report.canonical), "", *map(_reason, report.rows)])
    whole = printing.text(report, screen)
    if act is not Act.EXPORT:
        return whole
    return f"{whole}\nAs a spreadsheet: usagebot report '{one_line(report.canonical)}' --format xlsx --out FILE\n"


def _reason(row: Row) -> str:
    who = f"{wording.shown(row.person, 200)}, {wording.shown(row.product, 200)} in {wording.shown(row.team, 200)}"
    return f"{who}: {one_line(str(row.why))}"


def _entry(core: Core, text: str, name: str) -> str:
    entry = faq_entries.entries(language.current())[name]
    report = None
    if entry.live and core.data_through() is not None:
        teams = core.names.of(core.operator).teams
        report = core.answer(talk.whose(text, teams), core.operator)
    parts = (entry.title, entry.answer, faq_live.live(entry, report), sentence("faq_source", entry=entry))
    return "\n\n".join(_plain(part) for part in parts if part)


def _offered(asked: Asked) -> Iterator[str]:
    for each in asked.candidates:
        yield f"  {one_line(_named(each))}"


def _named(candidate: Candidate) -> str:
    if candidate.faq:
        return faq_entries.entries(language.current())[candidate.faq].title
    verb = "" if candidate.act is Act.REPORT else f"{candidate.act} "
    return f"{verb}{candidate.canonical}"


def _plain(text: str) -> str:
    """Take the signs off that Slack reads as formatting."""
    return safe(html.unescape(_MARKED.sub(r"\2", text)))
