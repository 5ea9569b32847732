"""Signatures between usagebot and a customer's automation, the same both ways: HMAC-SHA256 over time stamp and body.

Whoever knows the secret can sign; a time stamp keeps a request from being sent again later, `Once` from being sent
again at once.
"""

import hashlib
import hmac
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping

from pydantic import SecretStr

TIMESTAMP, SIGNATURE = "X-Usagebot-Timestamp", "X-Usagebot-Signature"
SKEW = 300
"""Seconds that two clocks may differ; docs/providers.md says the same."""

LEAST_SECRET = 32
"""Characters of a secret, below which it could be guessed from one request that somebody saw."""

_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v1=[0-9a-f]{64}")


def signed(secret: SecretStr, now: float, body: bytes) -> dict[str, str]:
    """Return the headers that sign a body."""
    timestamp = str(int(now))
    return {TIMESTAMP: timestamp, SIGNATURE: _signature(secret, timestamp, body)}


def fault(secret: SecretStr, now: float, headers: Mapping[str, str], body: bytes) -> str:
    """Return the one word why a body is not taken as signed just now, or nothing."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return "unsigned"
    if abs(now - int(timestamp)) > SKEW:
        return "stale"
    return "" if hmac.compare_digest(_signature(secret, timestamp, body), signature) else "forged"


class Once:
    """Remembers signatures for as long as they could come again."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seen: OrderedDict[str, float] = OrderedDict()

    def claim(self, signature: str) -> bool:
        """Return False for a signature that was let in before."""
        now = self._now()
        while self._seen and next(iter(self._seen.values())) <= now - 2 * SKEW:
            self._seen.popitem(last=False)
        if signature in self._seen:
            return False
        self._seen[signature] = now
        return True

    def release(self, signature: str) -> None:
        """Forget a signature whose request failed here, so that it can be sent again."""
        self._seen.pop(signature, None)


def _signature(secret: SecretStr, timestamp: str, body: bytes) -> str:
    signing = f"{timestamp}.".encode() + body
    return f"v1={hmac.new(secret.get_secret_value().encode(), signing, hashlib.sha256).hexdigest()}"
