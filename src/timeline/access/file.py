"""The file of tokens and sessions: `access.sqlite`, for its owner alone.

It is asked on each request, so what was read stays in memory, for as long as nobody has
written: `PRAGMA data_version` tells whether another connection has, of this process or of any
other, and asks no disk. So a revocation counts from the next request on, everywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from timeline.errors import StoreError
from timeline.log.sqlite.create_file import make
from timeline.log.sqlite.write_lock import turn

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

-- `token` is null where a session was opened by a link.
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

# How long to wait for another process that writes, in seconds; and so to note a use, which can
# be let be, in milliseconds.
_PATIENCE = 10
_PATIENCE_TO_NOTE = 50

Row = dict[str, Any]


class AccessFile:
    """The file, for all threads of a process.

    Two connections: questions share one, behind a lock that is held for microseconds; changes
    have the other, and wait for the disk without keeping questions waiting.
    """

    def __init__(self, path: Path):
        """Open the file, or make it.

        Raises:
            StoreError: it cannot be made, or is none of ours.
        """
        self.path = path
        try:
            if not path.exists():
                _make(path)
            self._asking = _connection(path)
            self._changing = _connection(path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot open {path}: {error}") from error
        # When something was last used may be lost with the machine; all else may not.
        self._asking.execute("PRAGMA synchronous = NORMAL")
        self._asking.execute(f"PRAGMA busy_timeout = {_PATIENCE_TO_NOTE}")
        self._changing.execute("PRAGMA synchronous = FULL")
        self._asking_lock, self._changing_lock = Lock(), Lock()
        self._rows: dict[str, Row] = {}
        self._version: int | None = None

    def row(self, query: str, id: str) -> Row | None:
        """The row that a query finds by an id, from memory if nobody has written since.

        Raises:
            StoreError: the file cannot be read.
        """
        key = f"{query} {id}"
        with self._asking_lock:
            try:
                (version,) = self._asking.execute("PRAGMA data_version").fetchone()
                if version != self._version:
                    self._rows.clear()
                    self._version = version
                if key not in self._rows:
                    found = self._asking.execute(query, (id,)).fetchone()
                    if found is None:
                        # What is not there is not remembered: guesses would fill the memory.
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
        with self._asking_lock:
            try:
                return [dict(row) for row in self._asking.execute(query, values)]
            except sqlite3.Error as error:
                raise StoreError(f"cannot read {self.path}: {error}") from error

    def note_use(self, row: Row, statement: str, now: int) -> None:
        """Write down that a row was used; if that cannot be written now, it is let be.

        The statement takes the instant and the id. The row remembers it in any case, so that
        who cannot write does not try on each request.
        """
        with self._asking_lock:
            row["last_used_at"] = now
            try:
                self._asking.execute(statement, (now, row["id"]))
            except sqlite3.OperationalError:
                return

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A connection that writes; what is done in the block is done wholly or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        with self._changing_lock:
            try:
                self._changing.execute("BEGIN IMMEDIATE")
                with self._changing:
                    yield self._changing
            except sqlite3.Error as error:
                raise StoreError(f"cannot write {self.path}: {error}") from error

    def close(self) -> None:
        self._asking.close()
        self._changing.close()


def _make(path: Path) -> None:
    """Make the file, if no other process comes first."""
    with turn(path):
        if not path.exists():
            make(path, SCHEMA, mode=0o600)


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        ((application,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        if application != APPLICATION_ID:
            raise StoreError(f"{path} is an SQLite file, but holds no tokens of ours")
        if version > SCHEMA_VERSION:
            raise StoreError(f"{path} was written by a newer timeline: upgrade timeline")
    except BaseException:
        connection.close()
        raise
    return connection
