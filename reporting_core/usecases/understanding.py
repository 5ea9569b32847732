"""What a plain question is about: a command after all, a query, an entry that explains; or which of them it may be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reporting_core import grammar
from reporting_core.words.names import fold
from reporting_core.words.query import Filter, Key
from reporting_core.words.questions import Act, Asked, Band, Candidate, FaqHit, Found, Kind, Reading, Readings

OFFERED = 3
CERTAIN = 0.6
"""A score from which a question is nearly word for word a reviewed way of asking; no reading of a query beats that.

Of 290 questions for figures none scores as high (tests/samples/questions), of the reviewed ways nearly all do.
"""

_KEYS = "team|product|group|user|status|access|assigned|version|last|from|to|sort|top|page"
_PAIR = re.compile(rf"(?:^|\s)(?:{_KEYS})s?\s*(?:!?=|≠)", re.IGNORECASE)
_ACTS = {"report": Act.REPORT, "export": Act.EXPORT, "why": Act.WHY}


@dataclass(frozen=True, slots=True)
class Typed:
    """A question written like a command: what to do, and the words after the verb."""

    act: Act
    rest: str


def typed(text: str) -> Typed | None:
    """Return what is written like a command: `/usage …`, or with a key and a value in it; None for plain words."""
    words = text.strip()
    after = words[len("/usage") :].lstrip() if words.casefold().startswith("/usage") else words
    if after == words and not _PAIR.search(words):
        return None
    command = grammar.command(after)
    return Typed(_ACTS[command.verb], command.rest) if command.verb in _ACTS else None


def decide(readings: Readings, found: Found) -> Asked:
    """Choose between the query that a text can be read as and the entry that answers it.

    First comes an entry asked for word for word, then a sure reading, a found entry, what is near on either side.
    """
    if found.band is Band.ANSWER and found.hits[0].score >= CERTAIN:
        return Asked(Kind.FAQ, faq=found.hits[0].id)
    if readings.sure is not None:
        return Asked(Kind.QUERY, readings.sure.act, grammar.canonical(readings.sure.query))
    if found.band is Band.ANSWER:
        return Asked(Kind.FAQ, faq=found.hits[0].id)
    if readings.near or found.band is Band.UNSURE:
        hits = found.hits if found.band is Band.UNSURE else ()
        return Asked(Kind.UNSURE, candidates=_mixed(readings.near, hits))
    return Asked(Kind.UNKNOWN, candidates=tuple(Candidate(Kind.FAQ, faq=hit.id) for hit in found.hits[:OFFERED]))


def narrowed(readings: Readings, shown_in: Mapping[str, Sequence[str]]) -> Readings:
    """Ask about a person in the teams that show the name, where some other team hides its own.

    Asked of all teams, the answer would hide everybody, and nobody would be found by name.
    """
    if not shown_in:
        return readings
    sure = readings.sure and _in_teams(readings.sure, shown_in)
    return replace(readings, sure=sure, near=tuple(_in_teams(each, shown_in) for each in readings.near))


def _in_teams(reading: Reading, shown_in: Mapping[str, Sequence[str]]) -> Reading:
    query = reading.query
    if query.of(Key.TEAM) or not query.of(Key.USER):
        return reading
    named = [fold(grammar.literal(value) or "") for each in query.of(Key.USER) for value in each.values]
    teams = {team for name, some in shown_in.items() if any(each and each in name for each in named) for team in some}
    if not teams:
        return reading
    filter_ = Filter(Key.TEAM, tuple(grammar.encode(team, Key.TEAM) for team in sorted(teams)))
    return replace(reading, query=query.with_filters([filter_, *query.filters]))


def _mixed(near: tuple[Reading, ...], hits: tuple[FaqHit, ...]) -> tuple[Candidate, ...]:
    """Return the best of both, best first; where both have something, something of both is among them."""
    read = [(each.score, Candidate(Kind.QUERY, each.act, grammar.canonical(each.query))) for each in near]
    explained = [(each.score, Candidate(Kind.FAQ, faq=each.id)) for each in hits]
    rest = sorted([*read[1:], *explained[1:]], key=lambda pair: -pair[0])
    chosen = [*read[:1], *explained[:1], *rest][:OFFERED]
    return tuple(candidate for _, candidate in sorted(chosen, key=lambda pair: -pair[0]))
