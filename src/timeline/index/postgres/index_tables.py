"""Where projections are kept beside a log in PostgreSQL: generations, one of which is in use.

A projection is built anew in a table of its own, and the switch to it is one commit. The table
before it stays until the next switch, for whoever is in the middle of a question. The whole
schema can be dropped at any time: it is made again by whoever asks next and may write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

import psycopg

from timeline.errors import StoreError
from timeline.index.postgres.index_build import Generation
from timeline.index.postgres.index_connections import WRITE, Sessions
from timeline.index.postgres.rows import PostgresRows
from timeline.index.postgres.schema import BUILDING_SPACE
from timeline.index.projection import Projection, Rows
from timeline.log.postgres.connections import Connection, connect, failure
from timeline.log.postgres.pool import Pool
from timeline.log.postgres.reader import fetch
from timeline.log.reader import Row

# A generation whose table somebody has dropped is none.
_OF_PROJECTION = (
    "projection = %s AND version = %s AND settings = %s"
    " AND to_regclass('timeline_derived.rows_' || number) IS NOT NULL"
)
_USED = (
    f"SELECT number, shards FROM timeline_derived.generations WHERE {_OF_PROJECTION}"
    " AND switched IS NOT NULL ORDER BY switched DESC LIMIT 1"
)
_BEGUN = (
    f"SELECT number, shards FROM timeline_derived.generations WHERE {_OF_PROJECTION}"
    " AND switched IS NULL ORDER BY number LIMIT 1"
)
_OPEN = "SELECT timeline.open_generation(%s, %s::integer, %s, %s::integer, %s)"
_MAY_BUILD = (
    "SELECT has_function_privilege("
    "'timeline.open_generation(text, integer, text, integer, boolean)', 'EXECUTE')"
)


class PostgresDerived:
    """The projections of a newsroom.

    `settings` tells the vocabulary and the zone that they are made with from any other.
    `readers` are the connections of the log, which read rows, too.
    """

    def __init__(self, url: str, settings: str, readers: Pool):
        self._url = url
        self._settings = settings
        self._sessions = Sessions(url, readers)

    def current(self, projection: Projection) -> PostgresRows | None:
        """The rows that questions are answered from; None where there are none yet.

        Raises:
            StoreError: they cannot be read.
        """
        found = self._generations(_USED, projection)
        return self._rows(*found[0]) if found else None

    def is_current(self, projection: Projection, rows: Rows) -> bool:
        """Whether questions are still answered from these rows."""
        assert isinstance(rows, PostgresRows)
        return self._generations(_USED, projection) == [rows.generation]

    @contextmanager
    def building(self, projection: Projection) -> Iterator[None]:
        """Keeps all others from building, until the block ends or the process dies.

        Raises:
            StoreError: whoever asks may not build, or the server cannot be reached.
        """
        connection = connect(self._url, writable=True)
        try:
            self._take_turn(connection, projection)
            yield
        finally:
            connection.close()

    def _take_turn(self, connection: Connection, projection: Projection) -> None:
        """Wait for the turn to build; whoever may only read need not wait."""
        # One of 2^32 numbers, as the server wants it.
        number = crc32("\n".join(map(str, self._names(projection))).encode()) - 2**31
        try:
            ((allowed,),) = fetch(connection, _MAY_BUILD)
            if not allowed:
                raise StoreError("the role that asks may not write what is derived")
            connection.execute(f"SELECT pg_advisory_lock({BUILDING_SPACE}, {number})".encode())
        except psycopg.Error as error:
            raise failure(WRITE, self._url, error) from error

    def next(self, projection: Projection) -> PostgresRows:
        """The rows of a build that is not finished: those of one that was cut off, or new ones.

        They have as many shards as those in use; where there are none, as those that workers
        are building.

        Raises:
            StoreError: they cannot be made.
        """
        like = self._generations(_USED, projection) or self._generations(_BEGUN, projection)
        return self._opened(projection, like[0].shards if like else 1, False)

    def sharded(self, projection: Projection, shards: int, anew: bool) -> PostgresRows:
        """The rows in use if they have so many shards, or those of a build that is not finished.

        With `anew`, not those in use.

        Raises:
            StoreError: they cannot be made.
        """
        return self._opened(projection, shards, not anew)

    def switch(self, projection: Projection, rows: Rows) -> None:
        """Answer questions from these rows from now on, and let go of those before the last.

        Raises:
            StoreError: it cannot be written.
        """
        assert isinstance(rows, PostgresRows)
        self._call("SELECT timeline.switch_generation(%s)", rows.generation.number)

    def discard(self, rows: Rows) -> None:
        """Delete rows that nobody is to be answered from; rows in use stay.

        Raises:
            StoreError: it cannot be written.
        """
        assert isinstance(rows, PostgresRows)
        self._call("SELECT timeline.discard_generation(%s)", rows.generation.number)

    def close(self) -> None:
        """Let go of the connections that write."""
        self._sessions.close()

    def _opened(self, projection: Projection, shards: int, used_too: bool) -> PostgresRows:
        names = self._names(projection)
        ((number,),) = self._call(_OPEN, *names, shards, used_too)
        return self._rows(number, shards)

    def _rows(self, number: int, shards: int) -> PostgresRows:
        return PostgresRows(Generation(number, shards), self._sessions)

    def _generations(self, query: str, projection: Projection) -> list[Generation]:
        """What a query finds; nothing where the schema was dropped."""
        try:
            found = self._sessions.readers.rows(query, *self._names(projection))
        except StoreError as error:
            if isinstance(error.__cause__, psycopg.errors.UndefinedTable):
                return []
            raise
        return [Generation(*row) for row in found]

    def _call(self, query: str, *values: str | int | bool) -> list[Row]:
        with self._sessions.writers.use(WRITE) as connection:
            return fetch(connection, query, *values)

    def _names(self, projection: Projection) -> tuple[str, int, str]:
        return projection.name, projection.version, self._settings
