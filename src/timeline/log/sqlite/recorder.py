"""Writing a log in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property, partial
from threading import RLock

from eventsourcing.persistence import IntegrityError

from timeline import temporal
from timeline.errors import StoreError
from timeline.log.mapper import StoredRecord
from timeline.log.recorder import LogRecorder, Transaction
from timeline.log.sqlite.files import write_lock
from timeline.log.sqlite.log import SQLiteLog, SQLiteReader

# FULL: a commit waits until the write-ahead log has reached the disk.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA cache_size = -65536",
)

# ROLLBACK: a statement that can be undone by itself journals each page first, and takes twice as
# long.
INSERT = "INSERT OR ROLLBACK INTO stored_events VALUES (?, ?, ?, ?, ?, ?, ?)"
_INSERT_AMENDED = "INSERT OR IGNORE INTO amended VALUES (?, ?)"


class SQLiteRecorder(LogRecorder):
    """Writes to a file through one connection.

    A log in memory uses the reader's connection, and is not read until the transaction ends.
    """

    def __init__(self, log: SQLiteLog):
        super().__init__(log, log)
        self._log = log
        self._path = log.path
        self._lock = log.lock if log.path is None else RLock()

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        if self._path is None:
            return self._log.connection
        connection = sqlite3.connect(
            self._path, isolation_level=None, timeout=60, check_same_thread=False
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    @contextmanager
    def exclusive(self, commit: bool = True) -> Iterator[Transaction]:
        try:
            # The first lock is fair and between processes, the second between threads.
            turn = write_lock(self._path) if self._path else nullcontext()
            with turn, self._lock, self._transaction(commit) as connection:
                yield Transaction(SQLiteReader(connection), partial(_insert, connection))
        except (sqlite3.Error, OSError) as error:
            where = self._path or "in memory"
            raise StoreError(f"cannot write the log {where}: {error}") from error

    @contextmanager
    def _transaction(self, commit: bool) -> Iterator[sqlite3.Connection]:
        connection, check = self._connection, self._log.check
        connection.execute("BEGIN IMMEDIATE")
        try:
            check()
            yield connection
            if commit:
                self._keep_settings()
                check()
                connection.execute("COMMIT")
                # What was committed to a file that is gone must not be acknowledged.
                check()
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _keep_settings(self) -> None:
        """Keep the newsroom's settings in the log, if they are not there already."""
        settings, kept = self._log.kept_with, SQLiteReader(self._connection).settings()
        if settings is not None and (kept is None or kept.text != settings):
            self._connection.execute(
                "INSERT INTO settings SELECT coalesce(max(version), 0) + 1, ?, ? FROM settings",
                (settings, temporal.now()),
            )

    def close(self) -> None:
        with self._lock:
            if "_connection" in self.__dict__:
                self._connection.close()


def _insert(connection: sqlite3.Connection, records: Sequence[StoredRecord]) -> None:
    try:
        connection.executemany(INSERT, map(_row, records))
        amended = [(event, record.position) for record in records for event in record.amends]
        if amended:
            connection.executemany(_INSERT_AMENDED, amended)
    except sqlite3.IntegrityError as error:
        raise IntegrityError(error) from error


def _row(record: StoredRecord) -> tuple[object, ...]:
    return (
        record.originator_id,
        record.originator_version,
        record.topic,
        record.state,
        record.position,
        record.id,
        record.recorded_at,
    )
