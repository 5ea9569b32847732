"""Whoever takes seats away and gives them again, one module each, found through one table.

A new provider is a module with `made(ground)`, a line in the table, and a test that runs `tests/provider_contract.py`.
"""

from collections.abc import Callable, Mapping

from bot.ground import Ground
from bot.providers import entra, ledger, okta, task, webhook
from reporting_core.words.errors import SettingWrong
from reporting_core.words.seats import SeatControl

PROVIDERS: Mapping[str, Callable[[Ground], SeatControl]] = {
    "entra": entra.made,
    "ledger": ledger.made,
    "okta": okta.made,
    "task": task.made,
    "webhook": webhook.made,
}
"""From the name in USAGEBOT_PROVIDER to how it is made; raises SettingWrong where a setting of its own is missing."""


def provider(ground: Ground) -> SeatControl:
    """Return the provider that is set; raises SettingWrong for one that nobody knows or that misses a setting."""
    name = ground.settings.provider
    if name not in PROVIDERS:
        raise SettingWrong(f"USAGEBOT_PROVIDER: there is no {name!r}. Choose one of {', '.join(sorted(PROVIDERS))}.")
    return PROVIDERS[name](ground)
