"""Workers: processes that fold what is recorded, each a part of the events, on any hosts.

Events are dealt out to n shards. A worker folds those of its shard, and the amendments,
of which it writes what they do to events of its shard; it passes over all else. Workers
need no word from each other: each shard has its checkpoint, and no fold asks for rows of
another shard. Where the rows in use have another number of shards, the workers build new
ones beside them, and whoever sees first that all shards have come to the end of the log
switches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from timeline.errors import InputError, StoreError, UnreachableError
from timeline.index.catch_up import anchor_of, catch_up
from timeline.index.index_manager import Upkeep
from timeline.index.projection import GoneError, Progress, Projection, Rows
from timeline.log.protocol import Reader, Shard
from timeline.records.vocabulary import Vocabulary

# How many records are folded in one transaction, and between two looks at whether to stop.
STRIDE = 2000

# Seconds between two looks at a log that was at its end.
PAUSE = 0.05

# A server that does not answer is asked again after so many seconds, so many times in a row:
# a standby takes over within minutes, or somebody has to be told.
AWAY, TRIES = 1.0, 300


class Sharded(Rows, Protocol):
    """Rows whose events are dealt out to shards, each with a checkpoint of its own.

    Their progress is that of the slowest shard.
    """

    @property
    def shards(self) -> int:
        """How many there are."""
        ...

    def part(self, shard: int) -> Rows:
        """The same rows, to write and catch up those of one shard, from 1 on."""
        ...


@runtime_checkable
class Shared(Protocol):
    """A store whose rows several workers can keep."""

    def current(self, projection: Projection) -> Sharded | None:
        """The rows that questions are answered from; None where there are none yet."""
        ...

    def sharded(self, projection: Projection, shards: int, anew: bool) -> Sharded:
        """The rows in use if they have so many shards, or those of a build that is not finished.

        With `anew`, not those in use.
        """
        ...

    def is_current(self, projection: Projection, rows: Rows) -> bool:
        """Whether questions are still answered from these rows."""
        ...

    def switch(self, projection: Projection, rows: Rows) -> None:
        """Answer questions from these rows from now on; once only, whoever says it."""
        ...

    def discard(self, rows: Rows) -> None:
        """Delete rows that nobody is to be answered from; rows in use stay."""
        ...


class Worker(Protocol):
    """Keeps projections up, by and by."""

    def fold(self, projection: Projection, most: int = STRIDE) -> Progress:
        """Fold in what comes next, up to so many records; how far the worker has come.

        Raises:
            StoreError: the log cannot be read, or the rows cannot be written.
        """
        ...


def worker(log: Reader, vocabulary: Vocabulary, upkeep: Upkeep, shard: int, of: int) -> Worker:
    """The worker for one of so many shards, from 1 on.

    Raises:
        InputError: the rows cannot be divided.
    """
    if isinstance(upkeep.store, Shared):
        return ShardWorker(log, vocabulary, upkeep.store, shard, of)
    if of != 1:
        raise InputError(
            f"shard {shard}/{of}: the rows of a log file are kept by one process at a time",
            "leave --shard out; a log in PostgreSQL can have many workers",
        )
    return LoneWorker(log, upkeep)


class LoneWorker:
    """Keeps all rows, where they are kept by one process at a time."""

    def __init__(self, log: Reader, upkeep: Upkeep):
        self._log = log
        self._upkeep = upkeep

    def fold(self, projection: Projection, most: int = STRIDE) -> Progress:
        rows = self._upkeep.rows(projection, self._log.head().position)
        progress = self._upkeep.progress(projection) if rows is None else rows.progress()
        return progress or Progress()


class ShardWorker:
    """Keeps the rows of one shard."""

    def __init__(self, log: Reader, vocabulary: Vocabulary, store: Shared, shard: int, shards: int):
        self.shard = shard
        self.shards = shards
        self._log = log
        self._vocabulary = vocabulary
        self._share = Shard(shard, shards, vocabulary.events)
        self._store = store
        # By projection, where the log ended when this shard of new rows had come there.
        self._goals: dict[str, int] = {}
        self._kept: set[str] = set()

    def fold(self, projection: Projection, most: int = STRIDE) -> Progress:
        try:
            return self._fold(projection, most)
        except GoneError:
            # The next time finds others, or makes them.
            return Progress()

    def _fold(self, projection: Projection, most: int) -> Progress:
        rows, in_use = self._rows(projection)
        part = rows.part(self.shard)
        last = self._log.head().position
        until = min(part.progress().checkpoint + most, last)
        progress = catch_up(projection, part, self._log, self._vocabulary, until, share=self._share)
        if not in_use and progress.checkpoint >= last:
            self._finish(projection, rows, last)
        return progress

    def _rows(self, projection: Projection) -> tuple[Sharded, bool]:
        """The rows to work on, and whether they are those in use."""
        used = self._store.current(projection)
        if used is not None and not self._is_of_this_log(used):
            return self._new(projection, True), False
        if used is None or used.shards != self.shards:
            if used is not None and projection.name in self._kept:
                raise StoreError(
                    f"the rows of {projection.name} have {used.shards} shards now, and not "
                    f"{self.shards}: other workers have taken over"
                )
            rows = self._new(projection, False)
            return rows, self._store.is_current(projection, rows)
        self._kept.add(projection.name)
        self._goals.pop(projection.name, None)
        return used, True

    def _new(self, projection: Projection, anew: bool) -> Sharded:
        """The rows that the workers are building."""
        rows = self._store.sharded(projection, self.shards, anew)
        if self._is_of_this_log(rows):
            return rows
        self._store.discard(rows)
        return self._store.sharded(projection, self.shards, True)

    def _finish(self, projection: Projection, rows: Sharded, last: int) -> None:
        """Switch to new rows once all shards have come to where this one came to the end."""
        goal = self._goals.setdefault(projection.name, last)
        if rows.progress().checkpoint >= goal:
            self._store.switch(projection, rows)
            # From here on, rows with another number of shards are those of others.
            self._kept.add(projection.name)

    def _is_of_this_log(self, rows: Sharded) -> bool:
        """Whether the rows were made of this log. Each worker looks at its own shard, too."""
        mine = rows.part(min(self.shard, rows.shards))
        return all(
            anchor_of(self._log, checkpoint) == anchor
            for checkpoint, anchor, _ in (rows.progress(), mine.progress())
        )


class StoppedError(Exception):
    """Raised by a report of progress, where nothing is half done, by whom no more is wanted."""


def work(
    worker: Worker,
    log: Reader,
    projections: Sequence[Projection],
    once: bool,
    wait: Callable[[float], bool],
    told: Callable[[Projection, Progress, int], None],
    warned: Callable[[UnreachableError], None] = lambda error: None,
) -> None:
    """Keep projections up: until the end of the log with `once`, or until told to stop.

    `wait` waits for so many seconds, or less, and says whether to stop. `told` is told how far
    a projection has come, and where the log ends. `warned` is told once when the store goes
    away; it is waited for.

    Raises:
        StoreError: a record cannot be folded in, or the store has failed.
        UnreachableError: the store has been away for too long.
    """
    failed = 0
    while not wait(0):
        try:
            at_the_end = _turn(worker, log, projections, told)
        except UnreachableError as error:
            failed += 1
            if failed > TRIES:
                raise
            if failed == 1:
                warned(error)
            if wait(AWAY):
                return
            continue
        failed = 0
        if at_the_end and (once or wait(PAUSE)):
            return


def _turn(
    worker: Worker,
    log: Reader,
    projections: Sequence[Projection],
    told: Callable[[Projection, Progress, int], None],
) -> bool:
    """Fold a stretch into each projection; whether all are at the end of the log."""
    at_the_end = True
    for projection in projections:
        progress = worker.fold(projection)
        if progress.problem is not None:
            raise StoreError(f"{projection.name}: {progress.problem}")
        last = log.head().position
        told(projection, progress, last)
        at_the_end = at_the_end and progress.checkpoint >= last
    return at_the_end
