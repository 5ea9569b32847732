"""From what is so to what is news: each crossing begins once, is told once, and ends once. No database here."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from reporting_core.metrics.crossing import Crossing
from reporting_core.storage.alerting import OVER, RAISED, Place, Standing
from reporting_core.usecases.alerts.looking import Observation
from reporting_core.words.alerts import AlertKind


def moved(
    seen: Iterable[Observation],
    standing: Mapping[Place, Standing],
    looked: Iterable[AlertKind],
    now: datetime,
    word: str,
) -> dict[Place, Standing]:
    """Return the standings that change. `word` names the look, so that what begins at once is told in one message.

    What is not seen any more, such as a pack that ended, is over. What was not looked at stays as it was.
    """
    found = {each.place: each for each in seen}
    changed: dict[Place, Standing] = {}
    for place, each in found.items():
        if (made := _step(each, standing.get(place), now, word)) is not None:
            changed[place] = made
    kinds = set(looked)
    for place, known in standing.items():
        if place[0] in kinds and place not in found and known.stage != OVER:
            changed[place] = replace(known, stage=OVER, at=now)
    return changed


def _step(seen: Observation, known: Standing | None, now: datetime, word: str) -> Standing | None:
    begun = known is not None and known.stage != OVER
    if seen.crossing is Crossing.RAISED and not begun:
        return begin(seen.value, known, now, word)
    if seen.crossing is Crossing.OVER and known is not None and begun:
        return replace(known, stage=OVER, at=now)
    return None


def begin(value: Mapping[str, object], known: Standing | None, now: datetime, word: str) -> Standing:
    """Return a crossing that begins, for the first time or again."""
    return Standing(RAISED, (known.crossings if known else 0) + 1, {**value, "word": word}, now)
