"""Reading a log: SQL that SQLite and PostgreSQL both understand.

Nothing here needs the eventsourcing library, whose import would take most of the time of a
question on the command line. `select_events` and `select_notifications` have the library's
signatures and return entries; the recorder returns them as the library's own types.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ClassVar

from timeline.log.protocol import Head, KeptSettings
from timeline.records.record import Entry

Row = tuple[Any, ...]

COLUMNS = "position, recorded_at, originator_id, originator_version, topic, state"

_UNLIMITED = 2**63 - 1

# Rows per query.
_PAGE = 2000

# Ids per lookup: some builds of SQLite allow no more than 999 parameters.
_MOST_IDS = 500


class SQLReader(ABC):
    """The queries. Subclasses define how to run them, and which rows are visible."""

    # The schema of the tables.
    tables: ClassVar[str]
    # Which positions are visible, and the table whose last row is the head.
    visible = "TRUE"
    head_table = "stored_events"

    @abstractmethod
    def rows(self, query: str, *values: object) -> list[Row]:
        """All rows of a query, in which `?` stands for a value.

        Raises:
            StoreError: the log cannot be read, or is damaged.
        """

    @abstractmethod
    def one_of(self, column: str, values: Collection[object]) -> tuple[str, Sequence[object]]:
        """A condition that a column has one of some values, and its parameters."""

    def key(self, id: str) -> object:
        """A record's id as it is stored."""
        return id

    def head(self) -> Head:
        rows = self.rows(
            f"SELECT position, recorded_at FROM {self.tables}.{self.head_table}"
            " ORDER BY position DESC LIMIT 1"
        )
        return Head(*rows[0]) if rows else Head(0, None)

    def select_events(
        self,
        story: str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[Entry]:
        """The entries of a story with `gt < version <= lte`, in order."""
        return self._select(
            "originator_id = ? AND originator_version > ? AND originator_version <= ?",
            [story, -1 if gt is None else gt, _UNLIMITED if lte is None else lte],
            f"originator_version {'DESC' if desc else 'ASC'}",
            limit,
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Entry]:
        """The entries from `start` to `stop`, by position."""
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        where = "position > ? AND position <= ?"
        values: list[object] = [after, _UNLIMITED if stop is None else stop]
        if topics:
            which, wanted = self.one_of("topic", topics)
            where, values = f"{where} AND {which}", [*values, *wanted]
        return self._select(where, values, "position", limit)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        last = self.head().position if until is None else until
        while after < last:
            page = self.select_notifications(after, _PAGE, last, inclusive_of_start=False)
            if not page:
                return
            yield from page
            after = page[-1].position

    def find(self, id: str) -> Entry | None:
        found = self._select("id = ?", [self.key(id)])
        return found[0] if found else None

    def find_all(self, ids: Iterable[str]) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        keys = {self.key(id): id for id in ids}
        left = iter(keys)
        while some := list(islice(left, _MOST_IDS)):
            which, wanted = self.one_of("id", some)
            query = f"SELECT id, {COLUMNS} FROM {self.tables}.stored_events"
            rows = self.rows(f"{query} WHERE {which} AND {self.visible}", *wanted)
            found.update((keys[key], Entry(*row)) for key, *row in rows)
        return found

    def amendments_of(self, id: str) -> list[Entry]:
        rows = self.rows(
            f"SELECT {COLUMNS} FROM {self.tables}.amended"
            f" JOIN {self.tables}.stored_events USING (position)"
            f" WHERE event = ? AND {self.visible} ORDER BY position",
            self.key(id),
        )
        return [Entry(*row) for row in rows]

    def of_type(self, topic: str) -> list[Entry]:
        return self._select("topic = ?", [topic])

    def position_at(self, instant: int) -> int:
        # A binary search, which is right because times never decrease as positions grow.
        ((position,),) = self.rows(
            "WITH RECURSIVE search (low, high) AS ("
            " SELECT CAST(0 AS bigint), CAST(? AS bigint)"
            " UNION ALL"
            " SELECT CASE WHEN e.recorded_at <= ? THEN e.position ELSE low END,"
            "  CASE WHEN e.recorded_at <= ? THEN high ELSE e.position - 1 END"
            f" FROM search JOIN {self.tables}.stored_events e ON e.position = (low + high + 1) / 2"
            " WHERE low < high) SELECT max(low) FROM search",
            self.head().position,
            instant,
            instant,
        )
        return int(position)

    def stories(self) -> dict[str, int]:
        return dict(
            self.rows(
                f"SELECT originator_id, max(originator_version) FROM {self.tables}.stored_events"
                f" WHERE {self.visible} GROUP BY originator_id ORDER BY originator_id"
            )
        )

    def story_version(self, story: str) -> int:
        last = self.select_events(story, desc=True, limit=1)
        return last[0].version if last else 0

    def settings(self) -> KeptSettings | None:
        """The settings that the log keeps."""
        rows = self.rows(
            f"SELECT settings, kept_at FROM {self.tables}.settings ORDER BY version DESC LIMIT 1"
        )
        return KeptSettings(*rows[0]) if rows else None

    def _select(
        self,
        where: str,
        values: Sequence[object],
        order: str = "position",
        limit: int | None = None,
    ) -> list[Entry]:
        rows = self.rows(
            f"SELECT {COLUMNS} FROM {self.tables}.stored_events"
            f" WHERE {where} AND {self.visible} ORDER BY {order} LIMIT ?",
            *values,
            _UNLIMITED if limit is None else limit,
        )
        return [Entry(*row) for row in rows]
