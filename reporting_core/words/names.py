"""When two spellings are one name: teams, products and groups in any case, accents composed, runs of spaces as one."""

import unicodedata


def fold(name: str) -> str:
    """Return the key under which a name is the same name."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def display_name(first: str, last: str, email: str | None, fallback: str) -> str:
    """Return what to call a person: the name, else the e-mail, else `fallback`."""
    return " ".join(part for part in (first, last) if part) or email or fallback


def storable(text: str) -> str:
    """Return a text that every database and encoding takes: no NUL, no lone surrogates."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
