"""An open transaction on the rows of a projection, or on those of some shards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from timeline.index.build_spool import IntervalCloser
from timeline.index.postgres.index_build import Generation
from timeline.index.projection import FOREVER, Closed, Opened, Progress
from timeline.log.postgres.bulk import insert
from timeline.log.postgres.connections import Connection
from timeline.log.postgres.reader import fetch

_COLUMNS = {"key": "bytea", "event": "int8", "since": "int8", "until": "int8", "state": "bytea"}


def lock(connection: Connection, generation: int, shards: Sequence[int]) -> dict[int, Progress]:
    """Begin a transaction that holds some shards, always taken in order; how far each has come."""
    wanted = ", ".join(map(str, shards))
    cursor = connection.execute(
        "BEGIN; SELECT shard, checkpoint, anchor, problem FROM timeline_derived.shards"
        f" WHERE generation = {generation} AND shard IN ({wanted})"
        " ORDER BY shard FOR UPDATE".encode()
    )
    cursor.nextset()
    return {shard: Progress(*progress) for shard, *progress in cursor}


class PostgresWriter:
    """Writes rows of the shards that are held, each from its own checkpoint on.

    It folds from where the slowest of them stands. Rows of other shards, and those that a
    shard has already, are left out: a row is opened and closed by the record at a position,
    so its position tells.
    """

    def __init__(
        self, connection: Connection, generation: Generation, held: Mapping[int, Progress]
    ):
        self._connection = connection
        self._generation = generation
        self._shard_of = generation.shard_of
        self._held = {shard: progress.checkpoint for shard, progress in held.items()}
        self._progress = min(held.values(), key=lambda each: each.checkpoint)
        self._advance: Progress | None = None
        self._waiting = IntervalCloser()

    def progress(self) -> Progress:
        return self._progress

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        self._flush()
        rows = fetch(
            self._connection,
            f"SELECT DISTINCT event FROM {self._generation.table}"
            " WHERE key = ANY(%s) AND since <= %s AND until > %s",
            [key.encode() for key in keys],
            at,
            at,
        )
        return [event for (event,) in rows if self._shard_of(event) in self._held]

    def write(self, rows: Iterable[Closed | Opened]) -> None:
        self._waiting.take(self._mine(rows))

    def _mine(self, rows: Iterable[Closed | Opened]) -> Iterator[Closed | Opened]:
        held, shard_of = self._held, self._shard_of
        for row in rows:
            position = row.since if isinstance(row, Opened) else row.until
            if position > held.get(shard_of(row.event), position):
                yield row

    def advance(self, progress: Progress) -> None:
        self._advance = progress

    def finish(self) -> None:
        """Hand over what waits, with the checkpoint."""
        self._flush()
        if self._advance is None:
            return
        checkpoint, anchor, problem = self._advance
        # What the server keeps as text has no room for U+0000.
        problem = problem and problem.replace("\0", "\\0")
        self._connection.execute(
            "UPDATE timeline_derived.shards SET checkpoint = %s, anchor = %s, problem = %s"
            " WHERE generation = %s AND shard = ANY(%s) AND checkpoint <= %s",
            (checkpoint, anchor, problem, self._generation.number, list(self._held), checkpoint),
            prepare=True,
        )

    def _flush(self) -> None:
        """Hand over what waits."""
        # What asks may be in the middle of what is taken in: the same pairing goes on.
        self._close([(row.key.encode(), row.event, row.until) for row in self._waiting.closed])
        opened = [(key.encode(), *rest) for key, *rest in self._waiting.rows()]
        insert(self._connection, self._generation.table, _COLUMNS, opened)
        self._waiting.clear()

    def _close(self, closed: Sequence[tuple[object, ...]]) -> None:
        if closed:
            self._connection.execute(
                f"UPDATE {self._generation.table} AS rows SET until = closed.until"
                " FROM unnest(%b::bytea[], %b::bigint[], %b::bigint[])"
                " AS closed (key, event, until) WHERE rows.key = closed.key"
                " AND rows.event = closed.event"
                f" AND rows.until = {FOREVER}".encode(),
                [list(column) for column in zip(*closed, strict=True)],
                prepare=True,
            )
