"""Text for a cell, spelt so that it reads back the same whatever is in it."""

import re
from collections.abc import Sequence
from itertools import repeat

# Controls (the carriage return too, which XML turns into a line feed), halves of surrogate pairs and the two
# non-characters cannot stand in XML. ISO/IEC 29500-1 §22.9.2.19 (ST_Xstring) spells them _xHHHH_.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_BLANKS = (" ", "\t", "\n")
_FEW = 4
"""From so many values for each different one on, every different one is drawn once: teams, products, statuses."""
EMPTY = "/>"
"""The rest of an empty cell's tag."""


def spelt(text: str) -> str:
    """Spell forbidden characters as `_x0007_`, and the underscore of a text that looks like that as `_x005F_`."""
    return _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def utf16(text: str) -> int:
    """Length as spreadsheets count it: an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def cells(values: Sequence[str | None]) -> list[str]:
    """Return for each text what follows `<c r="A1" s="1"` in a sheet."""
    distinct = set(values)
    if _FEW * len(distinct) < len(values):
        drawn = {value: cell(value) for value in distinct}
        return list(map(drawn.__getitem__, values))
    if None not in distinct and _harmless(values):  # type: ignore[arg-type]
        return [f' t="inlineStr"><is><t>{value}</t></is></c>' for value in values]
    return list(map(cell, values))


def _harmless(values: Sequence[str]) -> bool:
    """Tell of many texts at once, at the speed of a search for a letter, that nothing has to be done about them."""
    joined = "|".join(values)
    return (
        joined.isprintable()
        and not any(map(str.__contains__, repeat(joined), ("&", "<", ">", "_x", " |", "| ", "||")))
        and not joined.startswith((" ", "|"))
        and not joined.endswith((" ", "|"))
        and joined != ""
    )


def cell(text: str | None) -> str:
    """As `cells`, for one text; an empty one is no text at all."""
    if not text:
        return EMPTY
    if not text.isprintable() or "_x" in text:
        text = spelt(text)
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    kept = ' xml:space="preserve"' if text.startswith(_BLANKS) or text.endswith(_BLANKS) else ""
    return f' t="inlineStr"><is><t{kept}>{text}</t></is></c>'
