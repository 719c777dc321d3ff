"""All SQL of the rows, once for SQLite and PostgreSQL; `Dialect` is where the two differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple, Protocol

from timeline.index.rows import (
    FOREVER,
    Change,
    Checkpoint,
    Closed,
    EventState,
    KeyedState,
    Row,
    RowBatch,
    Writer,
)

# The name under which the log is tracked; see `timeline.index.tracking`.
APPLICATION = "timeline"

_PAGE = 2000
_STANDS = "since <= ? AND until > ?"

KeysRow = tuple[Sequence[str], int, int, int, bytes]
"""The rows of one event that differ in nothing but their keys."""


class FoldedStretch(NamedTuple):
    """What the records of a stretch of the log open and close, up to position `until`.

    `closed` are the ends of rows that were opened before the stretch. `problem` says why the
    record after `until` could not be folded, where one has ended the stretch early.
    """

    until: int
    opened: list[KeysRow]
    closed: list[Closed]
    problem: str | None = None


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
        """Run a statement; how many rows it has changed."""
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
            StoreError: they cannot be read.
        """
        ...

    def transaction(self, tracking: str) -> AbstractContextManager[SqlTransaction]:
        """A transaction that alone may write the rows whose checkpoint the table `tracking` has.

        Raises:
            StoreError: the rows cannot be written.
        """
        ...

    def close(self) -> None:
        """Close the connections that were opened for it."""
        ...


class SqlRows:
    """The rows of one build in a database: a table of rows, and one of its checkpoint."""

    def __init__(self, database: Database, table: str = "rows", tracking: str = "tracking"):
        self.database = database
        self.table = table
        self.tracking = tracking

    def checkpoint(self) -> Checkpoint:
        return _checkpoint(self.database.fetch, self.tracking)

    def tracked(self, application: str) -> int | None:
        """The position to which an application is followed; None if it never was."""
        query = f"SELECT notification_id FROM {self.tracking} WHERE application_name = ?"
        found = self.database.fetch(query, application)
        return found[0][0] if found else None

    def found(self, keys: Collection[str], at: int) -> list[EventState]:
        return self._under("event, state", keys, _STANDS, at, at)

    def found_with_keys(self, keys: Collection[str], at: int) -> list[KeyedState]:
        """The same with the key of each row, which takes longer."""
        return self._under("rows.key, event, state", keys, _STANDS, at, at)

    def ever(self, keys: Collection[str], until: int) -> list[EventState]:
        return self._under("event, state", keys, "since <= ?", until)

    def _under(
        self, columns: str, keys: Collection[str], condition: str, *values: int
    ) -> list[Any]:
        prefixes = [key for key in keys if key.endswith("\n")]
        exact = [key for key in keys if not key.endswith("\n")] if prefixes else list(keys)
        found: list[Any] = []
        if exact:
            which, sought = _among(self.database.dialect, exact)
            query = f"SELECT {columns} FROM {self.table} AS rows WHERE {which} AND {condition}"
            found += self.database.fetch(query, sought, *values)
        if prefixes:
            dialect = self.database.dialect
            query = dialect.prefixes.format(columns=columns, table=self.table, condition=condition)
            found += self.database.fetch(query, dialect.array(prefixes), *values)
        return found

    def last(self, prefix: str, below: str, at: int, most: int) -> list[KeyedState]:
        return self.database.fetch(
            f"SELECT key, event, state FROM {self.table} WHERE key >= ? AND key < ?"
            f" AND {_STANDS} ORDER BY key DESC, event DESC LIMIT ?",
            prefix,
            min(below, _after(prefix)),
            at,
            at,
            most,
        )

    def stands(self, key: str, at: int) -> bool:
        query = f"SELECT 1 FROM {self.table} WHERE key = ? AND {_STANDS} LIMIT 1"
        return bool(self.database.fetch(query, key, at, at))

    def names(self, prefix: str) -> Iterator[str]:
        # From each key to the next one, past the rows between.
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
            "SELECT key, event, since,"
            f" CASE WHEN until > ? THEN {FOREVER} ELSE until END, state FROM {self.table}"
            " WHERE (key, event, since) > (?, ?, ?) AND since <= ?"
            f" ORDER BY key, event, since LIMIT {_PAGE}"
        )
        place: tuple[str, int, int] = "", 0, 0
        while page := self.database.fetch(query, until, *place, until):
            yield from page
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

    Changes wait in memory until they are written in order of key, which is how tables keep them.
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
        query = f"SELECT DISTINCT event FROM {self._rows.table} WHERE {which} AND {_STANDS}"
        return [event for (event,) in self.transaction.fetch(query, sought, at, at)]

    def write(self, changes: Iterable[Change]) -> None:
        self._waiting.take(changes)

    def stage(self, stretch: FoldedStretch) -> None:
        """Take what a stretch of the log opens and closes, to be written with all others at once.

        Stretches come in order, and nothing else is written in their transaction.
        """
        if not self._staged:
            for statement in self._dialect.staging.split(";"):
                self.transaction.execute(statement)
            self._staged = True
        opened = [(self._dialect.array(keys), *rest) for keys, *rest in stretch.opened]
        columns = ("keys", "event", "since", "until", "state")
        self.transaction.insert("staged_opened", columns, opened)
        self.transaction.insert("staged_closed", ("key", "event", "until"), stretch.closed)

    def advance(self, checkpoint: Checkpoint) -> None:
        position, anchor, problem = checkpoint
        self.track(APPLICATION, position)
        self.transaction.execute(
            f"UPDATE {self._rows.tracking} SET anchor = ?, problem = ? WHERE application_name = ?",
            anchor,
            problem,
            APPLICATION,
        )

    def track(self, application: str, position: int) -> bool:
        """Record the position to which an application is followed; whether it is a later one."""
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
        """Write what waits."""
        if self._staged:
            self._write_staged()
        # The caller may be in the middle of the changes that it writes: the same batch goes on.
        table, waiting = self._rows.table, self._waiting
        self.transaction.execute_many(
            f"UPDATE {table} SET until = ? WHERE key = ? AND event = ? AND until = {FOREVER}",
            [(until, key, event) for key, event, until in waiting.closed],
        )
        columns = ("key", "event", "since", "until", "state")
        self.transaction.insert(table, columns, sorted(waiting.opened()))
        waiting.clear()

    def _write_staged(self) -> None:
        """Sort all staged rows into the table; each ends where it is first closed."""
        table = self._rows.table
        for statement in (
            f"INSERT INTO {table} SELECT each.value, event, since, until, state"
            f" FROM staged_opened, {self._dialect.unnest} ORDER BY 1, 2, 3",
            f"UPDATE {table} AS rows SET until = ended.until FROM ("
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
    query = f"SELECT notification_id, anchor, problem FROM {tracking} WHERE application_name = ?"
    found = fetch(query, APPLICATION)
    return Checkpoint(*found[0]) if found else Checkpoint()


def _among(dialect: Dialect, keys: Sequence[str]) -> tuple[str, object]:
    """The condition that a key is one of some, and its parameter."""
    return ("key = ?", keys[0]) if len(keys) == 1 else (dialect.keys, dialect.array(keys))


def _after(prefix: str) -> str:
    """The first text after all that begin with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
