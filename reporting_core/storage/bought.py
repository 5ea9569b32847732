"""Stores what was bought: seat pools, token balances; and the hand-kept rules of how products are assigned.

Each function takes rows beside their file, and answers how many rows of each file were stored; the others changed
nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection

from reporting_core.storage import schema
from reporting_core.storage.registry import Dated, Registry, Sheet, Values, newest_rows, stored_rows
from reporting_core.words.imports import BalanceRow, RuleRow, SubscriptionRow

_POOLS = Sheet(
    schema.subscriptions,
    ("team_id", "product_id", "subscription_id"),
    ("seats", "starts", "ends", "status", "contract", "term", "exported_on"),
)
_BALANCES = Sheet(schema.token_balances, ("team_id", "as_of", "expires_on"), ("purchased", "remaining"))
_RULES = Sheet(schema.assignment_rules, ("team_id", "product_id"), ("origin", "group_name"))


def store_subscriptions(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take seat pools by (team, product, subscription); rows without an id are told apart by contract and term."""
    by_key = _by_key(registry, rows, _pool_key)
    known = _POOLS.known(connection, registry.account_id)
    wanted = {key: _pool(newest_rows(same)) for key, same in by_key.items()}
    # An older export changes nothing, and one that says the same is not written only for its date.
    wanted = {key: pool for key, pool in wanted.items() if key not in known or _is_news(known[key], pool)}
    return stored_rows(by_key, _POOLS.store(connection, registry.account_id, wanted))


def _by_key(
    registry: Registry, rows: Sequence[Dated], key: Callable[[Registry, Dated], Values]
) -> dict[Any, list[Dated]]:
    found: dict[Any, list[Dated]] = defaultdict(list)
    for dated in rows:
        found[key(registry, dated)].append(dated)
    return found


def _pool_key(registry: Registry, dated: Dated) -> Values:
    row: SubscriptionRow = dated.row
    mark = row.subscription_id or f"{row.contract}/{row.starts}/{row.ends}"
    return registry.teams.id(row.team), registry.products.id(row.offering), mark


def _pool(same: Sequence[Dated]) -> Values:
    row: SubscriptionRow = same[-1].row
    return row.seats, row.starts, row.ends, row.status, row.contract, row.term, same[-1].exported_on


def _is_news(known: Values, pool: Values) -> bool:
    return known[:-1] != pool[:-1] and known[-1] <= pool[-1]


def store_balances(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take token balances by (team, as of, end of the pack)."""
    by_key = _by_key(registry, rows, _balance_key)
    wanted = {key: (same[-1].row.purchased, same[-1].row.remaining) for key, same in by_key.items()}
    return stored_rows(by_key, _BALANCES.store(connection, registry.account_id, wanted))


def _balance_key(registry: Registry, dated: Dated) -> Values:
    row: BalanceRow = dated.row
    return registry.teams.id(row.team), dated.exported_on if row.as_of is None else row.as_of, row.expires_on


def store_rules(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take assignment rules by (team, product); the last row of a pair counts."""
    by_key = _by_key(registry, rows, _rule_key)
    wanted = {key: (str(same[-1].row.origin), same[-1].row.group) for key, same in by_key.items()}
    return stored_rows(by_key, _RULES.store(connection, registry.account_id, wanted))


def _rule_key(registry: Registry, dated: Dated) -> Values:
    row: RuleRow = dated.row
    return registry.teams.id(row.team), registry.products.id(row.offering)
