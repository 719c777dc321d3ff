"""Following the log to keep the index current (`timeline work`)."""

from __future__ import annotations

from collections.abc import Callable

from timeline.errors import UnreachableError
from timeline.index.index_manager import IndexManager
from timeline.index.rows import RowsUnusableError
from timeline.log.protocol import Reader

# The polling interval at the end of the log, in seconds.
PAUSE = 0.05

# Retries of a server that does not answer: the interval in seconds, and the number of attempts. A
# standby takes over within minutes; an operator should hear of anything longer.
RETRY, TRIES = 1.0, 300


def follow(
    index: IndexManager,
    log: Reader,
    once: bool,
    wait: Callable[[float], bool],
    reached: Callable[[int], None],
    unreachable: Callable[[UnreachableError], None] = lambda error: None,
) -> None:
    """Keep the index current until `wait` returns true or, with `once`, up to the end of the log.

    `wait` sleeps for at most a number of seconds, and returns whether to stop. `reached` is called
    with the position when the index is up to date. `unreachable` is called once when the store does
    not answer, before it is retried.

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
            # The next attempt finds or builds other rows.
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
