"""Taking turns to write, and waiting for the disk together.

A batch needs two things: its place, which is given out in turn, and durability, which many can
wait for at once. So a group of batches is placed in a transaction that holds the turn and does
not wait for the disk; then it is published, which does. The server lets all who publish wait for
one flush. What is not published is not seen by readers, and not acknowledged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import psycopg
from psycopg.sql import SQL

from timeline.errors import StoreError
from timeline.log import Batch, Head
from timeline.store.mapper import RecordMapper
from timeline.store.postgres.batch import PostgresBatch
from timeline.store.postgres.connections import WRITING, Connection, failure, open_log
from timeline.store.postgres.group import Group, Turn
from timeline.store.postgres.queries import FORESEEN

_TAKE_TURN = SQL(
    "BEGIN; SET LOCAL synchronous_commit = off; SELECT * FROM timeline.take_turn(); "
    + FORESEEN.replace("%s", "{}")
)


class Writer:
    """The writing half of a log in this process. One of its threads has the turn at a time."""

    def __init__(self, url: str, mapper: RecordMapper):
        self._url = url
        self._mapper = mapper
        self._connection: Connection | None = None
        self._group: Group | None = None
        self._published = 0
        self._turn = Lock()
        self._counting = Lock()
        self._waiting = 0

    @contextmanager
    def writing(self, clock: Callable[[], int]) -> Iterator[Batch]:
        """An open batch; see `timeline.log.Log.writing`."""
        group = self._enter()
        try:
            batch = PostgresBatch(group, self._mapper, clock)
            try:
                yield batch
            except BaseException:
                batch.take_back()
                raise
            batch.keep()
        finally:
            self._leave(group)
        group.result()

    def _enter(self) -> Group:
        """Wait for the turn, and join the group that has it or open one."""
        with self._counting:
            self._waiting += 1
        try:
            self._turn.acquire()
        finally:
            with self._counting:
                self._waiting -= 1
        try:
            if self._group is None:
                self._group = Group(self._begin, self._failure)
            self._group.batches += 1
            return self._group
        except BaseException:
            self._turn.release()
            raise

    def _leave(self, group: Group) -> None:
        """Pass the turn on to who waits; with nobody left, the group ends."""
        try:
            if self._waiting == 0 or group.is_full:
                self._group = None
                self._published = group.end(self._published)
                if group.failed:
                    self._let_go()
        finally:
            self._turn.release()

    def _begin(self, ids: list[bytes], stories: list[str]) -> Turn:
        """A transaction that has the turn among all writers of the log.

        A connection that broke while nobody used it (the server was replaced) is opened anew.
        """
        while True:
            fresh = self._connection is None
            connection = self._connection or open_log(self._url, *WRITING, writable=True)
            self._connection = connection
            try:
                return _take_turn(connection, ids, stories)
            except psycopg.Error as error:
                self._let_go()
                if fresh or not isinstance(error, psycopg.OperationalError):
                    raise self._failure("cannot write", error) from error

    def _let_go(self) -> None:
        """Close the connection; what was not committed in it is undone by the server."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _failure(self, what: str, error: BaseException) -> StoreError:
        return failure(what, self._url, error)

    def close(self) -> None:
        """Let go of the connection."""
        with self._turn:
            self._let_go()


def _take_turn(connection: Connection, ids: list[bytes], stories: list[str]) -> Turn:
    """Begin a transaction, wait for the turn, and look for what is foreseen: one journey."""
    cursor = connection.execute(_TAKE_TURN.format(ids, stories))
    cursor.nextset()
    cursor.nextset()
    row = cursor.fetchone()
    cursor.nextset()
    return Turn(connection, Head(*row) if row else Head(0, None), cursor.fetchall())
