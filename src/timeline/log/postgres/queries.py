"""The reading half of a PostgreSQL log. Reading needs nothing but psycopg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from timeline.log.postgres.connections import Connection
from timeline.log.protocol import Head
from timeline.records.entry import Entry

Row = tuple[Any, ...]

_COLUMNS = "position, recorded_at, originator_id, originator_version, topic, state"
_PAGE = 2000

# What readers see: all that was published. A writer in its turn sees all that was placed.
PUBLISHED = "position <= (SELECT max(position) FROM timeline.log_head)"
PLACED = "true"

# The records with any of some ids, the versions of some stories, and the end of the log.
FORESEEN = (
    f"SELECT 'record', id, {_COLUMNS} FROM timeline.stored_events WHERE id = ANY(%s::bytea[])"
    " UNION ALL SELECT 'story', NULL, 0, 0, story, coalesce("
    "  (SELECT max(originator_version) FROM timeline.stored_events WHERE originator_id = story), 0"
    " ), '', '' FROM unnest(%s::text[]) AS story"
    f" UNION ALL (SELECT 'head', NULL, {_COLUMNS} FROM timeline.stored_events"
    "  ORDER BY position DESC LIMIT 1)"
)


class Queries:
    """Questions to the database, cut at what whoever asks may see."""

    def __init__(self, rows: Callable[..., list[Row]], seen: str):
        self._rows = rows
        self._seen = seen

    def head(self) -> Head:
        rows = self._rows(
            "SELECT position, recorded_at FROM timeline.log_head ORDER BY position DESC LIMIT 1"
        )
        return Head(*rows[0]) if rows else Head(0, None)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        return self._between(after, self.head().position if until is None else until)

    def _between(self, after: int, last: int, which: str = "", *values: Any) -> Iterator[Entry]:
        """The entries of a stretch, page by page, or some of them."""
        while after < last:
            rows = self._rows(
                f"SELECT {_COLUMNS} FROM timeline.stored_events WHERE position > %s"
                f" AND position <= %s{which} AND {self._seen} ORDER BY position LIMIT {_PAGE}",
                after,
                last,
                *values,
            )
            if not rows:
                return
            for row in rows:
                yield Entry(*row)
            after = rows[-1][0]

    def find(self, id: str) -> Entry | None:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM timeline.stored_events WHERE id = %s AND {self._seen}",
            id.encode(),
        )
        return Entry(*rows[0]) if rows else None

    def amendments_of(self, id: str) -> list[Entry]:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM timeline.amended JOIN timeline.stored_events USING (position)"
            f" WHERE event = %s AND {self._seen} ORDER BY position",
            id.encode(),
        )
        return [Entry(*row) for row in rows]

    def of_type(self, topic: str) -> list[Entry]:
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM timeline.stored_events"
            f" WHERE topic = %s AND {self._seen} ORDER BY position",
            topic,
        )
        return [Entry(*row) for row in rows]

    def of_story(self, story: str, after: int = 0, until: int | None = None) -> list[Entry]:
        """The entries of a story with `after < version <= until`, in order."""
        rows = self._rows(
            f"SELECT {_COLUMNS} FROM timeline.stored_events WHERE originator_id = %s"
            " AND originator_version > %s AND originator_version <= %s"
            f" AND {self._seen} ORDER BY originator_version",
            story,
            after,
            2**63 - 1 if until is None else until,
        )
        return [Entry(*row) for row in rows]

    def position_at(self, instant: int) -> int:
        # A search by halves within the server: times never decrease as positions grow.
        rows = self._rows(
            "WITH RECURSIVE halves(low, high) AS ("
            " SELECT 0::bigint, %s::bigint"
            " UNION ALL"
            " SELECT CASE WHEN e.recorded_at <= %s THEN e.position ELSE low END,"
            "  CASE WHEN e.recorded_at <= %s THEN high ELSE e.position - 1 END"
            " FROM halves JOIN timeline.stored_events e ON e.position = (low + high + 1) / 2"
            " WHERE low < high) SELECT max(low) FROM halves",
            self.head().position,
            instant,
            instant,
        )
        found: int = rows[0][0]
        return found

    def stories(self) -> dict[str, int]:
        rows = self._rows(
            "SELECT originator_id, max(originator_version) FROM timeline.stored_events"
            f" WHERE {self._seen} GROUP BY originator_id ORDER BY originator_id"
        )
        return dict(rows)

    def story_version(self, story: str) -> int:
        rows = self._rows(
            "SELECT originator_version FROM timeline.stored_events WHERE originator_id = %s"
            f" AND {self._seen} ORDER BY originator_version DESC LIMIT 1",
            story,
        )
        return rows[0][0] if rows else 0


def fetch(connection: Connection, query: str, *values: Any) -> list[Row]:
    """All rows of a query, in the binary format, planned once a connection."""
    with connection.cursor(binary=True) as cursor:
        return cursor.execute(query.encode(), values or None, prepare=True).fetchall()
