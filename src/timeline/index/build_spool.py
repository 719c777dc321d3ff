"""What one process of a build has folded, on its way into the rows: a scratch file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from timeline.errors import StoreError
from timeline.index.projection import FOREVER, Closed, Opened, Stretch

_Row = tuple[str, int, int, int, bytes]

_SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS opened (
    keys TEXT, event INTEGER, since INTEGER, until INTEGER, state BLOB
);
CREATE TABLE IF NOT EXISTS alone (
    key TEXT, event INTEGER, since INTEGER, until INTEGER, state BLOB
);
CREATE TABLE IF NOT EXISTS closed (key TEXT, event INTEGER, until INTEGER);
CREATE TABLE IF NOT EXISTS done (after INTEGER, until INTEGER, anchor TEXT);
COMMIT;
"""


class Spool:
    """A file of rows in the order in which they were folded, by stretches of the log.

    Rows that differ in nothing but their key are together. A stretch is in it wholly or not
    at all, so that a build that was cut off goes on with those that are missing.
    """

    def __init__(self, path: Path):
        self.path = path
        with self._failing():
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA page_size = 16384")
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.executescript(_SCHEMA)

    def write(self, stretch: Stretch, anchor: str, rows: Iterable[Closed | Opened]) -> None:
        """Keep what a stretch opens and closes, with the anchor of its last record.

        Raises:
            StoreError: the file cannot be written.
        """
        pairing = IntervalCloser()
        pairing.take(rows)
        with self._failing():
            self._connection.execute("BEGIN")
            try:
                # At U+0000 SQLite ends a string of a JSON array.
                alone = [row for row in pairing.opened() if "\0" in row[0]]
                together = _together(row for row in pairing.opened() if "\0" not in row[0])
                self._connection.executemany("INSERT INTO alone VALUES (?, ?, ?, ?, ?)", alone)
                self._connection.executemany("INSERT INTO opened VALUES (?, ?, ?, ?, ?)", together)
                self._connection.executemany("INSERT INTO closed VALUES (?, ?, ?)", pairing.closed)
                self._connection.execute("INSERT INTO done VALUES (?, ?, ?)", (*stretch, anchor))
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def done(self) -> list[tuple[Stretch, str]]:
        """The stretches that are in it, each with its anchor."""
        with self._failing():
            found = self._connection.execute("SELECT after, until, anchor FROM done").fetchall()
        return [((after, until), anchor) for after, until, anchor in found]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(f"cannot write {self.path}: {error}") from error


class Spools:
    """A directory of spools: no more than SQLite attaches to one connection."""

    most = 10

    def __init__(self, directory: Path):
        self.directory = directory

    def open(self, number: int) -> Spool:
        """One of them, made if it is not there."""
        self.directory.mkdir(exist_ok=True)
        return Spool(self._path(number))

    def existing(self) -> list[Spool]:
        """Those that are there, most of them left by a build that was cut off."""
        return [Spool(path) for path in self.paths()]

    def paths(self) -> list[Path]:
        """The files, in order."""
        return sorted(self.directory.glob("*.spool"))

    def clear(self) -> None:
        """Delete them."""
        # Loaded here: it brings compressors with it, which a question would wait for.
        import shutil

        shutil.rmtree(self.directory, ignore_errors=True)

    def _path(self, number: int) -> Path:
        return self.directory / f"{number}.spool"


class IntervalCloser:
    """Puts together what is opened and closed among some rows.

    `closed` are those that were opened before.
    """

    def __init__(self) -> None:
        self.closed: list[Closed] = []
        self._standing: dict[tuple[str, int], Opened] = {}
        self._ended: list[_Row] = []

    def take(self, rows: Iterable[Closed | Opened]) -> None:
        """Take in more rows, in order."""
        standing = self._standing
        for row in rows:
            place = row[:2]
            if isinstance(row, Opened):
                standing[place] = row
            elif (opened := standing.pop(place, None)) is not None:
                self._ended.append((*place, opened.since, row.until, opened.state))
            else:
                self.closed.append(row)

    def opened(self) -> Iterator[_Row]:
        """What was opened: key, event, since, until, state."""
        yield from self._ended
        for key, event, since, state in self._standing.values():
            yield key, event, since, FOREVER, state

    def rows(self) -> list[_Row]:
        """The same in order."""
        return sorted(self.opened())

    def clear(self) -> None:
        """Let go of all of them."""
        self.closed.clear()
        self._standing.clear()
        self._ended.clear()


def _together(rows: Iterable[_Row]) -> Iterator[tuple[str, int, int, int, bytes]]:
    """The rows with all keys under which they are alike, as a JSON array."""
    keys: dict[tuple[int, int, int, bytes], list[str]] = {}
    for key, event, since, until, state in rows:
        keys.setdefault((event, since, until, state), []).append(key)
    return ((orjson.dumps(found).decode(), *rest) for rest, found in keys.items())
