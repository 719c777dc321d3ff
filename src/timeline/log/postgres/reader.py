"""Reading a log in PostgreSQL. Nothing but psycopg is needed for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from timeline.log.postgres.connections import Connection
from timeline.log.reader import Row, SQLReader


class PublishedReader(SQLReader):
    """Reads what was published: committed, and durable.

    `rows` runs a query with its parameters; see `fetch`.
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
    """Reads what has a place in the log, whether or not it is published yet, as writers do."""

    visible = "TRUE"
    head_table = "stored_events"


def fetch(connection: Connection, query: str, *values: Any) -> list[Row]:
    """All rows of a query, in the binary format, prepared once a connection."""
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(query.encode(), values or None, prepare=True).fetchall()
