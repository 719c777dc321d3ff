"""All SQL of the rows, once for SQLite and PostgreSQL; `Dialect` is where the two differ.

Each row has a checksum that is verified on every read, so that a bit flipped on disk is noticed.
The end of a row is simply added to the checksum, so that a row can be closed without reading it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from timeline.index.rows import (
    FOREVER,
    Change,
    Checkpoint,
    Closed,
    EventState,
    KeyedState,
    Row,
    RowBatch,
    RowsUnusableError,
    Writer,
)

# The name under which the log is tracked; see `timeline.index.tracking`.
APPLICATION = "timeline"

_PAGE = 2000
_STANDS = "since <= ? AND until > ?"
_COLUMNS = ("key", "event", "since", "until", "state", "sum")
_SELECT = ", ".join(f"rows.{name}" for name in _COLUMNS)

# Digits of the checksum in front of a staged key.
_DIGITS = 10

KeysRow = tuple[Sequence[str], int, int, int, bytes]
"""The rows of one event that differ only in their keys."""


class FoldedStretch(NamedTuple):
    """What the records of a stretch of the log open and close, up to position `until`.

    `closed` are the ends of rows that were opened before the stretch. `unreadable` is the first
    record that could not be read, or 0.
    """

    until: int
    opened: list[KeysRow]
    closed: list[Closed]
    unreadable: int = 0


class Dialect(NamedTuple):
    """Where SQLite and PostgreSQL differ. A parameter is written `?`."""

    schema: str
    """Makes the tables {rows} and {tracking}."""
    staging: str
    """Makes the temporary tables `staged_opened` and `staged_closed`."""
    unnest: str
    """A FROM item with the elements of the array `keys` of `staged_opened` as `each.value`."""
    keys: str
    """A condition: `key` is an element of an array."""
    prefixes: str
    """The {columns} of `rows`, {table}, whose keys begin with an element of an array."""
    array: Callable[[Sequence[str]], object]
    """An array of texts as a parameter."""


class SqlTransaction(Protocol):
    """An open transaction on a database."""

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query, as tuples."""
        ...

    def execute(self, statement: str, *values: Any) -> int:
        """Run a statement, and return the number of changed rows."""
        ...

    def execute_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each row of parameters."""
        ...

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows into a table."""
        ...


class Database(Protocol):
    """Where a table of rows is."""

    dialect: Dialect

    def fetch(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query, as tuples.

        Raises:
            RowsUnusableError: they are damaged, or were dropped.
            StoreError: they cannot be read.
        """
        ...

    def transaction(self, tracking: str) -> AbstractContextManager[SqlTransaction]:
        """A transaction that locks the rows whose checkpoint is in the table `tracking`.

        Raises:
            RowsUnusableError: the rows are damaged, or were dropped.
            StoreError: the rows cannot be written.
        """
        ...

    def close(self) -> None:
        """Close the connections that were opened for it."""
        ...


class SqlRows:
    """The rows of one build in a database: a table of rows, and a table with the checkpoint."""

    def __init__(self, database: Database, table: str = "rows", tracking: str = "tracking"):
        self.database = database
        self.table = table
        self.tracking = tracking

    def checkpoint(self) -> Checkpoint:
        return _checkpoint(self.database.fetch, self.tracking)

    def tracked(self, application: str) -> int | None:
        """The last position recorded for an application, or None."""
        query = f"SELECT notification_id FROM {self.tracking} WHERE application_name = ?"
        found = self.database.fetch(query, application)
        return found[0][0] if found else None

    def found(self, keys: Collection[str], at: int) -> list[EventState]:
        return [(event, state) for _, event, state in self.found_with_keys(keys, at)]

    def found_with_keys(self, keys: Collection[str], at: int) -> list[KeyedState]:
        """The same with the key of each row."""
        return self._under(keys, _STANDS, at, at)

    def ever(self, keys: Collection[str], until: int) -> list[EventState]:
        return [(event, state) for _, event, state in self._under(keys, "since <= ?", until)]

    def _under(self, keys: Collection[str], condition: str, *values: int) -> list[KeyedState]:
        prefixes = [key for key in keys if key.endswith("\n")]
        exact = [key for key in keys if not key.endswith("\n")] if prefixes else list(keys)
        found: list[KeyedState] = []
        if exact:
            which, sought = _among(self.database.dialect, exact)
            query = f"SELECT {_SELECT} FROM {self.table} AS rows WHERE {which} AND {condition}"
            found += _checked(self.database.fetch(query, sought, *values))
        if prefixes:
            dialect = self.database.dialect
            query = dialect.prefixes.format(columns=_SELECT, table=self.table, condition=condition)
            found += _checked(self.database.fetch(query, dialect.array(prefixes), *values))
        return found

    def last(self, prefix: str, below: str, at: int, most: int) -> list[KeyedState]:
        found = self.database.fetch(
            f"SELECT {_SELECT} FROM {self.table} AS rows WHERE key >= ? AND key < ?"
            f" AND {_STANDS} ORDER BY key DESC, event DESC LIMIT ?",
            prefix,
            min(below, _after(prefix)),
            at,
            at,
            most,
        )
        return _checked(found)

    def stands(self, key: str, at: int) -> bool:
        query = f"SELECT {_SELECT} FROM {self.table} AS rows WHERE key = ? AND {_STANDS} LIMIT 1"
        return bool(_checked(self.database.fetch(query, key, at, at)))

    def names(self, prefix: str) -> Iterator[str]:
        # A loose index scan: jumps from each distinct key to the next.
        query = (
            "WITH RECURSIVE names(key) AS ("
            f"SELECT min(key) FROM {self.table} WHERE key > ? AND key < ? UNION ALL"
            f" SELECT (SELECT min(rows.key) FROM {self.table} AS rows"
            " WHERE rows.key > names.key AND rows.key < ?) FROM names WHERE names.key IS NOT NULL"
            f") SELECT key FROM names WHERE key IS NOT NULL LIMIT {_PAGE}"
        )
        last, end = prefix, _after(prefix)
        while page := self.database.fetch(query, last, end, end):
            for (key,) in page:
                yield key.removeprefix(prefix)
            last = page[-1][0]

    def has_prefix(self, prefix: str) -> bool:
        query = f"SELECT 1 FROM {self.table} WHERE key >= ? AND key < ? LIMIT 1"
        return bool(self.database.fetch(query, prefix, _after(prefix)))

    def all(self, until: int) -> Iterator[Row]:
        query = (
            f"SELECT {_SELECT} FROM {self.table} AS rows"
            " WHERE (key, event, since) > (?, ?, ?) AND since <= ?"
            f" ORDER BY key, event, since LIMIT {_PAGE}"
        )
        place: tuple[str, int, int] = "", 0, 0
        while page := self.database.fetch(query, *place, until):
            _checked(page)
            for key, event, since, end, state, _ in page:
                yield key, event, since, FOREVER if end > until else end, state
            place = page[-1][:3]

    @contextmanager
    def writing(self) -> Iterator[SqlWriter]:
        with self.database.transaction(self.tracking) as transaction:
            writer = SqlWriter(transaction, self)
            yield writer
            writer.flush()

    def close(self) -> None:
        self.database.close()


class SqlWriter(Writer):
    """An open transaction on the rows.

    Changes are buffered in memory and written in order of key, which is how tables store them.
    """

    def __init__(self, transaction: SqlTransaction, rows: SqlRows):
        self.transaction = transaction
        self._rows = rows
        self._dialect = rows.database.dialect
        self._waiting = RowBatch()
        self._staged = False

    def checkpoint(self) -> Checkpoint:
        return _checkpoint(self.transaction.fetch, self._rows.tracking)

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        self.flush()
        which, sought = _among(self._dialect, list(keys))
        query = f"SELECT {_SELECT} FROM {self._rows.table} AS rows WHERE {which} AND {_STANDS}"
        found = _checked(self.transaction.fetch(query, sought, at, at))
        return list({event for _, event, _ in found})

    def write(self, changes: Iterable[Change]) -> None:
        self._waiting.take(changes)

    def stage(self, stretch: FoldedStretch) -> None:
        """Stage the rows of a stretch of the log, to be written together with all others.

        Stretches must come in order, with no other changes in their transaction.
        """
        if not self._staged:
            for statement in self._dialect.staging.split(";"):
                self.transaction.execute(statement)
            self._staged = True
        opened = [
            (self._dialect.array(list(map(_staged, row[0]))), *row[1:], _sum_without_key(*row[1:]))
            for row in stretch.opened
        ]
        self.transaction.insert("staged_opened", ("keys", *_COLUMNS[1:]), opened)
        self.transaction.insert("staged_closed", ("key", "event", "until"), stretch.closed)

    def advance(self, checkpoint: Checkpoint) -> None:
        position, anchor, unreadable = checkpoint
        self.track(APPLICATION, position)
        self.transaction.execute(
            f"UPDATE {self._rows.tracking} SET anchor = ?, unreadable = ?"
            " WHERE application_name = ?",
            anchor,
            unreadable,
            APPLICATION,
        )

    def track(self, application: str, position: int) -> bool:
        """Record the position of an application. Returns whether it has advanced."""
        changed = self.transaction.execute(
            f"INSERT INTO {self._rows.tracking} AS tracking (application_name, notification_id)"
            " VALUES (?, ?) ON CONFLICT (application_name) DO UPDATE"
            " SET notification_id = excluded.notification_id"
            " WHERE tracking.notification_id < excluded.notification_id",
            application,
            position,
        )
        return changed > 0

    def flush(self) -> None:
        """Write buffered changes."""
        if self._staged:
            self._write_staged()
        # The caller may still be adding changes to this batch.
        table, waiting = self._rows.table, self._waiting
        self.transaction.execute_many(
            f"UPDATE {table} SET until = ?, sum = sum - until + ?"
            f" WHERE key = ? AND event = ? AND until = {FOREVER}",
            [(until, until, key, event) for key, event, until in waiting.closed],
        )
        opened = [
            (*row, _sum_of(row[0]) + _sum_without_key(*row[1:])) for row in sorted(waiting.opened())
        ]
        self.transaction.insert(table, _COLUMNS, opened)
        waiting.clear()

    def _write_staged(self) -> None:
        """Sort all staged rows into the table; each ends where it is first closed."""
        table = self._rows.table
        for statement in (
            f"INSERT INTO {table} SELECT substr(each.value, {_DIGITS + 1}), event, since, until,"
            f" state, sum + CAST(substr(each.value, 1, {_DIGITS}) AS bigint)"
            f" FROM staged_opened, {self._dialect.unnest} ORDER BY 1, 2, 3",
            f"UPDATE {table} AS rows SET until = ended.until,"
            " sum = rows.sum - rows.until + ended.until FROM ("
            " SELECT rows.key, rows.event, rows.since, min(closed.until) AS until"
            f" FROM staged_closed AS closed JOIN {table} AS rows"
            " ON rows.key = closed.key AND rows.event = closed.event"
            f" AND rows.since < closed.until AND rows.until = {FOREVER}"
            " GROUP BY 1, 2, 3"
            ") AS ended WHERE rows.key = ended.key AND rows.event = ended.event"
            " AND rows.since = ended.since",
            "DROP TABLE staged_opened",
            "DROP TABLE staged_closed",
        ):
            self.transaction.execute(statement)
        self._staged = False


def create_tables(transaction: SqlTransaction, dialect: Dialect, rows: str, tracking: str) -> None:
    """Make the tables of a build."""
    for statement in dialect.schema.format(rows=rows, tracking=tracking).split(";"):
        transaction.execute(statement)


def _checkpoint(fetch: Callable[..., list[Any]], tracking: str) -> Checkpoint:
    query = f"SELECT notification_id, anchor, unreadable FROM {tracking} WHERE application_name = ?"
    found = fetch(query, APPLICATION)
    return Checkpoint(*found[0]) if found else Checkpoint()


def _sum_of(key: str) -> int:
    return crc32(key.encode())


def _sum_without_key(event: int, since: int, until: int, state: bytes) -> int:
    return crc32(state) + event + since + until


def _staged(key: str) -> str:
    """A key with its checksum in front."""
    return f"{_sum_of(key):0{_DIGITS}}{key}"


def _checked(rows: Sequence[Any]) -> list[KeyedState]:
    """Verify the checksums of rows, and decode them.

    Raises:
        RowsUnusableError: one of them is not.
    """
    found: list[KeyedState] = []
    for key, event, since, until, state, expected in rows:
        try:
            if _sum_of(key) + _sum_without_key(event, since, until, state) != expected:
                raise RowsUnusableError(f"the row {key!r} of the index is damaged")
        except (AttributeError, TypeError) as error:
            raise RowsUnusableError(f"a row of the index is damaged: {error}") from error
        found.append((key, event, state))
    return found


def _among(dialect: Dialect, keys: Sequence[str]) -> tuple[str, object]:
    """The condition that a key is one of some, and its parameter."""
    return ("key = ?", keys[0]) if len(keys) == 1 else (dialect.keys, dialect.array(keys))


def _after(prefix: str) -> str:
    """The first text after all that begin with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
