"""Vocabularies for the tests of the grammar: the company's, and hostile ones of all that means something."""

from dataclasses import fields
from datetime import date

from hypothesis import strategies as st

from reporting_core.grammar import encode, named
from reporting_core.grammar.spoken import FIXED
from reporting_core.words.names import fold
from reporting_core.words.query import (
    Between,
    Calendar,
    Filter,
    Key,
    Last,
    Range,
    Sort,
    SortKey,
    Unit,
    UsageQuery,
    Vocabulary,
)

TODAY = date(2026, 11, 24)

COMPANY = Vocabulary(
    teams=("Design", "Structural West", "O'Brien Labs", "Zürich Büro", "設計部", "Rail & Road", "Planning"),
    products=("AutoCAD", "Revit", "Civil 3D", "Inventor", "AEC Collection", "AutoCAD LT"),
    groups=("CAD users", "Everyone", "Interns 2026", "Rail, Road & Bridge"),
    versions=("2024", "2025", "2026"),
    people=("Ann Lee", "ann@example.com", "Ben Okafor", "ben@example.com", "Cleo O'Neil", "cleo@example.com"),
)

HOSTILE = (
    "all", "ALL", "none", "None", "me", "last", "last=30d", "last 30 days", "from", "to", "top",
    "page", "sort", "team", "team=Design", "team:Design", "Active", "never used", "flex", "yes",
    "me,you", "A,B", "A, B", "A", "B", "a  b", " Design ", "Design", "DESIGN", "Design*",
    "Des*gn", "*", "***", "\\", "\\*", "C:\\CAD\\", "\\none", '"', '""', '"Design"', "”“", "'",
    "'Design'", "O'Brien", "O’Brien", "’t Hart", "«x»", "=", "!=", "=x", "!Design", "A=B", "A!=B",
    "&", "Rail & Road", "&amp;", "<!channel>", "<@U1>", "<@U1|ann>", "<http://x|y>", "設計部",
    "設計，部", "＝", "é", "e\u0301", "ß", "İ", "ﬃ", "30d", "2026-09", "2026", "-days", "@ann", ",",
    ",,", "a,", ",a", "x\ty", "x\ny", "\u200b", "\u3000", "😀", "/usage", "A\\ B", "'a b", 'a" b',
)  # fmt: skip

_LETTERS = st.characters(exclude_categories=["Cs"])
_NAMES = st.lists(st.sampled_from(HOSTILE) | st.text(_LETTERS, min_size=1, max_size=12), min_size=1, max_size=8)
_MOST = {Unit.DAYS: 366, Unit.WEEKS: 52, Unit.MONTHS: 12, Unit.YEARS: 1}
_BOOK_OF = {Key.TEAM: "teams", Key.PRODUCT: "products", Key.GROUP: "groups", Key.VERSION: "versions"}


def vocabularies() -> st.SearchStrategy[Vocabulary]:
    """Names of every kind in every place."""
    return st.builds(Vocabulary, **{each.name: _NAMES.map(tuple) for each in fields(Vocabulary)})


@st.composite
def queries(draw: st.DrawFn, vocabulary: Vocabulary) -> UsageQuery:
    """Any question that can be asked with these names."""
    filters = [each for key in Key for each in draw(_filters(key, vocabulary))]
    columns = draw(st.lists(st.sampled_from(SortKey), unique=True, max_size=3))
    return UsageQuery(
        filters=tuple(filters),
        range=draw(ranges()),
        sort=tuple(Sort(column, draw(st.booleans())) for column in columns),
        top=draw(st.none() | st.integers(1, 10**6)),
        page=draw(st.integers(1, 1000)),
    )


@st.composite
def _filters(draw: st.DrawFn, key: Key, vocabulary: Vocabulary) -> list[Filter]:
    if key in _BOOK_OF and not any(map(fold, getattr(vocabulary, _BOOK_OF[key]))):
        return []
    values = draw(st.lists(_values(key, vocabulary), max_size=4, unique_by=fold))
    cut = draw(st.integers(0, len(values)))
    halves = ((values[:cut], False), (values[cut:], True))
    return [Filter(key, tuple(half), negated) for half, negated in halves if half]


def _values(key: Key, vocabulary: Vocabulary) -> st.SearchStrategy[str]:
    if key in FIXED:
        return st.sampled_from(FIXED[key])
    if key is Key.USER:
        words = st.text(_LETTERS, min_size=1, max_size=12) | st.sampled_from(HOSTILE)
        names = words.map(lambda text: " ".join(text.split())).filter(bool)
        return names.map(lambda name: encode(name, Key.USER)) | st.sampled_from(["me", "<@U1>", "<@W0A9>", "Ann* L*"])
    known = {fold(name): name for name in reversed(getattr(vocabulary, _BOOK_OF[key])) if fold(name)}
    names = st.sampled_from(sorted(known.values()))
    keywords = st.just("none") if key is Key.GROUP else st.nothing()
    return names.map(lambda name: encode(name, key)) | keywords | _wildcards(names, key)


def _wildcards(names: st.SearchStrategy[str], key: Key) -> st.SearchStrategy[str]:
    long_enough = names.filter(lambda name: len(name[:3].strip()) == 3)
    made = st.tuples(long_enough, st.integers(3, 8)).map(
        lambda pair: (f"{encode(pair[0][: pair[1]], Key.TEAM)}*", pair[0])
    )
    return made.filter(lambda pair: bool(named(pair[0], [pair[1]]))).map(lambda pair: pair[0])


def ranges() -> st.SearchStrategy[Range]:
    """Any range that can be asked for on the 24th of November 2026."""
    rolling = st.sampled_from(Unit).flatmap(lambda unit: st.integers(1, _MOST[unit]).map(lambda n: Last(n, unit)))
    whole = st.sampled_from(["week", "month", "quarter", "year", "2026", "2026-09", "1999-12", "2026-q3", "0001-q1"])
    days = st.dates(max_value=TODAY)
    between = st.tuples(days, days).map(lambda pair: Between(min(pair), max(pair)))
    words = st.sampled_from([Between("yesterday"), Between("yesterday", "today"), Between("today", "today")])
    return (
        rolling
        | whole.map(Calendar)
        | between
        | words
        | days.map(Between)
        | days.map(lambda day: Between(day, "today"))
    )
