"""Our own database is the truth: for the demo, and for whoever keeps seats in no other place.

Effect, key and the seat's new state are one transaction, so the same key twice is one effect whatever dies when.
"""

import asyncio

from bot.ground import Ground
from reporting_core.metrics import pools
from reporting_core.storage import catalog, directory, seats
from reporting_core.storage import providing as sql
from reporting_core.storage.engines import Connection
from reporting_core.usecases.seats import standing
from reporting_core.words.errors import StoreBusy
from reporting_core.words.seats import Change, Done, ProviderAnswer, ProviderError, SeatOrder, Seen

DONE = ProviderAnswer(Done.DONE)


def made(ground: Ground) -> "Ledger":
    """Make it; it needs no settings."""
    return Ledger(ground)


class Ledger:
    """Takes and gives seats in the assignments that reports are made of."""

    name = "ledger"

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def unassign(self, order: SeatOrder) -> ProviderAnswer:
        """Take the seat, if it is still the one that was asked for."""
        return await asyncio.to_thread(self._carried_out, order)

    async def assign(self, order: SeatOrder) -> ProviderAnswer:
        """Give the seat again, if one is free."""
        return await asyncio.to_thread(self._carried_out, order)

    async def state(self, order: SeatOrder) -> Seen:
        """Read how the seat stands."""
        return await asyncio.to_thread(self._seen, order)

    def _carried_out(self, order: SeatOrder) -> ProviderAnswer:
        begun = False
        try:
            with self._ground.store.lasting() as connection:
                begun = True
                return self._answer(connection, order)
        except StoreBusy as error:
            # A COMMIT whose answer was lost may have been one; a transaction that was never begun was none.
            raise ProviderError(error.message, sent=begun) from None

    def _answer(self, connection: Connection, order: SeatOrder) -> ProviderAnswer:
        account_id = self._ground.account_id
        if sql.had_effect(connection, account_id, order.key):
            return DONE
        against = self._against(connection, order)
        if against is None:
            sql.carry_out(connection, account_id, order, self._ground.clock())
            directory.bump_version(connection, account_id)
        return against or DONE

    def _against(self, connection: Connection, order: SeatOrder) -> ProviderAnswer | None:
        seat = sql.holding(connection, self._ground.account_id, order.assignment_id)
        found = standing.against(order, seat)
        if found or seat is None or order.change is Change.UNASSIGN:
            return found
        return self._none_free(connection, seat)

    def _none_free(self, connection: Connection, seat: sql.Holding) -> ProviderAnswer | None:
        account_id, place = self._ground.account_id, (seat.team_id, seat.product_id)
        bought = catalog.pools(connection, account_id, [seat.team_id], [seat.product_id])
        if bought is None:
            return None
        taken = seats.assigned_counts(connection, account_id, [seat.team_id]).get(place, 0)
        return standing.NONE_FREE if taken >= pools.seats(bought, self._ground.clock().date()) else None

    def _seen(self, order: SeatOrder) -> Seen:
        try:
            with self._ground.store.reading() as connection:
                seat = sql.holding(connection, self._ground.account_id, order.assignment_id)
        except StoreBusy as error:
            raise ProviderError(error.message, sent=False) from None
        return standing.seen(order, seat)
