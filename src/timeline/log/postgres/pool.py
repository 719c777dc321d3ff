"""Connections, as many as are in use at once; each is used again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from selectors import EVENT_READ, DefaultSelector
from typing import Any

import psycopg

from timeline.log.postgres.connections import Connection, failure
from timeline.log.postgres.reader import fetch
from timeline.log.reader import Row


class Pool:
    """Connections to one log, of which the first is made at once. `open_one` makes another."""

    def __init__(self, url: str, open_one: Callable[[], Connection]):
        self.url = url
        self._open = open_one
        self._idle: LifoQueue[Connection] = LifoQueue()
        self._idle.put(open_one())

    def rows(self, query: str, *values: Any) -> list[Row]:
        """All rows of a query.

        A connection that broke while nobody used it (the server was replaced) is opened anew.

        Raises:
            StoreError: the log cannot be read.
        """
        with self.use("cannot read") as connection:
            return fetch(connection, query, *values)

    @contextmanager
    def use(self, what: str) -> Iterator[Connection]:
        """A connection; what was begun on it and not committed is undone.

        Raises:
            StoreError: the server cannot be reached, or refuses; it begins with `what`.
        """
        connection = self._one()
        try:
            yield connection
        except psycopg.Error as error:
            connection.close()
            raise failure(what, self.url, error) from error
        except BaseException:
            self._undo(connection)
            raise
        self._idle.put(connection)

    def _undo(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except psycopg.Error:
            connection.close()
        else:
            self._idle.put(connection)

    def _one(self) -> Connection:
        """One that nobody uses, if it has not broken in the meantime; else another."""
        while True:
            try:
                connection = self._idle.get_nowait()
            except Empty:
                return self._open()
            if _is_alive(connection):
                return connection
            connection.close()

    def close(self) -> None:
        """Let go of all connections that nobody uses now."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return


def _is_alive(connection: Connection) -> bool:
    """Whether a connection that waits is still there: one that ends has something to read."""
    with DefaultSelector() as selector:
        selector.register(connection.pgconn.socket, EVENT_READ)
        return not selector.select(0)
