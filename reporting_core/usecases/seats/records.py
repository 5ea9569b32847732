"""What every change about seats is made with: the database, the clock, and the audit that it is written into."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from reporting_core.storage.auditing import Chain
from reporting_core.storage.engines import Connection, Store
from reporting_core.usecases.seats.judging import Bench
from reporting_core.usecases.seats.policy import policy
from reporting_core.words.seats import OutOfGroups


def _never() -> OutOfGroups:
    return OutOfGroups.NO


@dataclass(frozen=True, slots=True)
class Records:
    """One account's books. `key` is the master key, `token` makes random words.

    `out_of_groups` tells what the provider of this moment may do about seats that came from a group.
    """

    store: Store
    account_id: int
    clock: Callable[[], datetime]
    token: Callable[[], str]
    pseudonym: Callable[[int], str]
    chain: Chain
    key: bytes = field(repr=False)
    out_of_groups: Callable[[], OutOfGroups] = _never

    def bench(self, connection: Connection) -> Bench:
        """Return what seats are judged with inside a snapshot or a transaction: the policy as it is there."""
        now, allowed = self.clock(), policy(connection, self.account_id)
        return Bench(self.account_id, now, allowed, self.pseudonym, self.key, self.out_of_groups())
