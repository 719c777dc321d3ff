"""The file of tokens and sessions, `access.sqlite`, which only its owner can read.

It is needed for every request, so rows are cached until the file changes: `PRAGMA data_version`
tells whether another connection, of any process, has written, without reading from disk. So a
revocation takes effect with the next request, in every process. So does replacing the file: its
device and inode are compared with those of the open one. That is why it has a rollback journal and
not a write-ahead log, whose leftovers SQLite would apply to the replacement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any

from timeline.errors import StoreError
from timeline.files import PRIVATE
from timeline.log.sqlite.files import create_file, write_lock

APPLICATION_ID = 0x544C4143  # "TLAC"
SCHEMA_VERSION = 2

# `token` is a token, or a one-time link.
_SESSIONS = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    digest BLOB NOT NULL,
    token TEXT NOT NULL REFERENCES tokens (id),
    opened_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL
) WITHOUT ROWID;
"""

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
    revoked_at INTEGER,
    is_link INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

{_SESSIONS}
"""

# From version 1, which had links in a table of their own. All sessions end.
_UPGRADE = f"""
PRAGMA journal_mode = DELETE;
BEGIN IMMEDIATE;
DROP TABLE links;
DROP TABLE sessions;
{_SESSIONS}
ALTER TABLE tokens ADD COLUMN is_link INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

# Seconds to wait for another process that is writing: in order to write, and to read.
_TIMEOUT, _READ_TIMEOUT = 10, 1

Row = dict[str, Any]


class AccessFile:
    """The file, shared by all threads of a process.

    It has two connections: one for reading, with a lock that is held for microseconds, and one for
    writing, which is used in other threads than that which answers requests.
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
            self._reader = _Connection(path, _READ_TIMEOUT)
            self._writer = _Connection(path, _TIMEOUT)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot open {path}: {error}") from error
        self._rows: dict[str, Row] = {}
        # The rows that were cached before the file last changed.
        self._before: dict[str, Row] = {}
        self._read_from: tuple[sqlite3.Connection, int] | None = None
        self._uses: SimpleQueue[tuple[str, int, str]] = SimpleQueue()
        self._recording = ThreadPoolExecutor(1, "uses of tokens")

    def row(self, query: str, id: str) -> Row | None:
        """The row that a query finds by an id, cached until the file changes.

        Raises:
            StoreError: the file cannot be read.
        """
        key = f"{query} {id}"
        with self._reading() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if (connection, version) != self._read_from:
                self._before, self._rows = self._rows, {}
                self._read_from = connection, version
            if key not in self._rows:
                found = connection.execute(query, (id,)).fetchone()
                if found is None:
                    # Misses are not cached: guesses would fill the memory.
                    return None
                row = self._rows[key] = dict(found)
                # A use that was recorded may not be in the file yet.
                used = self._before.get(key, row)["last_used_at"]
                row["last_used_at"] = max(row["last_used_at"] or 0, used or 0) or None
            return self._rows[key]

    def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of a query.

        Raises:
            StoreError: the file cannot be read.
        """
        self._recording.submit(self._record_uses).result()
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(query, values)]

    def record_use(self, row: Row, statements: tuple[str, ...], now: int) -> None:
        """Record that a row was used: in the cached row now, and soon in the file, in a thread.

        The statements take the instant and the id. They are skipped if the file cannot be written.
        """
        row["last_used_at"] = now
        for statement in statements:
            self._uses.put((statement, now, row["id"]))
        self._recording.submit(self._record_uses)

    def _record_uses(self) -> None:
        """Write the uses since the last time, in one transaction."""
        if self._uses.empty():
            return
        with suppress(StoreError), self.transaction() as connection:
            while not self._uses.empty():
                statement, now, id = self._uses.get()
                connection.execute(statement, (now, id))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._reader.lock:
            try:
                yield self._reader.current()
            except (sqlite3.Error, OSError) as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection for writing; the block is one transaction.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._writer.lock:
            try:
                connection = self._writer.current()
                connection.execute("BEGIN IMMEDIATE")
                with connection:
                    yield connection
            except (sqlite3.Error, OSError) as error:
                raise StoreError(f"cannot write {self.path}: {error}") from error

    def close(self) -> None:
        self._recording.shutdown()
        self._reader.close()
        self._writer.close()


class _Connection:
    """A connection to whatever file has the path now, and the lock to hold while using it."""

    def __init__(self, path: Path, timeout: float):
        self.lock = Lock()
        self._path, self._timeout = path, timeout
        self._file = _identity(path)
        self._connection = _connect(path, timeout)

    def current(self) -> sqlite3.Connection:
        """The connection, opened again if the file was replaced.

        Raises:
            sqlite3.Error, OSError, StoreError: there is no such file, or it cannot be opened.
        """
        if (file := _identity(self._path)) != self._file:
            replacement = _connect(self._path, self._timeout)
            self._connection.close()
            self._file, self._connection = file, replacement
        return self._connection

    def close(self) -> None:
        self._connection.close()


def _identity(path: Path) -> tuple[int, int]:
    """The device and the inode of a file."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _create(path: Path) -> None:
    """Create the file, unless another process is faster."""
    with write_lock(path):
        if not path.exists():
            create_file(path, SCHEMA, mode=PRIVATE, journal="DELETE")


def _connect(path: Path, timeout: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=timeout, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        ((application,),) = connection.execute("PRAGMA application_id")
        if application != APPLICATION_ID:
            raise StoreError(f"{path} is an SQLite file, but not one of tokens")
        if _version(connection) < SCHEMA_VERSION:
            with write_lock(path):
                if _version(connection) < SCHEMA_VERSION:
                    connection.executescript(_UPGRADE)
        if _version(connection) > SCHEMA_VERSION:
            raise StoreError(f"{path} was written by a newer timeline: upgrade timeline")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    ((version,),) = connection.execute("PRAGMA user_version")
    return int(version)
