"""Building a projection from the whole log, on all cores.

What a record closes and opens follows from the log up to that record alone, so stretches
of the log are folded side by side, each process into a spool of its own; the rows are then
put together in one go. Only an amendment by which entities come to read as another needs
the rows of all records before it: there the stretches end, and it is folded by itself.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from timeline.derived.acts import RENAMING
from timeline.derived.catching_up import Folding, PoisonError, anchor_of, catch_up
from timeline.derived.projection import Progress, Projection, Rows, Spools, Stretch
from timeline.errors import StoreError
from timeline.events.vocabulary import Vocabulary
from timeline.log import Reader

# How many records one process folds between two words about it.
STRETCH = 20_000

OpenLog = Callable[[], tuple[Reader, Vocabulary]]


def build(
    projection: Projection,
    rows: Rows,
    open_log: OpenLog,
    jobs: int | None = None,
    report: Callable[[int], None] = lambda position: None,
) -> Progress:
    """Fold in all records up to the head, from wherever the rows stand.

    `open_log` opens the log in another process; `jobs` are the processes to use, by default
    as many as there are processors. `report` is told how many records have been folded in.

    Raises:
        StoreError: the log cannot be read, or the rows cannot be written.
    """
    log, vocabulary = open_log()
    jobs = jobs or len(os.sched_getaffinity(0))
    last = log.head().position
    naming = sorted(
        each.position for name in RENAMING for each in log.of_type(vocabulary[name].topic)
    )
    progress = rows.progress()
    while progress.checkpoint < last:
        start = progress.checkpoint
        barrier = next((position for position in naming if position > start), last + 1)
        end = min(barrier - 1, last)
        if end - start >= jobs * STRETCH and jobs > 1:
            spools = rows.spools()
            if not _side_by_side(projection, spools, open_log, (start, end), jobs, report):
                # One by one it stops in front of the record that stands in the way.
                return catch_up(projection, rows, log, vocabulary, last, report)
            rows.absorb(Progress(end, anchor_of(log, end)))
        progress = catch_up(projection, rows, log, vocabulary, min(barrier, last), report)
        if progress.problem is not None:
            break
    return progress


def _side_by_side(
    projection: Projection,
    spools: Spools,
    open_log: OpenLog,
    span: Stretch,
    jobs: int,
    report: Callable[[int], None],
) -> bool:
    """Fold a span of the log into spools; whether every record could be."""
    start, end = span
    stretches = [(after, min(after + STRETCH, end)) for after in range(start, end, STRETCH)]
    existing = spools.existing()
    done = {stretch for spool in existing for stretch in spool.done()} & {*stretches}
    for spool in existing:
        spool.close()
    left = [stretch for stretch in stretches if stretch not in done]
    folded = start + sum(until - after for after, until in done)
    report(folded)
    context = multiprocessing.get_context("spawn")
    workers = []
    for number in range(jobs):
        receiving, sending = context.Pipe(duplex=False)
        arguments = (projection, spools, open_log, number, left[number::jobs], sending)
        process = context.Process(target=_fold_stretches, args=arguments, daemon=True)
        process.start()
        sending.close()
        workers.append((process, receiving))
    try:
        for count in _counts([receiving for _, receiving in workers]):
            if count is None:
                spools.clear()
                return False
            folded += count
            report(folded)
        for process, _ in workers:
            process.join()
        if any(process.exitcode for process, _ in workers):
            raise StoreError("a process of the build died; what it had folded is kept")
        return True
    finally:
        for process, _ in workers:
            process.kill()


def _counts(pipes: Sequence[Connection]) -> Iterator[int | None]:
    """How many records each word tells to have been folded; None if one cannot be."""
    waiting = list(pipes)
    while waiting:
        for pipe in wait(waiting):
            assert isinstance(pipe, Connection)
            try:
                yield pipe.recv()
            except EOFError:
                waiting.remove(pipe)


def _fold_stretches(
    projection: Projection,
    spools: Spools,
    open_log: OpenLog,
    number: int,
    stretches: Sequence[Stretch],
    told: Connection,
) -> None:
    """What one process does."""
    log, vocabulary = open_log()
    spool = spools.open(number)
    for after, until in stretches:
        folding = Folding(projection, log, vocabulary, after, _nothing)
        try:
            spool.write(after, until, folding.rows(until))
        except PoisonError:
            told.send(None)
            return
        told.send(until - after)
    spool.close()


def _nothing(keys: object) -> list[int]:
    raise AssertionError("a stretch has no amendment by which entities are called otherwise")
