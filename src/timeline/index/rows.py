"""The rows of the index: how each event reads, found by key, over a range of positions.

A row says how one event reads, is found by one key, and stands from the position of the record
that made it read so to that of the record that made it read otherwise. Rows are opened and
closed and never changed in any other way, so the rows that stand at a position stay the same when
more is appended (law 1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from timeline.errors import StoreError

# The end of a row that nothing has closed.
FOREVER = 2**62

# The key of the records that could not be read, and what their rows say: they cannot be decoded,
# or were not validated before they were written.
UNREADABLE, DAMAGED, INVALID = "u", b"damaged", b"invalid"

EventState = tuple[int, bytes]
"""The position of an event, and how the event reads."""

KeyedState = tuple[str, int, bytes]
"""The same with the key before it."""

Row = tuple[str, int, int, int, bytes]
"""Key, event, since, until, state: the row stands at positions `since <= position < until`."""


class Opened(NamedTuple):
    """A row that stands from a position on."""

    key: str
    event: int
    since: int
    state: bytes


class Closed(NamedTuple):
    """The end of the row of an event under a key."""

    key: str
    event: int
    until: int


Change = Opened | Closed


class Checkpoint(NamedTuple):
    """The last position that is folded in.

    `anchor` is a digest of the record there: a log with another record at that position is
    another log. `unreadable` is the position of the first record that could not be read and was
    passed over; 0 if there was none. The rows under the key UNREADABLE are those of all of them.
    """

    position: int = 0
    anchor: str = ""
    unreadable: int = 0


class RowsUnusableError(StoreError):
    """The rows in use are damaged, or others have dropped them: they are to be built again."""


class Writer(Protocol):
    """An open transaction on the rows."""

    def checkpoint(self) -> Checkpoint:
        """The checkpoint when the transaction began."""
        ...

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        """The events whose rows stand at a position under any of these keys.

        Rows of this transaction are included. None of them may have been opened or closed
        after that position.
        """
        ...

    def write(self, changes: Iterable[Change]) -> None:
        """Open and close rows, in order."""
        ...

    def advance(self, checkpoint: Checkpoint) -> None:
        """Set the checkpoint, in the same transaction as the rows that it covers."""
        ...


class Rows(Protocol):
    """The rows of one build of the index, wherever they are kept.

    In `found` and `ever`, a key that ends with a line feed means all keys that begin with it,
    and an event is given once for each key that finds it.
    """

    def checkpoint(self) -> Checkpoint:
        """The last position that is folded in."""
        ...

    def found(self, keys: Collection[str], at: int) -> list[EventState]:
        """The rows that stand at a position under any of these keys."""
        ...

    def ever(self, keys: Collection[str], until: int) -> list[EventState]:
        """The rows that stood at any position up to `until` under any of these keys."""
        ...

    def last(self, prefix: str, below: str, at: int, most: int) -> list[KeyedState]:
        """The rows with the greatest keys that begin with `prefix` and are less than `below`.

        Of the rows that stand at a position, up to `most`, the greatest key first.
        """
        ...

    def stands(self, key: str, at: int) -> bool:
        """Whether any row stands at a position under a key."""
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix` and are longer, without it; each once, in order."""
        ...

    def has_prefix(self, prefix: str) -> bool:
        """Whether any key begins with `prefix`."""
        ...

    def all(self, until: int) -> Iterator[Row]:
        """All rows as they stood at position `until`, in order of key, event and since.

        What was closed later has the end FOREVER.
        """
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction, committed when the block ends and rolled back if it raises.

        Raises:
            StoreError: the rows cannot be written.
        """
        ...

    def close(self) -> None:
        """Close what is open."""
        ...


class RowBatch:
    """Changes put together: rows that are closed again within the batch are ready as they are.

    `closed` are the ends of rows that were opened before the batch.
    """

    def __init__(self) -> None:
        self.closed: list[Closed] = []
        self._standing: dict[tuple[str, int], Opened] = {}
        self._ended: list[Row] = []

    def take(self, changes: Iterable[Change]) -> None:
        """Add more changes, in order."""
        standing = self._standing
        for change in changes:
            place = change[:2]
            if isinstance(change, Opened):
                standing[place] = change
            elif (opened := standing.pop(place, None)) is not None:
                self._ended.append((*place, opened.since, change.until, opened.state))
            else:
                self.closed.append(change)

    def opened(self) -> Iterator[Row]:
        """The rows that were opened."""
        yield from self._ended
        for key, event, since, state in self._standing.values():
            yield key, event, since, FOREVER, state

    def clear(self) -> None:
        """Forget all of it."""
        self.closed.clear()
        self._standing.clear()
        self._ended.clear()
