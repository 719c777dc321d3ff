"""Projections: folds of the log whose results are kept, and the rows they are kept in.

A projection writes rows. A row says how one event reads, is found by one key, and
stands over a stretch of positions: from the record that made it read so to the one that
made it read otherwise. Rows are opened and closed and never changed in any other way, so
the rows that stand at a position are the same whatever was appended since (law 1).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from timeline.errors import StoreError
from timeline.history.entity_resolution import Resolver
from timeline.log.protocol import Log, Reader
from timeline.records.record import Record
from timeline.records.vocabulary import Vocabulary

Stretch = tuple[int, int]
"""The positions of a stretch of the log: `after < position <= until`."""

OpenLog = Callable[[], tuple[Log, Vocabulary]]
"""Opens the log, in whichever process it is called."""

# Until when a row stands that nothing has closed.
FOREVER = 2**62


class Opened(NamedTuple):
    """A row that stands from a position on."""

    key: str
    event: int
    since: int
    state: bytes


class Closed(NamedTuple):
    """The row of an event under a key stands no longer, from the position `until` on."""

    key: str
    event: int
    until: int


class FoldContext(NamedTuple):
    """What a fold may look at: the log up to the record in front of the one it folds in.

    `named_by` gives the positions of the events whose rows stand under any of some keys,
    of those that the fold is concerned with. `concerns` tells of the position of an event
    whether it is: rows of others are for other workers, who fold in the same amendments.
    """

    log: Reader
    vocabulary: Vocabulary
    names: Resolver
    named_by: Callable[[Collection[str]], Iterable[int]]
    concerns: Callable[[int], bool]


class Projection(NamedTuple):
    """A fold of the log with a name. Another `version` is another projection.

    `fold` says what a record closes and opens. It is given the record and its ground, and
    takes the record's names into the ground. `alone` are the types of amendment for which it
    asks what is `named_by` keys: these need the rows of all records before them, so they are
    folded by themselves, between stretches that are folded side by side.

    A fold promises that events can be dealt out to workers. What an event closes and
    opens are its own rows, and it changes nothing of the ground; only amendments touch the
    rows of other events. Which rows of an event an amendment closes and opens, the
    rows of other events have no say in.
    """

    name: str
    version: int
    fold: Callable[[Record, FoldContext], Iterable[Closed | Opened]]
    alone: tuple[str, ...] = ()


class Progress(NamedTuple):
    """How far a projection has come: its checkpoint is the last position folded in.

    `anchor` tells the record there from any other: a log that has another at that position
    is another log. `problem` says why the projection cannot go on, where a record has
    stopped it.
    """

    checkpoint: int = 0
    anchor: str = ""
    problem: str | None = None


class GoneError(StoreError):
    """Others have dropped these rows: there are newer ones, or there is nothing derived."""


class Writer(Protocol):
    """An open transaction on the rows of one projection."""

    def progress(self) -> Progress:
        """How far the projection has come, before this transaction."""
        ...

    def standing(self, keys: Collection[str], at: int) -> list[int]:
        """The events whose rows stand at a position under any of these keys.

        Of those only whose rows it writes. Rows of this transaction are among them. It may
        not have written any row yet that is opened or closed after that position.
        """
        ...

    def write(self, rows: Iterable[Closed | Opened]) -> None:
        """Close and open rows, in order."""
        ...

    def advance(self, progress: Progress) -> None:
        """Set the checkpoint, in the same transaction as the rows that it covers."""
        ...


class Spool(Protocol):
    """Where one process of a build puts what it has folded, by stretches of the log."""

    def write(self, stretch: Stretch, anchor: str, rows: Iterable[Closed | Opened]) -> None:
        """Keep what a stretch opens and closes, wholly or not at all.

        `anchor` tells the last record of the stretch from any other.
        """
        ...

    def done(self) -> Iterable[tuple[Stretch, str]]:
        """The stretches that are in it, each with its anchor."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class Spools(Protocol):
    """The spools of one build, from whichever process. There may be `most` of them."""

    most: int

    def open(self, number: int) -> Spool:
        """One of them, made if it is not there."""
        ...

    def existing(self) -> Sequence[Spool]:
        """Those that are there: a build that was cut off has left them."""
        ...

    def clear(self) -> None:
        """Delete them."""
        ...


class Rows(Protocol):
    """The rows of one projection, wherever they are kept."""

    def progress(self) -> Progress:
        """How far the projection has come."""
        ...

    def found(self, keys: Collection[str], at: int) -> Iterable[tuple[int, bytes]]:
        """The events whose rows stand at a position under any of these keys, and how they read.

        An event is given once for each key that it is found by. A key that ends with a
        line feed means all keys that begin so.
        """
        ...

    def last(self, prefix: str, below: str, at: int, most: int) -> Iterable[tuple[int, bytes]]:
        """Of the rows that stand at a position, those of the last keys that begin so.

        The last of the keys comes first, all of them are `below` that text, and there are
        no more than `most` rows.
        """
        ...

    def stands(self, key: str, at: int) -> bool:
        """Whether any row stands at a position under a key."""
        ...

    def ever(self, keys: Collection[str], until: int) -> Iterable[tuple[int, bytes]]:
        """What `found` gives, for any position up to `until`: how events read once, or do."""
        ...

    def names(self, prefix: str) -> Iterator[str]:
        """What keys that begin so end with, each once, in order."""
        ...

    def has_kind(self, prefix: str) -> bool:
        """Whether any key begins so."""
        ...

    def all(self, until: int) -> Iterator[tuple[str, int, int, int, bytes]]:
        """All rows as they stood at position `until`: key, event, since, until, state.

        In order of key, event and since; what was closed later stands FOREVER.
        """
        ...

    def writing(self) -> AbstractContextManager[Writer]:
        """A transaction that is committed when the block ends, and undone if it raises.

        Raises:
            StoreError: the rows cannot be written.
        """
        ...

    def spools(self) -> Spools | None:
        """The spools of the build that makes these rows; None where one process builds them."""
        ...

    def absorb(self, progress: Progress) -> None:
        """Put in what all spools have of the stretch up to a new checkpoint, and clear them.

        A stretch that two of them have is put in once.

        Raises:
            StoreError: the rows cannot be written.
        """
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
