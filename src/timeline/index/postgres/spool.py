"""What the processes of a build have folded, on its way into the rows: tables beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import psycopg

from timeline.index.build_spool import IntervalCloser
from timeline.index.postgres.index_connections import WRITE, deriving
from timeline.index.projection import FOREVER, Closed, Opened, Progress, Stretch
from timeline.log.postgres.bulk import copy
from timeline.log.postgres.connections import Connection, failure

_OPENED = {
    "keys": "bytea[]",
    "event": "int8",
    "since": "int8",
    "until": "int8",
    "state": "bytea",
}
_CLOSED = {"key": "bytea", "event": "int8", "until": "int8"}
_IS_THERE = "SELECT to_regclass(%s) IS NOT NULL"


class PostgresSpool:
    """One process's way to write into the tables, which all of a build share.

    A stretch is in them wholly or not at all, so that a build that was cut off goes on with
    those that are missing.
    """

    def __init__(self, url: str, generation: int):
        self._url = url
        self._generation = generation
        self._connection = deriving(url)
        try:
            with self._failing():
                self._connection.execute("SELECT timeline.open_spools(%s)", (generation,))
        except BaseException:
            self.close()
            raise

    def write(self, stretch: Stretch, anchor: str, rows: Iterable[Closed | Opened]) -> None:
        """Keep what a stretch opens and closes, with the anchor of its last record.

        Raises:
            StoreError: it cannot be written.
        """
        pairing = IntervalCloser()
        pairing.take(rows)
        closed = ((each.key.encode(), each.event, each.until) for each in pairing.closed)
        with self._failing(), self._connection.transaction():
            opened = _together(pairing.rows())
            copy(self._connection, self._table("opened"), _OPENED, opened)
            copy(self._connection, self._table("closed"), _CLOSED, closed)
            self._connection.execute(
                f"INSERT INTO {self._table('done')} VALUES (%s, %s, %s)".encode(),
                (*stretch, anchor),
            )

    def done(self) -> list[tuple[Stretch, str]]:
        """The stretches that are in the tables, from all processes, each with its anchor."""
        with self._failing():
            query = f"SELECT after, until, anchor FROM {self._table('done')}"
            found = self._connection.execute(query.encode()).fetchall()
        return [((after, until), anchor) for after, until, anchor in found]

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _table(self, kind: str) -> str:
        return f"timeline_derived.{kind}_{self._generation}"

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise failure(WRITE, self._url, error) from error


class PostgresSpools:
    """The spools of the build of one generation, from whichever process."""

    # So many connections, for one build.
    most = 16

    def __init__(self, url: str, generation: int):
        self.url = url
        self.generation = generation

    def open(self, number: int) -> PostgresSpool:
        """One of them; the tables are made if they are not there."""
        return PostgresSpool(self.url, self.generation)

    def existing(self) -> list[PostgresSpool]:
        """One that tells of all that was left, if there is any."""
        with self._connection() as connection:
            table = f"timeline_derived.done_{self.generation}"
            found = connection.execute(_IS_THERE, (table,)).fetchone()
        return [self.open(0)] if found and found[0] else []

    def clear(self) -> None:
        """Drop the tables."""
        with self._connection() as connection:
            connection.execute("SELECT timeline.clear_spools(%s)", (self.generation,))

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        connection = deriving(self.url)
        try:
            yield connection
        except psycopg.Error as error:
            raise failure(WRITE, self.url, error) from error
        finally:
            connection.close()


def absorb(
    connection: Connection, generation: int, held: Mapping[int, Progress], progress: Progress
) -> None:
    """Put what the tables have into the rows, in a transaction that holds all shards.

    A process whose build was killed may have folded one more stretch than anybody knew of, and
    some shards may have come further: a row that comes twice is put in once, and closed by the
    first that closes it.
    """
    after, until = min(each.checkpoint for each in held.values()), progress.checkpoint
    rows = f"timeline_derived.rows_{generation}"
    for statement in (
        "SET LOCAL work_mem = '64MB'",
        f"INSERT INTO {rows} AS rows SELECT DISTINCT ON (key, event, since)"
        " key, event, since, until, state"
        f" FROM timeline_derived.opened_{generation}, unnest(keys) AS key"
        f" WHERE since <= {until} ORDER BY key, event, since, until"
        " ON CONFLICT (key, event, since) DO UPDATE SET until = excluded.until"
        " WHERE excluded.until < rows.until",
        f"UPDATE {rows} AS rows SET until = ended.until FROM ("
        " SELECT rows.key, rows.event, rows.since, min(closed.until) AS until"
        f" FROM timeline_derived.closed_{generation} AS closed JOIN {rows} AS rows"
        " ON rows.key = closed.key AND rows.event = closed.event"
        f" AND rows.since < closed.until AND rows.until = {FOREVER}"
        f" WHERE closed.until > {after} AND closed.until <= {until} GROUP BY 1, 2, 3"
        ") AS ended WHERE rows.key = ended.key AND rows.event = ended.event"
        " AND rows.since = ended.since",
    ):
        connection.execute(statement.encode())


def _together(
    rows: Iterable[tuple[str, int, int, int, bytes]],
) -> Iterator[tuple[list[bytes], int, int, int, bytes]]:
    """The rows with all keys under which they are alike."""
    keys: dict[tuple[int, int, int, bytes], list[bytes]] = {}
    for key, event, since, until, state in rows:
        keys.setdefault((event, since, until, state), []).append(key.encode())
    return ((found, *rest) for rest, found in keys.items())
