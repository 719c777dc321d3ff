"""The file of tokens and sessions, `access.sqlite`, which only its owner can read.

It is needed for every request, so rows are cached until the file changes: `PRAGMA data_version`
tells whether another connection, of any process, has written, without reading from disk. So a
revocation takes effect with the next request, in every process.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from timeline.errors import StoreError
from timeline.log.sqlite.files import create_file, write_lock

APPLICATION_ID = 0x544C4143  # "TLAC"
SCHEMA_VERSION = 1

SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    holder TEXT NOT NULL,
    role INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    revoked_at INTEGER
) WITHOUT ROWID;

-- `token` is null if the session was opened with a link.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    token TEXT REFERENCES tokens (id),
    holder TEXT NOT NULL,
    role INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE links (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    holder TEXT NOT NULL,
    role INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
"""

# How long to wait for another process that writes: in seconds; and to record a use, which may be
# skipped, in milliseconds.
_TIMEOUT = 10
_TIMEOUT_OF_USE = 50

Row = dict[str, Any]


class AccessFile:
    """The file, shared by all threads of a process.

    It has two connections: one for reading, with a lock that is held for microseconds, and one for
    writing, which may wait for the disk without blocking readers.
    """

    def __init__(self, path: Path):
        """Open the file, or create it.

        Raises:
            StoreError: it cannot be created, or is not a file of tokens.
        """
        self.path = path
        try:
            if not path.exists():
                _create(path)
            self._reader = _connection(path)
            self._writer = _connection(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot open {path}: {error}") from error
        # The times of last use, which the reader writes, may be lost in a power failure.
        self._reader.execute("PRAGMA synchronous = NORMAL")
        self._reader.execute(f"PRAGMA busy_timeout = {_TIMEOUT_OF_USE}")
        self._writer.execute("PRAGMA synchronous = FULL")
        self._read_lock, self._write_lock = Lock(), Lock()
        self._rows: dict[str, Row] = {}
        self._version: int | None = None

    def row(self, query: str, id: str) -> Row | None:
        """The row that a query finds by an id, cached until the file changes.

        Raises:
            StoreError: the file cannot be read.
        """
        key = f"{query} {id}"
        with self._read_lock:
            try:
                (version,) = self._reader.execute("PRAGMA data_version").fetchone()
                if version != self._version:
                    self._rows.clear()
                    self._version = version
                if key not in self._rows:
                    found = self._reader.execute(query, (id,)).fetchone()
                    if found is None:
                        # Misses are not cached: guesses would fill the memory.
                        return None
                    self._rows[key] = dict(found)
                return self._rows[key]
            except sqlite3.Error as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of a query.

        Raises:
            StoreError: the file cannot be read.
        """
        with self._read_lock:
            try:
                return [dict(row) for row in self._reader.execute(query, values)]
            except sqlite3.Error as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    def record_use(self, row: Row, statement: str, now: int) -> None:
        """Record that a row was used, unless another process is writing.

        The statement takes the instant and the id. The cached row has the instant in any case, so
        that the next request does not try again.
        """
        with self._read_lock:
            row["last_used_at"] = now
            try:
                self._reader.execute(statement, (now, row["id"]))
            except sqlite3.OperationalError:
                return

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection for writing; the block is one transaction.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                with self._writer:
                    yield self._writer
            except sqlite3.Error as error:
                raise StoreError(f"cannot write {self.path}: {error}") from error

    def close(self) -> None:
        self._reader.close()
        self._writer.close()


def _create(path: Path) -> None:
    """Create the file, unless another process is faster."""
    with write_lock(path):
        if not path.exists():
            create_file(path, SCHEMA, mode=0o600)


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        ((application,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        if application != APPLICATION_ID:
            raise StoreError(f"{path} is an SQLite file, but not one of tokens")
        if version > SCHEMA_VERSION:
            raise StoreError(f"{path} was written by a newer timeline: upgrade timeline")
    except BaseException:
        connection.close()
        raise
    return connection
