"""What an owner set about taking seats back, and who stays exempt. Every change is recorded with it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from reporting_core.storage import seats as sql
from reporting_core.storage.engines import Connection
from reporting_core.words.seats import Policy


def policy(connection: Connection, account_id: int) -> Policy:
    """Read the policy of an account; what is not set is as in `Policy`."""
    return read(sql.policy_values(connection, account_id))


def read(values: Mapping[str, str]) -> Policy:
    """Make a policy of stored values. One that nobody can read leaves the default; a switch then counts as off."""
    found = Policy()
    for name, parse in _PARSED.items():
        if name in values:
            found = replace(found, **{name: parse(values[name])})
    return found


def _hours(value: str) -> tuple[int, int] | None:
    first, _, last = value.partition("-")
    return (int(first), int(last)) if first.isdigit() and last.isdigit() else None


_PARSED: Mapping[str, Callable[[str], Any]] = {
    "switched_on": lambda value: value == "on",
    "second_above": int,
    "grace_days": int,
    "undo_days": int,
    "old_data_days": int,
    "hours": _hours,
}
