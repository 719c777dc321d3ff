"""Other processes that do a part of the work.

Each is a program of its own: `multiprocessing` would import the main module of the program
once more, so that a script which asks a question at its top level would ask it again.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from types import ModuleType
from typing import IO, Any, Protocol

from timeline.errors import StoreError

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows: pipes are as they are.
    fcntl = None

Work = Callable[..., Iterator[Any]]
"""What a worker does: it takes an iterator over what it is sent, and what it was given to
begin with; what it yields it tells. Its module must be there to be imported."""


class MessageSink(Protocol):
    """Takes what workers tell, from a thread for each of them."""

    def put(self, told: tuple[Any, int | None], /) -> None: ...


Inbox = SimpleQueue[tuple[Any, int | None]]
"""What workers tell, each with None; then the exit code of each, when it is done."""

# So many bytes are to wait in a pipe: several chunks of records, so that whoever sends does not
# wait for whoever is at work.
_PIPE = 2**20

_DIED = "a process that does a part of the work has died"

# Modules are looked for where this process looks for them.
_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from timeline.index.processes import serve; serve()"
)


class Worker:
    """A process that is sent values and tells of others, in order; both can be pickled.

    What it tells is put into `told`, a queue that several workers may share, as it comes;
    `messages` takes it from there.
    """

    def __init__(self, work: Work, *given: object, told: MessageSink):
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        _widen(self._process.stdin, self._process.stdout)
        self.send(sys.path)
        self.send((work, given))
        Thread(target=self._listen, args=(told,), daemon=True).start()

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
            raise StoreError(_DIED) from error

    def has_ended(self) -> bool:
        """Whether it does nothing any more."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _listen(self, told: MessageSink) -> None:
        """Wait for what it tells, so that it never has to wait for anybody who listens."""
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            while True:
                try:
                    told.put((pickle.load(pipe), None))
                except (EOFError, pickle.UnpicklingError):
                    break
        told.put((None, self._process.wait()))


def _widen(*pipes: IO[bytes] | None) -> None:
    """Let more wait in pipes, where the system can be told and allows it."""
    if fcntl is None or not hasattr(fcntl, "F_SETPIPE_SZ"):
        return
    for pipe in pipes:
        assert pipe is not None
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def messages(told: Inbox, workers: int = 1) -> Iterator[Any]:
    """What some workers tell, until they are done.

    Raises:
        StoreError: one of them has died.
    """
    while workers:
        value, code = told.get()
        if code is None:
            yield value
        elif code:
            raise StoreError(_DIED)
        else:
            workers -= 1


def processors() -> int:
    """How many processors this process and its workers may use."""
    if not sys.executable:
        return 1  # Python is a part of another program, and no worker can be started.
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
        except (EOFError, pickle.UnpicklingError):
            return  # Whoever sends has ended, perhaps in the middle of it.
