"""Text that is safe on a terminal, and as wide as it says: names come from files and may hold anything."""

import unicodedata

from rich.cells import cell_len

# Signs that turn the direction of reading: a name must not reorder the rest of its line.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe(text: str) -> str:
    """Return text in which control and turning characters, but for line breaks, are spelt out in digits."""
    if text.isprintable():
        return text
    return "".join(letter if letter == "\n" or _harmless(letter) else _spelt(letter) for letter in text)


def one_line(text: str) -> str:
    """Return safe text on one line."""
    return safe(text).replace("\n", " ")


def _harmless(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} and letter not in _TURNING


def _spelt(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def width(text: str) -> int:
    """Return how many columns of the screen a text takes; Chinese and Japanese letters take two."""
    return len(text) if text.isascii() else cell_len(text)


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """Return text filled up to so many columns of the screen."""
    gap = " " * max(0, columns - width(text))
    return gap + text if right else text + gap


def cut(text: str, columns: int) -> str:
    """Return text of at most so many columns; an ellipsis stands for what is cut."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"
