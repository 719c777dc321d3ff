"""SQLite files shared by processes: atomic creation, a fair write lock, and replacement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from timeline.errors import StoreReplacedError
from timeline.files import create_empty, mode_in, replacing

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: rely on SQLite's own busy timeout.
    fcntl = None


def create_file(path: Path, schema: str, mode: int | None = None, journal: str = "WAL") -> None:
    """Create an SQLite file with these tables and journal mode, or nothing at all.

    `mode` are the file's permissions, by default private or shared as its directory is. SQLite
    gives the journals the same.

    Raises:
        sqlite3.Error, OSError: it cannot be created.
    """
    with replacing(path, mode_in(path.parent) if mode is None else mode) as unfinished:
        connection = sqlite3.connect(unfinished, isolation_level=None)
        try:
            connection.execute("PRAGMA page_size = 16384")
            connection.execute(f"PRAGMA journal_mode = {journal}")
            connection.executescript(f"BEGIN IMMEDIATE; {schema} COMMIT;")
        finally:
            connection.close()
        delete_journals(path)


def delete_journals(path: Path) -> None:
    """Delete the journals of a file that was deleted: SQLite would apply them to its successor.

    Raises:
        OSError: they cannot be deleted.
    """
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class OpenFile:
    """An SQLite file that a process has open, with its write-ahead log.

    After another file was put in its place, SQLite goes on to read and write the one that it has
    open, and what is written is lost. So `check` compares what is at the path with what was there
    when the file was opened.
    """

    def __init__(self, path: Path):
        """Call this before the file is opened, and `check` when it has been read."""
        self._path = path
        self._file = _identity(path)
        self._journal: tuple[int, int] | None = None

    def check(self) -> None:
        """Check that the file and its write-ahead log are still in place.

        Raises:
            StoreReplacedError: they were removed or replaced.
        """
        file, journal = _identity(self._path), _identity(journal_of(self._path))
        if self._journal is None:
            # It is created by the first connection, and stays as long as there is one.
            self._journal = journal
        if (file, journal) != (self._file, self._journal):
            raise StoreReplacedError(
                f"the log {self._path} was removed or replaced after it was opened: restart"
            )


def journal_of(path: Path) -> Path:
    """The write-ahead log of an SQLite file."""
    return path.with_name(path.name + "-wal")


def _identity(path: Path) -> tuple[int, int] | None:
    """The device and the inode of a file; None if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Wait until no other thread or process holds the lock of a file, and hold it.

    Waiters are served in order. With SQLite alone, each would sleep and retry, so that a busy
    process could starve the others for seconds. This is an operating system lock on a file
    beside the database, released when its process dies.
    """
    if fcntl is None:
        yield
        return
    turn = path.with_name(path.name + "-turn")
    create_empty(turn)
    with turn.open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
