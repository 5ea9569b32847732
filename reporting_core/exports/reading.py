"""Reading export files: what an import calls. A child process parses; here its messages become words of the trade."""

import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reporting_core.exports.asking import MEBIBYTE, FileFailure, Limits, Progress, ReadOptions
from reporting_core.exports.frames import Batches, Message, closed, key_of, plain, records_of, tail_of
from reporting_core.exports.supervising import Child, Gone
from reporting_core.words.imports import FileHead, FileTail, Record, UseBatch, UseKey
from reporting_core.words.said import say
from reporting_core.words.terms import Kind

Piece = FileHead | UseBatch | list[Record] | FileTail | FileFailure


def read(
    paths: Sequence[Path], options: ReadOptions, limits: Limits, progress: Callable[[Progress], None]
) -> Iterator[Piece]:
    """Yield for each file, in order: head, batches of use or lists of records, tail; or, at any point, a failure.

    A failure voids what was yielded of its file. Memory stays bounded however large a file is, as long as the caller
    does not keep what it is given. The files are read by one child process, which ends when the iteration does.
    """
    with Child(limits) as child:
        for path in paths:
            failure = _refused_unread(path, limits)
            if failure:
                yield FileFailure(path.name, failure)
            else:
                yield from _pieces(child, path, options, progress)


def locate(
    path: Path, options: ReadOptions, wanted: set[tuple[UseKey, int]], limits: Limits | None = None
) -> dict[tuple[UseKey, int], list[int]]:
    """Return the lines of some use rows (key, day ordinal) of a daily file read before; nothing if it has gone."""
    limits = limits or Limits()
    if _refused_unread(path, limits):
        return {}
    places = [(plain(key), day) for key, day in wanted]
    found: dict[tuple[UseKey, int], list[int]] = {}
    with Child(limits) as child:
        try:
            for message in child.ask(("locate", str(path), options.dates, options.today.toordinal(), places)):
                if message[0] == "found":
                    found.update({(key_of(key), day): lines for key, day, lines in message[1]})
        except Gone:
            return {}
    return found


def _refused_unread(path: Path, limits: Limits) -> str:
    """Say why a file is not even opened, '' if it may be."""
    try:
        found = path.stat()
    except OSError as error:
        return say("The file cannot be read: {why}.", why=error.strerror or type(error).__name__)
    if not stat.S_ISREG(found.st_mode):
        folder = stat.S_ISDIR(found.st_mode)
        return say("This is a folder. Name the files in it.") if folder else say("This is not a regular file.")
    if not found.st_size:
        return say("The file is empty.")
    if found.st_size > limits.file_bytes:
        size, most = found.st_size // MEBIBYTE, limits.file_bytes // MEBIBYTE
        return say(
            "The file has {size} MB; more than {most} MB are not read. Export it in parts, such as months.",
            size=size,
            most=most,
        )
    return ""


def _pieces(child: Child, path: Path, options: ReadOptions, progress: Callable[[Progress], None]) -> Iterator[Piece]:
    batches = Batches()
    try:
        for message in child.ask(("read", str(path), options.dates, options.today.toordinal(), None)):
            if message[0] == "progress":
                progress(Progress(path.name, *message[1:]))
            else:
                yield _piece(path.name, message, batches)
    except Gone as gone:
        yield FileFailure(path.name, gone.reason)


def _piece(name: str, message: Message, batches: Batches) -> Piece:
    what, *rest = message
    if what == "head":
        kind, generation, ignored = rest
        return FileHead(name, Kind(kind), generation, tuple(ignored))
    if what == "use":
        return batches.batch(tuple(rest))
    if what == "records":
        return records_of(Kind(rest[0]), rest[1])
    if what == "tail":
        return tail_of(tuple(rest))
    return FileFailure(name, closed(rest[0]))
