"""Other processes of this machine, for work that takes long enough to be shared out.

They are loky's: an executor notices when one of them is killed, and they do not import the main
module again, so that a script may ask a question at its top level.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor


@contextmanager
def processes(number: int) -> Iterator[Executor]:
    """An executor with a number of processes, which are killed when the block ends."""
    # Loaded here: it takes longer than most questions.
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(number, initializer=_end_with, initargs=(os.getpid(),))
    try:
        yield executor
    finally:
        executor.shutdown(kill_workers=True)


def processors() -> int:
    """How many processors this process and its children may use."""
    from loky import cpu_count

    return int(cpu_count())


def _end_with(parent: int) -> None:
    """End this process soon after its parent: it would wait for ever to hand over a result."""

    def watch() -> None:
        while os.getppid() == parent:
            sleep(0.5)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
