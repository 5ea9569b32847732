"""Proof that an app is itself: a JSON Web Token signed with its private key (RFC 7523, `private_key_jwt`).

The key itself is never sent; what is sent is good for one sign-in, and for half an hour.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reporting_core.words.errors import SettingWrong

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

LIFE = 1800
"""Seconds for which a token is good: Okta takes an hour at most, and clocks differ."""

LEAST_BITS = 2048
MOST_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA key; `name` tells which of an app's keys it is, if that is known."""

    key: "RSAPrivateKey" = field(repr=False)
    name: str = ""

    def assertion(self, client: str, audience: str, now: float, once: str) -> str:
        """Return the token by which `client` proves itself to `audience`; `once` is a word that is used once."""
        from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - most processes do without
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above

        head = {"alg": "RS256", "typ": "JWT", **({"kid": self.name} if self.name else {})}
        claims = {"iss": client, "sub": client, "aud": audience, "exp": int(now) + LIFE, "jti": once}
        signing = f"{_part(head)}.{_part(claims)}"
        signature = self.key.sign(signing.encode(), padding.PKCS1v15(), SHA256())
        return f"{signing}.{_encoded(signature)}"


def read(given: str, variable: str) -> PrivateKey:
    """Read a key as PEM or as a JSON Web Key, or the file that holds one. Raises SettingWrong, without the key."""
    text = given if given.lstrip().startswith(("-----BEGIN", "{")) else _file(given, variable)
    try:
        found = _of_jwk(json.loads(text)) if text.lstrip().startswith("{") else _of_pem(text)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, binascii.Error):
        raise SettingWrong(f"{variable} is no private RSA key, as PEM without a password or as JSON Web Key.") from None
    if found.key.key_size < LEAST_BITS:
        raise SettingWrong(f"{variable} has {found.key.key_size} bits; make a key of at least {LEAST_BITS}.")
    return found


def _file(path: str, variable: str) -> str:
    try:
        with Path(path).open(encoding="ascii") as file:
            return file.read(MOST_BYTES)
    except (OSError, ValueError):
        raise SettingWrong(f"{variable} is neither a private key nor a file that can be read.") from None


def _of_pem(text: str) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415 - as above

    # Whoever keeps settings in one line writes the ends of the key's lines as \n.
    key = load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError
    return PrivateKey(key)


def _of_jwk(jwk: Mapping[str, Any]) -> PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - as above

    n, e, d = (_number(jwk[name]) for name in ("n", "e", "d"))
    p, q = rsa.rsa_recover_prime_factors(n, e, d)
    rest = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *rest, rsa.RSAPublicNumbers(e, n))
    return PrivateKey(numbers.private_key(), str(jwk.get("kid") or ""))


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
