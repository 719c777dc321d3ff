"""Rows with the newest ones in memory, for callers that may read the index and not write it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import groupby

from timeline.index.rows import (
    FOREVER,
    Change,
    Checkpoint,
    Closed,
    EventState,
    KeyedState,
    Row,
    Writer,
)
from timeline.index.sql_rows import SqlRows
from timeline.index.sqlite_store import rows_in_memory


class RowOverlay:
    """Other rows up to the checkpoint that they had, and what the log opens and closes after it.

    What stands at a position stays the same, so others may write those rows in the meantime: they
    are never asked about a position after that checkpoint.
    """

    def __init__(self, rows: SqlRows):
        self.rows = rows
        self._base = rows.checkpoint()
        self._new = rows_in_memory()
        # The ends of the other rows.
        self._closed: dict[tuple[str, int], int] = {}

    def checkpoint(self) -> Checkpoint:
        new = self._new.checkpoint()
        return self._base if new == Checkpoint() else new

    def found(self, keys: Collection[str], at: int) -> list[EventState]:
        old = self.rows.found_with_keys(keys, min(at, self._base.position))
        standing = [(event, state) for _, event, state in self._still_standing(old, at)]
        return standing + self._new.found(keys, at)

    def _still_standing(self, old: Iterable[KeyedState], at: int) -> list[KeyedState]:
        return [row for row in old if at < self._closed.get(row[:2], FOREVER)]

    def ever(self, keys: Collection[str], until: int) -> list[EventState]:
        old = self.rows.ever(keys, min(until, self._base.position))
        return old + self._new.ever(keys, until)

    def last(self, prefix: str, below: str, at: int, most: int) -> list[KeyedState]:
        closed = sum(key.startswith(prefix) for key, _ in self._closed)
        old = self.rows.last(prefix, below, min(at, self._base.position), most + closed)
        new = self._new.last(prefix, below, at, most)
        return sorted(self._still_standing(old, at) + new, reverse=True)[:most]

    def stands(self, key: str, at: int) -> bool:
        return bool(self.found([key], at))

    def names(self, prefix: str) -> Iterator[str]:
        names = merge(self.rows.names(prefix), self._new.names(prefix))
        return (name for name, _ in groupby(names))

    def has_prefix(self, prefix: str) -> bool:
        return self.rows.has_prefix(prefix) or self._new.has_prefix(prefix)

    def all(self, until: int) -> Iterator[Row]:
        return merge(self._old(until), self._new.all(until))

    def _old(self, until: int) -> Iterator[Row]:
        """The other rows as they stood at a position."""
        for key, event, since, end, state in self.rows.all(min(until, self._base.position)):
            closed = self._closed.get((key, event), FOREVER) if end == FOREVER else end
            yield key, event, since, closed if closed <= until else FOREVER, state

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        closed = dict(self._closed)
        try:
            with self._new.writing() as writer:
                yield _OverlayWriter(self, writer)
        except BaseException:
            self._closed = closed
            raise

    def close(self) -> None:
        """Delete what is in memory. The other rows are closed by the caller that opened them."""
        self._new.close()


class _OverlayWriter(Writer):
    def __init__(self, overlay: RowOverlay, new: Writer):
        self._overlay = overlay
        self._new = new

    def checkpoint(self) -> Checkpoint:
        return self._overlay.checkpoint()

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        # Writes what waits, which the overlay then finds.
        self._new.standing(keys, at)
        return list({event for event, _ in self._overlay.found(keys, at)})

    def write(self, changes: Iterable[Change]) -> None:
        self._new.write(self._noted(changes))

    def _noted(self, changes: Iterable[Change]) -> Iterator[Change]:
        for change in changes:
            if isinstance(change, Closed):
                key, event, until = change
                # The first end is that of the row that stood when the overlay began, if one did.
                self._overlay._closed.setdefault((key, event), until)
            yield change

    def advance(self, checkpoint: Checkpoint) -> None:
        self._new.advance(checkpoint)
