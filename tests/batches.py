"""Batches for tests, written when their block ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from timeline.log.batch import Batch
from timeline.log.protocol import RecordLog


@contextmanager
def writing(log: RecordLog, at: int = 1_000, exclusive: bool = True) -> Iterator[Batch]:
    """A batch recorded at `at`, which holds the write lock if it is `exclusive`."""
    if not exclusive:
        batch = Batch(log.recorder, lambda: at)
        yield batch
        batch.write()
        return
    with log.recorder.exclusive() as transaction:
        batch = Batch(transaction, lambda: at)
        yield batch
        batch.write()
