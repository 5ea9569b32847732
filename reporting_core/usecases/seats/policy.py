"""What an owner set about taking seats back, and who stays exempt. Every change is recorded with it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from reporting_core.storage import exempting as changes
from reporting_core.storage import seats as sql
from reporting_core.storage.auditing import Chain, Entry
from reporting_core.storage.engines import Connection
from reporting_core.words.errors import AskAgain, NotAllowed
from reporting_core.words.people import Asker
from reporting_core.words.said import say
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


def set_value(chain: Chain, connection: Connection, asker: Asker, name: str, value: str, now: datetime) -> Policy:
    """Set one value and record it, inside a transaction of the one writer; returns the policy as it is then.

    Taking seats back can be switched off by any admin, since that is the careful side; all else is for owners.
    Raises `NotAllowed`, and `AskAgain` for what is no value.
    """
    careful = name == "switched_on" and value == "off" and bool(asker.administers)
    if not (asker.owner or careful):
        raise NotAllowed(say("Only an owner of usagebot may change this."))
    before = sql.policy_values(connection, chain.account_id)
    kept = _checked(name, value)
    who = asker.slack_user_id or "operator"
    changes.set_policy(connection, chain.account_id, name, kept, (who, now))
    details = {"name": name, "before": before.get(name), "after": kept}
    chain.append(connection, Entry(now, "policy", who, name, details=details))
    return policy(connection, chain.account_id)


def _checked(name: str, value: str) -> str:
    typed = value.strip().casefold()
    if name == "switched_on" and typed in {"on", "off"}:
        return typed
    if name == "hours" and (typed in {"", "any"} or _hour_pair(typed)):
        return typed
    if name in _NUMBERS and _is_number(typed) and _NUMBERS[name][0] <= int(typed) <= _NUMBERS[name][1]:
        return str(int(typed))
    raise AskAgain(_HOW.get(name, say("There is no such setting. Choose one of: {names}.", names=", ".join(_HOW))))


def _hour_pair(typed: str) -> bool:
    hours = _hours(typed)
    return hours is not None and hours[0] != hours[1] and max(hours) <= _LAST_HOUR


def _hours(value: str) -> tuple[int, int] | None:
    first, _, last = value.partition("-")
    return (int(first), int(last)) if _is_number(first) and _is_number(last) else None


def _is_number(typed: str) -> bool:
    """Tell what `int` takes: not ², which counts as a digit, and not thousands of them."""
    return typed.isdecimal() and len(typed) <= _LONGEST


_PARSED: Mapping[str, Callable[[str], Any]] = {
    "switched_on": lambda value: value == "on",
    "second_above": int,
    "grace_days": int,
    "undo_days": int,
    "old_data_days": int,
    "hours": _hours,
}

_LAST_HOUR = 24
_LONGEST = 9
_NUMBERS = {"second_above": (0, 10_000), "grace_days": (0, 366), "undo_days": (0, 90), "old_data_days": (1, 366)}
_HOW = {
    "switched_on": say("Say on or off."),
    "hours": say("Give two hours in UTC, such as 7-18, or any."),
    "second_above": say("Give a number of seats from 0 to 10000."),
    "grace_days": say("Give a number of days from 0 to 366."),
    "undo_days": say("Give a number of days from 0 to 90."),
    "old_data_days": say("Give a number of days from 1 to 366."),
}
