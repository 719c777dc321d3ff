"""Folding records into the rows of the index, in batches, each with its checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import sha256

from timeline.errors import UnreadableError
from timeline.index.effects_index import FoldContext, fold
from timeline.index.rows import (
    DAMAGED,
    INVALID,
    UNREADABLE,
    Change,
    Checkpoint,
    Opened,
    Rows,
)
from timeline.log.lookup import names_at
from timeline.log.protocol import Reader
from timeline.records import jsonl
from timeline.records.record import Entry
from timeline.records.vocabulary import Vocabulary

Report = Callable[[int], None]
"""Called with the last position that was folded."""

# Records per transaction.
BATCH = 10_000


def catch_up(
    rows: Rows,
    log: Reader,
    vocabulary: Vocabulary,
    until: int | None = None,
    report: Report = lambda position: None,
    batch: int = BATCH,
) -> Checkpoint:
    """Fold in all records up to position `until`, or to the head; the checkpoint then.

    A record that cannot be read is noted and passed over. `batch` records are folded in one
    transaction, and `report` is called with the position after each.

    Raises:
        StoreError: the log cannot be read, or the rows cannot be written.
    """
    last = log.head().position if until is None else until
    checkpoint = rows.checkpoint()
    while checkpoint.position < last:
        with rows.writing() as writer:
            # Another process may have caught up in the meantime.
            checkpoint = writer.checkpoint()
            end = min(checkpoint.position + batch, last)
            if end <= checkpoint.position:
                break
            folding = Folding(log, vocabulary, checkpoint.position, writer.standing)
            writer.write(folding.changes(end))
            unreadable = checkpoint.unreadable or folding.unreadable
            checkpoint = Checkpoint(end, anchor_of(log, end), unreadable)
            writer.advance(checkpoint)
        report(checkpoint.position)
    return checkpoint


def anchor_of(log: Reader, position: int) -> str:
    """The digest of the record at a position; nothing at position 0 or beyond the head."""
    for entry in log.entries(position - 1, position) if position else ():
        return sha256(jsonl.line_of(entry)).hexdigest()
    return ""


class Folding:
    """The fold on its way through the log.

    `position` is the last record that was folded, `unreadable` the first that could not be read,
    or 0. `standing` gives the events with rows that stand at a position under any of some keys.
    """

    def __init__(
        self,
        log: Reader,
        vocabulary: Vocabulary,
        after: int,
        standing: Callable[[Collection[str], int], Iterable[int]],
    ):
        self.position = after
        self.unreadable = 0
        self._log = log
        self._standing = standing
        names = names_at(log, vocabulary, after)
        self._context = FoldContext(log, vocabulary, names, self._named_by)

    def changes(self, until: int) -> Iterator[Change]:
        """What the records up to `until` open and close.

        Raises:
            StoreError: the log cannot be read now.
        """
        for entry in self._log.entries(self.position, until):
            try:
                changes = self._changes_of(entry)
            except UnreadableError:
                changes = [self._unreadable(entry, DAMAGED)]
            except (ValueError, LookupError, TypeError, AttributeError):
                changes = [self._unreadable(entry, INVALID)]
            yield from changes
            self.position = entry.position

    def _unreadable(self, entry: Entry, state: bytes) -> Opened:
        position = entry.position
        self.unreadable = self.unreadable or position
        return Opened(UNREADABLE, position, position, state)

    def _changes_of(self, entry: Entry) -> list[Change]:
        return list(fold(jsonl.decode(entry, self._context.vocabulary), self._context))

    def _named_by(self, keys: Collection[str]) -> Iterable[int]:
        return self._standing(keys, self.position)
