"""The log in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING

from timeline.log.postgres.address import without_password
from timeline.log.postgres.connections import READING, open_log
from timeline.log.postgres.pool import Pool
from timeline.log.postgres.queries import PUBLISHED, Queries
from timeline.log.protocol import Batch, Shard, StorageInfo
from timeline.records.entry import Entry
from timeline.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    from timeline.log.postgres.application import TimelineApplication


class PostgresLog(Queries):
    """A log, for any number of threads. The first batch loads what writing needs.

    `readers` are its connections for reading.
    """

    def __init__(self, url: str, vocabulary: Vocabulary):
        self._url = url
        self._vocabulary = vocabulary
        self.readers = Pool(url, lambda: open_log(url, *READING))
        super().__init__(self.readers.rows, PUBLISHED)

    @cached_property
    def application(self) -> TimelineApplication:
        """The eventsourcing application over this log."""
        from timeline.log.postgres.application import TimelineApplication

        return TimelineApplication(self._url, self._vocabulary, self)

    def entries_of(self, share: Shard, after: int, until: int) -> Iterator[Entry]:
        # As `share_of` deals them out.
        return self._between(
            after,
            until,
            " AND (position %% %s = %s OR topic <> ALL(%s) OR position = %s)",
            share.of,
            share.number - 1,
            list(share.dealt),
            until,
        )

    def writing(self, clock: Callable[[], int], hold: bool = True) -> AbstractContextManager[Batch]:
        return self.application.writing(clock, hold)

    def facts(self) -> StorageInfo:
        ((size, version),) = self._rows(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint, current_setting('server_version')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'timeline' AND c.relkind = 'r'"
        )
        return StorageInfo(without_password(self._url), size, "PostgreSQL", version)

    def close(self) -> None:
        self.readers.close()
        if "application" in self.__dict__:
            self.application.close()
