"""What all digests of a round look at: teams and what became of merged ones, loaded days, products; read once."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from reporting_core.metrics.evidence import gaps
from reporting_core.metrics.replacing import Source, spans
from reporting_core.storage import catalog, digesting
from reporting_core.storage.covering import Known, coverage
from reporting_core.storage.engines import Connection
from reporting_core.storage.teams import Team, merged_into, teams
from reporting_core.words.names import fold


@dataclass
class Books:
    """One account inside one snapshot."""

    connection: Connection
    account_id: int

    @cached_property
    def teams(self) -> dict[int, Team]:
        """The living teams by id, in order of their names."""
        return {team.id: team for team in teams(self.connection, self.account_id)}

    @cached_property
    def by_key(self) -> dict[str, int]:
        """The living teams by folded name."""
        return {team.key: team.id for team in self.teams.values()}

    @cached_property
    def merged(self) -> dict[str, tuple[str, int]]:
        """Merged teams by folded name: how they were called, and the living team that each has become."""
        names, into = (
            digesting.merged_names(self.connection, self.account_id),
            merged_into(self.connection, self.account_id),
        )
        return {fold(name): (name, into[id_]) for id_, name in names.items()}

    @cached_property
    def products(self) -> dict[int, str]:
        """Names of the products by id."""
        return catalog.products(self.connection, self.account_id)

    @cached_property
    def known(self) -> Known:
        """Which days are loaded."""
        return coverage(self.connection, self.account_id)

    @cached_property
    def newest(self) -> dict[int, int]:
        """The newest day with data of each team: of its daily exports, else of its Usage Report."""
        daily: dict[int, int] = {}
        for (team, _source), pieces in self.known.items():
            daily[team] = max([daily.get(team, 0), *(piece.last for piece in pieces)])
        reported = {id_: team.reported_on for id_, team in self.teams.items() if team.reported_on}
        return reported | daily

    @cached_property
    def taken(self) -> dict[int, list[int]]:
        """The days on which seats of each team were unassigned, from the oldest of the newest days on."""
        return digesting.taken_after(self.connection, self.account_id, min(self.newest.values(), default=0))

    def taken_since(self, teams: Iterable[int], day: int) -> int:
        """Count the seats of some teams that were unassigned after a day (ordinal) and still are."""
        return sum(each > day for team in teams for each in self.taken.get(team, ()))

    def has_gap(self, team: int, first: int, last: int) -> bool:
        """Tell whether use of seats is not known for some day; where a Usage Report alone decides, there is none."""
        pieces = [piece for source in (Source.USAGE, Source.SEAT) for piece in self.known.get((team, source), ())]
        return bool(pieces and gaps(spans(pieces), first, last))
