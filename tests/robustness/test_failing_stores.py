"""Stores that fail: exit code 4, a message that names the file, and the log as it was."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import Done, append, as_lines, head, inside, timeline
from timeline.newsroom.newsroom import Newsroom

RECORD = event("happened", "2026", about=["lab"])
# Of Linux: prctl(2), capabilities(7).
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2
APPEND = (
    "append", "happened", "--story", "story", "--about", "lab", "--when", "2026",
    "--source", "https://example.org",
)  # fmt: skip


def failed(done: Done, *words: str) -> bool:
    """Whether the store failed, in words that people can read."""
    return (
        done.code == 4
        and done.out == ""
        and done.err.startswith("Error: ")
        and "Traceback" not in done.err
        and all(word in done.err for word in words)
    )


def left_out(done: Done, *words: str) -> bool:
    """Whether a record was left out of an answer, in words that people can read."""
    said = " ".join(done.err.split())
    return done.code == 0 and all(word in said for word in ("It is left out", *words))


@pytest.mark.parametrize("command", [["log"], ["verify"], ["status"], APPEND], ids=lambda c: c[0])
def test_a_log_that_is_not_there(room: Path, command: list[str]) -> None:
    (room / "log.sqlite").unlink()
    assert failed(timeline(room, *command), "log.sqlite", "timeline init")
    assert not (room / "log.sqlite").exists()


@pytest.mark.parametrize("command", [["log"], APPEND], ids=lambda c: c[0])
@pytest.mark.parametrize("content", [b"", b"junk" * 5000, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_log_that_is_no_database(room: Path, command: list[str], content: bytes) -> None:
    (room / "log.sqlite").write_bytes(content)
    assert failed(timeline(room, *command), "log.sqlite")
    assert (room / "log.sqlite").read_bytes() == content


@pytest.mark.parametrize("command", [["log"], APPEND], ids=lambda c: c[0])
def test_an_sqlite_file_that_is_not_ours(room: Path, command: list[str]) -> None:
    (room / "log.sqlite").unlink()
    with sqlite3.connect(room / "log.sqlite") as connection:
        connection.execute("CREATE TABLE stored_events (position INTEGER PRIMARY KEY)")
    connection.close()
    assert failed(timeline(room, *command), "log.sqlite", "not a timeline log")


@pytest.mark.parametrize("command", [["log"], ["export"], APPEND], ids=lambda c: c[0])
def test_a_log_from_a_newer_version(room: Path, command: list[str]) -> None:
    append(room, RECORD)
    with sqlite3.connect(room / "log.sqlite") as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    assert failed(timeline(room, *command), "version 7", "newer", "upgrade")


def test_a_record_of_a_type_from_a_newer_version(room: Path) -> None:
    append(room, RECORD)
    with sqlite3.connect(room / "log.sqlite") as connection:
        connection.execute("DROP TRIGGER stored_events_are_never_updated")
        connection.execute("UPDATE stored_events SET topic = 'happened/9'")
    connection.close()
    for command in (["log"], ["snapshot", "lab"], ["replay"]):
        assert left_out(inside(room, *command), "happened/9", "newer")
    assert inside(room, "verify").code == 1


def test_a_row_that_names_python_code_is_never_imported(room: Path) -> None:
    append(room, RECORD)
    with sqlite3.connect(room / "log.sqlite") as connection:
        connection.execute("DROP TRIGGER stored_events_are_never_updated")
        connection.execute("UPDATE stored_events SET topic = 'antigravity:fly'")
    connection.close()
    assert left_out(timeline(room, "log"), "unknown type")


def test_a_row_whose_bytes_are_damaged(room: Path) -> None:
    append(room, RECORD, RECORD)
    with sqlite3.connect(room / "log.sqlite") as connection:
        connection.execute("DROP TRIGGER stored_events_are_never_updated")
        connection.execute("UPDATE stored_events SET state = x'7b22' WHERE position = 2")
    connection.close()
    assert left_out(inside(room, "snapshot", "lab"), "position 2")
    findings = inside(room, "verify", "--format", "json").json()["findings"]
    assert [finding["position"] for finding in findings] == [2]


def test_a_log_that_ends_in_the_middle(room: Path) -> None:
    append(room, *[{**RECORD, "body": "b" * 1000}] * 200)
    file = room / "log.sqlite"
    with file.open("r+b") as cut:
        cut.truncate(file.stat().st_size // 2)
    for command in (["log"], ["verify"], ["export"], ["snapshot", "lab"], APPEND):
        done = timeline(room, *command)
        assert done.code == 4 and "Traceback" not in done.err and "log.sqlite" in done.err


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A newsroom with a record, in a directory that its reader may not write to."""
    directory = tmp_path / "room"
    Newsroom.init(directory)
    append(directory, {**RECORD, "id": "first"})
    paths = [directory, *directory.iterdir()]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield directory
    for path in paths:
        path.chmod(0o755)


def mere_mortal() -> None:
    """In a child of root: give up the rights to override those of files."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            os._exit(77)


def without_rights(room: Path, *words: str) -> Done:
    """Run a command with the rights that files give, also where the tests run as root."""
    if os.getuid() != 0:
        return timeline(room, *words)
    done = timeline(room, *words, preexec_fn=mere_mortal)
    if done.code == 77:
        pytest.skip("root cannot give up its rights here")
    return done


def test_who_may_only_read_can_read(locked: Path) -> None:
    done = without_rights(locked, "log", "--format", "jsonl")
    assert done.code == 0 and [record["id"] for record in done.lines()] == ["first"]


def test_records_that_cannot_be_reached_are_not_passed_over(locked: Path) -> None:
    """A copy on a read-only disk, of a log that was not closed: the write-ahead log counts."""
    locked.chmod(0o755)
    (locked / "log.sqlite-wal").write_bytes(b"not yet in the file")
    locked.chmod(0o555)
    assert failed(without_rights(locked, "log"), "log.sqlite-wal", "write permission")


def test_who_may_only_read_cannot_append(locked: Path) -> None:
    before = (locked / "log.sqlite").read_bytes()
    done = without_rights(locked, *APPEND)
    assert done.code == 4 and done.err.startswith("Error: cannot write the log")
    assert (locked / "log.sqlite").read_bytes() == before


def test_who_may_not_even_read_is_told(locked: Path) -> None:
    (locked / "log.sqlite").chmod(0)
    assert failed(without_rights(locked, "log"), "log.sqlite")


def test_who_may_not_write_cannot_init(locked: Path) -> None:
    assert failed(without_rights(locked, "init", str(locked / "new")), str(locked / "new"))


def no_larger_than(limit: int) -> Callable[[], None]:
    """What makes writing fail as a full disk does, beyond `limit` bytes a file."""

    def lower() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return lower


def test_a_file_that_cannot_grow_leaves_the_log_as_it_was(room: Path) -> None:
    append(room, {**RECORD, "id": "first"})
    big = as_lines({**RECORD, "body": "b" * 1000} for _ in range(2000))
    for command in (["append", "--json", "-"], ["import", "-"]):
        done = timeline(room, *command, given=big, preexec_fn=no_larger_than(300_000))
        assert failed(done, "log.sqlite")
        assert head(room) == 1
    assert timeline(room, "verify").code == 0
    append(room, RECORD)
    assert head(room) == 2


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount a small disk")
    try:
        room = disk / "room"
        Newsroom.init(room)
        append(room, {**RECORD, "id": "first"})
        big = as_lines({**RECORD, "body": "b" * 1000} for _ in range(5000))
        assert failed(timeline(room, "import", "-", given=big), "log.sqlite")
        assert head(room) == 1
        one = timeline(room, "append", "--json", "-", given=as_lines([RECORD]))
        assert one.code in (0, 4)
        (room / "filler").write_bytes(b"")
        with (room / "filler").open("wb", buffering=0) as filler:
            try:
                while filler.write(b"f" * 4096):
                    pass
            except OSError:
                pass
        known = head(room)
        done = timeline(room, "append", "--json", "-", given=as_lines([RECORD] * 300))
        assert failed(done, "log.sqlite") and head(room) == known
        assert timeline(room, "verify").code == 0
        (room / "filler").unlink()
        append(room, {**RECORD, "id": "last"})
        assert head(room) == known + 1 and timeline(room, "verify").code == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)
