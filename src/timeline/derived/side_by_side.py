"""Folding stretches of the log side by side, each process into a spool of its own.

It is loaded by long builds alone: a question on the command line does without
`multiprocessing`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from timeline.derived.catching_up import Folding, PoisonError, anchor_of
from timeline.derived.projection import OpenLog, Projection, Spools, Stretch
from timeline.errors import StoreError


def fold(
    projection: Projection,
    spools: Spools,
    open_log: OpenLog,
    span: Stretch,
    left: Sequence[Stretch],
    jobs: int,
    report: Callable[[int], None],
) -> bool:
    """Fold what is left of a span into spools; whether every record could be."""
    folded = span[1] - sum(until - after for after, until in left)
    report(folded)
    context = multiprocessing.get_context("spawn")
    workers = []
    try:
        for number in range(min(jobs, spools.most)):
            receiving, sending = context.Pipe(duplex=False)
            mine = left[number :: min(jobs, spools.most)]
            arguments = (projection, spools, open_log, number, mine, sending)
            process = context.Process(target=_fold_stretches, args=arguments, daemon=True)
            process.start()
            sending.close()
            workers.append((process, receiving))
        for count in _counts([receiving for _, receiving in workers]):
            if count is None:
                break
            folded += count
            report(folded)
        else:
            for process, _ in workers:
                process.join()
            if any(process.exitcode for process, _ in workers):
                raise StoreError("a process of the build died; what it had folded is kept")
            return True
    finally:
        for process, receiving in workers:
            process.kill()
            process.join()
            receiving.close()
    spools.clear()
    return False


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
        folding = Folding(projection, log, vocabulary, after, nothing)
        try:
            spool.write((after, until), anchor_of(log, until), folding.rows(until))
        except PoisonError:
            told.send(None)
            return
        told.send(until - after)
    spool.close()
    log.close()


def nothing(keys: object, at: int) -> list[int]:
    raise AssertionError("a stretch has no record that is folded alone")
