"""What would happen: each seat judged as it is now, before anybody confirms anything."""

from collections.abc import Sequence

from reporting_core.usecases.seats.judging import judged
from reporting_core.usecases.seats.machine import sees
from reporting_core.usecases.seats.records import Records
from reporting_core.words.people import Asker
from reporting_core.words.seats import Verdict


def preview(records: Records, asker: Asker, ids: Sequence[int]) -> list[Verdict]:
    """Judge seats in one snapshot; those of teams that this person sees nothing of are left out. Raises `StoreBusy`."""
    if asker.account_id != records.account_id:
        return []
    with records.store.reading() as connection:
        found = judged(connection, records.bench(connection), asker, ids)
    return [each for each in found if sees(asker, each.seat.team_id)]
