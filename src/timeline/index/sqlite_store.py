"""The index of a log file: SQLite files in a directory beside it.

Each build is a separate file that gets its final name when it is complete, so a reader sees either
the old rows or the new ones. The file with the highest number is in use; older ones are deleted.
The directory can be deleted at any time: it contains nothing that is not in the log.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from timeline.errors import StoreError
from timeline.files import create_empty, make_private
from timeline.index.rows import RowsUnusableError
from timeline.index.sql_rows import Dialect, SqlRows, create_tables
from timeline.log.sqlite.files import write_lock

APPLICATION_ID = 0x54524F57  # "TROW"

# SQLite errors that do not mean a damaged file.
_NOT_DAMAGE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
)

SQLITE = Dialect(
    schema="""
CREATE TABLE {rows} (
    key TEXT NOT NULL,
    event INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    state BLOB NOT NULL,
    sum INTEGER NOT NULL,
    PRIMARY KEY (key, event, since)
) WITHOUT ROWID;
CREATE TABLE {tracking} (
    application_name TEXT PRIMARY KEY,
    notification_id INTEGER NOT NULL,
    anchor TEXT NOT NULL DEFAULT '',
    unreadable INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID""",
    staging="""
CREATE TEMP TABLE staged_opened (
    keys TEXT, event INTEGER, since INTEGER, until INTEGER, state BLOB, sum INTEGER
);
CREATE TEMP TABLE staged_closed (key TEXT, event INTEGER, until INTEGER)""",
    unnest="json_each(keys) AS each",
    keys="key IN (SELECT value FROM json_each(?))",
    # CROSS JOIN keeps SQLite from reordering the join.
    prefixes=(
        "SELECT {columns} FROM json_each(?) AS asked CROSS JOIN {table} AS rows"
        " ON rows.key >= asked.value AND rows.key < asked.value || '~' WHERE {condition}"
    ),
    array=lambda texts: orjson.dumps(texts).decode(),
)


class SQLiteDatabase:
    """Rows in SQLite with a single connection: in memory, or in a private file."""

    dialect = SQLITE

    def __init__(self, where: Path | str, connection: sqlite3.Connection | None = None):
        self.where = where
        self.connection = connection or sqlite3.connect(where, isolation_level=None)

    def fetch(self, query: str, *values: Any) -> list[Any]:
        try:
            return self.connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _failure("read", self.where, error) from error

    @contextmanager
    def transaction(self, tracking: str) -> Iterator[SQLiteTransaction]:
        connection = self._writable()
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield SQLiteTransaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _failure("write", self.where, error) from error

    def _writable(self) -> sqlite3.Connection:
        return self.connection

    def close(self) -> None:
        self.connection.close()


def _failure(what: str, where: Path | str, error: sqlite3.Error) -> StoreError:
    """What is wrong with a file: it is damaged, unless the fault is known to lie elsewhere."""
    # The low byte of SQLite's extended result codes; Python's own errors have none.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    kind = StoreError if code in _NOT_DAMAGE else RowsUnusableError
    return kind(f"cannot {what} {where}: {error}")


class SharedFile(SQLiteDatabase):
    """A file of rows shared with other processes. Writers lock it, and use another connection.

    The index can be rebuilt, so commits do not wait for the disk: after a power failure the file
    is consistent, but its checkpoint may be an earlier one.
    """

    def __init__(self, path: Path):
        super().__init__(path, _open(path, "ro"))
        self.path = path
        self._inode = path.stat().st_ino
        self._writing: sqlite3.Connection | None = None

    @contextmanager
    def transaction(self, tracking: str) -> Iterator[SQLiteTransaction]:
        try:
            with write_lock(self.path), super().transaction(tracking) as transaction:
                yield transaction
        except OSError as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error

    def _writable(self) -> sqlite3.Connection:
        if self._writing is None:
            self._writing = _open(self.path, "rw")
            self._writing.execute("PRAGMA synchronous = NORMAL")
            self._writing.execute("PRAGMA cache_size = -65536")
        return self._writing

    def is_in_place(self) -> bool:
        """Whether the file was neither deleted nor replaced."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def close(self) -> None:
        super().close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None


def _open(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"file:{quote(str(path.resolve()))}?mode={mode}"
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
        (application,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"cannot read {path}: {error}") from error
    if application != APPLICATION_ID:
        connection.close()
        raise StoreError(f"{path} is not an index")
    return connection


class SQLiteTransaction:
    """An open transaction on a connection."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def fetch(self, query: str, *values: Any) -> list[Any]:
        return self._connection.execute(query, values).fetchall()

    def execute(self, statement: str, *values: Any) -> int:
        return self._connection.execute(statement, values).rowcount

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self._connection.executemany(statement, rows)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.execute_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def rows_in_memory() -> SqlRows:
    """Empty rows in the memory of the process."""
    return _created(SQLiteDatabase(":memory:"))


def rows_in_new_file(path: Path) -> SqlRows:
    """Empty rows in a new file. It is written without a journal, so a crash makes it unusable.

    Raises:
        StoreError: it cannot be created.
    """
    try:
        path.unlink(missing_ok=True)
        create_empty(path)
        database = SQLiteDatabase(path)
        for pragma in (
            f"PRAGMA application_id = {APPLICATION_ID}",
            "PRAGMA page_size = 16384",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = NORMAL",
            # Each sorting thread takes this much memory again.
            "PRAGMA cache_size = -16384",
            "PRAGMA threads = 2",
        ):
            database.connection.execute(pragma)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot create {path}: {error}") from error
    return _created(database)


def _created(database: SQLiteDatabase) -> SqlRows:
    with database.transaction("tracking") as transaction:
        create_tables(transaction, SQLITE, "rows", "tracking")
    return SqlRows(database)


class SQLiteStore:
    """The directory of the index of a log file. `name` distinguishes it from other indexes."""

    def __init__(self, directory: Path, name: str):
        self.directory = directory
        self.name = name

    def current(self) -> SqlRows | None:
        number = self._latest()
        return SqlRows(SharedFile(self._path(number))) if number else None

    def is_current(self, rows: SqlRows) -> bool:
        # A switch deletes the file that was in use before.
        assert isinstance(rows.database, SharedFile)
        return rows.database.is_in_place()

    def building(self) -> AbstractContextManager[None]:
        try:
            make_private(self.directory)
        except OSError as error:
            raise StoreError(f"cannot create {self.directory}: {error}") from error
        return write_lock(self.directory / f"{self.name}-build")

    def begin(self) -> SqlRows:
        return rows_in_new_file(self._path(self._latest() + 1, "-new"))

    def switch(self, rows: SqlRows) -> SqlRows:
        built = self._path_of(rows)
        path = built.with_name(built.name.removesuffix("-new"))
        try:
            rows.database.fetch("PRAGMA journal_mode = WAL")
            rows.close()
            built.replace(path)
            for other in self.directory.glob(f"{self.name.partition('-')[0]}-*"):
                if not other.name.startswith(path.name) and not other.name.endswith("-turn"):
                    other.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error}") from error
        return SqlRows(SharedFile(path))

    def discard(self, rows: SqlRows) -> None:
        rows.close()
        self._path_of(rows).unlink(missing_ok=True)

    def abandon(self, rows: SqlRows) -> None:
        try:
            self.discard(rows)
        except OSError as error:
            raise StoreError(f"cannot delete {self._path_of(rows)}: {error}") from error

    def close(self) -> None:
        """Nothing to close: only rows have connections."""

    def _path_of(self, rows: SqlRows) -> Path:
        assert isinstance(rows.database, SQLiteDatabase) and isinstance(rows.database.where, Path)
        return rows.database.where

    def _path(self, number: int, suffix: str = "") -> Path:
        return self.directory / f"{self.name}-{number}.sqlite{suffix}"

    def _latest(self) -> int:
        """The number of the file in use; 0 if there is none."""
        paths = self.directory.glob(f"{self.name}-*.sqlite")
        numbers = (path.stem.rpartition("-")[2] for path in paths)
        return max((int(each) for each in numbers if each.isdecimal()), default=0)
