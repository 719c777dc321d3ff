"""A transaction that several batches share, one after the other.

What they add waits in memory until the group ends, so that a batch that is refused leaves
nothing to undo in the database, and the others need not know.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any, NamedTuple

import psycopg

from timeline.errors import StoreError
from timeline.log import Head
from timeline.store.postgres.connections import Connection
from timeline.store.postgres.insert import MANY, insert
from timeline.store.postgres.pending import Pending
from timeline.store.postgres.queries import FORESEEN, Row, fetch

# Others wait while a group grows: in this process for the answer, elsewhere for the turn.
MOST_BATCHES = 64
MOST_RECORDS = 1000

PUBLISH = "SELECT timeline.publish(%s::bigint)"

UNKNOWN = "whether it was written is not known; the same id can be appended again"


class Turn(NamedTuple):
    """The turn to write: a transaction, the end of the log in it, and what it was asked for."""

    connection: Connection
    head: Head
    foreseen: list[Row]


TakeTurn = Callable[[list[bytes], list[str]], Turn]


class Group:
    """A transaction that has the turn to write, and what is to be written in it.

    `take_turn` begins it, when a batch first looks at the log; `failure` makes the error that is
    raised.
    """

    def __init__(self, take_turn: TakeTurn, failure: Callable[[str, BaseException], StoreError]):
        self.versions: dict[str, int] = {}
        self.pending = Pending()
        self.batches = 0
        self._take_turn = take_turn
        self._failure = failure
        self._turn: Turn | None = None
        self._head: Head | None = None
        self._alone = False
        self._written = False
        self._error: StoreError | None = None
        self._ended = Event()

    @property
    def head(self) -> Head:
        """The end of the log with all that was added.

        Raises:
            StoreError: the log cannot be written.
        """
        return self._head or self._connection_and_head()[1]

    def foreseen(self, ids: list[bytes], stories: list[str]) -> list[Row]:
        """What the log has of these, as `FORESEEN` says; the turn is taken on the same journey.

        Raises:
            StoreError: the log cannot be read or written.
        """
        if self._turn is None:
            self._turn = self._take_turn(ids, stories)
            return self._turn.foreseen
        return self.rows(FORESEEN, ids, stories)

    def rows(self, query: str, *values: Any) -> list[Row]:
        """All rows of a query, as the writer sees the log.

        Raises:
            StoreError: the log cannot be read; the whole group fails.
        """
        try:
            return fetch(self._connection, query, *values)
        except psycopg.Error as error:
            raise self._failed("cannot read", error) from error

    @property
    def _connection(self) -> Connection:
        return self._connection_and_head()[0]

    def _connection_and_head(self) -> tuple[Connection, Head]:
        if self._turn is None:
            self._turn = self._take_turn([], [])
        return self._turn.connection, self._turn.head

    def write_out(self, others: int) -> None:
        """Write what waits now: a large batch, which is alone from here on.

        The first `others` records belong to batches before it, which stay if it fails.

        Raises:
            StoreError: the log cannot be written; the whole group fails.
        """
        placed = self.pending.placed
        try:
            if not self._alone:
                insert(self._connection, placed[:others])
                self._connection.execute("SAVEPOINT others")
                placed = placed[others:]
                self._written = others > 0
                self._alone = True
            insert(self._connection, placed)
        except psycopg.Error as error:
            raise self._failed("cannot write", error) from error
        self.pending = Pending()

    def keep(self, head: Head, versions: dict[str, int]) -> None:
        """What a batch has added is part of the group now."""
        self._head = head
        self.versions.update(versions)
        self._written = self._written or self._alone

    def take_back(self, others: int) -> None:
        """Undo the last batch: all but the first `others` records."""
        if not self._alone:
            self.pending.cut(others)
            return
        self.pending = Pending()
        if self._error is None:
            try:
                self._connection.execute("ROLLBACK TO SAVEPOINT others")
            except psycopg.Error as error:
                self._failed("cannot write", error)

    @property
    def is_full(self) -> bool:
        """Whether no other batch should join."""
        return (
            self._alone
            or self._error is not None
            or self.batches >= MOST_BATCHES
            or len(self.pending) >= MOST_RECORDS
        )

    def end(self, published: int) -> int:
        """Write what was added, or nothing of it; all who wait for that learn which.

        `published` is how far the log is known to be durable; returns how far it is now.
        """
        try:
            if self._turn is None:
                pass
            elif self._error is not None:
                self._connection.rollback()
            elif self.pending or self._written:
                self._commit()
                published = self.head.position
            else:
                self._connection.execute("ROLLBACK")
                if published < self.head.position:
                    # What was found to be there already may not be durable yet.
                    self._connection.execute(PUBLISH, (self.head.position,), prepare=True)
                    published = self.head.position
        except psycopg.Error as error:
            self._failed("cannot write", error)
        finally:
            self._ended.set()
        return published

    def _commit(self) -> None:
        """Place the records, which lets go of the turn, and publish them, in one journey."""
        sent, placed = False, self.pending.placed
        if len(placed) >= MANY:
            insert(self._connection, placed)
            placed = []
        try:
            with self._connection.pipeline():
                insert(self._connection, placed)
                sent = True
                committed = self._connection.execute("COMMIT")
                self._connection.execute(PUBLISH, (self.head.position,), prepare=True)
            if committed.statusmessage != "COMMIT":
                raise psycopg.OperationalError(f"the server answered {committed.statusmessage}")
        except psycopg.OperationalError as error:
            if not sent:
                raise
            raise psycopg.OperationalError(f"{error}; {UNKNOWN}") from error

    def _failed(self, what: str, error: psycopg.Error) -> StoreError:
        """The first error is what all who wait are told."""
        if self._error is None:
            self._error = self._failure(what, error)
        return self._error

    @property
    def failed(self) -> bool:
        """Whether nothing of it can be relied on."""
        return self._error is not None

    def result(self) -> None:
        """Wait until the group has ended.

        Raises:
            StoreError: nothing was placed, or it is not known.
        """
        self._ended.wait()
        if self._error is not None:
            raise self._error
