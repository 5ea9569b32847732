"""The table of a report, as Slack's `data_table`, and its cells as words for every other form of it.

`data_table` rather than `table`: it has a caption and a row header for screen readers, and its numbers sort as numbers.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from handlers.sentences import label, sentence
from handlers.views import wording
from handlers.views.blocks import Block
from handlers.views.paging import Page
from reporting_core import grammar
from reporting_core.words.query import Key
from reporting_core.words.report import Row, UsageReport
from reporting_core.words.terms import Access

_NAMED_TEAMS = 2
"""More names would not be read in a heading."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, a row's words in at most so many characters, and the number behind them if it is one."""

    name: str
    words: Callable[[Row, int], str]
    number: Callable[[Row], float | None] | None = None

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return label(f"columns.{self.name}")


def table(report: UsageReport, page: Page, width: int) -> Block:
    """Return one page of rows; names are cut to `width` characters so that any page fits into one message."""
    columns = columns_of(report, page)
    head = [_text(column.heading) for column in columns]
    rows = [[_cell(column, row, width) for column in columns] for row in page.rows]
    block = {"type": "data_table", "caption": caption(report, page), "rows": [head, *rows]}
    return block | {"page_size": len(page.rows), "row_header_column_index": 0}


def caption(report: UsageReport, page: Page) -> str:
    """Say what the table holds, for screen readers and above the table."""
    whose = wording.shown(whose_use(report), 80)
    return sentence("table_caption", whose=whose, first=report.period.first, last=report.period.last, page=page)


def whose_use(report: UsageReport) -> str:
    """Return the team's name, the two that were asked for, or how many teams are counted."""
    if report.team:
        return report.team
    asked = [each for each in report.query.of(Key.TEAM) if not each.negated]
    names = [grammar.literal(value) for each in asked for value in each.values]
    if len(names) == report.team_count == _NAMED_TEAMS and all(names):
        return label("words.two").format(*names)
    return sentence("whose_teams", count=report.team_count, some=bool(report.query.of(Key.TEAM)))


def columns_of(report: UsageReport, page: Page) -> list[Column]:
    """Columns of this report: the team only where there may be several, tokens only where somebody uses Flex."""
    person = Column("person", _names(page))
    team = [] if report.team else [Column("team", lambda row, width: wording.shown(row.team, width))]
    tokens = [_TOKENS] if Access.FLEX in report.accesses else []
    return [person, _PRODUCT, *team, *_MIDDLE, *tokens, *_END]


def _names(page: Page) -> Callable[[Row, int], str]:
    """Name people so that two of one name on a page can be told apart: their e-mail is added."""
    addresses: dict[str, set[str]] = defaultdict(set)
    for row in page.rows:
        addresses[row.person].add(row.email or "")
    return lambda row, width: wording.shown(_name(row, shared=len(addresses[row.person]) > 1), width)


def _name(row: Row, *, shared: bool) -> str:
    name = wording.clean(row.person)
    if row.email and (shared or not name):
        return f"{name} ({row.email})" if name else row.email
    return name


_PRODUCT = Column("product", lambda row, width: wording.shown(row.product, width))
_MIDDLE = (
    Column("access", lambda row, _: wording.access(row.access)),
    Column("status", lambda row, _: wording.status(row.status)),
    Column("days_used", lambda row, _: wording.number(row.days_used), lambda row: row.days_used),
    Column("monthly_average", lambda row, _: wording.number(row.monthly_average, 1), lambda row: row.monthly_average),
    Column("last_accessed", lambda row, _: wording.iso(row.last_accessed)),
)
_TOKENS = Column("tokens_used", lambda row, _: wording.number(row.tokens_used), lambda row: row.tokens_used)
_END = (
    Column(
        "assigned_by", lambda row, width: wording.shown(wording.assigned_by(row.assigned_by, row.origin_group), width)
    ),
)


def _cell(column: Column, row: Row, width: int) -> Block:
    figure = column.number(row) if column.number else None
    text = column.words(row, width)
    return _text(text) if figure is None else {"type": "raw_number", "value": figure, "text": text}


def _text(text: str) -> Block:
    return {"type": "raw_text", "text": text}
