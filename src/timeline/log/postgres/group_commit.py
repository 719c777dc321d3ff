"""Group commit: batches take turns for their positions, but share the wait for the disk.

A batch needs positions in the log, which batches get one after another, and durability, for which
many can wait at once. So a batch is placed in a short transaction that holds the lock only while
the server executes it and does not wait for the disk. Then it is published, which does wait.
Batches that arrive in the meantime are sent together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

import psycopg

from timeline.errors import StoreError
from timeline.log.mapper import StoredRecord
from timeline.log.postgres.connections import Connection, Pool
from timeline.log.protocol import AppendCondition, AppendConditionFailedError, Clock
from timeline.log.reader import Row

# The most batches to send together, while others wait.
MOST_TOGETHER = 64

PLACE = (
    "SELECT * FROM timeline.place(%b::bigint, %b::text[], %b::text[], %b::bytea[], %b::bytea[],"
    " %b::bigint[], %b::bytea[], %b::bigint[], %b::bytea[], %b::text[], %b::text[], %b::bool)"
)
PUBLISH = "SELECT timeline.publish(%s::bigint)"
_PUBLISH_ALL = "SELECT timeline.publish(max(position)) FROM timeline.stored_events"

UNKNOWN = "whether it was written is not known; the same id can be appended again"


class _Ticket:
    """A batch in the queue. It has an error until it is published."""

    def __init__(self, records: Sequence[StoredRecord], condition: AppendCondition, clock: Clock):
        self.records = records
        self.condition = condition
        self.clock = clock
        self.is_blind = condition.after is None
        self.leads = False
        self.placed: list[Row] = []
        self.error: StoreError | None = StoreError(f"interrupted; {UNKNOWN}")
        self._woken = Lock()
        self._woken.acquire()

    def times(self) -> Iterator[int]:
        """The times of recording of its records: now, unless they brought their own."""
        for each in self.records:
            yield self.clock() if each.recorded_at is None else each.recorded_at

    def wait(self) -> None:
        """Wait until it is published, or its thread has to lead."""
        self._woken.acquire()

    def wake(self) -> None:
        """End the wait."""
        self._woken.release()


class GroupCommit:
    """The queue of this process's batches, which one thread at a time sends (the leader)."""

    def __init__(self, pool: Pool):
        self._pool = pool
        self._lock = Lock()
        self._waiting: list[_Ticket] = []
        self._on_the_way = False

    def place(
        self, records: Sequence[StoredRecord], condition: AppendCondition, clock: Clock
    ) -> None:
        """Place and publish a batch, and set the positions of its records.

        An empty batch publishes everything that its condition may have read.

        Raises:
            AppendConditionFailedError: others have appended what was read; nothing was placed.
            StoreError: nothing was placed, or whether it was is not known.
        """
        mine = _Ticket(records, condition, clock)
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
        if records and not mine.placed:
            raise AppendConditionFailedError
        for record, place in zip(records, mine.placed, strict=True):
            record.place(*place)

    def _lead(self) -> None:
        """Send the waiting batches; this thread's is the first."""
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
        """Let the next batch lead, if there is one."""
        self._on_the_way = bool(self._waiting)
        for each in self._waiting[:1]:
            each.leads = True
            each.wake()

    def _leave(self, ticket: _Ticket) -> None:
        """Remove a batch whose thread was interrupted while waiting."""
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                if ticket.leads:
                    self._pass_on()

    def _send(self, connection: Connection, together: Sequence[_Ticket]) -> None:
        adding = [each for each in together if each.records]
        blind = [each for each in adding if each.is_blind]
        if len(blind) > 1 and _place_as_one(connection, blind):
            adding = [each for each in adding if not each.is_blind]
        _place_each(connection, adding)
        if any(not each.placed for each in together):
            # Records that a batch has read may not be durable yet, either.
            connection.execute(_PUBLISH_ALL, prepare=True)
        else:
            last = max(each.placed[-1][0] for each in together)
            connection.execute(PUBLISH, (last,), prepare=True)


def _place_as_one(connection: Connection, blind: Sequence[_Ticket]) -> bool:
    """Place batches that have read nothing as one; false if that fails."""
    ids = [each.condition.ids for each in blind]
    if len(set().union(*ids)) < sum(map(len, ids)):
        return False
    rows = iter(_place(connection, *blind).fetchall())
    for ticket in blind:
        ticket.placed = list(islice(rows, len(ticket.records)))
    return bool(blind[0].placed)


def _place_each(connection: Connection, adding: Sequence[_Ticket]) -> None:
    if len(adding) == 1:
        cursors = [_place(connection, adding[0])]
    elif adding:
        # Send everything before reading the first result, so that the lock never waits for us.
        with connection.pipeline():
            connection.execute("BEGIN")
            cursors = [_place(connection, each) for each in adding]
            connection.execute("COMMIT")
    else:
        cursors = []
    for each, cursor in zip(adding, cursors, strict=True):
        each.placed = cursor.fetchall()


def _place(connection: Connection, *tickets: _Ticket) -> psycopg.Cursor[Row]:
    return connection.execute(PLACE, _arguments(tickets), prepare=True, binary=True)


def _arguments(tickets: Sequence[_Ticket]) -> tuple[object, ...]:
    """The arguments of `timeline.place` for one batch, or for several that have read nothing."""
    records = [each for ticket in tickets for each in ticket.records]
    amended = [
        (event.encode(), number) for number, each in enumerate(records, 1) for event in each.amends
    ]
    condition = tickets[0].condition
    return (
        condition.after,
        [each.originator_id for each in records],
        [each.topic for each in records],
        [each.state for each in records],
        [each.id.encode() for each in records],
        [time for ticket in tickets for time in ticket.times()],
        [event for event, _ in amended],
        [number for _, number in amended],
        [id.encode() for ticket in tickets for id in ticket.condition.ids],
        list(condition.topics),
        list(condition.stories),
        condition.everything,
    )
