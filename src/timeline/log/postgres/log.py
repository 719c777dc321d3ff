"""The log in a PostgreSQL database."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from timeline.log.postgres.address import without_password
from timeline.log.postgres.connections import READING, open_log
from timeline.log.postgres.pool import Pool
from timeline.log.postgres.reader import PublishedReader
from timeline.log.protocol import Clock, StorageInfo

if TYPE_CHECKING:
    from timeline.log.batch import Batch
    from timeline.log.postgres.recorder import PostgresRecorder


class PostgresLog(PublishedReader):
    """A log, for any number of threads. The first batch loads what writing needs.

    `readers` are its connections for reading.
    """

    def __init__(self, url: str):
        self._url = url
        self.readers = Pool(url, lambda: open_log(url, *READING))
        super().__init__(self.readers.rows)

    @cached_property
    def recorder(self) -> PostgresRecorder:
        """The eventsourcing recorder, through which everything is written."""
        from timeline.log.postgres.recorder import PostgresRecorder

        return PostgresRecorder(self._url, self)

    def writing(self, clock: Clock, hold: bool = True) -> AbstractContextManager[Batch]:
        from timeline.log.batch import writing

        return writing(self.recorder, clock, hold)

    def facts(self) -> StorageInfo:
        ((size, version),) = self.rows(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint, current_setting('server_version')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'timeline' AND c.relkind = 'r'"
        )
        return StorageInfo(without_password(self._url), size, "PostgreSQL", version)

    def close(self) -> None:
        self.readers.close()
        if "recorder" in self.__dict__:
            self.recorder.close()
