"""Looking a workbook over before anything reads it: container, unpacked size, and nothing inside that expands."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from reporting_core.exports.asking import MEBIBYTE, Limits, Unreadable
from reporting_core.words.said import say

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DENSE = 200
"""Unpacked : packed. Sheets have 10 to 60; deflate cannot do more than about 1030, which bombs come close to."""
SMALL = 16 * MEBIBYTE
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")

_PROTECTED = say("The workbook is protected with a password. Save it without one, or export it as CSV.")
OTHER_FORMATS = {
    b"\x1f\x8b": say("This is a gzip archive. Unpack it first."),
    b"7z\xbc\xaf": say("This is a 7z archive. Unpack it first."),
    b"Rar!": say("This is a RAR archive. Unpack it first."),
    b"%PDF": say("This is a PDF. Export it as CSV or XLSX."),
    b"PAR1": say("This is a Parquet file. Export it as CSV or XLSX."),
    b"SQLite format 3": say("This is a database. Export the table as CSV or XLSX."),
}


def is_workbook(path: Path) -> bool:
    """Tell a workbook from a text file by its first bytes, never its name. Raises Unreadable for what is neither."""
    with path.open("rb") as file:
        head = file.read(1024)
        rest = file.read(4 * MEBIBYTE) if head.startswith(OLE) else b""
    if head.startswith(OLE):
        raise Unreadable(_ole(head + rest))
    for magic, what in OTHER_FORMATS.items():
        if head.startswith(magic):
            raise Unreadable(what)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype html", b"<html")):
        raise Unreadable(say("This is a web page, perhaps of a sign-in that had expired. Download the export again."))
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def _ole(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _PROTECTED
    return say("This is a workbook of the old XLS format. Save it as XLSX or CSV.")


def check(archive: zipfile.ZipFile, limits: Limits, tick: Callable[[], None]) -> None:
    """Refuse an archive that is no workbook, unpacks too large, is encrypted or declares entities (Unreadable)."""
    parts = archive.infolist()
    if len(parts) > limits.parts:
        raise Unreadable(
            say(
                "The workbook has {count} parts; more than {most} are not read.",
                count=len(parts),
                most=limits.parts,
            )
        )
    _check_container({part.filename for part in parts})
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable(_PROTECTED)
        if part.file_size > SMALL and part.file_size > DENSE * max(part.compress_size, 1):
            raise Unreadable(
                say(
                    "The workbook is built to fill memory: {packed} bytes in it unpack to {size}. "
                    "Save it anew, or export it as CSV.",
                    packed=part.compress_size,
                    size=part.file_size,
                )
            )
    size = sum(part.file_size for part in parts)
    if size > limits.unpacked_bytes:
        raise Unreadable(
            say(
                "The workbook unpacks to {size} MB; more than {most} MB are not read. Export it as CSV, or in parts.",
                size=size // MEBIBYTE,
                most=limits.unpacked_bytes // MEBIBYTE,
            )
        )
    for part in parts:
        _check_part(archive, part, tick)


def _check_container(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise Unreadable(say("This is a workbook of the binary format XLSB. Save it as XLSX or CSV."))
    if "content.xml" in names:
        raise Unreadable(say("This is an OpenDocument spreadsheet. Save it as XLSX or CSV."))
    if "[Content_Types].xml" not in names:
        raise Unreadable(say("This is an archive, not a workbook. Unpack it and import the files inside."))


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, tick: Callable[[], None]) -> None:
    """Unpack one part piece by piece, looking for document type declarations, where entity bombs live."""
    tail = b""
    with archive.open(part) as stream:
        while piece := stream.read(MEBIBYTE):
            if not tail:
                _check_encoding(piece)
            if b"<!DOCTYPE" in tail + piece or b"<!ENTITY" in tail + piece:
                raise Unreadable(
                    say("The workbook declares entities, which no spreadsheet program writes. Export it again.")
                )
            tail = piece[-16:]
            tick()


def _check_encoding(head: bytes) -> None:
    """Refuse XML in an encoding in which a declaration could hide from a search for its ASCII letters."""
    found = _ENCODING.match(head[:256])
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")) and not head.startswith(b"\xff\xfe\0")
    if wide or (found and found[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}):
        raise Unreadable(
            say("The workbook is written in an unusual encoding. Save it anew as XLSX, or export it as CSV.")
        )
