"""The child process: what it may not do, how its end is told, and that the next file is read all the same."""

import signal
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from reporting_core.exports import FileFailure, Limits, Progress, read
from reporting_core.exports.asking import MEBIBYTE
from reporting_core.words.imports import FileHead
from tests.exporting import OPTIONS, USAGE_HEADER, outcome, outcomes, usage_file, usage_row, write_xlsx


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "reporting_core.exports.child" in child.cmdline()]


@pytest.fixture
def heavy(tmp_path: Path) -> Path:
    """A workbook whose second row has a million cells: nothing comes of it for long, and it takes up much memory."""
    path = write_xlsx(tmp_path / "heavy.xlsx", {"Usage": [USAGE_HEADER, usage_row()]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    # Different numbers, since a row of equal cells is dense enough to be taken for a bomb.
    cells = b"".join(b"<c><v>%d</v></c>" % (number * 7919 % 1_000_003) for number in range(1_000_000))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_file_that_needs_too_much_memory_fails_alone(heavy: Path, tmp_path: Path) -> None:
    good = usage_file(tmp_path / "a.csv", [usage_row()])
    found = outcomes([heavy, good], limits=replace(Limits(), memory_bytes=160 * MEBIBYTE))
    assert found[0].reason == "Reading it needs more than 160 MB of memory. Export it as CSV, or in parts."
    assert found[1].accepted == 1
    assert children() == []


def test_a_file_that_gets_no_further_fails_alone(heavy: Path, tmp_path: Path) -> None:
    good = usage_file(tmp_path / "a.csv", [usage_row()])
    found = outcomes([heavy, good], limits=replace(Limits(), memory_bytes=4096 * MEBIBYTE, idle_seconds=1))
    assert found[0].reason == "Reading it got no further within 1 seconds of work. Export it as CSV, or in parts."
    assert found[1].accepted == 1


def test_a_child_that_stands_still_is_given_up(tmp_path: Path) -> None:
    first, second = (usage_file(tmp_path / name, [usage_row()]) for name in ("a.csv", "b.csv"))
    pieces = read([first, second], OPTIONS, replace(Limits(), stall_seconds=2.4), lambda _: None)
    while not isinstance(next(pieces), FileHead):
        pass
    (child,) = children()
    child.send_signal(signal.SIGSTOP)
    drained = list(pieces)
    # What was in the pipe already is still handed over.
    assert [piece.name for piece in drained if isinstance(piece, FileFailure)] in (["a.csv"], ["b.csv"])
    assert [piece.reason for piece in drained if isinstance(piece, FileFailure)] == [
        "Reading it stood still for 2 seconds. Copy it to a local disk first."
    ]
    assert children() == []


def large(path: Path) -> Path:
    """A file whose reading takes a while, and more messages than the pipe between the processes holds."""
    rows = [usage_row(person=f"p{number}", day=f"2026-0{number % 9 + 1}-02") for number in range(60_000)]
    return usage_file(path, rows)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (
            signal.SIGKILL,
            "The system stopped the process that was reading it, perhaps for want of memory. Import it in parts.",
        ),
        (
            signal.SIGSEGV,
            "The process that was reading it ended unexpectedly; the file may be damaged. Export it again, or as CSV.",
        ),
    ],
)
def test_a_child_that_dies_voids_its_file_and_the_next_is_read(
    tmp_path: Path, end: signal.Signals, reason: str
) -> None:
    good = usage_file(tmp_path / "good.csv", [usage_row()])
    pieces = read([large(tmp_path / "large.csv"), good], OPTIONS, replace(Limits(), batch_entries=1000), lambda _: None)
    assert isinstance(next(pieces), FileHead)
    (child,) = children()
    child.send_signal(end)
    rest = list(pieces)
    assert [piece for piece in rest if isinstance(piece, FileFailure)] == [FileFailure("large.csv", reason)]
    assert [piece.name for piece in rest if isinstance(piece, FileHead)] == ["good.csv"]


def test_who_stops_listening_leaves_no_child_behind(tmp_path: Path) -> None:
    pieces = read([large(tmp_path / "a.csv")], OPTIONS, Limits(), lambda _: None)
    assert isinstance(pieces, Iterator)
    next(pieces)
    assert len(children()) == 1
    pieces.close()  # type: ignore[attr-defined]
    assert children() == []


def test_one_child_reads_all_files_and_knows_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    paths = [usage_file(tmp_path / f"{number}.csv", [usage_row()]) for number in range(3)]
    pids, environment = set(), {}
    for _ in read(paths, OPTIONS, Limits(), lambda _: None):
        for child in children():
            pids.add(child.pid)
            environment = child.environ()
    assert len(pids) == 1
    assert "xoxb-secret" not in str(environment)


def test_the_child_is_limited_and_light(tmp_path: Path) -> None:
    pieces = read([usage_file(tmp_path / "a.csv", [usage_row()])], OPTIONS, Limits(), lambda _: None)
    next(pieces)
    (child,) = children()
    assert child.rlimit(psutil.RLIMIT_AS) == (512 * MEBIBYTE, 512 * MEBIBYTE)
    assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert child.rlimit(psutil.RLIMIT_CPU)[0] <= 25
    loaded = {Path(place.path).name for place in child.memory_maps()}
    assert not [name for name in loaded if "sql" in name or "pydantic" in name]
    list(pieces)


def test_progress_rises_to_the_end_and_names_the_file(tmp_path: Path) -> None:
    seen: list[Progress] = []
    path = large(tmp_path / "a.csv")
    outcomes([path], seen=seen)
    assert seen
    assert {(step.file, step.total_bytes) for step in seen} == {("a.csv", path.stat().st_size)}
    assert all(step.done_bytes <= step.total_bytes for step in seen)
    assert [step.done_bytes for step in seen] == sorted(step.done_bytes for step in seen)
    assert [step.rows for step in seen] == sorted(step.rows for step in seen)


def test_the_parent_says_nothing_of_its_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK\x03\x04 nonsense")
    assert outcome(broken).failure
    assert capfd.readouterr() == ("", "")


def test_the_child_finds_its_modules_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = usage_file(tmp_path / "a.csv", [usage_row()])
    (tmp_path / "csv.py").write_text("raise SystemExit('a module that lies in wait beside the exports')")
    monkeypatch.chdir(tmp_path)
    assert outcome(path).accepted == 1
    assert outcome(Path("a.csv")).accepted == 1
    assert str(Path.cwd()) not in sys.path
