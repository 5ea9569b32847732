"""When an alert is raised and when it is over: with a distance between the two, so that what wavers is told once."""

from enum import Enum

from reporting_core.words.alerts import AlertKind

POINTS = 5
"""Percent by which tokens must come back over their threshold."""
DAYS = 7
"""Days by which a forecast must get better."""
SEATS = 2
"""Seats over the threshold that must be free again."""


class Crossing(Enum):
    """What one look says."""

    RAISED = "raised"
    BETWEEN = "between"
    """Neither: what was raised stays so, and what was not is not."""
    OVER = "over"


def tokens_low(left: int, bought: int, threshold: int) -> Crossing:
    """Judge tokens left of those bought against a share in percent; nothing bought says nothing."""
    if bought <= 0:
        return Crossing.OVER
    if left * 100 <= threshold * bought:
        return Crossing.RAISED
    return Crossing.OVER if left * 100 >= (threshold + POINTS) * bought else Crossing.BETWEEN


def run_out(days_before: int | None, threshold: int) -> Crossing:
    """Judge by how many days tokens are used up before the last pack ends; None: they are not."""
    if days_before is None:
        return Crossing.OVER
    if days_before >= threshold:
        return Crossing.RAISED
    return Crossing.OVER if days_before <= threshold - DAYS else Crossing.BETWEEN


def pack_ends(days: int, threshold: int) -> Crossing:
    """Judge in how many days a pack with tokens in it ends; each pack crosses once."""
    return Crossing.RAISED if 0 <= days <= threshold else Crossing.OVER


def seats_full(available: int, threshold: int) -> Crossing:
    """Judge how many seats are free."""
    if available <= threshold:
        return Crossing.RAISED
    return Crossing.OVER if available >= threshold + SEATS else Crossing.BETWEEN


def over_days(days: int, threshold: int) -> Crossing:
    """Judge an age: of the data, or of what waits. Both only begin anew with something new."""
    return Crossing.RAISED if days > threshold else Crossing.OVER


ALLOWED: dict[AlertKind, tuple[int, int]] = {
    AlertKind.TOKENS_LOW: (0, 90),
    AlertKind.RUN_OUT: (1, 366),
    AlertKind.PACK_ENDS: (1, 366),
    AlertKind.SEATS_FULL: (0, 10_000),
    AlertKind.DATA_STALE: (1, 90),
    AlertKind.IMPORT_FAILED: (0, 0),
    AlertKind.TASKS_WAITING: (1, 90),
}
"""Fewest and most of each threshold."""
