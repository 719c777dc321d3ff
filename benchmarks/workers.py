"""What workers of a log in PostgreSQL share out: `python -m benchmarks.workers [RECORDS]`.

The rows of a log of careers are made from nothing by one worker, by two and by four, who start
at once and stop at the end. Told are the seconds of processor that each worker used, without
its start, the server not counted: how long they take together depends on what else runs.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from itertools import islice

import psycopg

from benchmarks import careers
from timeline import temporal
from timeline.index.effects_index import ACTS
from timeline.index.shard_workers import work, worker
from timeline.newsroom.appending import Appending, RawRecord
from timeline.newsroom.newsroom import Newsroom

RECORDS, RUNS, SHARDS = 30_000, 3, (1, 2, 4)


def main(count: int) -> None:
    """Measure each number of workers in turn, several times."""
    from tests.servers import server

    from timeline.newsroom.opening import make_database

    used: dict[int, list[float]] = {shards: [] for shards in SHARDS}
    with server(shared_buffers="256MB", max_wal_size="4GB") as database:
        url = database.url()
        make_database(url)
        _import(url, count)
        for _ in range(RUNS):
            for shards, found in used.items():
                found.append(_used(url, shards))
    print(f"{count:,} records of careers, the median of {RUNS} runs")
    for shards, found in used.items():
        print(f"{shards} workers: {statistics.median(found):.2f} s of processor each")


def _import(url: str, count: int) -> None:
    with Newsroom.open(url) as newsroom:
        given = enumerate(careers.records(careers.Sizes.of(count)), 1)
        while batch := list(islice(given, 5_000)):
            Appending(newsroom, temporal.now, importing=True).write(
                RawRecord(record, line=number) for number, record in batch
            )


def _used(url: str, shards: int) -> float:
    """Seconds of processor, the mean of all workers."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS timeline_derived CASCADE")
    words = [sys.executable, "-m", "benchmarks.workers", url]
    running = [
        subprocess.Popen([*words, str(shard), str(shards)], stdout=subprocess.PIPE, text=True)
        for shard in range(1, shards + 1)
    ]
    said = [each.communicate()[0] for each in running]
    if any(each.returncode for each in running):
        raise RuntimeError("a worker failed")
    return statistics.mean(map(float, said))


def one(url: str, shard: int, shards: int) -> None:
    """Be a worker."""
    with Newsroom.open(url) as newsroom:
        assert newsroom.upkeep is not None
        log, vocabulary = newsroom.store, newsroom.settings.vocabulary
        before = os.times()
        each = worker(log, vocabulary, newsroom.upkeep, shard, shards)
        work(each, log, [ACTS], True, lambda seconds: False, lambda *_: None)
        after = os.times()
        print(after.user - before.user + after.system - before.system)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [url, shard, shards]:
            one(url, int(shard), int(shards))
        case [] | [_]:
            main(int((*sys.argv[1:], RECORDS)[0]))
