"""Placing batches that kept nobody from writing, and waiting for the disk together.

A batch needs two things: its place, which is given out in turn, and durability, which many can
wait for at once. So batches are placed in a transaction that has the turn only while the server
writes it, and that does not wait for the disk; then they are published, which does. Those that
come while others are on their way wait, and go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Condition

import psycopg

from timeline.errors import StoreError
from timeline.log import InterferedError
from timeline.store.postgres.batch import LooseBatch
from timeline.store.postgres.connections import Connection
from timeline.store.postgres.pool import Pool
from timeline.store.postgres.queries import Row

# So many batches go together, and hold up the others' turn.
MOST_TOGETHER = 64

PLACE = (
    "SELECT * FROM timeline.place(%b::bigint, %b::text[], %b::text[], %b::bytea[], %b::bytea[],"
    " %b::bigint[], %b::bytea[], %b::bigint[], %b::bytea[], %b::text[], %b::text[], %b::bool)"
)
PUBLISH = "SELECT timeline.publish(%s::bigint)"

UNKNOWN = "whether it was written is not known; the same id can be appended again"


class _Journey:
    """One batch on its way: it has an error until it has arrived."""

    def __init__(self, batch: LooseBatch):
        self.batch = batch
        self.done = False
        self.interfered = False
        self.error: StoreError | None = StoreError(f"interrupted; {UNKNOWN}")


class Placing:
    """The way of all batches of this process."""

    def __init__(self, pool: Pool):
        self._pool = pool
        self._changed = Condition()
        self._waiting: list[_Journey] = []
        self._on_the_way = False
        self._published = 0

    def place(self, batch: LooseBatch) -> None:
        """Place and publish what a batch has added.

        Raises:
            InterferedError: others have written what it looked at; nothing was placed.
            StoreError: nothing was placed, or it is not known.
        """
        mine = _Journey(batch)
        with self._changed:
            self._waiting.append(mine)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: mine.done or not self._on_the_way)
                if mine.done:
                    break
                self._on_the_way = True
                together = self._waiting[:MOST_TOGETHER]
                del self._waiting[:MOST_TOGETHER]
            self._go(together)
        if mine.error is not None:
            raise StoreError(str(mine.error)) from mine.error
        if mine.interfered:
            raise InterferedError

    def _go(self, together: Sequence[_Journey]) -> None:
        try:
            with self._pool.use("cannot write") as connection:
                try:
                    self._send(connection, together)
                except psycopg.OperationalError as error:
                    raise psycopg.OperationalError(f"{error}; {UNKNOWN}") from error
            for each in together:
                each.error = None
        except StoreError as error:
            for each in together:
                each.error = error
        finally:
            with self._changed:
                for each in together:
                    each.done = True
                self._on_the_way = False
                self._changed.notify_all()

    def _send(self, connection: Connection, together: Sequence[_Journey]) -> None:
        adding = [each for each in together if each.batch.pending]
        if len(adding) == 1:
            cursors = [_place(connection, adding[0].batch)]
        elif adding:
            # All is sent before the first answer is read: the turn does not wait for us.
            with connection.pipeline():
                connection.execute("BEGIN")
                cursors = [_place(connection, each.batch) for each in adding]
                connection.execute("COMMIT")
        else:
            cursors = []
        for each, cursor in zip(adding, cursors, strict=True):
            each.batch.placed = cursor.fetchall()
            each.interfered = not each.batch.placed
        last = max(_last(each.batch) for each in together)
        if last > self._published:
            # What was found to be there already may not be durable yet, either.
            connection.execute(PUBLISH, (last,), prepare=True)
            self._published = last


def _place(connection: Connection, batch: LooseBatch) -> psycopg.Cursor[Row]:
    return connection.execute(PLACE, batch.arguments(), prepare=True, binary=True)


def _last(batch: LooseBatch) -> int:
    """The last position that a batch has added, or that it has seen."""
    return batch.placed[-1][0] if batch.placed else batch.begun.position
