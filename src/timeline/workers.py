"""Other processes that do a part of the work.

Each is a program of its own: `multiprocessing` would import the main module of the program
once more, so that a script which asks a question at its top level would ask it again.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any

from timeline.errors import StoreError

Work = Callable[..., Iterator[Any]]
"""What a worker does: it takes an iterator over what it is sent, and what it was given to
begin with; what it yields it tells. Its module must be there to be imported."""

# Modules are looked for where this process looks for them.
_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from timeline.workers import serve; serve()"
)


class Worker:
    """A process that is sent values and tells of others, in order; both can be pickled."""

    def __init__(self, work: Work, *given: object):
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.send(sys.path)
        self.send((work, given))

    def send(self, value: object) -> None:
        """Send something on its way.

        Raises:
            StoreError: the process has died.
        """
        assert self._process.stdin is not None
        try:
            pickle.dump(value, self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise StoreError("a process that does a part of the work has died") from error

    def sent_all(self) -> None:
        """Tell it that nothing more will be sent."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def told(self) -> Iterator[Any]:
        """What it tells, until it is done.

        Raises:
            StoreError: the process has died.
        """
        assert self._process.stdout is not None
        while True:
            try:
                yield pickle.load(self._process.stdout)
            except (EOFError, pickle.UnpicklingError):
                break
        if self._process.wait():
            raise StoreError("a process that does a part of the work has died")

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()


def told_by(workers: Sequence[Worker]) -> Iterator[Any]:
    """What several workers tell, as it comes.

    Raises:
        StoreError: one of them has died.
    """
    found: SimpleQueue[tuple[bool, Any]] = SimpleQueue()

    def listen(worker: Worker) -> None:
        try:
            for told in worker.told():
                found.put((True, told))
            found.put((False, None))
        except StoreError as error:
            found.put((False, error))

    for worker in workers:
        Thread(target=listen, args=(worker,), daemon=True).start()
    waiting = len(workers)
    while waiting:
        more, told = found.get()
        if more:
            yield told
        elif told is not None:
            raise told
        else:
            waiting -= 1


def serve() -> None:
    """What the process does that a `Worker` has started."""
    import gc

    # Whoever started it ends it. What it makes has no cycles.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    work, given = pickle.load(sys.stdin.buffer)
    try:
        for told in work(_sent(), *given):
            pickle.dump(told, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        sys.stderr.close()  # Nobody is there any more to be told.


def _sent() -> Iterator[Any]:
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)
        except EOFError:
            return
