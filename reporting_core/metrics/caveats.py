"""What must be said beside a report's figures so that nobody reads more into them than the data holds."""

from collections.abc import Iterator
from datetime import date

from reporting_core.metrics.tiles import Scope, Tally
from reporting_core.words.said import counted, say
from reporting_core.words.terms import Access, Status

OFFLINE = say("Only use while online is reported: somebody listed as inactive may have worked offline.")
UNCOUNTED = say(
    "Seats bought and tokens remaining are known for whole teams and products only: "
    "they are left out while group, user or version is set."
)
NO_POOLS = say("No Subscriptions export was loaded, so seats bought and available are not known.")


def caveats(tally: Tally, about: Scope, *, pools_loaded: bool) -> tuple[str, ...]:
    """Sentences for a report's figures, the gravest first; none where the figures can be taken as they stand."""
    return (*_about_seats(tally), *_about_bought(about, pools_loaded=pools_loaded), *_about_tokens(tally, about))


def _about_seats(tally: Tally) -> Iterator[str]:
    seats = tally.tiles.subscriptions
    if seats.seats is not None and seats.available is not None and seats.available < 0:
        yield say(
            "There are more people than seats: {assigned} assigned, {seats} bought.",
            assigned=seats.assigned,
            seats=seats.seats,
        )
    if tally.counts.unclear:
        yield counted(
            tally.counts.unclear,
            "1 row is of teams without a Usage Report: whether a seat is assigned is not known, "
            "and no tile counts them. Load the Usage Report of these teams.",
            "{count} rows are of teams without a Usage Report: whether a seat is assigned is not known, "
            "and no tile counts them. Load the Usage Report of these teams.",
        )
    if seats.unknown:
        yield counted(
            seats.unknown,
            "1 seat is unknown: no use is known, but since when the seat is assigned, "
            "or the use on some dates of the range, is not known either. Look before unassigning.",
            "{count} seats are unknown: no use is known, but since when the seat is assigned, "
            "or the use on some dates of the range, is not known either. Look before unassigning.",
        )
    if tally.counts.seats[Status.INACTIVE]:
        yield OFFLINE


def _about_bought(about: Scope, *, pools_loaded: bool) -> Iterator[str]:
    if about.narrowed:
        yield UNCOUNTED
    elif Access.SUBSCRIPTION not in about.accesses:
        yield say("Only Flex is counted, so seats bought and available are left out.")
    elif Access.FLEX not in about.accesses:
        yield say("Only Subscription is counted, so tokens are left out.")
    elif not pools_loaded:
        yield NO_POOLS


def _about_tokens(tally: Tally, about: Scope) -> Iterator[str]:
    unknown = tally.counts.tokens_unknown
    if unknown:
        yield counted(
            unknown,
            "Tokens of 1 Flex assignment are not known for this range and are counted as 0. "
            "Load the Token Usage export.",
            "Tokens of {count} Flex assignments are not known for this range and are counted as 0. "
            "Load the Token Usage export.",
        )
    stated = tally.left.stated_on
    if stated is not None and stated != about.as_of.toordinal():
        yield say("Tokens remaining are as stated on {date}.", date=date.fromordinal(stated))
