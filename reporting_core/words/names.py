"""When two spellings are one name: teams, products and groups in any case, accents composed, runs of spaces as one."""

import unicodedata


def fold(name: str) -> str:
    """Return the key under which a name is the same name."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def display_name(first: str, last: str, email: str | None, fallback: str) -> str:
    """Return what to call a person: the name, else the e-mail, else `fallback`."""
    return " ".join(part for part in (first, last) if part) or email or fallback
