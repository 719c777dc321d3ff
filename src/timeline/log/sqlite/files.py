"""Files that processes share: made all at once, and written by one process at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: SQLite's own waiting has to do.
    fcntl = None


def create_file(path: Path, schema: str, mode: int = 0o666, journal: str = "WAL") -> None:
    """Create an SQLite file with these tables and journal mode, or nothing at all.

    It is created under another name and then renamed. What a killed process has left of an earlier
    attempt is deleted first, journals included, and so are the journals of a file that was deleted,
    which SQLite would apply to the new one. `mode` are the file's permissions, less the
    process's umask; SQLite gives the journals the same.

    Raises:
        sqlite3.Error, OSError: it cannot be created.
    """
    unfinished = path.with_name(path.name + "-new")
    for left in path.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    unfinished.touch(mode)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.executescript(f"BEGIN IMMEDIATE; {schema} COMMIT;")
    finally:
        connection.close()
    for journal in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + journal).unlink(missing_ok=True)
    unfinished.replace(path)


@contextmanager
def write_lock(path: Path) -> Iterator[None]:
    """Wait until no other thread or process holds the lock of a file, and hold it.

    Waiters are served in order. SQLite alone would let each sleep and try again, so that a busy
    process starves the others for seconds. The operating system keeps this queue, in a lock on a
    file beside the database, and releases the lock of a process that dies.
    """
    if fcntl is None:
        yield
        return
    with path.with_name(path.name + "-turn").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield
