"""Stores what was bought: seat pools, token balances; and the hand-kept rules of how products are assigned.

Each function takes rows beside their file, and answers how many rows of each file were stored; the others changed
nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert

from reporting_core.storage import schema
from reporting_core.storage.directory import next_id
from reporting_core.storage.registry import Dated, Registry, Values, known_rows, newest_rows, stored_rows, write_rows
from reporting_core.words.imports import BalanceRow, RuleRow, SubscriptionRow


def store_subscriptions(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take seat pools by (team, product, subscription); rows without an id are told apart by contract and term."""
    table, keys = schema.subscriptions, ("team_id", "product_id", "subscription_id")
    by_key: dict[Any, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: SubscriptionRow = dated.row
        mark = row.subscription_id or f"{row.contract}/{row.starts}/{row.ends}"
        by_key[registry.teams.id(row.team), registry.products.id(row.offering), mark].append(dated)
    known = known_rows(connection, table, registry.account_id, keys, (*_POOL, "exported_on"))
    wanted = {key: (_pool(newest_rows(same)), max(dated.exported_on for dated in same)) for key, same in by_key.items()}
    changed = {
        key
        for key, (values, on) in wanted.items()
        if key not in known or (known[key][:-1] != values and known[key][-1] <= on)
    }
    first = next_id(connection, table)
    writes = [
        {
            "id": first + index,
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),
            **dict(zip(_POOL, wanted[key][0], strict=True)),
            "exported_on": wanted[key][1],
        }
        for index, key in enumerate(sorted(changed, key=str))
    ]
    write_rows(connection, table, keys, writes, set(known))
    return stored_rows(by_key, changed)


_POOL = ("seats", "starts", "ends", "status", "contract", "term")


def _pool(same: Sequence[Dated]) -> Values:
    row: SubscriptionRow = same[-1].row
    return (row.seats, row.starts, row.ends, row.status, row.contract, row.term)


def store_balances(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take token balances by (team, as of, end of the pack)."""
    table, keys = schema.token_balances, ("team_id", "as_of", "expires_on")
    by_key: dict[Any, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: BalanceRow = dated.row
        by_key[
            registry.teams.id(row.team), row.as_of if row.as_of is not None else dated.exported_on, row.expires_on
        ].append(dated)
    known = known_rows(connection, table, registry.account_id, keys, ("purchased", "remaining"))
    wanted = {key: (same[-1].row.purchased, same[-1].row.remaining) for key, same in by_key.items()}
    changed = {key for key, values in wanted.items() if known.get(key) != values}
    for key in changed & set(known):
        where = [
            table.c[name].is_(value) if value is None else table.c[name] == value
            for name, value in zip(keys, key, strict=True)
        ]
        connection.execute(delete(table).where(table.c.account_id == registry.account_id, *where))
    first = next_id(connection, table)
    new = [
        {
            "id": first + index,
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),
            "purchased": wanted[key][0],
            "remaining": wanted[key][1],
        }
        for index, key in enumerate(sorted(changed, key=str))
    ]
    if new:
        connection.execute(insert(table), new)
    return stored_rows(by_key, changed)


def store_rules(connection: Connection, registry: Registry, rows: Sequence[Dated]) -> Counter[int]:
    """Take assignment rules by (team, product); the last row of a pair counts."""
    table, keys = schema.assignment_rules, ("team_id", "product_id")
    by_key: dict[Any, list[Dated]] = defaultdict(list)
    for dated in rows:
        row: RuleRow = dated.row
        by_key[registry.teams.id(row.team), registry.products.id(row.offering)].append(dated)
    known = known_rows(connection, table, registry.account_id, keys, ("origin", "group_name"))
    wanted = {key: (str(same[-1].row.origin), same[-1].row.group) for key, same in by_key.items()}
    changed = {key for key, values in wanted.items() if known.get(key) != values}
    writes = [
        {
            "account_id": registry.account_id,
            **dict(zip(keys, key, strict=True)),
            "origin": wanted[key][0],
            "group_name": wanted[key][1],
        }
        for key in sorted(changed, key=str)
    ]
    write_rows(connection, table, keys, writes, set(known))
    return stored_rows(by_key, changed)
