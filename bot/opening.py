"""From settings to an open account: the database, the key that hashes names, and who the settings let in."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot import settings
from bot.settings import Settings
from reporting_core.core import Core, open_core
from reporting_core.storage.engines import open_store
from reporting_core.usecases.identity import Rules
from reporting_core.words.seats import SeatControl


@contextmanager
def opened(given: Settings, clock: Callable[[], datetime]) -> Iterator[Core]:
    """Open the account that is set, and give the database back afterwards. Raises `SettingWrong`, `StoreBusy`."""
    store = open_store(given.database)
    try:
        core = open_core(store, given.account, clock=clock, key=settings.pseudonym_key(given), rules=rules(given))
        core.exports.folder, core.audit.marks.folder = given.exports, given.marks
        yield core
    finally:
        store.close()


def provided(given: Settings, core: Core) -> SeatControl:
    """Return who takes seats away and gives them, as the settings say. Raises `SettingWrong`."""
    # They bring the web along, which a report does without.
    from bot.ground import Ground  # noqa: PLC0415 - see above
    from bot.providers import provider  # noqa: PLC0415 - see above

    return provider(Ground(given, core.store, core.account_id, lambda: core.clock(), lambda: core.token()))  # noqa: PLW0108 - may be set later


def rules(given: Settings) -> Rules:
    """Return what the settings say about who may ask. E-mails are the same in any case of letters."""
    reporters: dict[str, set[str | None]] = defaultdict(set)
    for email, team in given.reporters:
        reporters[email.casefold()].add(team)
    return Rules(
        owners=frozenset(owner.casefold() if "@" in owner else owner for owner in given.owners),
        reporters={email: frozenset(teams) for email, teams in reporters.items()},
        **({"contact": given.whom_to_ask} if given.contact else {}),
    )
