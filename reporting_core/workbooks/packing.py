"""The file's parts: as openpyxl wrote them, with the results of formulas put in, under dates that never change."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

from reporting_core.workbooks.escaping import spelt

Results = Mapping[str, float | str]
"""Cell → what its formula comes to."""

FASTEST = 1
"""Level of compression: a quarter larger than the best, in a third of the time."""
CORE = "docProps/core.xml"

_ALWAYS = (1980, 1, 1, 0, 0, 0)
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f>[^<]*</f>)<v ?(?:/>|></v>)')


def parts(book: Workbook) -> dict[str, bytes]:
    """Return the book's parts by their names."""
    out = BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    # openpyxl has just noted the time of day as the date of the change.
    book.properties.modified = book.properties.created
    return found | {CORE: tostring(book.properties.to_tree())}


def entry(archive: zipfile.ZipFile, name: str, *, large: bool = False) -> IO[bytes]:
    """Open a part for writing; `large` if it may have 2 GB or more."""
    info = zipfile.ZipInfo(name, _ALWAYS)
    info.compress_type = zipfile.ZIP_DEFLATED
    return archive.open(info, "w", force_zip64=large)


def copy(archive: zipfile.ZipFile, content: Mapping[str, bytes], names: Iterable[str]) -> None:
    """Write parts as they are."""
    for name in names:
        with entry(archive, name) as out:
            out.write(content[name])


def calculated(sheet: bytes, results: Results) -> bytes:
    """Put the results of formulas into a sheet, for readers that do not calculate."""

    def filled(found: re.Match[bytes]) -> bytes:
        name, style, formula = found.groups()
        result = results.get(name.decode())
        if result is None:
            return found[0]
        kind, value = (b' t="str"', escape(spelt(result))) if isinstance(result, str) else (b"", f"{result}")
        return b'<c r="%s"%s%s>%s<v>%s</v>' % (name, style, kind, formula, value.encode())

    return _FORMULA.sub(filled, sheet)
