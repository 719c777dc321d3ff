"""Folding stretches of the log side by side, each process into a spool of its own.

It is loaded by long builds alone: a question on the command line does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue

from timeline.index.catch_up import Folding, PoisonError, anchor_of
from timeline.index.processes import Inbox, Worker, messages
from timeline.index.projection import OpenLog, Projection, Spools, Stretch


def fold(
    projection: Projection,
    spools: Spools,
    open_log: OpenLog,
    span: Stretch,
    left: Sequence[Stretch],
    jobs: int,
    report: Callable[[int], None],
) -> bool:
    """Fold what is left of a span into spools; whether every record could be.

    Raises:
        StoreError: a process has died; what it had folded is kept.
    """
    folded = span[1] - sum(until - after for after, until in left)
    report(folded)
    jobs = min(jobs, spools.most)
    told: Inbox = SimpleQueue()
    workers: list[Worker] = []
    try:
        for number in range(jobs):
            given = projection, spools, open_log, number, left[number::jobs]
            workers.append(Worker(_fold_stretches, *given, told=told))
        for count in messages(told, jobs):
            if count is None:
                break
            folded += count
            report(folded)
        else:
            return True
    finally:
        for worker in workers:
            worker.kill()
    spools.clear()
    return False


def _fold_stretches(
    sent: object,
    projection: Projection,
    spools: Spools,
    open_log: OpenLog,
    number: int,
    stretches: Sequence[Stretch],
) -> Iterator[int | None]:
    """What one process does: how many records it has folded, each time; None if one cannot be."""
    log, vocabulary = open_log()
    spool = spools.open(number)
    for after, until in stretches:
        folding = Folding(projection, log, vocabulary, after, nothing)
        try:
            spool.write((after, until), anchor_of(log, until), folding.rows(until))
        except PoisonError:
            yield None
            return
        yield until - after
    spool.close()
    log.close()


def nothing(keys: object, at: int) -> list[int]:
    raise AssertionError("a stretch has no record that is folded alone")
