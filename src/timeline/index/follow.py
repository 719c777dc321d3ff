"""Following the log: the index is kept current, so that questions find it so."""

from __future__ import annotations

from collections.abc import Callable

from timeline.errors import UnreachableError
from timeline.index.index_manager import IndexManager
from timeline.index.rows import RowsUnusableError
from timeline.log.protocol import Reader

# Seconds between two looks at a log that was at its end.
PAUSE = 0.05

# A server that does not answer is asked again after so many seconds, so many times in a row: a
# standby takes over within minutes, and beyond that an operator has to know.
RETRY, TRIES = 1.0, 300


def follow(
    index: IndexManager,
    log: Reader,
    once: bool,
    wait: Callable[[float], bool],
    reached: Callable[[int], None],
    unreachable: Callable[[UnreachableError], None] = lambda error: None,
) -> None:
    """Keep the index current until `wait` says to stop, or with `once` up to the end of the log.

    `wait` waits for a number of seconds, or less, and returns whether to stop. `reached` is called
    with the position when the index has come to the end of the log. `unreachable` is called once
    when the store does not answer; it is tried again.

    Raises:
        StoreError: the store has failed.
        UnreachableError: the store has not answered for too long.
    """
    failed = 0
    while not wait(0):
        try:
            checkpoint = index.catch_up()
            is_current = checkpoint.position >= log.head().position
        except RowsUnusableError:
            # The next attempt finds others, or makes them.
            index.abandon()
            continue
        except UnreachableError as error:
            failed += 1
            if failed > TRIES:
                raise
            if failed == 1:
                unreachable(error)
            if wait(RETRY):
                return
            continue
        failed = 0
        if is_current:
            reached(checkpoint.position)
            if once or wait(PAUSE):
                return
