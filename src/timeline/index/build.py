"""Building the index from the whole log, on all processors.

The rows that a record opens and closes depend only on the log up to that record, so stretches of
the log are folded in parallel, and their rows are then sorted into the table in one go. Only an
amendment that merges or separates entities needs the rows of all records before it, so no stretch
contains one.

The stretches of a long log are tasks of a `concurrent.futures.Executor`: by default local processes
(loky), or the caller's, such as a Dask client's. Arguments and results can be pickled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import pairwise

from timeline.errors import StoreError
from timeline.index.catch_up import Folding, Report, anchor_of, catch_up
from timeline.index.effects_index import RENAMING
from timeline.index.rows import Checkpoint, RowBatch
from timeline.index.sql_rows import FoldedStretch, KeysRow, SqlRows
from timeline.log.protocol import Reader, RecordLog
from timeline.records.gc_pause import paused_gc
from timeline.records.vocabulary import Vocabulary

OpenLog = Callable[[], tuple[RecordLog, Vocabulary]]
"""Opens the log, in any process."""

# The records per task, and the most tasks to submit ahead.
STRETCH, WINDOW = 5_000, 8

# Where a stretch begins and ends: `after < position <= until`.
_Place = tuple[int, int]


def build(
    rows: SqlRows,
    log: Reader,
    vocabulary: Vocabulary,
    executor: Executor | None = None,
    open_log: OpenLog | None = None,
    report: Report = lambda position: None,
    stretch: int = STRETCH,
) -> Checkpoint:
    """Fold all records from the checkpoint of the rows up to the head.

    `stretch` is the number of records per task. With an `executor`, its tasks call `open_log`;
    without one, this process folds all records.

    Raises:
        StoreError: the log cannot be read, the rows cannot be written, or a process has died.
    """
    last = log.head().position
    for after, until in _between_renamings(log, vocabulary, rows.checkpoint().position, last):
        if until - after < stretch:
            continue
        catch_up(rows, log, vocabulary, after, report)
        places = [(at, min(at + stretch, until)) for at in range(after, until, stretch)]
        stretches = (
            (_fold(log, vocabulary, place) for place in places)
            if executor is None or open_log is None
            else _fold_by_tasks(executor, open_log, places)
        )
        with paused_gc():
            _load(rows, log, stretches, report)
    return catch_up(rows, log, vocabulary, last, report)


def _between_renamings(
    log: Reader, vocabulary: Vocabulary, after: int, last: int
) -> Iterator[_Place]:
    """The stretches between amendments that merge or separate entities."""
    entries = (entry for name in RENAMING for entry in log.of_type(vocabulary[name].topic))
    positions = sorted(entry.position for entry in entries if after < entry.position <= last)
    yield from ((start, end - 1) for start, end in pairwise((after, *positions, last + 1)))


def _load(rows: SqlRows, log: Reader, stretches: Iterable[FoldedStretch], report: Report) -> None:
    """Sort what stretches open and close into the rows."""
    with rows.writing() as writer:
        unreadable = writer.checkpoint().unreadable
        for stretch in stretches:
            writer.stage(stretch)
            report(stretch.until)
            unreadable = unreadable or stretch.unreadable
        writer.advance(Checkpoint(stretch.until, anchor_of(log, stretch.until), unreadable))


def _fold(log: Reader, vocabulary: Vocabulary, place: _Place) -> FoldedStretch:
    """What the records of one stretch open and close."""
    after, until = place
    folding, batch = Folding(log, vocabulary, after, _nothing_standing), RowBatch()
    batch.take(folding.changes(until))
    opened: dict[tuple[int, int, int, bytes], list[str]] = {}
    for key, event, since, end, state in batch.opened():
        opened.setdefault((event, since, end, state), []).append(key)
    rows: list[KeysRow] = [(keys, *rest) for rest, keys in opened.items()]
    return FoldedStretch(folding.position, rows, batch.closed, folding.unreadable)


def _nothing_standing(keys: object, at: int) -> list[int]:
    raise AssertionError("a stretch has no record that asks which rows stand")


def _fold_task(open_log: OpenLog, place: _Place) -> FoldedStretch:
    """The same, in another process."""
    log, vocabulary = open_log()
    try:
        with paused_gc():
            return _fold(log, vocabulary, place)
    finally:
        log.close()


def _fold_by_tasks(
    executor: Executor, open_log: OpenLog, places: Sequence[_Place]
) -> Iterator[FoldedStretch]:
    """The folded stretches in order, with only a few tasks submitted ahead."""
    waiting: deque[Future[FoldedStretch]] = deque()
    try:
        for place in places:
            waiting.append(executor.submit(_fold_task, open_log, place))
            if len(waiting) == WINDOW:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as error:
        raise StoreError("a process that folds a part of the log has died") from error
    finally:
        for future in waiting:
            future.cancel()
