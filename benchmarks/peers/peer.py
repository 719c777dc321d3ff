"""What every peer can be told and asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from benchmarks.effects import Statement
from benchmarks.settled import Settled
from benchmarks.workload import Question

HeldStatement = Mapping[Statement, str]


class SkippedError(Exception):
    """A peer cannot be measured here; says why."""


class Peer(Protocol):
    """A store that is loaded with a log, appended to, and asked.

    `vague` says whether it knows dates that are not exact; if not, what it finds are the
    statements that are certain. `durable` says whether what is appended is on the disk when
    the call returns.
    """

    name: str
    vague: bool
    durable: bool

    def load(self, path: Path) -> float:
        """Take in a portable log all at once; the seconds it took."""

    def append(self, records: Sequence[Settled]) -> None:
        """Take in some more as one transaction."""

    def ask(self, question: Question) -> HeldStatement:
        """What holds."""

    def size(self) -> int:
        """Bytes on the disk, records and what follows from them."""

    def close(self) -> None:
        """Let go of everything."""


class Streams(Protocol):
    """An event store with a stream an entity, which is read and folded for a question.

    It is loaded with the entities that will be asked about, and no more. `seconds` tells
    how long the last call took, without the way to where the store is.
    """

    name: str
    vague: bool
    seconds: float

    def load(self, path: Path) -> None:
        """Take in what a portable log tells of the entities."""

    def append(self, records: Sequence[dict[str, Any]]) -> None:
        """Append records of one story as one transaction, on the disk when it returns."""

    def ask(self, question: Question) -> HeldStatement:
        """What holds."""

    def close(self) -> None:
        """Let go of everything."""


def at(question: Question) -> int:
    """The instant at which the day asked about has passed, in microseconds."""
    from benchmarks.effects import bounds_of

    return bounds_of(question.as_of, "UTC")[1]


def size_of(path: Path) -> int:
    """The bytes of a file and of those that go with it, or of a directory."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return sum(each.stat().st_size for each in path.parent.glob(path.name + "*"))
