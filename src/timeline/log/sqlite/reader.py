"""All SQL of the SQLite log.

Reading needs nothing but `sqlite3`; that is what keeps a question on the command line
fast. Positions are given out by us and are the rowid: `AUTOINCREMENT` never hands out a
number twice, and VACUUM leaves an explicit INTEGER PRIMARY KEY alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from timeline.errors import StoreError
from timeline.log.protocol import Head
from timeline.log.sqlite.create_file import make
from timeline.records.entry import Entry

APPLICATION_ID = 0x544C4F47  # "TLOG"
SCHEMA_VERSION = 1

# Names and first four columns as the eventsourcing library expects them.
SCHEMA = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};

CREATE TABLE stored_events (
    originator_id TEXT NOT NULL,
    originator_version INTEGER NOT NULL,
    topic TEXT NOT NULL,
    state BLOB NOT NULL,
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    recorded_at INTEGER NOT NULL,
    UNIQUE (originator_id, originator_version)
);

CREATE TABLE amended (
    event TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (event, position)
) WITHOUT ROWID;

CREATE INDEX stored_events_by_topic ON stored_events (topic, position);

CREATE TRIGGER stored_events_are_never_updated BEFORE UPDATE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER stored_events_are_never_deleted BEFORE DELETE ON stored_events
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- INSERT OR REPLACE deletes without the trigger above: nothing that is there may be in its way.
CREATE TRIGGER stored_events_go_on BEFORE INSERT ON stored_events
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM stored_events)
    OR NEW.recorded_at < (SELECT recorded_at FROM stored_events ORDER BY position DESC LIMIT 1)
    OR EXISTS (SELECT 1 FROM stored_events WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM stored_events WHERE originator_id = NEW.originator_id
        AND originator_version = NEW.originator_version)
BEGIN SELECT RAISE(ROLLBACK, 'the log is append-only: the next record goes on from its end'); END;

CREATE TRIGGER amended_is_never_updated BEFORE UPDATE ON amended
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER amended_is_never_deleted BEFORE DELETE ON amended
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""

# FULL: a commit waits until the write-ahead log has reached the disk.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA cache_size = -65536",
)

# A statement that can be undone alone would keep each page as it was: twice the time of an insert.
INSERT = "INSERT OR ROLLBACK INTO stored_events VALUES (?, ?, ?, ?, ?, ?, ?)"
INSERT_AMENDED = "INSERT OR IGNORE INTO amended VALUES (?, ?)"

_COLUMNS = "position, recorded_at, originator_id, originator_version, topic, state"
_PAGE = 2000
_MOST_IDS = 500


def create(path: Path) -> None:
    """Make an empty log file, wholly or not at all.

    Raises:
        StoreError: the file cannot be made.
    """
    try:
        make(path, SCHEMA)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"cannot make the log {path}: {error}") from error


def in_memory() -> sqlite3.Connection:
    """A connection to an empty log in memory, for reading and writing."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(SCHEMA)
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write.

    Raises:
        StoreError: it is not there, is not a log of ours, or is of a newer version.
    """
    if not path.is_file():
        raise StoreError(f"there is no log at {path}: `timeline init` makes a newsroom")
    location = quote(str(path.resolve()))
    try:
        connection = _checked(f"file:{location}?mode=ro", path)
    except sqlite3.OperationalError as error:
        # A read-only directory has no room for the files that WAL shares between
        # processes; with nothing left in the WAL, the file alone is the whole log.
        journal = path.with_name(path.name + "-wal")
        if journal.exists() and journal.stat().st_size:
            raise StoreError(
                f"cannot read the log {path}: {error}; its last records are in {journal.name}, "
                "which needs the right to write beside it"
            ) from error
        try:
            connection = _checked(f"file:{location}?mode=ro&immutable=1", path)
        except sqlite3.Error as error:
            raise StoreError(f"cannot read the log {path}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path} is not a timeline log: {error}") from error
    return connection


def _checked(uri: str, path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=60)
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
    except BaseException:
        connection.close()
        raise
    return connection


class Queries:
    """The reading half of a log, over one connection."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises:
            StoreError: the file cannot be read, or is damaged.
        """
        try:
            return [tuple(row) for row in self._connection.execute(query, values)]
        except sqlite3.Error as error:
            raise StoreError(f"cannot read the log: {error}") from error

    def head(self) -> Head:
        rows = self._rows(
            "SELECT position, recorded_at FROM stored_events ORDER BY position DESC LIMIT 1"
        )
        return Head(*rows[0]) if rows else Head(0, None)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        last = self.head().position if until is None else until
        while after < last:
            rows = self._rows(
                f"SELECT {_COLUMNS} FROM stored_events"
                " WHERE position > ? AND position <= ? ORDER BY position LIMIT ?",
                after,
                last,
                _PAGE,
            )
            if not rows:
                return
            for row in rows:
                yield Entry(*row)
            after = rows[-1][0]

    def find(self, id: str) -> Entry | None:
        rows = self._rows(f"SELECT {_COLUMNS} FROM stored_events WHERE id = ?", id)
        return Entry(*rows[0]) if rows else None

    def find_all(self, ids: Sequence[str]) -> dict[str, Entry]:
        """The entries of the records with any of those ids, by their ids."""
        found: dict[str, Entry] = {}
        for start in range(0, len(ids), _MOST_IDS):
            some = ids[start : start + _MOST_IDS]
            marks = ", ".join("?" * len(some))
            query = f"SELECT id, {_COLUMNS} FROM stored_events WHERE id IN ({marks})"
            found.update((id, Entry(*row)) for id, *row in self._rows(query, *some))
        return found

    def amendments_of(self, id: str) -> list[Entry]:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM amended JOIN stored_events USING (position)"
            " WHERE event = ? ORDER BY position",
            id,
        )
        return [Entry(*row) for row in rows]

    def of_type(self, topic: str) -> list[Entry]:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM stored_events WHERE topic = ? ORDER BY position", topic
        )
        return [Entry(*row) for row in rows]

    def of_story(self, story: str, after: int = 0, until: int | None = None) -> list[Entry]:
        """The entries of a story with `after < version <= until`, in order."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM stored_events WHERE originator_id = ?"
            " AND originator_version > ? AND originator_version <= ? ORDER BY originator_version",
            story,
            after,
            2**63 - 1 if until is None else until,
        )
        return [Entry(*row) for row in rows]

    def position_at(self, instant: int) -> int:
        low, high = 0, self.head().position
        while low < high:
            middle = (low + high + 1) // 2
            ((recorded_at,),) = self._rows(
                "SELECT recorded_at FROM stored_events WHERE position = ?", middle
            )
            low, high = (middle, high) if recorded_at <= instant else (low, middle - 1)
        return low

    def stories(self) -> dict[str, int]:
        rows = self._rows(
            "SELECT originator_id, max(originator_version) FROM stored_events"
            " GROUP BY originator_id ORDER BY originator_id"
        )
        return dict(rows)

    def story_version(self, story: str) -> int:
        ((version,),) = self._rows(
            "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?", story
        )
        return version or 0
