"""The interface of a log, which `log/sqlite` and `log/postgres` implement.

Entries are only ever appended, in atomic batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timeline.records.record import Entry

if TYPE_CHECKING:
    from timeline.log.recorder import LogRecorder

Clock = Callable[[], int]
"""Gives the time in microseconds since 1970, UTC."""


class Head(NamedTuple):
    """The end of the log: 0 and None where it is empty."""

    position: int
    recorded_at: int | None


class KeptSettings(NamedTuple):
    """The settings that a log keeps, as JSON, and when they were kept, by the clock of its host."""

    text: str
    kept_at: int


class StorageInfo(NamedTuple):
    """Where a log is, its size in bytes, and the software that stores it, with its version."""

    where: str
    size: int
    software: str
    version: str


class Reader(Protocol):
    """Read access to a log, or to a log together with an unwritten batch."""

    def head(self) -> Head:
        """The last position, and when it was recorded."""
        ...

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        """The entries with `after < position <= until`, by position."""
        ...

    def find(self, id: str) -> Entry | None:
        """The entry of the record with that id."""
        ...

    def amendments_of(self, id: str) -> list[Entry]:
        """The entries of all amendments that name that event, by position."""
        ...

    def of_type(self, topic: str) -> list[Entry]:
        """The entries stored under that topic, by position."""
        ...

    def story_version(self, story: str) -> int:
        """How many records a story holds; 0 for a story that does not exist."""
        ...


class RecordLog(Reader, Protocol):
    """An append-only log of records. Reads return committed records only."""

    @property
    def recorder(self) -> LogRecorder:
        """The eventsourcing library's recorder, through which everything is written."""
        ...

    def find_all(self, ids: Iterable[str]) -> dict[str, Entry]:
        """The entries of the records with any of those ids, by id."""
        ...

    def select_events(
        self, story: str, *, gt: int | None = None, lte: int | None = None
    ) -> Sequence[Entry]:
        """The entries of a story with `gt < version <= lte`, in order."""
        ...

    def position_at(self, instant: int) -> int:
        """The last position with `recorded_at <= instant`; 0 where there is none."""
        ...

    def stories(self) -> dict[str, int]:
        """Each story with its version: how many records it holds."""
        ...

    def settings(self) -> KeptSettings | None:
        """The newsroom's settings when the log was last written; None for a log in memory."""
        ...

    def facts(self) -> StorageInfo:
        """Where the log is, how large it is, and what stores it."""
        ...

    def check_appendable(self) -> None:
        """Check that records could be appended now, without appending any.

        Raises:
            StoreError: the disk is full, say, or the log was removed.
        """
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


@dataclass(slots=True)
class AppendCondition:
    """The read set of a batch, which may be written unless other writers have added to that set.

    This is the eventsourcing library's `DCBAppendCondition`, with a field for each kind of tag
    that its query would name. A record matches if it has one of `ids` or amends that record, if
    its topic is one of `topics`, or if it belongs to one of `stories` (each with the version that
    was read); with `everything`, any record matches. Only records after position `after` count.
    If `after` is None, the batch has read nothing, and only its ids must be free.
    """

    after: int | None = None
    ids: set[str] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)
    stories: dict[str, int] = field(default_factory=dict)
    everything: bool = False


class AppendConditionFailedError(Exception):
    """Other writers have appended to the read set of a batch. Nothing was written."""
