"""An entry's sentence with the asker's own numbers. What is not known is left out: none is better than a wrong one.

Nothing is added up here; every number stands in the report that is handed in.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Template, TemplateSyntaxError, meta

from handlers import sentences
from handlers.faq_entries import Entry, EntryWrong, entries
from handlers.language import LANGUAGES
from handlers.sentences import sentence
from handlers.views import wording
from reporting_core.grammar import spell_filter
from reporting_core.metrics import tiles
from reporting_core.words.query import Key
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Access

LONGEST = 300
"""Characters of a command that is said back in a sentence; a longer one is left out."""

_COUNTING = (Key.PRODUCT, Key.GROUP, Key.ACCESS, Key.VERSION)
"""Filters beside the team that say what is counted (features.md §2)."""

_OF_REPORT = {"where", "team", "several", "dates", "data_through", "row_count", "command", "shown", "hashed_teams"}
_OF_SEATS = {"assigned", "active", "inactive", "not_yet_active", "unknown", "seats", "available", "no_seats"}
_OF_FLEX = {"tokens_used", "tokens_remaining", "tokens_monthly", "flex_users", "no_balance"}
NAMES = frozenset(_OF_REPORT | _OF_SEATS | _OF_FLEX | {"narrowed", "plan"})
"""What a sentence may be filled with."""


def live(entry: Entry, report: UsageReport | None, **more: object) -> str:
    """Return the first sentence of which every value is known, '' if there is none; `more` adds values (`plan`).

    A report about a person says nothing here: its totals are that person's data.
    """
    if report is not None and report.query.of(Key.USER):
        return ""
    known = {name: value for name, value in {**values(report), **more}.items() if value is not None}
    said = (_filled(each, known) for each in entry.live if needs(each) <= known.keys())
    return next((each for each in said if each), "")


def values(report: UsageReport | None) -> Mapping[str, Any]:
    """Return what sentences can be filled with; None is what is not known, or is no matter in this report."""
    if report is None:
        return {}
    about = tiles.scope(report.query, report.period, report.as_of, one_team=report.team is not None)
    return {
        **_about(report),
        **(_of_seats(report, about) if Access.SUBSCRIPTION in about.accesses else {}),
        **(_of_flex(report, about) if Access.FLEX in about.accesses else {}),
        "narrowed": about.narrowed or None,
    }


def warm() -> None:
    """Compile every sentence; raises `EntryWrong` for one that is filled with what does not exist."""
    for spoken in LANGUAGES:
        for entry in entries(spoken).values():
            for each in entry.live:
                _checked(each, f"templates/faq/{spoken}/{entry.id}.toml")


@cache
def needs(text: str) -> frozenset[str]:
    """Return the values a sentence is filled with."""
    return frozenset(meta.find_undeclared_variables(sentences.environment().parse(text)))


def _checked(text: str, place: str) -> None:
    try:
        strange = needs(text) - NAMES
    except TemplateSyntaxError as error:
        raise EntryWrong(f"{place}: live: {error.message}") from error
    if strange:
        raise EntryWrong(f"{place}: live: no such value: {', '.join(sorted(strange))}")
    _template(text)


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return _template(text).render(known).strip()


@cache
def _template(text: str) -> Template:
    return sentences.environment().from_string(text)


def _about(report: UsageReport) -> dict[str, Any]:
    several = report.team is None and report.team_count > 1
    return {
        "team": report.team,
        "several": report.team_count if several else None,
        "where": sentence("faq_where", report=report, every=not report.query.of(Key.TEAM), filters=_filters(report)),
        "dates": wording.dates(report.period),
        "data_through": report.data_through,
        "row_count": report.row_count,
        "command": report.canonical if len(report.canonical) <= LONGEST else None,
        "shown": (not report.hashed) or None,
        "hashed_teams": ", ".join(report.hashed_because) or None,
    }


def _of_seats(report: UsageReport, about: tiles.Scope) -> dict[str, Any]:
    seats = report.tiles.subscriptions
    # With nobody known to hold a seat, or only some, shares and sums would mislead.
    if not seats.assigned or "assigned" in report.incomplete:
        return {}
    return {
        "assigned": seats.assigned,
        "active": seats.active,
        "inactive": seats.inactive,
        "not_yet_active": seats.not_yet_active,
        "unknown": seats.unknown,
        "seats": seats.seats,
        "available": seats.available,
        "no_seats": (seats.seats is None and not about.narrowed) or None,
    }


def _of_flex(report: UsageReport, about: tiles.Scope) -> dict[str, Any]:
    flex = report.tiles.flex
    complete = "tokens_used" not in report.incomplete
    return {
        "tokens_used": flex.tokens_used if complete else None,
        "tokens_monthly": flex.monthly_average if complete else None,
        "tokens_remaining": flex.tokens_remaining,
        "flex_users": flex.users,
        "no_balance": (flex.tokens_remaining is None and not about.narrowed) or None,
    }


def _filters(report: UsageReport) -> str:
    said = " ".join(spell_filter(each) for each in report.query.filters if each.key in _COUNTING)
    return said if len(said) <= LONGEST else "…"
