"""The index of a log in PostgreSQL: two tables for each build, one build in use.

Switching to a build is one commit. The previous build stays until the next switch, for questions
that are still reading it. The whole schema can be dropped at any time: the next question with write
access creates it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import psycopg

from timeline.errors import StoreError
from timeline.index.postgres_schema import BUILDING_SPACE, TABLES
from timeline.index.rows import RowsUnusableError
from timeline.index.sql_rows import Dialect, SqlRows
from timeline.log.postgres.bulk import copy, insert
from timeline.log.postgres.connections import Connection, Pool, connect, failure, fetch

_WRITE = "cannot write the index of"

# The index can be rebuilt, so commits do not wait for the disk. The server preserves the order of
# commits: after a crash, the index is never ahead of the log.
_SETTINGS = (
    "SET synchronous_commit = off",
    "SET idle_in_transaction_session_timeout = '5min'",
)

_TYPES = {
    "keys": "text[]",
    "key": "text",
    "event": "int8",
    "since": "int8",
    "until": "int8",
    "state": "bytea",
    "sum": "int8",
}

_PRESENT = (
    "to_regclass('timeline_derived.rows_' || number) IS NOT NULL"
    " AND to_regclass('timeline_derived.tracking_' || number) IS NOT NULL"
)
_CURRENT = (
    "SELECT number FROM timeline_derived.builds WHERE name = ? AND switched IS NOT NULL"
    f" AND {_PRESENT} ORDER BY switched DESC LIMIT 1"
)
_MAY_BUILD = "SELECT has_function_privilege('timeline.begin_build(text)', 'EXECUTE')"
_LOCK = f"SELECT pg_advisory_lock({BUILDING_SPACE}, hashtext(%s))"

_UNUSABLE = (
    psycopg.errors.UndefinedTable,
    psycopg.errors.DataCorrupted,
    psycopg.errors.IndexCorrupted,
)

POSTGRES = Dialect(
    schema=TABLES,
    staging="""
SET LOCAL work_mem = '64MB';
CREATE TEMP TABLE staged_opened (
    keys text[], event bigint, since bigint, until bigint, state bytea, sum bigint
) ON COMMIT DROP;
CREATE TEMP TABLE staged_closed (
    key text COLLATE "C", event bigint, until bigint
) ON COMMIT DROP""",
    unnest='unnest(keys) AS "each"(value)',
    keys="key = ANY(?)",
    # OFFSET keeps the planner from turning the lookups of key ranges into a join.
    prefixes=(
        "SELECT {columns} FROM unnest(?::text[]) AS asked(value), LATERAL ("
        "SELECT * FROM {table}"
        " WHERE key >= asked.value AND key < asked.value || '~' AND {condition} OFFSET 0) AS rows"
    ),
    array=list,
)


class PostgresDatabase:
    """The log's database: its connections for reading, and others to the primary for writing."""

    dialect = POSTGRES

    def __init__(self, url: str, readers: Pool):
        self.url = url
        self.readers = readers

    @cached_property
    def writers(self) -> Pool:
        """The connections for writing, opened on first use."""
        return Pool(self.url, lambda: connect(self.url, *_SETTINGS, writable=True))

    def fetch(self, query: str, *values: Any) -> list[Any]:
        with _telling_damage():
            return self.readers.rows(query.replace("?", "%s"), *values)

    @contextmanager
    def transaction(self, tracking: str) -> Iterator[PostgresTransaction]:
        with _telling_damage(), self.writers.use(_WRITE) as connection:
            connection.execute(f"BEGIN; LOCK TABLE {tracking} IN EXCLUSIVE MODE".encode())
            yield PostgresTransaction(connection)
            connection.execute("COMMIT")

    def close(self) -> None:
        """Connections belong to all builds together."""

    def close_writers(self) -> None:
        """Close the connections that write."""
        if "writers" in self.__dict__:
            self.writers.close()


@contextmanager
def _telling_damage() -> Iterator[None]:
    """Distinguish dropped or damaged tables from a server that does not answer."""
    try:
        yield
    except StoreError as error:
        if isinstance(error.__cause__, _UNUSABLE):
            raise RowsUnusableError(str(error)) from error
        raise


class PostgresTransaction:
    """An open transaction on a connection."""

    def __init__(self, connection: Connection):
        self._connection = connection

    def fetch(self, query: str, *values: Any) -> list[Any]:
        return fetch(self._connection, query.replace("?", "%s"), *values)

    def execute(self, statement: str, *values: Any) -> int:
        query = statement.replace("?", "%s").encode()
        return self._connection.execute(query, values or None).rowcount

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), rows)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        # A statement cannot take an array of arrays.
        write = copy if "keys" in columns else insert
        write(self._connection, table, {name: _TYPES[name] for name in columns}, rows)


class PostgresStore:
    """The index of a log in PostgreSQL. `name` distinguishes it from other indexes.

    `readers` are the connections of the log, which read rows, too.
    """

    def __init__(self, url: str, name: str, readers: Pool):
        self.name = name
        self._url = url
        self._database = PostgresDatabase(url, readers)

    def current(self) -> SqlRows | None:
        number = self._current()
        return None if number is None else self._rows(number)

    def is_current(self, rows: SqlRows) -> bool:
        return self._current() == _number(rows)

    @contextmanager
    def building(self) -> Iterator[None]:
        # The lock is released with the connection, even if the process dies.
        connection = connect(self._url, writable=True)
        try:
            try:
                ((allowed,),) = fetch(connection, _MAY_BUILD)
                if not allowed:
                    raise StoreError("this role may not write the index")
                fetch(connection, _LOCK, self.name)
            except psycopg.Error as error:
                raise failure(_WRITE, self._url, error) from error
            yield
        finally:
            connection.close()

    def begin(self) -> SqlRows:
        ((number,),) = self._call("SELECT timeline.begin_build(%s)", self.name)
        return self._rows(number)

    def switch(self, rows: SqlRows) -> SqlRows:
        self._call("SELECT timeline.switch_build(%s)", _number(rows))
        return rows

    def discard(self, rows: SqlRows) -> None:
        self._call("SELECT timeline.discard_build(%s)", _number(rows))

    def abandon(self, rows: SqlRows) -> None:
        self._call("SELECT timeline.abandon_build(%s)", _number(rows))

    def close(self) -> None:
        """Close the connections that write."""
        self._database.close_writers()

    def _rows(self, number: int) -> SqlRows:
        tables = (f"timeline_derived.{kind}_{number}" for kind in ("rows", "tracking"))
        return SqlRows(self._database, *tables)

    def _current(self) -> int | None:
        """The number of the build in use; None where there is none, or the schema was dropped."""
        try:
            found = self._database.fetch(_CURRENT, self.name)
        except RowsUnusableError:
            return None
        return found[0][0] if found else None

    def _call(self, query: str, value: str | int) -> list[Any]:
        with self._database.writers.use(_WRITE) as connection:
            return fetch(connection, query, value)


def _number(rows: SqlRows) -> int:
    return int(rows.table.rpartition("_")[2])
