"""Imports files without a child process, for properties that import by the thousand; the parsing is the product's."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from reporting_core import exports
from reporting_core.core import Core
from reporting_core.exports.asking import Limits, ReadOptions, Unreadable
from reporting_core.exports.frames import LENGTH, Batches, Message, key_of, packed, unpacked
from reporting_core.exports.parsing import Pace, locate_rows, read_file
from reporting_core.exports.reading import Piece, _piece
from reporting_core.usecases import loading, staging
from reporting_core.usecases.staging import LoadOptions
from reporting_core.words.imports import ImportResult, UseKey


def csv_text(rows: Sequence[dict[str, str]]) -> str:
    """Write rows under the names of all their columns."""
    out = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def load_here(core: Core, paths: Sequence[Path], options: LoadOptions) -> ImportResult:
    """Do what `Core.load` does, in this process."""
    reading = ReadOptions(options.dates, core.clock().date())
    pieces = (piece for path in paths for piece in _pieces(path, reading))
    about = loading.Loading(
        core.store,
        core.account_id,
        core.clock(),
        options,
        core.pseudonyms,
        lambda path, wanted: _locate(path, reading, wanted),
    )
    return loading.store_files(about, staging.stage(paths, pieces, reading.today))


def _pieces(path: Path, reading: ReadOptions) -> Iterator[Piece]:
    messages: list[Message] = []
    try:
        read_file(path, reading, Limits(), _pace(path, messages))
    except Unreadable as error:
        yield exports.FileFailure(path.name, str(error))
        return
    batches = Batches()
    yield from (_piece(path.name, message, batches) for message in messages if message[0] != "progress")


def _locate(path: Path, reading: ReadOptions, wanted: set[tuple[UseKey, int]]) -> dict[tuple[UseKey, int], list[int]]:
    messages: list[Message] = []
    locate_rows(path, reading, Limits(), _pace(path, messages), list(wanted))
    return {
        (key_of(key), day): lines for message in messages if message[0] == "found" for key, day, lines in message[1]
    }


def _pace(path: Path, messages: list[Message]) -> Pace:
    # Packed and unpacked, as on the way out of a child process: what is sent is changed afterwards.
    return Pace(lambda *message: messages.append(unpacked(packed(message)[LENGTH:])), lambda: None, path.stat().st_size)
