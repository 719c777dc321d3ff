"""The log in a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from timeline.log.postgres.connections import READING, Pool, open_log, without_password
from timeline.log.protocol import StorageInfo
from timeline.log.reader import Row, SQLReader

if TYPE_CHECKING:
    from timeline.log.postgres.recorder import PostgresRecorder


class PublishedReader(SQLReader):
    """Reads published records: those that are committed and durable.

    `rows` runs a query with `%s` placeholders.
    """

    tables = "timeline"
    visible = "position <= (SELECT max(position) FROM timeline.log_head)"
    head_table = "log_head"

    def __init__(self, rows: Callable[..., list[Row]]):
        self._rows = rows

    def rows(self, query: str, *values: object) -> list[Row]:
        return self._rows(query.replace("?", "%s"), *values)

    def one_of(self, column: str, values: Collection[object]) -> tuple[str, Sequence[object]]:
        return f"{column} = ANY(?)", [list(values)]

    def key(self, id: str) -> bytes:
        return id.encode()


class PlacedReader(PublishedReader):
    """Reads all records with a position, published or not, as writers must."""

    visible = "TRUE"
    head_table = "stored_events"


class PostgresLog(PublishedReader):
    """A log, for any number of threads. `readers` are its connections for reading."""

    def __init__(self, url: str):
        self._url = url
        self.readers = Pool(url, lambda: open_log(url, *READING))
        super().__init__(self.readers.rows)

    @cached_property
    def recorder(self) -> PostgresRecorder:
        from timeline.log.postgres.recorder import PostgresRecorder

        return PostgresRecorder(self._url, self)

    def facts(self) -> StorageInfo:
        ((size, version),) = self.rows(
            "SELECT sum(pg_total_relation_size(c.oid))::bigint, current_setting('server_version')"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'timeline' AND c.relkind = 'r'"
        )
        return StorageInfo(without_password(self._url), size, "PostgreSQL", version)

    def check_appendable(self) -> None:
        """Nothing can be found out without writing; the server has monitoring of its own."""

    def close(self) -> None:
        self.readers.close()
        if "recorder" in self.__dict__:
            self.recorder.close()
