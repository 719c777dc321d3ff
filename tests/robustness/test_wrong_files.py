"""Files that are no logs: refused with a message that names them, and nothing is written."""

from __future__ import annotations

import random
import resource
import subprocess
from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append, as_lines, command, environment, head, inside

RECORDS = [event("happened", "2026", id=f"r{n}", about=["lab"], body="b" * 200) for n in range(9)]
READERS = (["import"], ["append", "--json"])
MOST_MEMORY = 200 * 1024 * 1024


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_a_missing_file_is_named(room: Path, reader: list[str]) -> None:
    done = inside(room, *reader, "absent.jsonl")
    assert done.code == 2 and done.err.startswith("Error: cannot read absent.jsonl: No such file")


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_a_directory_is_named(room: Path, reader: list[str]) -> None:
    done = inside(room, *reader, room)
    assert done.code == 2 and f"{room} is a directory" in done.err


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_a_file_that_cannot_be_read_is_no_fault_of_the_log(room: Path, reader: list[str]) -> None:
    unreadable = Path("/proc/self/mem")
    if not unreadable.exists():
        pytest.skip("no file here that opens and cannot be read")
    done = inside(room, *reader, unreadable)
    assert done.code == 2 and "cannot read /proc/self/mem: Input/output error" in done.err


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_a_truncated_file_is_refused_whole(room: Path, tmp_path: Path, reader: list[str]) -> None:
    file = tmp_path / "torn.jsonl"
    file.write_bytes(as_lines(RECORDS)[:-100])
    done = inside(room, *reader, file)
    assert done.code == 2 and f"{file}:9: not JSON" in done.err
    assert len(done.err.splitlines()) == 1 and head(room) == 0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("reader", READERS, ids=" ".join)
def test_binary_junk_is_refused(room: Path, tmp_path: Path, reader: list[str], seed: int) -> None:
    file = tmp_path / "junk"
    file.write_bytes(random.Random(seed).randbytes(20_000))
    done = inside(room, *reader, file)
    assert done.code == 2 and f"{file}:1: not JSON" in done.err
    assert head(room) == 0


def test_invalid_utf_8_is_refused(room: Path) -> None:
    lines = as_lines(RECORDS[:1]).replace(b"lab", b"l\xe4b")
    done = inside(room, "append", "--json", "-", given=lines)
    assert done.code == 2 and "-:1: " in done.err and head(room) == 0


def test_half_a_surrogate_pair_is_refused(room: Path) -> None:
    lines = as_lines(RECORDS[:1]).replace(b"bbb", b"\\ud83d", 1)
    done = inside(room, "append", "--json", "-", given=lines)
    assert done.code == 2 and "-:1: " in done.err and head(room) == 0


def test_the_sqlite_file_of_a_newsroom_is_no_portable_log(room: Path) -> None:
    append(room, *RECORDS)
    done = inside(room, "import", room / "log.sqlite")
    assert done.code == 2 and "not JSON" in done.err


def test_blank_lines_a_byte_order_mark_and_dos_line_ends_do_no_harm(room: Path) -> None:
    lines = b"\xef\xbb\xbf\n" + as_lines(RECORDS).replace(b"\n", b"\r\n\r\n \n")
    assert inside(room, "append", "--json", "-", given=lines).code == 0
    assert head(room) == len(RECORDS)


def test_a_last_line_needs_no_line_feed(room: Path) -> None:
    assert inside(room, "append", "--json", "-", given=as_lines(RECORDS)[:-1]).code == 0
    assert head(room) == len(RECORDS)


@pytest.mark.parametrize("file", ["empty", "/dev/null"])
def test_an_empty_file_is_an_empty_log(room: Path, tmp_path: Path, file: str) -> None:
    (tmp_path / "empty").touch()
    done = inside(room, "import", tmp_path / file)
    assert done == (0, "imported 0 records; the head is at 0\n", "")


def test_one_wrong_file_of_several_stops_them_all(room: Path, tmp_path: Path) -> None:
    for name, content in {"good": as_lines(RECORDS), "bad": b"{}\n"}.items():
        (tmp_path / name).write_bytes(content)
    done = inside(room, "import", tmp_path / "good", tmp_path / "bad")
    assert done.code == 2 and f"{tmp_path / 'bad'}:1: type: is required" in done.err
    assert head(room) == 0


@pytest.mark.parametrize("reader", READERS, ids=" ".join)
@pytest.mark.parametrize("line", [b"x", b'{"body":"', b"["], ids=["text", "object", "lists"])
def test_a_line_of_fifty_megabytes_does_not_fill_the_memory(
    room: Path, reader: list[str], line: bytes
) -> None:
    """The child may not even ask for more memory than is allowed."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))

    process = subprocess.Popen(
        command(room, *reader, "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        preexec_fn=limit,
    )
    long = line * (50 * 1024 * 1024 // len(line))
    _, err = process.communicate(as_lines(RECORDS[:1]) + long + b"\n{}\n", timeout=100)
    complaints = err.decode().splitlines()
    assert process.returncode == 2 and len(complaints) == 2
    assert complaints[0].startswith("Error: -:2: the record is longer than 1024 KiB")
    assert complaints[1].startswith("Error: -:3: ")
    assert head(room) == 0
