"""Sessions that write what is derived, each used again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from typing import TypeVar

import psycopg

from timeline.store.postgres.connections import Connection, connect, failure

# What is derived can be made again, so a commit does not wait for the disk. The server keeps the
# order of commits: after a crash, rows never know more than the log.
DERIVING = (
    "SET synchronous_commit = off",
    "SET idle_in_transaction_session_timeout = '5min'",
)

Result = TypeVar("Result")


class Sessions:
    """Connections to the primary, as many as write at once."""

    def __init__(self, url: str):
        self.url = url
        self._idle: LifoQueue[Connection] = LifoQueue()

    @contextmanager
    def begun(self, begin: Callable[[Connection], Result]) -> Iterator[tuple[Connection, Result]]:
        """A transaction, and what its first statements gave; committed when the block ends.

        A connection that broke while nobody used it (the server was replaced) is opened anew;
        one on which anything has failed is not used again.

        Raises:
            StoreError: the server cannot be reached, or refuses.
        """
        connection = None
        try:
            try:
                connection = self._idle.get_nowait()
                first = begin(connection)
            except (Empty, psycopg.OperationalError):
                if connection is not None:
                    connection.close()
                connection = connect(self.url, *DERIVING, writable=True)
                first = begin(connection)
            yield connection, first
            connection.execute("COMMIT")
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, psycopg.Error):
                raise failure("cannot write beside", self.url, error) from error
            raise
        self._idle.put(connection)

    def close(self) -> None:
        """Let go of all connections that nobody uses now."""
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return
