"""Where the index of a log file is kept: SQLite files in a directory beside it, or in memory.

Each build is a file of its own, which gets its name when it is done: a reader has the old rows or
the new ones. The file with the highest number is in use, and those before it are deleted.
Nothing here is needed to keep what was recorded: the directory can be deleted at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from timeline.errors import StoreError
from timeline.index.sql_rows import Dialect, SqlRows, create_tables
from timeline.log.sqlite.files import write_lock

APPLICATION_ID = 0x54524F57  # "TROW"


def _json(keys: Sequence[str]) -> str:
    return orjson.dumps(keys).decode()


SQLITE = Dialect(
    schema="""
CREATE TABLE {rows} (
    key TEXT NOT NULL,
    event INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (key, event, since)
) WITHOUT ROWID;
CREATE TABLE {tracking} (
    application_name TEXT PRIMARY KEY,
    notification_id INTEGER NOT NULL,
    anchor TEXT NOT NULL DEFAULT '',
    problem TEXT
) WITHOUT ROWID""",
    staging="""
CREATE TEMP TABLE staged_opened (
    keys TEXT, event INTEGER, since INTEGER, until INTEGER, state BLOB
);
CREATE TEMP TABLE staged_closed (key TEXT, event INTEGER, until INTEGER)""",
    unnest="json_each(keys) AS each",
    keys="key IN (SELECT value FROM json_each(?))",
    # From each key on: CROSS JOIN keeps SQLite from joining the other way round.
    prefixes=(
        "SELECT rows.key, event, state FROM json_each(?) AS asked CROSS JOIN {table} AS rows"
        " ON rows.key >= asked.value AND rows.key < asked.value || '~' WHERE {condition}"
    ),
    array=_json,
)


class SQLiteDatabase:
    """A file of rows, opened to read; a second connection is opened to write, under a lock.

    The index can be rebuilt, so a commit does not wait for the disk: after a power failure the
    file is whole, and its checkpoint may be an earlier one.
    """

    dialect = SQLITE

    def __init__(self, path: Path):
        self.path = path
        self.inode = path.stat().st_ino
        self._reading = self._connect("ro")
        self._writing: sqlite3.Connection | None = None

    def fetch(self, query: str, *values: Any) -> list[Any]:
        try:
            return self._reading.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def transaction(self, tracking: str) -> Iterator[SQLiteTransaction]:
        try:
            with write_lock(self.path):
                if self._writing is None:
                    self._writing = self._connect("rw")
                    self._writing.execute("PRAGMA synchronous = NORMAL")
                    self._writing.execute("PRAGMA cache_size = -65536")
                with _transaction(self._writing) as transaction:
                    yield transaction
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error

    def close(self) -> None:
        self._reading.close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"file:{quote(str(self.path.resolve()))}?mode={mode}"
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
            (application,) = connection.execute("PRAGMA application_id").fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error
        if application != APPLICATION_ID:
            connection.close()
            raise StoreError(f"{self.path} holds no index")
        return connection


class PrivateDatabase:
    """A database for one connection: a build that nobody else sees yet, or one in memory."""

    dialect = SQLITE

    def __init__(self, where: Path | str):
        self.where = where
        self.connection = sqlite3.connect(where, isolation_level=None)

    def fetch(self, query: str, *values: Any) -> list[Any]:
        try:
            return self.connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {self.where}: {error}") from error

    @contextmanager
    def transaction(self, tracking: str) -> Iterator[SQLiteTransaction]:
        try:
            with _transaction(self.connection) as transaction:
                yield transaction
        except sqlite3.Error as error:
            raise StoreError(f"cannot write {self.where}: {error}") from error

    def close(self) -> None:
        self.connection.close()


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
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        self._connection.executemany(statement, rows)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[SQLiteTransaction]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield SQLiteTransaction(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def rows_in_memory() -> SqlRows:
    """Empty rows in the memory of the process."""
    return _created(PrivateDatabase(":memory:"))


def rows_in_new_file(path: Path) -> SqlRows:
    """Empty rows in a new file, written without a journal: a crash leaves it useless.

    Raises:
        StoreError: it cannot be made.
    """
    try:
        path.unlink(missing_ok=True)
        database = PrivateDatabase(path)
        for pragma in (
            f"PRAGMA application_id = {APPLICATION_ID}",
            "PRAGMA page_size = 16384",
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = NORMAL",
            # Sorting takes as much memory once more for each thread.
            "PRAGMA cache_size = -16384",
            "PRAGMA threads = 2",
        ):
            database.connection.execute(pragma)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot make {path}: {error}") from error
    return _created(database)


def _created(database: PrivateDatabase) -> SqlRows:
    with database.transaction("tracking") as transaction:
        create_tables(transaction, SQLITE, "rows", "tracking")
    return SqlRows(database)


class SQLiteStore:
    """The directory of the index of a log file. `name` tells this index from any other."""

    def __init__(self, directory: Path, name: str):
        self.directory = directory
        self.name = name

    def current(self) -> SqlRows | None:
        """The rows in use; None if there are none yet.

        Raises:
            StoreError: they cannot be read.
        """
        number = self._latest()
        return SqlRows(SQLiteDatabase(self._path(number))) if number else None

    def is_current(self, rows: SqlRows) -> bool:
        """Whether these rows are still in use: what is not has been deleted."""
        database = rows.database
        assert isinstance(database, SQLiteDatabase)
        try:
            return database.path.stat().st_ino == database.inode
        except OSError:
            return False

    def building(self) -> AbstractContextManager[None]:
        """A lock for whoever builds.

        Raises:
            StoreError: the directory cannot be written.
        """
        try:
            self.directory.mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make {self.directory}: {error}") from error
        return write_lock(self.directory / f"{self.name}-build")

    def begin(self) -> SqlRows:
        """Empty rows to build, in the place of those of a build that was cut off.

        Raises:
            StoreError: they cannot be made.
        """
        return rows_in_new_file(self._path(self._latest() + 1, "-new"))

    def switch(self, rows: SqlRows) -> SqlRows:
        """Put rows that were built into use and delete all others; the rows, opened anew.

        Raises:
            StoreError: the directory cannot be written.
        """
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
        return SqlRows(SQLiteDatabase(path))

    def discard(self, rows: SqlRows) -> None:
        """Delete rows that were built."""
        rows.close()
        self._path_of(rows).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is held open."""

    def _path_of(self, rows: SqlRows) -> Path:
        database = rows.database
        assert isinstance(database, PrivateDatabase) and isinstance(database.where, Path)
        return database.where

    def _path(self, number: int, suffix: str = "") -> Path:
        return self.directory / f"{self.name}-{number}.sqlite{suffix}"

    def _latest(self) -> int:
        """The number of the file in use; 0 if there is none."""
        numbers = (
            path.name.removesuffix(".sqlite").rpartition("-")[2]
            for path in self.directory.glob(f"{self.name}-*.sqlite")
        )
        return max((int(each) for each in numbers if each.isdecimal()), default=0)


class MemoryStore:
    """The index of a log in memory."""

    def __init__(self) -> None:
        self._rows: SqlRows | None = None

    def current(self) -> SqlRows | None:
        """The rows in use."""
        return self._rows

    def is_current(self, rows: SqlRows) -> bool:
        """Whether these rows are still in use."""
        return self._rows is rows

    def building(self) -> AbstractContextManager[None]:
        """Nobody else can build."""
        return nullcontext()

    def begin(self) -> SqlRows:
        """Empty rows to build."""
        return rows_in_memory()

    def switch(self, rows: SqlRows) -> SqlRows:
        """Put rows that were built into use."""
        self._rows = rows
        return rows

    def discard(self, rows: SqlRows) -> None:
        """Delete rows that were built."""
        rows.close()

    def close(self) -> None:
        """Nothing else is open."""
