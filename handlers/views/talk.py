"""What is said around plain questions: totals where others read along, what is explained, thanks for a thumb."""

import re
from collections.abc import Iterable, Mapping

from handlers.faq_entries import Entry
from handlers.sentences import label, sentence
from handlers.views import buttons, spoken, wording
from handlers.views.blocks import (
    Block,
    Message,
    actions,
    bullets,
    button,
    context,
    header,
    mrkdwn,
    plain,
    rich,
    said,
    section,
    words,
)
from handlers.views.report import command_line
from handlers.views.table import whose_use
from handlers.views.tiles import flex_figures, subscription_figures, tiles
from reporting_core.words.names import fold
from reporting_core.words.query import Key
from reporting_core.words.report import UsageReport

MOST_COMMAND = 700
PROMPTS = ("prompt_0", "prompt_1", "prompt_2", "prompt_3")
"""At most four (slack.md); the first two are answered with figures."""


def totals(report: UsageReport, reference: Mapping[str, str]) -> Message:
    """Return the totals of a report without a name, and a button that shows the rows to whoever presses it."""
    title = f"{wording.shown(whose_use(report), 80)} · {wording.dates(report.period)} (UTC)"
    about = context(
        mrkdwn(sentence("context_data", report=report)), plain(command_line(report.canonical, MOST_COMMAND))
    )
    figures = {"seats": subscription_figures(report), "flex": flex_figures(report)}
    text = sentence("talk_totals", report=report, title=title, **figures)
    row = [actions("totals", [_rows(reference)])] if report.row_count else []
    blocks = (header(title), about, *tiles(report), section(plain(sentence("talk_rows", report=report))), *row)
    return Message(text, blocks, Message(text))


def elsewhere(report: UsageReport, reference: Mapping[str, str]) -> Message:
    """Return the totals for a place that another organisation shares, and a button for the rows in another place."""
    title = f"{wording.shown(whose_use(report), 80)} · {wording.dates(report.period)} (UTC)"
    why = sentence("talk_elsewhere", report=report)
    # The totals of one person are that person's data.
    figures = [] if report.query.of(Key.USER) else [header(title), *tiles(report)]
    row = button("rows_direct", label("talk.rows_direct"), buttons.value(**reference))
    return Message(why, (*figures, section(plain(why)), actions("elsewhere", [row])), Message(why))


def _rows(reference: Mapping[str, str]) -> Block:
    return button("run_0", label("talk.rows"), buttons.value(**reference), spoken=label("talk.rows_spoken"))


def contents(known: Mapping[str, Entry]) -> Message:
    """Return the titles of everything that is explained."""
    titles = [each.title for each in known.values()]
    lists = bullets([words(said(each)) for each in sorted(titles, key=str.casefold)])
    text = sentence("talk_contents", count=len(titles))
    return Message(text, (header(label("talk.contents")), section(mrkdwn(text)), rich(lists)), Message(text))


def thanks(*, helped: bool) -> Message:
    """Say that a thumb was kept."""
    text = sentence("talk_thanks", helped=helped)
    return Message(text, (section(plain(text)),))


def whose(text: str, teams: Iterable[str]) -> str:
    """Return the query for figures beside an explanation: of the team that a question names, else of all teams."""
    said = fold(text)
    named = [team for team in teams if re.search(rf"(?<!\w){re.escape(fold(team))}(?!\w)", said)]
    return spoken.names(Key.TEAM, [max(named, key=len)]) if named else ""


def prompts(*, reports: bool) -> list[dict[str, str]]:
    """Return what the Messages tab suggests; to people without reports, only what is explained to everybody."""
    chosen = PROMPTS if reports else PROMPTS[2:]
    return [{"title": label(f"talk.{each}_title"), "message": label(f"talk.{each}")} for each in chosen]
