"""Making an SQLite file: wholly or not at all, whatever an earlier attempt has left."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def make(path: Path, schema: str, mode: int = 0o666) -> None:
    """Make a file with a write-ahead log and these tables.

    It is made beside its place and put there when it is done. What a process that was killed on
    the way has left is deleted first, journals included. `mode` says who may read and write it,
    as far as the process allows (umask); the journals that SQLite keeps beside it are like it.

    Raises:
        sqlite3.Error, OSError: it cannot be made.
    """
    unfinished = path.with_name(path.name + "-new")
    for left in path.parent.glob(f"{unfinished.name}*"):
        left.unlink()
    unfinished.touch(mode)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE; {schema} COMMIT;")
    finally:
        connection.close()
    unfinished.replace(path)
