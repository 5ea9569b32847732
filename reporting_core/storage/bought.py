"""Stores what was bought: seat pools, token balances; and the hand-kept rules of how products are assigned.

Each function takes rows beside their file, and answers how many rows of each file were stored; the others changed
nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, or_

from reporting_core.storage import schema
from reporting_core.storage.registry import Dated, Registry, Sheet, Values, newest_rows, stored_rows
from reporting_core.words.imports import BalanceRow, RuleRow, SubscriptionRow
from reporting_core.words.names import fold

_POOL = ("seats", "starts", "ends", "status", "contract", "term")
_POOLS = Sheet(
    schema.subscriptions,
    ("team_id", "product_id", "subscription_id"),
    (*_POOL, "exported_on"),
)
_BALANCES = Sheet(schema.token_balances, ("team_id", "as_of", "expires_on"), ("purchased", "remaining"))
_RULES = Sheet(schema.assignment_rules, ("team_id", "product_id"), ("origin", "group_name"))


def store_subscriptions(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take seat pools by (team, product, subscription), each as the newest export has it.

    Rows without an id are told apart by contract and term. One subscription may have several pools, such as one that
    ends and one that follows: each different row is one.
    """
    by_key = _by_key(registry, rows, _pool_key)
    known = _known_pools(connection, registry.account_id)
    wanted = {key: _pools(newest_rows(same)) for key, same in by_key.items()}
    # An older export changes nothing, and one that says the same is not written only for its date.
    wanted = {key: pools for key, pools in wanted.items() if key not in known or _is_news(known[key], pools)}
    _drop_pools(connection, registry.account_id, wanted.keys() & known)
    numbered = {
        (*key[:2], f"{key[2]}{ANOTHER}{index}" if index else key[2]): (*pool, pools.exported_on)
        for key, pools in wanted.items()
        for index, pool in enumerate(pools.pools)
    }
    _POOLS.store(connection, registry.account_id, numbered)
    return stored_rows(by_key, wanted)


ANOTHER = "\x1f"
"""Stands in `subscription_id` between the subscription and the number of a further pool of it."""


class _Pools(NamedTuple):
    """Pools of one subscription in a fixed order, and when the export was made that says so."""

    pools: list[Values]
    exported_on: int


def _known_pools(connection: Connection, account_id: int) -> dict[Values, _Pools]:
    found: dict[Values, _Pools] = {}
    for (team, product, mark), (*values, on) in _POOLS.known(connection, account_id).items():
        key = team, product, mark.partition(ANOTHER)[0]
        pools, newest = found.get(key, ((), 0))
        found[key] = _Pools(sorted([*pools, tuple(values)], key=repr), max(on, newest))
    return found


def _drop_pools(connection: Connection, account_id: int, keys: AbstractSet[Values]) -> None:
    t = schema.subscriptions.c
    for team, product, mark in keys:
        its = or_(t.subscription_id == mark, t.subscription_id.startswith(f"{mark}{ANOTHER}", autoescape=True))
        where = (t.account_id == account_id, t.team_id == team, t.product_id == product, its)
        connection.execute(delete(schema.subscriptions).where(*where))


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


def _pools(same: Sequence[Dated]) -> _Pools:
    """Every different row is a pool; two merged teams may have pools that look alike."""
    rows = {(fold(row.team), *(getattr(row, name) for name in _POOL)) for row in _last_told(same)}
    return _Pools(sorted((row[1:] for row in rows), key=repr), same[-1].exported_on)


def _last_told(same: Sequence[Dated]) -> Iterator[Any]:
    """Rows of the last file for each team name: these lists bear no date, so the order of files has to do."""
    last: dict[str, int] = {}
    for dated in same:
        last[fold(dated.row.team)] = max(dated.file, last.get(fold(dated.row.team), 0))
    return (dated.row for dated in same if dated.file == last[fold(dated.row.team)])


def _is_news(known: _Pools, told: _Pools) -> bool:
    return known.pools != told.pools and known.exported_on <= told.exported_on


def store_balances(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take token balances by (team, as of, end of the pack); packs that end on one day add up."""
    by_key = _by_key(registry, rows, _balance_key)
    wanted = {key: _added_up(same) for key, same in by_key.items()}
    return stored_rows(by_key, _BALANCES.store(connection, registry.account_id, wanted))


def _balance_key(registry: Registry, dated: Dated) -> Values:
    row: BalanceRow = dated.row
    return registry.teams.id(row.team), dated.exported_on if row.as_of is None else row.as_of, row.expires_on


def _added_up(same: Sequence[Dated]) -> Values:
    packs = {(fold(row.team), row.purchased, row.remaining) for row in _last_told(same)}
    return sum(purchased for _, purchased, _ in packs), sum(remaining for _, _, remaining in packs)


def store_rules(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take assignment rules by (team, product); the last row of a pair counts."""
    by_key = _by_key(registry, rows, _rule_key)
    wanted = {key: (str(same[-1].row.origin), same[-1].row.group) for key, same in by_key.items()}
    return stored_rows(by_key, _RULES.store(connection, registry.account_id, wanted))


def _rule_key(registry: Registry, dated: Dated) -> Values:
    row: RuleRow = dated.row
    return registry.teams.id(row.team), registry.products.id(row.offering)
