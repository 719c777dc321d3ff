"""The connections that read what is derived, and those that write it."""

from __future__ import annotations

from functools import cached_property

from timeline.log.postgres.connections import Connection, connect
from timeline.log.postgres.pool import Pool

WRITE = "cannot write beside"

# What is derived can be made again, so a commit does not wait for the disk. The server keeps the
# order of commits: after a crash, rows never know more than the log.
_DERIVING = (
    "SET synchronous_commit = off",
    "SET idle_in_transaction_session_timeout = '5min'",
)


def deriving(url: str) -> Connection:
    """A connection to the primary that writes what is derived.

    Raises:
        StoreError: the server cannot be reached, or does not let us in.
    """
    return connect(url, *_DERIVING, writable=True)


class Sessions:
    """Connections, as many as read and as many as write at once.

    Those that read are the log's own; nothing is connected to write before somebody does.
    """

    def __init__(self, url: str, readers: Pool):
        self.url = url
        self.readers = readers

    @cached_property
    def writers(self) -> Pool:
        """Connections to the primary."""
        return Pool(self.url, lambda: deriving(self.url))

    def close(self) -> None:
        """Let go of the connections that write."""
        if "writers" in self.__dict__:
            self.writers.close()
