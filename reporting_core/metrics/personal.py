"""Personal data: when it must be hashed, and the hash. Apply it before sorting, searching, showing, logging."""

import hmac
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from reporting_core.words.errors import SettingWrong

DIGITS = 16
"""Hexadecimal digits shown; with 64 bits, 100,000 people share a hash with a chance of 1 in 3,700 million."""
SHORTEST_KEY = 16
"""Bytes below which a key could be guessed."""


def must_hash(counted: Iterable[int], off: AbstractSet[int]) -> frozenset[int]:
    """Teams that oblige a report to hash everybody: those it counts whose personal data is off. Empty = show names.

    One team that is off hashes all: people can be in several teams, and would be named by the others (domain.md §4).
    """
    return frozenset(counted) & off


class Pseudonyms:
    """Stands for an account's people: keyed HMAC-SHA-256, for one person the same in all reports of the account.

    Keep one instance for each account: the first 100,000 people take half a second, after that they are remembered.
    """

    def __init__(self, master: bytes, account_id: int) -> None:
        """Derive the account's key from the master key, which is kept outside the database."""
        if len(master) < SHORTEST_KEY:
            raise SettingWrong(
                f"The key for hashing personal data has {len(master)} bytes; it needs {SHORTEST_KEY} random ones "
                "or more, such as the output of `openssl rand -hex 32`."
            )
        self._key = hmac.digest(master, b"usagebot personal data, account %d" % account_id, "sha256")
        self._known: dict[int, str] = {}

    def of(self, person_id: int) -> str:
        """Return the 16 hexadecimal digits that stand for a person."""
        known = self._known.get(person_id)
        if known is None:
            known = hmac.digest(self._key, b"person %d" % person_id, "sha256").hex()[:DIGITS]
            self._known[person_id] = known
        return known
