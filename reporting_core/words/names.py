"""When two spellings are one name: in any case, accents composed, runs of spaces as one, unseen marks as none."""

import unicodedata

# Marks of direction and of no width come along when a name is copied, and nobody sees them. Joiners stay: they spell.
UNSEEN = dict.fromkeys(
    map(ord, "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
)


def fold(name: str) -> str:
    """Return the key under which a name is the same name."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name.translate(UNSEEN))
    return " ".join(name.casefold().split())


def display_name(first: str, last: str, email: str | None, fallback: str) -> str:
    """Return what to call a person: the name, else the e-mail, else `fallback`."""
    return " ".join(part for part in (first, last) if part) or email or fallback


def storable(text: str) -> str:
    """Return a text that every database and encoding takes: no NUL, no lone surrogates."""
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
