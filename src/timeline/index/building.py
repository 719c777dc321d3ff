"""Building a projection from the whole log, on all cores.

What a record closes and opens follows from the log up to that record alone, so stretches
of the log are folded side by side, each process into a spool of its own; the rows are then
put together in one go. Only a record of a type that the projection folds `alone` needs the
rows of all records before it: there the stretches end.
"""

from __future__ import annotations

from collections.abc import Callable

from timeline.errors import StoreError
from timeline.index.catch_up import anchor_of, catch_up
from timeline.index.projection import OpenLog, Progress, Projection, Rows, Spool, Spools, Stretch
from timeline.log.protocol import Reader

# How many records one process folds between two words about it.
STRETCH = 20_000


def build(
    projection: Projection,
    rows: Rows,
    open_log: OpenLog,
    jobs: int | None = None,
    report: Callable[[int], None] = lambda position: None,
    stretch: int = STRETCH,
) -> Progress:
    """Fold in all records up to the head, from wherever the rows stand.

    `open_log` opens the log in another process; `jobs` are the processes to use, by default
    as many as there are processors. Each folds `stretch` records at a time. `report` is told
    how many records have been folded in.

    Raises:
        StoreError: the log cannot be read, or the rows cannot be written.
    """
    # Loaded here: a question that has nothing to build does without.
    from timeline.index.processes import processors

    log, vocabulary = open_log()
    try:
        jobs = jobs or processors()
        last = log.head().position
        alone = sorted(
            each.position
            for name in projection.alone
            for each in log.of_type(vocabulary[name].topic)
        )
        progress = rows.progress()
        while progress.checkpoint < last:
            start = progress.checkpoint
            barrier = next((position for position in alone if position > start), last + 1)
            end = min(barrier - 1, last)
            long = end - start >= jobs * stretch and jobs > 1
            if (spools := rows.spools() if long else None) is not None:
                left = _left(spools, log, (start, end), stretch)
                from timeline.index.parallel_build import fold

                if not fold(projection, spools, open_log, (start, end), left, jobs, report):
                    # One by one it stops in front of the record that stands in the way.
                    return catch_up(projection, rows, log, vocabulary, last, report)
                rows.absorb(Progress(end, anchor_of(log, end)))
            progress = catch_up(projection, rows, log, vocabulary, min(barrier, last), report)
            if progress.problem is not None:
                return progress
        # What was spooled by a build that was cut off may have been folded in one by one since.
        if (spools := rows.spools()) is not None:
            spools.clear()
        return progress
    finally:
        log.close()


def _left(spools: Spools, log: Reader, span: Stretch, length: int) -> list[Stretch]:
    """The stretches of a span that a build which was cut off has not folded.

    What it left of another log, or cut otherwise than this build can use, is deleted.
    """
    try:
        done = sorted(each for spool in spools.existing() for each in _done(spool))
    except StoreError:
        done = []
        spools.clear()
    start, end = span
    usable = all(
        (until <= start or (start <= after and until <= end)) and anchor_of(log, until) == anchor
        for (after, until), anchor in done
    )
    if not usable:
        done = []
        spools.clear()
    left = []
    for (after, until), _ in (*done, ((end, end), "")):
        left += [(at, min(at + length, after)) for at in range(start, after, length)]
        start = max(start, until)
    return left


def _done(spool: Spool) -> list[tuple[Stretch, str]]:
    try:
        return list(spool.done())
    finally:
        spool.close()
