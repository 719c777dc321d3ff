"""The same bitemporal table in PostgreSQL, with range types and a GiST index.

The entity is part of the index as a range of one number, since the extension `btree_gist`,
which would take text, is not everywhere.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.effects import Statement
from benchmarks.peers.peer import HeldStatement, at
from benchmarks.peers.postgres_server import Server
from benchmarks.periods import FOREVER, Cutter, Period, all_periods
from benchmarks.settled import Settled, settled
from benchmarks.workload import Question

_TABLES = """
CREATE TABLE log (position bigint PRIMARY KEY, line text NOT NULL);
CREATE TABLE entity (number serial PRIMARY KEY, slug text UNIQUE NOT NULL);
CREATE TABLE period (
    subject int8range NOT NULL, value int8range NOT NULL,
    statement text[] NOT NULL, valid int8range NOT NULL, known int8range NOT NULL
);
"""
_INDEXES = """
CREATE INDEX by_subject ON period USING gist (subject, known, valid);
CREATE INDEX by_value ON period USING gist (value, known, valid);
ANALYZE;
"""
_INSERT = """
INSERT INTO period VALUES (%s::int8range, %s::int8range, %s, %s::int8range, %s::int8range)
"""
_CLOSE = """
UPDATE period SET known = %s::int8range
WHERE subject = %s::int8range AND known = %s::int8range AND valid = %s::int8range
AND statement = %s
"""
# A row of the instant before T holds at T: an end at T has not happened yet.
_ASK = """
SELECT statement FROM period WHERE {} @> (SELECT number::bigint FROM entity WHERE slug = %s)
AND known @> %s::bigint AND valid @> %s::bigint
"""


class PostgresPeriods:
    """A real server, with durable commits, asked over a socket."""

    name = "SQL ranges in PostgreSQL"
    vague = False
    durable = True

    def __init__(self, directory: Path):
        self._server = Server(directory)
        try:
            self._connection: Any = self._server.connect()
            self._connection.execute(_TABLES)
        except BaseException:
            self._server.stop()
            raise
        self._cutter = Cutter()
        self._numbers: dict[str, int] = {}

    def load(self, path: Path) -> float:
        start = time.perf_counter()
        rows: list[Period] = []
        with self._connection.transaction():
            with self._connection.cursor().copy("COPY log FROM STDIN") as copy:

                def written() -> Iterator[Settled]:
                    for record in settled(path):
                        copy.write_row((record.position, record.line.decode().rstrip("\n")))
                        yield record

                rows.extend(all_periods(written(), self._cutter))
            for row in rows:
                for entity in (row.subject, row.value):
                    self._numbers.setdefault(entity, len(self._numbers) + 1)
            with self._connection.cursor().copy("COPY entity FROM STDIN") as copy:
                for slug, number in self._numbers.items():
                    copy.write_row((number, slug))
            with self._connection.cursor().copy("COPY period FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(self._columns(row))
            self._connection.execute(_INDEXES)
        return time.perf_counter() - start

    def append(self, records: Sequence[Settled]) -> None:
        with self._connection.transaction():
            run = self._connection.execute
            for record in records:
                line = record.line.decode().rstrip("\n")
                run("INSERT INTO log VALUES (%s, %s)", (record.position, line))
                cut = self._cutter.cut(record)
                for row in cut.closed:
                    subject, _, statement, valid, known = self._columns(row)
                    until = f"[{row.known_from},{record.position})"
                    run(_CLOSE, (until, subject, known, valid, statement))
                for row in cut.opened:
                    self._make_known(row)
                    run(_INSERT, self._columns(row))

    def ask(self, question: Question) -> HeldStatement:
        values = question.entity, question.as_known, at(question) - 1
        found: dict[Statement, str] = {}
        for column in ("subject", "value"):
            for (statement,) in self._connection.execute(_ASK.format(column), values):
                found[Statement(*statement)] = "certain"
        return found

    def size(self) -> int:
        tables = "('log'), ('entity'), ('period')"
        query = f"SELECT sum(pg_total_relation_size(name)) FROM (VALUES {tables}) AS t (name)"
        return int(self._connection.execute(query).fetchone()[0])

    def close(self) -> None:
        self._connection.close()
        self._server.stop()

    def _make_known(self, row: Period) -> None:
        for slug in (row.subject, row.value):
            if slug not in self._numbers:
                number = self._numbers[slug] = len(self._numbers) + 1
                self._connection.execute("INSERT INTO entity VALUES (%s, %s)", (number, slug))

    def _columns(self, row: Period) -> tuple[Any, ...]:
        subject, value = self._numbers[row.subject], self._numbers[row.value]
        return (
            f"[{subject},{subject}]",
            f"[{value},{value}]",
            list(row[:4]),
            _range(row.valid_from, row.valid_to),
            _range(row.known_from, row.known_to),
        )


def _range(first: int, end: int) -> str:
    return f"[{first},{'' if end == FOREVER else end})"
