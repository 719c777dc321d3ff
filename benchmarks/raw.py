"""The baseline of the log: SQLite alone, with the same bytes, at the same durability."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from timeline.log.sqlite.recorder import PRAGMAS


def open_raw(path: Path) -> sqlite3.Connection:
    """A new database with one table and no index, and the settings of the log."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA page_size = 16384")
    connection.execute("PRAGMA journal_mode = WAL")
    for pragma in PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TABLE log (position INTEGER PRIMARY KEY, line BLOB NOT NULL)")
    return connection


def insert_all(connection: sqlite3.Connection, source: Path) -> None:
    """All lines of a file as one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    with source.open("rb") as lines:
        connection.executemany("INSERT INTO log (line) VALUES (?)", ((line,) for line in lines))
    connection.execute("COMMIT")


def insert_one(connection: sqlite3.Connection, line: bytes) -> None:
    """One line as one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO log (line) VALUES (?)", (line,))
    connection.execute("COMMIT")


def insert_many(connection: sqlite3.Connection, lines: Iterable[bytes]) -> None:
    """Some lines as one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO log (line) VALUES (?)", ((line,) for line in lines))
    connection.execute("COMMIT")


if __name__ == "__main__":
    database, source = map(Path, sys.argv[1:])
    connection = open_raw(database)
    insert_all(connection, source)
    connection.close()
