"""Folding what was appended into a projection, in batches, each with its checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import sha256

from timeline.errors import StoreError, UnreachableError
from timeline.index.projection import (
    Closed,
    FoldContext,
    Opened,
    Progress,
    Projection,
    Rows,
    Writer,
)
from timeline.log.lookup import names_at
from timeline.log.protocol import Reader, Shard, ShardReader
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.vocabulary import Vocabulary

# How many records are folded in one transaction.
BATCH = 10_000


def catch_up(
    projection: Projection,
    rows: Rows,
    log: Reader,
    vocabulary: Vocabulary,
    until: int | None = None,
    report: Callable[[int], None] = lambda position: None,
    batch: int = BATCH,
    share: Shard | None = None,
) -> Progress:
    """Fold in all records up to position `until`, or to the head; how far it has come.

    A record that cannot be folded stops the projection in front of it; the progress then
    names it. It is tried again the next time. A `batch` of records is folded in one
    transaction, and `report` is told the checkpoint after each. Where the rows are those of
    the events of one `share` of the log, what is in the others only is passed over.

    Raises:
        StoreError: the log cannot be read, or the rows cannot be written.
    """
    last = log.head().position if until is None else until
    progress = rows.progress()
    while progress.checkpoint < last:
        with rows.writing() as writer:
            # Somebody else may have caught up in the meantime.
            progress = writer.progress()
            start, end = progress.checkpoint, min(progress.checkpoint + batch, last)
            if end <= start:
                break
            progress = _fold_batch(projection, writer, log, vocabulary, start, end, share)
            writer.advance(progress)
        report(progress.checkpoint)
        if progress.checkpoint < end:
            break
    return progress


def _fold_batch(
    projection: Projection,
    writer: Writer,
    log: Reader,
    vocabulary: Vocabulary,
    after: int,
    until: int,
    share: Shard | None,
) -> Progress:
    """Fold in a batch, up to a record that cannot be."""
    folding = Folding(projection, log, vocabulary, after, writer.standing, share)
    problem = None
    try:
        writer.write(folding.rows(until))
    except PoisonError as error:
        problem = str(error)
    return Progress(folding.position, anchor_of(log, folding.position), problem)


def anchor_of(log: Reader, position: int) -> str:
    """What tells the record at a position from any other; nothing at position 0."""
    for entry in log.entries(position - 1, position) if position else ():
        return sha256(jsonl.line_of(entry)).hexdigest()
    return ""


def _all(position: int) -> bool:
    """Where nothing is dealt out, a fold is concerned with every event."""
    return True


class PoisonError(Exception):
    """A record that a projection cannot fold in."""

    def __init__(self, position: int, reason: object):
        self.position = position
        super().__init__(f"the record at position {position} cannot be folded in: {reason}")


class Folding:
    """A projection on its way through a stretch of the log.

    `position` is how far it has come. `standing` tells which events have rows that stand
    at a position under any of some keys. With a `share` of the log, it folds the events
    that are dealt out to it, and all else.
    """

    def __init__(
        self,
        projection: Projection,
        log: Reader,
        vocabulary: Vocabulary,
        after: int,
        standing: Callable[[Collection[str], int], Iterable[int]],
        share: Shard | None = None,
    ):
        self.position = after
        self._projection = projection
        self._log = log
        self._standing = standing
        self._share = share
        names = names_at(log, vocabulary, after)
        concerns = share.is_dealt if share is not None else _all
        self._ground = FoldContext(log, vocabulary, names, self._named_by, concerns)

    def rows(self, until: int) -> Iterator[Closed | Opened]:
        """What the records from where it stands up to `until` close and open.

        Raises:
            PoisonError: a record cannot be folded in; all rows of those before it were given.
            UnreachableError: the log cannot be read now.
        """
        for entry in self._entries(until):
            self.position = entry.position - 1
            if self._share is None or self._share.has(entry):
                yield from self._folded(entry)
            self.position = entry.position

    def _entries(self, until: int) -> Iterator[Entry]:
        if self._share is not None and isinstance(self._log, ShardReader):
            return self._log.entries_of(self._share, self.position, until)
        return self._log.entries(self.position, until)

    def _folded(self, entry: Entry) -> list[Closed | Opened]:
        """What one record closes and opens."""
        try:
            record = jsonl.decode(entry, self._ground.vocabulary)
            written = list(self._projection.fold(record, self._ground))
        except UnreachableError:
            # It is not the record's fault.
            raise
        except (StoreError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise PoisonError(entry.position, error) from error
        if not record.is_amendment:
            others = {row.event for row in written} - {entry.position}
            assert not others, f"{entry.position} writes rows of {others}"
        return written

    def _named_by(self, keys: Collection[str]) -> Iterable[int]:
        return self._standing(keys, self.position)
