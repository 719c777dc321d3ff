"""The rows of one projection in a PostgreSQL database: a table for each build of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from timeline.errors import StoreError
from timeline.index.postgres.index_build import Generation
from timeline.index.postgres.index_connections import WRITE, Sessions
from timeline.index.postgres.rows_writer import PostgresWriter, lock
from timeline.index.postgres.spool import PostgresSpools, absorb
from timeline.index.projection import FOREVER, GoneError, Progress, Writer
from timeline.log.postgres.connections import Connection
from timeline.log.reader import Row

_PAGE = 2000
_STANDS = "since <= %s AND until > %s"


class PostgresRows:
    """The rows of a generation, for any number of threads and hosts.

    All of them are read. Those of `part` are written and caught up: each shard has its own
    checkpoint, and whoever writes rows of a shard holds it until the end of his transaction.
    """

    def __init__(
        self,
        generation: Generation,
        sessions: Sessions,
        part: Sequence[int] | None = None,
    ):
        self.generation = generation
        self._sessions = sessions
        self._part = list(part or range(1, generation.shards + 1))

    @property
    def shards(self) -> int:
        """To how many shards the events are dealt out."""
        return self.generation.shards

    def part(self, shard: int) -> PostgresRows:
        """The same rows, to write those of one shard, from 1 on."""
        return PostgresRows(self.generation, self._sessions, [shard])

    def progress(self) -> Progress:
        """How far the slowest of the shards has come."""
        found = self._rows(
            "SELECT checkpoint, anchor, problem FROM timeline_derived.shards"
            " WHERE generation = %s AND shard = ANY(%s) ORDER BY checkpoint, problem LIMIT 1",
            self.generation.number,
            self._part,
        )
        if not found:
            raise GoneError(f"{self.generation.table} was dropped")
        return Progress(*found[0])

    def found(self, keys: Collection[str], at: int) -> Iterable[tuple[int, bytes]]:
        return self._under(keys, _STANDS, at, at)

    def last(self, prefix: str, below: str, at: int, most: int) -> Iterable[tuple[int, bytes]]:
        return self._rows(
            f"SELECT event, state FROM {self.generation.table}"
            f" WHERE key >= %s AND key < %s AND {_STANDS}"
            " ORDER BY key DESC, event DESC LIMIT %s",
            prefix.encode(),
            min(below.encode(), _after(prefix)),
            at,
            at,
            most,
        )

    def stands(self, key: str, at: int) -> bool:
        return bool(
            self._rows(
                f"SELECT 1 FROM {self.generation.table} WHERE key = %s AND {_STANDS} LIMIT 1",
                key.encode(),
                at,
                at,
            )
        )

    def ever(self, keys: Collection[str], until: int) -> Iterable[tuple[int, bytes]]:
        return self._under(keys, "since <= %s", until)

    def names(self, prefix: str) -> Iterator[str]:
        after, end = prefix.encode(), _after(prefix)
        # From each key to the next one: the rows between are passed over.
        after_this = f"SELECT key FROM {self.generation.table} WHERE key > %s AND key < %s"
        after_last = f"SELECT key FROM {self.generation.table} WHERE key > last.key AND key < %s"
        first = "ORDER BY key LIMIT 1"
        while page := self._rows(
            f"WITH RECURSIVE names AS (({after_this} {first}) UNION ALL"
            f" SELECT found.key FROM names AS last, LATERAL ({after_last} {first}) AS found)"
            f" SELECT key FROM names LIMIT {_PAGE}",
            after,
            end,
            end,
        ):
            for (key,) in page:
                yield key.decode().removeprefix(prefix)
            after = page[-1][0]

    def has_kind(self, prefix: str) -> bool:
        query = f"SELECT 1 FROM {self.generation.table} WHERE key >= %s AND key < %s LIMIT 1"
        return bool(self._rows(query, prefix.encode(), _after(prefix)))

    def all(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        place: tuple[bytes, int, int] = b"", 0, 0
        while page := self._rows(
            f"SELECT key, event, since, until, state FROM {self.generation.table}"
            " WHERE (key, event, since) > (%s, %s, %s) AND since <= %s"
            f" ORDER BY key, event, since LIMIT {_PAGE}",
            *place,
            until,
        ):
            for key, event, since, end, state in page:
                end = end if end <= until else FOREVER
                yield key.decode(), event, since, end, state
            place = page[-1][:3]

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        with self._held() as (_, writer, _):
            yield writer

    def spools(self) -> PostgresSpools:
        return PostgresSpools(self._sessions.url, self.generation.number)

    def absorb(self, progress: Progress) -> None:
        with self._held() as (connection, writer, held):
            absorb(connection, self.generation.number, held, progress)
            writer.advance(progress)
        self.spools().clear()

    @contextmanager
    def _held(self) -> Iterator[tuple[Connection, PostgresWriter, dict[int, Progress]]]:
        """A transaction that holds the shards, which is committed when the block ends."""
        with self._there(), self._sessions.writers.use(WRITE) as connection:
            held = lock(connection, self.generation.number, self._part)
            if len(held) < len(self._part):
                raise GoneError(f"{self.generation.table} was dropped")
            writer = PostgresWriter(connection, self.generation, held)
            yield connection, writer, held
            writer.finish()
            connection.execute("COMMIT")

    @contextmanager
    def _there(self) -> Iterator[None]:
        """Where a table is missing, somebody has dropped it."""
        try:
            yield
        except StoreError as error:
            if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
                raise GoneError(str(error)) from error
            raise

    def close(self) -> None:
        """Nothing is held open: connections are those of all rows together."""

    def _under(self, keys: Collection[str], which: str, *values: int) -> list[Row]:
        """The rows under some keys, and under all that begin with one that ends so."""
        table = self.generation.table
        exact = _encoded(key for key in keys if not key.endswith("\n"))
        query = f"SELECT event, state FROM {table} WHERE key = ANY(%s) AND {which}"
        if len(exact) == len(keys):
            return self._rows(query, exact, *values)
        prefixes = [key for key in keys if key.endswith("\n")]
        # Each stretch of keys is looked up by itself: OFFSET keeps the server from joining.
        return self._rows(
            f"{query} UNION ALL SELECT event, state"
            " FROM unnest(%s::bytea[], %s::bytea[]) AS asked (low, high), LATERAL ("
            f" SELECT event, state FROM {table} WHERE key >= low AND key < high AND {which}"
            " OFFSET 0) AS rows",
            exact,
            *values,
            _encoded(prefixes),
            [_after(prefix) for prefix in prefixes],
            *values,
        )

    def _rows(self, query: str, *values: Any) -> list[Row]:
        with self._there():
            return self._sessions.readers.rows(query, *values)


def _encoded(keys: Iterable[str]) -> list[bytes]:
    return [key.encode() for key in keys]


def _after(prefix: str) -> bytes:
    """The first key after all that begin so."""
    encoded = prefix.encode()
    return encoded[:-1] + bytes([encoded[-1] + 1])
