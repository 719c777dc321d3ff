"""The log as the rest of the product sees it; `store/` implements it.

An entry is what the log keeps: opaque bytes with a place and a time. Entries are only
ever added, at the end, in batches that are wholly written or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol, runtime_checkable

from timeline.records.entry import Entry
from timeline.records.record import Draft


class Head(NamedTuple):
    """The end of the log: 0 and None where it is empty."""

    position: int
    recorded_at: int | None


class StorageInfo(NamedTuple):
    """Where a log is, its size in bytes, and the software that keeps it with its version."""

    where: str
    size: int
    software: str
    version: str


class Shard(NamedTuple):
    """One of so many shares of a log, from 1 on.

    The records of some topics are dealt out, by position. Those of all other topics are in
    every share.
    """

    number: int
    of: int
    dealt: tuple[str, ...]

    def is_dealt(self, position: int) -> bool:
        """Whether a record that is dealt out is in this share."""
        return share_of(position, self.of) == self.number

    def has(self, entry: Entry) -> bool:
        """Whether a record is in this share."""
        return self.is_dealt(entry.position) or entry.topic not in self.dealt


def share_of(position: int, shares: int) -> int:
    """The share of a position: neighbours are apart, so that what is new is for all of them."""
    return position % shares + 1


class Reader(Protocol):
    """Questions about the log. All answers are cut at what was committed."""

    def head(self) -> Head:
        """The last position, and when it was recorded."""
        ...

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries with `after < position <= until`, in order of position."""
        ...

    def find(self, id: str) -> Entry | None:
        """The entry of the record with that id."""
        ...

    def amendments_of(self, id: str) -> list[Entry]:
        """The entries of all amendments that name that event, in order."""
        ...

    def of_type(self, topic: str) -> list[Entry]:
        """The entries stored under that topic, in order."""
        ...

    def position_at(self, instant: int) -> int:
        """The last position with `recorded_at <= instant`; 0 where there is none."""
        ...

    def stories(self) -> dict[str, int]:
        """Each story with its version: how many records it holds."""
        ...

    def story_version(self, story: str) -> int:
        """How many records a story holds; 0 for a story that does not exist."""
        ...


@runtime_checkable
class ShardReader(Protocol):
    """A log that can leave out what is not in a share."""

    def entries_of(self, share: Shard, after: int, until: int) -> Iterator[Entry]:
        """Of the entries with `after < position <= until` those of a share, in order.

        That at `until` is given in any case: whoever has come to it has seen all of them.
        """
        ...


class Batch(Reader, Protocol):
    """An open transaction: it alone may write, and it sees what it has added."""

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        """Say which ids will be added next, which they name, and to which stories they belong.

        It changes no answer. A store may look for them all at once, and may forget those
        that it was told of before.
        """
        ...

    def add(self, draft: Draft) -> Entry | None:
        """Give a draft, whose content has an id, the next position and the time; write it.

        None, and nothing written, if that id is taken.

        `recorded_at` is the draft's own where it has one, else the clock's; a clock
        that has stepped back is held at the head's.
        """
        ...

    def settled(self, entry: Entry) -> Entry:
        """An entry that the batch has given, as it is now that the batch is committed."""
        ...


class AppendConditionFailedError(Exception):
    """A batch is to be tried once more, and to hold the turn to write."""


class Log(Reader, Protocol):
    """An append-only log of records."""

    def writing(self, clock: Callable[[], int], hold: bool = True) -> AbstractContextManager[Batch]:
        """A batch that is committed when the block ends, and undone if it raises.

        When the block has ended without an error, what was added is durable. Unless it is to
        `hold` the turn to write, a store may let others write in the meantime: what is added
        then comes after theirs, and has its position when the block has ended.

        Raises:
            InterferedError: others have written what the batch had looked at; nothing was
                written. Not if the batch holds the turn.
            StoreError: the store cannot be written; nothing was, or it says that it is not known.
        """
        ...

    def of_story(self, story: str, after: int = 0, until: int | None = None) -> list[Entry]:
        """The entries of a story with `after < version <= until`, in order."""
        ...

    def facts(self) -> StorageInfo:
        """Where the log is, how large it is, and what keeps it."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


def stamp(head: Head, wanted: int) -> int:
    """When the next record is recorded: never before the head (design §1)."""
    return wanted if head.recorded_at is None else max(wanted, head.recorded_at)
