"""A hand-written bitemporal table in SQLite."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.effects import Statement
from benchmarks.peers.peer import HeldStatement, at, size_of
from benchmarks.periods import Cutter, Period
from benchmarks.raw import open_raw
from benchmarks.settled import Settled, settled
from benchmarks.workload import Question

_TABLE = """
CREATE TABLE period (
    subject TEXT NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, role TEXT NOT NULL,
    valid_from INTEGER NOT NULL, valid_to INTEGER NOT NULL,
    known_from INTEGER NOT NULL, known_to INTEGER NOT NULL
)
"""
_INDEXES = (
    "CREATE INDEX by_subject ON period (subject, known_to, known_from)",
    "CREATE INDEX by_value ON period (value, known_to, known_from)",
)
_INSERT = "INSERT INTO period VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_CLOSE = """
UPDATE period SET known_to = ? WHERE subject = ? AND known_to = ? AND known_from = ?
AND property = ? AND value = ? AND role = ? AND valid_from = ? AND valid_to = ?
"""
# An end at the very instant has not happened yet.
_ASK = """
SELECT subject, property, value, role FROM period
WHERE {} = ? AND known_to > ? AND known_from <= ? AND valid_from < ? AND valid_to >= ?
"""


class SQLitePeriods:
    """Rows beside the records in one file, written in one transaction, durably."""

    name = "SQL table in SQLite"
    vague = False
    durable = True

    def __init__(self, directory: Path):
        self._path = directory / "periods.sqlite"
        self._connection = open_raw(self._path)
        self._connection.execute(_TABLE)
        self._cutter = Cutter()

    def load(self, path: Path) -> float:
        start = time.perf_counter()
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        self._connection.executemany(_INSERT, self._loaded(path))
        for index in _INDEXES:
            run(index)
        run("COMMIT")
        return time.perf_counter() - start

    def _loaded(self, path: Path) -> Iterator[Period]:
        """The rows, while the records are written on the way."""
        from benchmarks.periods import all_periods

        def written() -> Iterator[Settled]:
            for record in settled(path):
                self._connection.execute("INSERT INTO log (line) VALUES (?)", (record.line,))
                yield record

        yield from all_periods(written(), self._cutter)

    def append(self, records: Sequence[Settled]) -> None:
        run = self._connection.execute
        run("BEGIN IMMEDIATE")
        for record in records:
            run("INSERT INTO log (line) VALUES (?)", (record.line,))
            cut = self._cutter.cut(record)
            for row in cut.closed:
                subject, label, value, role, valid_from, valid_to, known_from, known_to = row
                where = subject, known_to, known_from, label, value, role, valid_from, valid_to
                run(_CLOSE, (record.position, *where))
            for row in cut.opened:
                run(_INSERT, row)
        run("COMMIT")

    def ask(self, question: Question) -> HeldStatement:
        instant, known = at(question), question.as_known
        values = question.entity, known, known, instant, instant
        found: dict[Statement, str] = {}
        for column in ("subject", "value"):
            for row in self._connection.execute(_ASK.format(column), values):
                found[Statement(*row)] = "certain"
        return found

    def size(self) -> int:
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return size_of(self._path)

    def close(self) -> None:
        self._connection.close()
