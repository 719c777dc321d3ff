"""Placing batches that kept nobody from writing, and waiting for the disk together.

A batch needs two things: its place, which is given out in turn, and durability, which many can
wait for at once. So batches are placed in a transaction that has the turn only while the server
writes it, and that does not wait for the disk; then they are published, which does. Those that
come while others are on their way wait, and go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from threading import Lock

import psycopg

from timeline.errors import StoreError
from timeline.log.postgres.connections import Connection
from timeline.log.postgres.optimistic_batch import OptimisticBatch
from timeline.log.postgres.pool import Pool
from timeline.log.postgres.queries import Row
from timeline.log.protocol import AppendConditionFailedError

# So many batches go together, and hold up the others' turn.
MOST_TOGETHER = 64

PLACE = (
    "SELECT * FROM timeline.place(%b::bigint, %b::text[], %b::text[], %b::bytea[], %b::bytea[],"
    " %b::bigint[], %b::bytea[], %b::bigint[], %b::bytea[], %b::text[], %b::text[], %b::bool)"
)
PUBLISH = "SELECT timeline.publish(%s::bigint)"

UNKNOWN = "whether it was written is not known; the same id can be appended again"


class _Ticket:
    """One batch on its way: it has an error until it has arrived."""

    def __init__(self, batch: OptimisticBatch):
        self.batch = batch
        self.leads = False
        self.interfered = False
        self.error: StoreError | None = StoreError(f"interrupted; {UNKNOWN}")
        self._woken = Lock()
        self._woken.acquire()

    def wait(self) -> None:
        """Wait until it has arrived, or is to lead."""
        self._woken.acquire()

    def wake(self) -> None:
        """Let it go on."""
        self._woken.release()


class GroupCommit:
    """The way of all batches of this process: one thread at a time leads those that wait."""

    def __init__(self, pool: Pool):
        self._pool = pool
        self._lock = Lock()
        self._waiting: list[_Ticket] = []
        self._on_the_way = False
        self._published = 0

    def place(self, batch: OptimisticBatch) -> None:
        """Place and publish what a batch has added.

        Raises:
            InterferedError: others have written what it looked at; nothing was placed.
            StoreError: nothing was placed, or it is not known.
        """
        mine = _Ticket(batch)
        with self._lock:
            self._waiting.append(mine)
            mine.leads = not self._on_the_way
            self._on_the_way = True
        if not mine.leads:
            try:
                mine.wait()
            except BaseException:
                self._leave(mine)
                raise
        if mine.leads:
            self._lead()
        if mine.error is not None:
            raise StoreError(str(mine.error)) from mine.error
        if mine.interfered:
            raise AppendConditionFailedError

    def _lead(self) -> None:
        """Go with those that wait, of whom this thread is the first."""
        with self._lock:
            together = self._waiting[:MOST_TOGETHER]
            del self._waiting[:MOST_TOGETHER]
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
            for each in together[1:]:
                each.wake()
            with self._lock:
                self._pass_on()

    def _pass_on(self) -> None:
        """Let the next lead, if there is one."""
        self._on_the_way = bool(self._waiting)
        for each in self._waiting[:1]:
            each.leads = True
            each.wake()

    def _leave(self, journey: _Ticket) -> None:
        """Do without one that was interrupted while it waited."""
        with self._lock:
            if journey in self._waiting:
                self._waiting.remove(journey)
                if journey.leads:
                    self._pass_on()

    def _send(self, connection: Connection, together: Sequence[_Ticket]) -> None:
        adding = [each for each in together if each.batch.pending]
        blind = [each for each in adding if each.batch.blind]
        if len(blind) > 1 and _place_as_one(connection, blind):
            adding = [each for each in adding if not each.batch.blind]
        _place_each(connection, adding)
        last = max(_last(each.batch) for each in together)
        # What was found to be there already may not be durable yet, either.
        if any(each.batch.placed for each in together) or last > self._published:
            connection.execute(PUBLISH, (last,), prepare=True)
            self._published = last


def _place_as_one(connection: Connection, blind: Sequence[_Ticket]) -> bool:
    """Place batches that have looked at nothing as if they were one; false if that cannot be."""
    batches = [each.batch for each in blind]
    if len(set().union(*(batch.ids for batch in batches))) < sum(len(b.ids) for b in batches):
        return False
    rows = iter(_place(connection, *batches).fetchall())
    for batch in batches:
        batch.placed = list(islice(rows, len(batch.pending)))
    return bool(batches[0].placed)


def _place_each(connection: Connection, adding: Sequence[_Ticket]) -> None:
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


def _place(connection: Connection, *batches: OptimisticBatch) -> psycopg.Cursor[Row]:
    return connection.execute(PLACE, _arguments(batches), prepare=True, binary=True)


def _arguments(batches: Sequence[OptimisticBatch]) -> tuple[object, ...]:
    """What `timeline.place` takes: one batch, or several that have looked at nothing."""
    placed = [each for batch in batches for each in batch.pending.placed]
    amended = [
        (event.encode(), number) for number, each in enumerate(placed, 1) for event in each.amends
    ]
    first = batches[0]
    return (
        None if first.blind else first.begun.position,
        [each.entry.story for each in placed],
        [each.entry.topic for each in placed],
        [each.entry.state for each in placed],
        [each.id.encode() for each in placed],
        [each.entry.recorded_at for each in placed],
        [event for event, _ in amended],
        [number for _, number in amended],
        [id.encode() for batch in batches for id in batch.ids],
        list(first.topics),
        list(first.seen_stories),
        first.seen_all,
    )


def _last(batch: OptimisticBatch) -> int:
    """The last position that a batch has added, or that it has seen."""
    return batch.placed[-1][0] if batch.placed else batch.begun.position
