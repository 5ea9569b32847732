"""Parts of a question as they are typed, in the grammar's own spelling."""

from collections.abc import Iterable

from reporting_core import grammar
from reporting_core.words.query import DEFAULT_RANGE, Filter, Key, UsageQuery


def first_page(query: UsageQuery) -> str:
    """Return the canonical form without the page, for buttons that name their own."""
    return grammar.canonical(query.turned_to(1))


def names(key: Key, chosen: Iterable[str]) -> str:
    """Return a filter on names chosen from a list, each meant exactly: `team=Design,"A*B"`."""
    return grammar.spell_filter(Filter(key, tuple(grammar.encode(name, key) for name in chosen)))


def sort_words(query: UsageQuery) -> str:
    """Return the order alone, '' for the usual one."""
    usual = grammar.spell_range(DEFAULT_RANGE)
    return grammar.canonical(UsageQuery(sort=query.sort)).removeprefix(usual).strip()
