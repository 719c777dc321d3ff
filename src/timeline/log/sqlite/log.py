"""The log in one SQLite file, without a server, or in memory."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import quote

from timeline.errors import StoreError
from timeline.log.protocol import StorageInfo
from timeline.log.reader import Row, SQLReader
from timeline.log.sqlite.files import OpenFile, create_file, journal_of
from timeline.log.sqlite.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION, keep_settings

if TYPE_CHECKING:
    from timeline.log.sqlite.recorder import SQLiteRecorder


# Bytes that must fit on the disk for a record to fit, with the pages of the indexes.
_TRIAL = 256 * 1024


class SQLiteReader(SQLReader):
    """Reads through one connection, one thread at a time.

    SQLite would allow more, but the statement cache of Python's `sqlite3` does not.
    """

    tables = "main"

    def __init__(self, connection: sqlite3.Connection, file: OpenFile | None = None):
        """`file` is checked after each query."""
        self.connection = connection
        self.lock = RLock()
        self.file = file

    def rows(self, query: str, *values: object) -> list[Row]:
        try:
            with self.lock:
                rows = self.connection.execute(query, values).fetchall()
                self.check()
                return rows
        except sqlite3.Error as error:
            raise StoreError(f"cannot read the log: {error}") from error

    def check(self) -> None:
        """Check that the file is still the one that was opened.

        Raises:
            StoreReplacedError: it was removed or replaced.
        """
        if self.file is not None:
            self.file.check()

    def one_of(self, column: str, values: Collection[object]) -> tuple[str, Sequence[object]]:
        return f"{column} IN ({', '.join('?' * len(values))})", list(values)


class SQLiteLog(SQLiteReader):
    """A log file, opened read-only; or, without a path, a log in memory that lives with the object.

    `settings` are those of the newsroom, as JSON: each append keeps them in the log.

    Raises:
        StoreError: the file is not there, is not a log, or has a newer version.
    """

    def __init__(self, path: Path | None, settings: str | None = None):
        self.path = path
        self.kept_with = settings
        if path is None:
            super().__init__(_in_memory())
        else:
            file = OpenFile(path)
            super().__init__(_open(path), file)
            self.check()

    @cached_property
    def recorder(self) -> SQLiteRecorder:
        """The eventsourcing recorder, through which everything is written."""
        from timeline.log.sqlite.recorder import SQLiteRecorder

        return SQLiteRecorder(self)

    def facts(self) -> StorageInfo:
        ((pages,),), ((size,),) = self.rows("PRAGMA page_count"), self.rows("PRAGMA page_size")
        where = "memory" if self.path is None else str(self.path)
        return StorageInfo(where, pages * size, "SQLite", sqlite3.sqlite_version)

    def check_appendable(self) -> None:
        if self.path is None:
            return
        self.check()
        try:
            # SQLite would find out only by writing to the log.
            with TemporaryFile(dir=self.path.parent, buffering=0) as trial:
                trial.write(bytes(_TRIAL))
                os.fsync(trial.fileno())
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"nothing can be appended to the log {self.path}: {why}") from error

    def close(self) -> None:
        with self.lock:
            self.connection.close()
        # Last, because only a writable connection checkpoints the write-ahead log.
        if "recorder" in self.__dict__:
            self.recorder.close()


def create(path: Path, settings: str, now: int) -> None:
    """Create an empty log file that keeps these settings, or nothing at all.

    Raises:
        StoreError: the file cannot be created.
    """
    try:
        create_file(path, SCHEMA + keep_settings(settings, now))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot make the log {path}: {error}") from error


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(SCHEMA)
    return connection


def _open(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    if not path.is_file():
        raise StoreError(
            f"there is no log at {path}: restore it with `timeline restore-backup`, or make a new "
            "newsroom with `timeline init`"
        )
    location = quote(str(path.resolve()))
    try:
        return _checked(f"file:{location}?mode=ro", path)
    except sqlite3.OperationalError as error:
        # In a read-only directory there can be no files for the shared memory of the write-ahead
        # log. If that log is empty, the database file holds everything.
        journal = journal_of(path)
        if journal.exists() and journal.stat().st_size:
            raise StoreError(
                f"cannot read the log {path}: {error}; its last records are in {journal.name}, "
                "and reading them needs write permission for the directory"
            ) from error
        try:
            return _checked(f"file:{location}?mode=ro&immutable=1", path)
        except sqlite3.Error as error:
            raise StoreError(f"cannot read the log {path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a timeline log: {error}") from error


def _checked(uri: str, path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=60, check_same_thread=False
    )
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise StoreError(f"{path} is an SQLite file, but not a timeline log")
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{path} is a log of version {version}, written by a newer timeline; "
                f"this one reads version {SCHEMA_VERSION}: upgrade timeline"
            )
        if version < SCHEMA_VERSION:
            raise StoreError(
                f"{path} is a log of version {version}, which this timeline does not read: "
                "export it with the timeline that wrote it, and import it here"
            )
    except BaseException:
        connection.close()
        raise
    return connection
