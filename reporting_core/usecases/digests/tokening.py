"""Tokens of teams: what was used, what is left, and how long that lasts; the same arithmetic for digests and alerts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from reporting_core.metrics import figures, pools
from reporting_core.metrics.forecast import LEAST_DAYS, RATE_DAYS, Forecast, Pack, forecast
from reporting_core.metrics.pools import Balance
from reporting_core.metrics.replacing import Source
from reporting_core.storage import catalog, digesting
from reporting_core.usecases.digests.books import Books
from reporting_core.words.digests import Tokens
from reporting_core.words.said import Said, counted, say


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long the tokens of one team last. `rate` is in thousandths a day; None: too few days of use are loaded."""

    team: int
    left: int
    """Thousandths, in packs that have not ended."""
    stated: date
    charged: int
    days: int
    rate: Fraction | None
    forecast: Forecast


@dataclass(frozen=True)
class TokenBooks:
    """Charges up to an as-of date, and balances. `first` is the oldest day that is asked about."""

    books: Books
    teams: Sequence[int]
    first: int
    at: int

    @cached_property
    def charged(self) -> dict[int, dict[int, int]]:
        """Thousandths by team and day."""
        days = min(self.first, self.at - RATE_DAYS + 1), self.at
        return digesting.charged_by_team(self.books.connection, self.books.account_id, self.teams, days)

    @cached_property
    def balances(self) -> dict[int, list[Balance]]:
        """All statements of each team."""
        found: dict[int, list[Balance]] = defaultdict(list)
        for each in catalog.balances(self.books.connection, self.books.account_id, self.teams) or ():
            found[each.team_id].append(each)
        return found

    def used(self, teams: Sequence[int], first: int) -> int:
        """Add up the thousandths charged from a day on."""
        some = (self.charged[team] for team in teams if team in self.charged)
        return sum(amount for days in some for day, amount in days.items() if first <= day <= self.at)

    def lasting(self, team: int) -> Lasting | None:
        """Forecast one team's tokens; None where nobody stated how many are left."""
        stated = max((each.as_of or self.at for each in self.balances.get(team, ())), default=None)
        if stated is None:
            return None
        current = [each for each in self.balances[team] if (each.as_of or self.at) == stated]
        packs = [
            Pack(each.remaining, each.expires_on)
            for each in current
            if each.expires_on is None or each.expires_on >= self.at
        ]
        since = self.at - RATE_DAYS + 1
        days, charged = self._covered(team, since), self.used((team,), since)
        rate = Fraction(charged, days) if days >= LEAST_DAYS else None
        on, left = date.fromordinal(stated), sum(pack.remaining for pack in packs)
        return Lasting(team, left, on, charged, days, rate, forecast(packs, on, rate or Fraction(0)))

    def _covered(self, team: int, since: int) -> int:
        pieces = self.books.known.get((team, Source.TOKEN), ())
        return sum(max(min(piece.last, self.at) - max(piece.first, since) + 1, 0) for piece in pieces)


def tokens(books: TokenBooks, teams: Sequence[int], begin: int) -> Tokens | None:
    """Say what became of the tokens of some teams, what was used counted from a day (an ordinal) on.

    None where they have nothing to do with any.
    """
    known = [each for team in teams if (each := books.lasting(team)) is not None]
    if not known and not any(team in books.charged for team in teams):
        return None
    shown = _first_to_run_out(known)
    left = pools.left([each for team in teams for each in books.balances.get(team, ())], date.fromordinal(books.at))
    rates = [each.rate for each in ([shown] if shown else known)]
    rate = sum(filter(None, rates), Fraction(0)) if rates and None not in rates else None
    return Tokens(
        used=figures.tokens(books.used(teams, begin)),
        used_from=date.fromordinal(begin),
        remaining=None if left.millitokens is None else figures.tokens(left.millitokens),
        stated_on=None if left.stated_on is None else date.fromordinal(left.stated_on),
        per_day=None if rate is None else round(float(rate) / figures.MILLI, 1),
        run_out=shown.forecast.run_out if shown else None,
        renewal=shown.forecast.renewal if shown else None,
        unused=figures.tokens(int(shown.forecast.lost)) if shown and shown.rate is not None else 0.0,
        arithmetic=arithmetic(shown) if shown else _of_none(known, len(teams)),
        team=books.books.teams[shown.team].name if shown and len(teams) > 1 else "",
    )


def _first_to_run_out(known: Sequence[Lasting]) -> Lasting | None:
    """Packs belong to teams: one team's tokens help no other, so several have no run-out date in common."""
    if len(known) == 1:
        return known[0]
    running = [each for each in known if each.rate is not None and each.forecast.run_out is not None]
    return min(running, key=lambda each: (each.forecast.run_out or date.max, each.team), default=None)


def _of_none(known: Sequence[Lasting], teams: int) -> Said:
    if not known:
        return say("How many tokens are left is not loaded, so there is no forecast.")
    if any(each.rate is None for each in known):
        return NO_PACE
    return say("In none of the {count} teams do the tokens run out before their packs end.", count=teams)


NO_PACE = say(
    "There is no forecast: it needs {least} days of token use within the last {days}. Load the Token Usage export.",
    least=LEAST_DAYS,
    days=RATE_DAYS,
)


def arithmetic(lasting: Lasting) -> Said:
    """Write out how a forecast comes about."""
    if lasting.rate is None:
        return NO_PACE
    values: Mapping[str, float | date] = {
        "left": amount(lasting.left),
        "stated": lasting.stated,
        "charged": amount(lasting.charged),
        "days": lasting.days,
        "pace": amount(lasting.rate),
    }
    if not lasting.rate:
        return say("{left} tokens left on {stated}; none were used in {days} days.", **values)
    used = say(
        "{left} tokens left on {stated}, {pace} a day ({charged} used in {days} days)",
        **values,
    )
    return say("{used}: {outcome}.", used=used, outcome=_outcome(lasting))


def _outcome(lasting: Lasting) -> Said:
    outcome = lasting.forecast
    lost = amount(outcome.lost)
    if outcome.run_out is None:
        end = outcome.renewal or lasting.stated
        return say("the packs end first, the last on {end}, with {lost} unused", end=end, lost=lost)
    used_up = counted(
        (outcome.run_out - lasting.stated).days,
        "used up after 1 day, on {run_out}",
        "used up after {count} days, on {run_out}",
        run_out=outcome.run_out,
    )
    return say("{used_up}; {lost} are lost with packs that end before", used_up=used_up, lost=lost) if lost else used_up


def amount(millitokens: Fraction | int) -> float:
    """Return tokens to one decimal, as a whole number where they are one."""
    found = round(float(millitokens) / figures.MILLI, 1)
    return int(found) if found == int(found) else found
