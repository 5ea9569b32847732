"""What one file gives, gathered row by row: refusals, teams, dates. Shared by daily files and lists."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reporting_core.exports.asking import Limits, Unreadable
from reporting_core.words.imports import FileTail, Refusal
from reporting_core.words.said import say

MOST_TEAMS = 20_000
"""An account has dozens of teams; a file with so many has something else in that column."""


@dataclass(slots=True)
class Gathered:
    """The tail of a file in the making."""

    limits: Limits
    tail: FileTail = field(default_factory=FileTail)

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Note rows that are not taken (they count as read). Raises Unreadable when there are too many."""
        before = len(self.tail.refused)
        self.tail.refused.extend(refusals)
        self.tail.read += len(self.tail.refused) - before
        if len(self.tail.refused) > self.limits.refusals:
            first = self.tail.refused[0]
            raise Unreadable(
                say(
                    "More than {most} rows cannot be taken, so nothing of this file is. "
                    "The first is line {line}: {reason}.",
                    most=self.limits.refusals,
                    line=str(first.line),
                    reason=first.reason,
                )
            )

    def meet_team(self, team: str, *, masked: bool) -> None:
        """Note the team of an accepted row, and whether personal data was masked in it."""
        if masked:
            self.tail.masked_teams.add(team)
        self.tail.teams.add(team)
        if len(self.tail.teams) > MOST_TEAMS:
            raise Unreadable(
                say("The Team column holds more than {most} names. Is it the right column?", most=MOST_TEAMS)
            )

    def meet_day(self, first: int, last: int) -> None:
        """Note days of use (ordinals)."""
        tail = self.tail
        tail.first_day = first if tail.first_day is None else min(tail.first_day, first)
        tail.last_day = last if tail.last_day is None else max(tail.last_day, last)
        tail.newest = tail.last_day

    def finished(self) -> FileTail:
        """Return the tail, refusals in the order of the file."""
        self.tail.refused.sort()
        return self.tail
