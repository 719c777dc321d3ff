"""The same bitemporal table in DuckDB."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.effects import Statement
from benchmarks.peers.peer import HeldStatement, SkippedError, at, size_of
from benchmarks.periods import Cutter, all_periods
from benchmarks.settled import Settled, settled
from benchmarks.workload import Question

_TABLES = """
CREATE TABLE log (position BIGINT PRIMARY KEY, line VARCHAR NOT NULL);
CREATE TABLE period (
    subject VARCHAR NOT NULL, property VARCHAR NOT NULL, value VARCHAR NOT NULL,
    role VARCHAR NOT NULL, valid_from BIGINT NOT NULL, valid_to BIGINT NOT NULL,
    known_from BIGINT NOT NULL, known_to BIGINT NOT NULL
);
"""
_INDEXES = """
CREATE INDEX by_subject ON period (subject);
CREATE INDEX by_value ON period (value);
"""
_CLOSE = """
UPDATE period SET known_to = ? WHERE subject = ? AND property = ? AND value = ? AND role = ?
AND valid_from = ? AND valid_to = ? AND known_from = ? AND known_to = ?
"""
_ASK = """
SELECT subject, property, value, role FROM period
WHERE {} = ? AND known_to > ? AND known_from <= ? AND valid_from < ? AND valid_to >= ?
"""


class DuckDBPeriods:
    """Rows and records in one DuckDB file."""

    name = "SQL table in DuckDB"
    vague = False
    durable = True

    def __init__(self, directory: Path):
        try:
            import duckdb
        except ImportError:
            raise SkippedError("`duckdb` is not installed: `pip install '.[bench]'`") from None
        self._path = directory / "periods.duckdb"
        self._connection = duckdb.connect(str(self._path), config={"threads": 2})
        self._connection.execute(_TABLES)
        self._cutter = Cutter()

    def load(self, path: Path) -> float:
        start = time.perf_counter()
        rows, lines = self._path.with_suffix(".csv"), self._path.with_suffix(".lines.csv")
        with rows.open("w", newline="") as periods, lines.open("w", newline="") as records:
            write, log = csv.writer(periods), csv.writer(records)

            def written() -> Iterator[Settled]:
                for record in settled(path):
                    log.writerow((record.position, record.line.decode().rstrip("\n")))
                    yield record

            write.writerows(all_periods(written(), self._cutter))
        self._connection.execute(f"COPY log FROM '{lines}' (HEADER false)")
        self._connection.execute(f"COPY period FROM '{rows}' (HEADER false, FORCE_NOT_NULL (role))")
        self._connection.execute(_INDEXES)
        rows.unlink()
        lines.unlink()
        return time.perf_counter() - start

    def append(self, records: Sequence[Settled]) -> None:
        run = self._connection.execute
        run("BEGIN")
        for record in records:
            run("INSERT INTO log VALUES (?, ?)", (record.position, record.line.decode().rstrip()))
            cut = self._cutter.cut(record)
            for row in cut.closed:
                run(_CLOSE, (record.position, *row))
            for row in cut.opened:
                run("INSERT INTO period VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        run("COMMIT")

    def ask(self, question: Question) -> HeldStatement:
        instant, known = at(question), question.as_known
        values = question.entity, known, known, instant, instant
        found: dict[Statement, str] = {}
        for column in ("subject", "value"):
            for row in self._connection.execute(_ASK.format(column), values).fetchall():
                found[Statement(*row)] = "certain"
        return found

    def size(self) -> int:
        self._connection.execute("CHECKPOINT")
        return size_of(self._path)

    def close(self) -> None:
        self._connection.close()
