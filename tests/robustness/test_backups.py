"""`timeline backup` and `timeline restore-backup`: whole, or not at all."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import turns
from tests.killing import hear, kill_after
from tests.rooms import event
from tests.running import PROGRAM, REPOSITORY, append, command, environment, head, inside
from timeline.errors import StoreReplacedError
from timeline.newsroom.newsroom import Newsroom


def record(id: str, **more: object) -> dict[str, object]:
    return event("happened", "2026", id=id, about=["lab"], **more)


@pytest.fixture
def backup(room: Path, tmp_path: Path) -> Path:
    """A backup of a newsroom with two records, of which one is in the write-ahead log only."""
    append(room, record("first"))
    file = tmp_path / "backup.sqlite"
    with Newsroom.open(room):
        append(room, record("second"))
        assert (room / "log.sqlite-wal").stat().st_size
        done = inside(room, "backup", file)
        assert done == (0, f"backed up 2 records to {file}\n", "")
    return file


def ids(room: Path) -> list[str]:
    return [each["id"] for each in inside(room, "log", "--format", "jsonl").lines()]


def test_a_backup_has_what_a_copy_of_the_file_lacks(backup: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert inside(new, "restore-backup", backup).code == 0
    assert ids(new) == ["first", "second"]
    assert backup.stat().st_mode & 0o777 == 0o600
    assert {each.name for each in tmp_path.iterdir()} == {"room", "new", "backup.sqlite"}


def test_a_backup_has_the_settings_too(room: Path, tmp_path: Path) -> None:
    inside(None, "init", tmp_path / "gazette", "--name", "Gazette", "--zone", "Europe/Berlin")
    file = tmp_path / "backup.sqlite"
    assert inside(tmp_path / "gazette", "backup", file).code == 0
    assert inside(tmp_path / "new", "restore-backup", file).code == 0
    status = inside(tmp_path / "new", "status", "--format", "json").json()
    assert (status["newsroom"], status["zone"]) == ("Gazette", "Europe/Berlin")


def test_a_backup_replaces_no_file_unless_it_is_meant(room: Path, backup: Path) -> None:
    before = backup.read_bytes()
    append(room, record("third"))
    done = inside(room, "backup", backup)
    assert done.code == 2 and "exists already" in done.err and backup.read_bytes() == before
    assert inside(room, "backup", backup, "--replace").code == 0
    assert backup.read_bytes() != before


def test_records_that_a_backup_lacks_are_not_lost_unless_it_is_meant(
    room: Path, backup: Path
) -> None:
    assert inside(room, "restore-backup", backup).code == 0
    append(room, record("third"), record("fourth"))
    done = inside(room, "restore-backup", backup)
    assert done.code == 2 and "records 3 to 4 of the log are not in" in done.err
    assert ids(room) == ["first", "second", "third", "fourth"]
    assert inside(room, "restore-backup", backup, "--replace").code == 0
    assert ids(room) == ["first", "second"]
    assert inside(room, "snapshot", "lab").code == 0


def test_a_damaged_log_is_replaced_if_it_is_meant(room: Path, backup: Path) -> None:
    (room / "log.sqlite").write_bytes(b"junk" * 5000)
    done = inside(room, "restore-backup", backup)
    assert done.code == 2 and "--replace" in done.err
    assert inside(room, "restore-backup", backup, "--replace").code == 0
    assert ids(room) == ["first", "second"]


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_a_damaged_backup_is_refused(room: Path, backup: Path, at: float) -> None:
    content = bytearray(backup.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    del content[int(len(content) * 0.95) :]
    backup.write_bytes(content)
    done = inside(room, "restore-backup", backup, "--replace", "--damaged")
    assert done.code == 4 and "Traceback" not in done.err
    assert ids(room) == ["first", "second"]


def test_invalid_records_are_refused_unless_they_are_meant(room: Path, backup: Path) -> None:
    with sqlite3.connect(backup) as connection:
        connection.execute("DROP TRIGGER stored_events_are_never_updated")
        connection.execute("UPDATE stored_events SET state = x'7b22' WHERE position = 2")
    connection.close()
    done = inside(room, "restore-backup", backup, "--replace")
    assert done.code == 2 and "the first at position 2" in done.err
    assert inside(room, "restore-backup", backup, "--replace", "--damaged").code == 0


@pytest.mark.parametrize("content", [None, b"", b"junk"])
def test_what_is_no_backup_is_refused(room: Path, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    done = inside(room, "restore-backup", tmp_path / "file")
    assert done.code == 4 and "Traceback" not in done.err
    assert head(room) == 0


def test_who_has_the_log_open_notices(room: Path, backup: Path) -> None:
    with Newsroom.open(room) as newsroom:
        assert newsroom.status()["head"] == 2
        assert inside(room, "restore-backup", backup).code == 0
        with pytest.raises(StoreReplacedError):
            newsroom.status()


def test_a_newsroom_in_a_database_has_backups_of_its_own(database: str, tmp_path: Path) -> None:
    for words in (["backup"], ["restore-backup"]):
        done = inside(None, "--log", database, *words, tmp_path / "file")
        assert done.code == 2 and "pg_dump" in done.err


def test_a_copy_without_its_write_ahead_log_is_noticed_by_status(room: Path) -> None:
    append(room, record("first"))
    with Newsroom.open(room) as newsroom:
        append(room, record("second"))
        newsroom.snapshot("lab")
        shutil.copytree(room, room.with_name("copy"), ignore=shutil.ignore_patterns("*-wal"))
    (warning,) = inside(room.with_name("copy"), "status", "--format", "json").json()["warnings"]
    assert warning.startswith("the log ends at ") and "log.sqlite-wal" in warning


def test_backups_taken_while_others_append_are_whole(room: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.robustness.appender", str(room), "writer"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, env=environment(), cwd=REPOSITORY
    ) as process:
        said = 0
        for number in range(3):
            said += len(hear(process, 5))
            new, file = tmp_path / f"new{number}", tmp_path / f"{number}.sqlite"
            assert inside(room, "backup", file).code == 0
            assert inside(new, "restore-backup", file).code == 0
            assert head(new) >= said
        process.kill()


def test_a_restore_that_is_killed_leaves_the_log_or_the_backup(
    room: Path, backup: Path, tmp_path: Path
) -> None:
    """Whenever it is killed: the steps that it takes are calls of `os.fsync` and renames."""
    chance = random.Random(20261201)
    for turn in range(turns(6, 36)):
        if head(room) == 2:
            append(room, *(record(f"r{turn}-{number}") for number in range(20)))
        words = command(room, "restore-backup", backup, "--replace")[len(PROGRAM) :]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.robustness.stepping", *words],
            stdout=subprocess.PIPE,
            env=environment(),
            cwd=REPOSITORY,
        )
        kill_after(process, chance.randrange(2, 14), chance)
        assert head(room) in (2, 22)
        assert inside(room, "verify").code == 0
