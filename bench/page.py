"""docs/performance.md: the figures of one run, each beside what it should be."""

from collections.abc import Iterable, Iterator

from bench.reports import DAILY
from bench.run import Run

BEGIN, END = "<!-- figures: written by `make bench` -->", "<!-- end of figures -->"


def written(page: str, run: Run) -> str:
    """Return the page with the figures of this run in place of the older ones."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n\n{figures(run)}\n{END}{after}"


def figures(run: Run) -> str:
    """Return the tables of a run."""
    return "\n".join([*_head(run), *_targets(run), *_reports(run), *_aside(run), *_imports(run), *_postgresql(run)])


def _head(run: Run) -> Iterator[str]:
    yield f"Measured on {run.on} with `{run.command}`:"
    yield f"{run.days:,} usage days in SQLite ({run.assignments:,} assignments, {run.teams} teams),"
    yield f"an import of {run.sqlite.rows:,} rows. Times are medians of one run.\n"
    yield from _table(("", ""), run.machine.items())


def _targets(run: Run) -> Iterator[str]:
    yield "\n### Aimed at and reached\n"
    rows = ((each.name, each.wanted, each.measured, "yes" if each.reached else "**no**") for each in run.targets())
    yield from _table(("figure", "at least / at most", "measured", "reached"), rows)


def _reports(run: Run) -> Iterator[str]:
    yield "\n### Reports, whole, with their first page\n"
    rows = (
        (name, f"{each.rows:,}", _ms(each.whole.median), _ms(each.facts), _ms(each.whole.first))
        for name, each in run.reports.asked.items()
    )
    yield from _table(("question", "rows", "median", "facts of it", "first time"), rows)


def _aside(run: Run) -> Iterator[str]:
    daily, chart = run.reports.asked[DAILY], run.reports.daily_chart
    yield f"\nOf the facts over daily rows, the chart takes {_ms(chart)} and counting each assignment's days"
    yield f"{_ms(daily.facts - chart)}; the calendar gives both at once."
    yield f"\nThe event loop's greatest lag: {_ms(run.reports.lag)} during reports over all teams, and"
    yield f"{_ms(run.reports.idle)} in as long a time without any, which is what the machine's other work causes."


def _imports(run: Run) -> Iterator[str]:
    yield "\n### Import\n"
    found = {"SQLite": run.sqlite} | ({"PostgreSQL": run.postgresql.imported} if run.postgresql else {})
    rows = (
        (
            name,
            f"{each.rows:,}",
            f"{each.rate:,.0f}",
            *(f"{each.seconds.get(step, 0):.1f} s" for step in ("read", "match", "store")),
            f"{each.memory / 2**20:.0f} MB",
        )
        for name, each in found.items()
    )
    yield from _table(("into", "rows", "rows a second", "read", "match", "store", "memory, both processes"), rows)


def _postgresql(run: Run) -> Iterator[str]:
    if run.postgresql is None:
        return
    yield f"\n### Reports on PostgreSQL {run.postgresql.version}, over the file imported there\n"
    yield from _table(("question", "median"), ((name, _ms(each.median)) for name, each in run.postgresql.times.items()))


def _table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"
