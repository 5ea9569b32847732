"""Under which products a collection was used: the calendar of one assignment, product by product."""

from collections import defaultdict

from sqlalchemy import Connection, select

from reporting_core.storage import schema
from reporting_core.storage.facts import Windows


def launched(connection: Connection, account_id: int, assignment_id: int, windows: Windows) -> dict[int, int]:
    """Return product → days of the windows on which it was launched; releases of one product share days."""
    c = schema.calendar.c
    statement = select(c.product_id, c.month, c.mask).where(
        c.account_id == account_id,
        c.assignment_id == assignment_id,
        c.month.between(min(windows), max(windows)),
    )
    masks: dict[tuple[int, int], int] = defaultdict(int)
    for product, month, mask in connection.execute(statement):
        masks[product, month] |= mask & windows.get(month, 0)
    days: dict[int, int] = defaultdict(int)
    for (product, _month), mask in masks.items():
        days[product] += mask.bit_count()
    return {product: count for product, count in days.items() if count}
