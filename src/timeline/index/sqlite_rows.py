"""All SQL of projections kept with SQLite: one file for the rows of each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from timeline.errors import StoreError
from timeline.index.build_spool import IntervalCloser, Spools
from timeline.index.projection import FOREVER, Closed, Opened, Progress, Writer
from timeline.log.sqlite.files import create_file, write_lock

APPLICATION_ID = 0x54524F57  # "TROW"

_SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};

CREATE TABLE rows (
    key TEXT NOT NULL,
    event INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (key, event, since)
) WITHOUT ROWID;

CREATE TABLE progress (checkpoint INTEGER NOT NULL, anchor TEXT NOT NULL, problem TEXT);
INSERT INTO progress VALUES (0, '', NULL);
"""

_OPEN = "INSERT INTO rows VALUES (?, ?, ?, ?, ?)"
_CLOSE = f"UPDATE rows SET until = ?3 WHERE key = ?1 AND event = ?2 AND until = {FOREVER}"
_PROGRESS = "SELECT checkpoint, anchor, problem FROM progress"
_ADVANCE = "UPDATE progress SET checkpoint = ?, anchor = ?, problem = ?"
_BULK = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = NORMAL",
    # What sorts the rows takes as much memory once more for each thread.
    "PRAGMA cache_size = -16384",
    "PRAGMA threads = 2",
)
_STANDS = "since <= ?2 AND until > ?2"
_UNDER = (
    "SELECT event, state FROM json_each(?1) AS asked CROSS JOIN rows"
    " ON rows.key >= asked.value ->> 0 AND rows.key < asked.value ->> 1"
)
_KEY, _KEYS = "key = ?1", "key IN (SELECT value FROM json_each(?1))"


class SQLiteRows:
    """The rows of one projection in a file.

    The file is opened to read; whoever writes waits for his turn, and opens it once more.
    What is derived can be made again, so a commit does not wait for the disk: after a
    power failure the file is whole, and its checkpoint may be that of an earlier batch.
    """

    def __init__(self, path: Path):
        self.path = path
        try:
            self._reading = self._connected(self._uri("ro"))
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {path}: {error}") from error
        self._writing: sqlite3.Connection | None = None

    @classmethod
    def create(cls, path: Path) -> SQLiteRows:
        """Make an empty file, wholly or not at all, and open it.

        Raises:
            StoreError: it cannot be made.
        """
        try:
            create_file(path, _SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot make {path}: {error}") from error
        return cls(path)

    @classmethod
    def resume(cls, path: Path) -> SQLiteRows:
        """Open a file after a process that may have died while it wrote.

        Raises:
            StoreError: it cannot be read or written.
        """
        try:
            connection = sqlite3.connect(path, isolation_level=None)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise StoreError(f"cannot write {path}: {error}") from error
        return cls(path)

    def progress(self) -> Progress:
        return _progress(self._reading, self.path)

    def found(self, keys: Collection[str], at: int) -> Iterable[tuple[int, bytes]]:
        return self._under(keys, _STANDS, at)

    def last(self, prefix: str, below: str, at: int, most: int) -> Iterable[tuple[int, bytes]]:
        query = (
            f"SELECT event, state FROM rows WHERE key >= ?1 AND {_STANDS}"
            " AND key < ?3 ORDER BY key DESC, event DESC LIMIT ?4"
        )
        return self._rows(query, prefix, at, min(below, _after(prefix)), most)

    def stands(self, key: str, at: int) -> bool:
        query = f"SELECT 1 FROM rows WHERE key = ?1 AND {_STANDS} LIMIT 1"
        return bool(self._rows(query, key, at))

    def ever(self, keys: Collection[str], until: int) -> Iterable[tuple[int, bytes]]:
        return self._under(keys, "since <= ?2", until)

    def names(self, prefix: str) -> Iterator[str]:
        key, end = prefix, _after(prefix)
        # From each key to the next one: the rows between are passed over.
        query = "SELECT min(key) FROM rows WHERE key > ? AND key < ?"
        while key := self._rows(query, key, end)[0][0]:
            yield key.removeprefix(prefix)

    def has_kind(self, prefix: str) -> bool:
        query = "SELECT 1 FROM rows WHERE key >= ? AND key < ? LIMIT 1"
        return bool(self._rows(query, prefix, _after(prefix)))

    def all(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        query = (
            f"SELECT key, event, since, iif(until > ?1, {FOREVER}, until), state FROM rows"
            " WHERE since <= ?1 ORDER BY key, event, since"
        )
        try:
            yield from self._reading.execute(query, (until,))
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        try:
            with write_lock(self.path):
                connection = self._connection()
                connection.execute("BEGIN IMMEDIATE")
                try:
                    writer = _SQLiteWriter(connection, _progress(connection, self.path))
                    yield writer
                    writer.flush()
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error

    def spools(self) -> Spools:
        return Spools(self.path.with_suffix(".spools"))

    def absorb(self, progress: Progress) -> None:
        spools = self.spools()
        try:
            with write_lock(self.path):
                # No journal has to be kept of pages that were not there before.
                self.close()
                connection = self._connected(self._uri("rw"))
                for pragma in _BULK:
                    connection.execute(pragma)
                for number, path in enumerate(spools.paths()):
                    connection.execute(f"ATTACH ? AS spool{number}", (str(path),))
                _absorb(connection, len(spools.paths()), progress)
                connection.close()
                connection = self._connected(self._uri("rw"))
                connection.execute("PRAGMA journal_mode = WAL")
                connection.close()
                self._reading = self._connected(self._uri("ro"))
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error
        spools.clear()

    def close(self) -> None:
        self._reading.close()
        if self._writing is not None:
            self._writing.close()
            self._writing = None

    def _uri(self, mode: str) -> str:
        return f"file:{quote(str(self.path.resolve()))}?mode={mode}"

    def _connection(self) -> sqlite3.Connection:
        if self._writing is None:
            self._writing = self._connected(self._uri("rw"))
            self._writing.execute("PRAGMA synchronous = NORMAL")
            self._writing.execute("PRAGMA cache_size = -65536")
        return self._writing

    def _connected(self, uri: str) -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            connection.close()
            raise StoreError(f"{self.path} holds no projection")
        return connection

    def _under(self, keys: Collection[str], which: str, at: int) -> list[tuple[int, bytes]]:
        """The rows under some keys, and under all that begin with one that ends so."""
        prefixes = [(key, _after(key)) for key in keys if key.endswith("\n")]
        found: list[tuple[int, bytes]] = []
        exact = [key for key in keys if not key.endswith("\n")] if prefixes else keys
        for those, sought in _asked(exact):
            query = f"SELECT event, state FROM rows WHERE {those} AND {which}"
            found += self._rows(query, sought, at)
        if prefixes:
            query = f"{_UNDER} WHERE {which}"
            found += self._rows(query, json.dumps(prefixes), at)
        return found

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        try:
            return self._reading.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error


class _SQLiteWriter:
    """An open transaction on the file.

    Rows wait in memory until they are written in order of key, which is how the file keeps
    them.
    """

    def __init__(self, connection: sqlite3.Connection, progress: Progress):
        self._connection = connection
        self._progress = progress
        self._waiting = IntervalCloser()

    def progress(self) -> Progress:
        return self._progress

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        self.flush()
        found: set[tuple[int]] = set()
        for which, sought in _asked(keys):
            query = f"SELECT event FROM rows WHERE {which} AND {_STANDS}"
            found.update(self._connection.execute(query, (sought, at)))
        return [event for (event,) in found]

    def write(self, rows: Iterable[Closed | Opened]) -> None:
        self._waiting.take(rows)

    def advance(self, progress: Progress) -> None:
        self._connection.execute(_ADVANCE, progress)

    def flush(self) -> None:
        """Hand over what waits."""
        # What asks may be in the middle of what is taken in: the same pairing goes on.
        self._connection.executemany(_CLOSE, self._waiting.closed)
        self._connection.executemany(_OPEN, self._waiting.rows())
        self._waiting.clear()


def _asked(keys: Collection[str]) -> Iterator[tuple[str, str]]:
    """How to ask for keys: those with U+0000, at which SQLite ends a JSON string, one by one."""
    plain = [key for key in keys if "\0" not in key]
    if len(plain) == 1:
        yield _KEY, plain[0]
    elif plain:
        yield _KEYS, json.dumps(plain)
    if len(plain) < len(keys):
        yield from ((_KEY, key) for key in keys if "\0" in key)


def _absorb(connection: sqlite3.Connection, number: int, progress: Progress) -> None:
    """Put in what is in the spools attached; each row is closed by the first that closes it.

    A process whose build was killed may have folded one more stretch than anybody knew of,
    so that there are rows twice.
    """
    connection.execute("BEGIN IMMEDIATE")
    after, until = connection.execute(_PROGRESS).fetchone()[0], progress.checkpoint
    opened = " UNION ALL ".join(
        f"SELECT one.value, event, since, until, state FROM spool{each}.opened,"
        f" json_each(keys) AS one WHERE since > {after} AND since <= {until}"
        f" UNION ALL SELECT * FROM spool{each}.alone WHERE since > {after} AND since <= {until}"
        for each in range(number)
    )
    closed = " UNION ALL ".join(
        f"SELECT * FROM spool{each}.closed WHERE until > {after} AND until <= {until}"
        for each in range(number)
    )
    connection.execute(f"INSERT OR IGNORE INTO rows {opened} ORDER BY 1, 2, 3")
    connection.execute(
        "UPDATE rows SET until = ended.until FROM ("
        " SELECT rows.key, rows.event, rows.since, min(closed.until) AS until"
        f" FROM ({closed}) AS closed JOIN rows"
        " ON rows.key = closed.key AND rows.event = closed.event"
        f" AND rows.since < closed.until AND rows.until = {FOREVER}"
        " GROUP BY 1, 2, 3"
        ") AS ended WHERE rows.key = ended.key AND rows.event = ended.event"
        " AND rows.since = ended.since"
    )
    connection.execute(_ADVANCE, progress)
    connection.execute("COMMIT")


def _progress(connection: sqlite3.Connection, path: Path) -> Progress:
    try:
        return Progress(*connection.execute(_PROGRESS).fetchone())
    except (sqlite3.Error, TypeError) as error:
        raise StoreError(f"cannot read {path}: {error}") from error


def _after(prefix: str) -> str:
    """The first text after all that begin so."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
