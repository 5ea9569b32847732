"""The bytes of a text file: how many were read, which encoding they are in, and content that is no text at all."""

import codecs
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reporting_core.exports.asking import MEBIBYTE, Unreadable
from reporting_core.words.said import say

LONGEST_LINE = 8 * MEBIBYTE
BLOCK = MEBIBYTE


class CountedFile(io.FileIO):
    """A file that knows how far it was read, and refuses endless lines and holes of NUL before they fill the memory."""

    def __init__(self, path: Path) -> None:
        """Open for reading."""
        super().__init__(path, "rb")
        self.done = 0
        self._unbroken = 0

    def readinto(self, buffer: Any) -> int:
        """Read a block and look it over."""
        count = super().readinto(buffer) or 0
        block = bytes(memoryview(buffer)[:count])
        self.done += count
        self._check(block)
        return count

    def _check(self, block: bytes) -> None:
        newline = max(block.rfind(b"\n"), block.rfind(b"\r"))
        self._unbroken = self._unbroken + len(block) if newline < 0 else len(block) - newline
        if self._unbroken > LONGEST_LINE:
            raise Unreadable(
                say(
                    "A line of this file is longer than {most} MB; no export has such lines. Export it again.",
                    most=LONGEST_LINE // MEBIBYTE,
                )
            )
        check_holes(block)


def check_holes(block: bytes) -> None:
    """Refuse a block of nothing but NUL bytes: a file that was never written to its end, or made to fill memory."""
    if len(block) >= 4096 and not block.strip(b"\0"):  # noqa: PLR2004 - a page; a lone NUL is a row's matter
        raise Unreadable(
            say("Part of this file is empty (NUL bytes only): it was not copied completely. Copy or export it again.")
        )


def encoding(path: Path, tick: Callable[[], None]) -> tuple[str, str]:
    """Find a text file's encoding, and how to treat its errors.

    A byte order mark says it; else UTF-16 shows by its NULs; else it is UTF-8, or cp1252. A file with a few wrong bytes
    among real UTF-8 stays UTF-8: those come out as lone surrogates, for which a row is refused. `tick` hears
    of each block.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "surrogatepass"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", "surrogateescape"
    check_holes(head)
    if wide := _utf_16(head):
        return wide, "surrogatepass"
    return ("utf-8" if _is_utf_8(path, tick) else "cp1252"), "surrogateescape"


def _utf_16(head: bytes) -> str:
    """Recognise UTF-16 without a mark: the header row is ASCII, so every second byte of it is NUL."""
    half = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if half and max(even, odd) * 2 > half and min(even, odd) * 10 < half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _is_utf_8(path: Path, tick: Callable[[], None]) -> bool:
    """Tell UTF-8 from a code page: more right sequences than wrong bytes."""
    decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
    right = wrong = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            check_holes(block)
            text = decode(block)
            if not text.isascii():
                bad = sum(text.count(chr(code)) for code in range(0xDC80, 0xDD00)) if _has_bad(text) else 0
                wrong += bad
                right += len(block) - len(text)
            tick()
    return right >= wrong


def _has_bad(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
