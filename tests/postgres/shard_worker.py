"""A worker that folds by small steps, so that it can be killed between and within many.

python -m tests.postgres.shard_worker URL SHARD SHARDS [once]

It says after each step how far it has come.
"""

from __future__ import annotations

import sys

from timeline.index.effects_index import ACTS
from timeline.index.projection import Progress, Projection
from timeline.index.shard_workers import Worker, work, worker
from timeline.newsroom.newsroom import Newsroom


class Steps:
    """Another worker, in steps of a few records."""

    def __init__(self, worker: Worker):
        self._worker = worker

    def fold(self, projection: Projection, most: int = 20) -> Progress:
        return self._worker.fold(projection, most)


def say(projection: Projection, progress: Progress, last: int) -> None:
    """Say how far the worker has come."""
    print(progress.checkpoint, flush=True)


def main(url: str, shard: str, shards: str, *once: str) -> None:
    """Work until killed, or until the end of the log."""
    with Newsroom.open(url) as newsroom:
        assert newsroom.upkeep is not None
        log, vocabulary = newsroom.store, newsroom.settings.vocabulary
        one = worker(log, vocabulary, newsroom.upkeep, int(shard), int(shards))
        work(Steps(one), log, [ACTS], bool(once), lambda seconds: False, say)


if __name__ == "__main__":
    main(*sys.argv[1:])
