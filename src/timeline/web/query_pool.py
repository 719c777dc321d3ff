"""Answers questions in other processes, each within a time limit.

A thread would share the interpreter with the event loop, and could not be stopped. pebble kills the
process of a question that takes too long or whose client has disconnected, and starts another.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.web.budget import Budget, BusyError
from timeline.web.problems import RefusedError

resource: ModuleType | None
try:
    import resource
except ImportError:  # Windows has no such limit.
    resource = None

T = TypeVar("T")

# What to do about a question that takes too much.
NARROW = "ask for less, such as one property, an earlier `as_known`, or one story"


class QueryLimits(NamedTuple):
    """The resources for questions of one kind.

    `ahead` is how many questions a process is sent in advance, so that it never idles; these can
    no longer be cancelled. One caller may have `each` of them answered at once, and `most` may
    wait. `seconds` and `megabytes` are the most for one question. A question is killed when its
    client disconnects if it is `killable`: a process takes longer to start than a short question
    to finish. `niceness` lowers the priority of the processes.
    """

    processes: int
    ahead: int
    each: int
    most: int
    seconds: float
    megabytes: int
    killable: bool
    niceness: int


# Two processes at least, so that one slow question does not stop all others.
_PROCESSES = max(2, min(4, os.cpu_count() or 1))
SHORT = QueryLimits(
    processes=_PROCESSES,
    ahead=1,
    each=2 * _PROCESSES - 1,
    most=1000,
    seconds=2,
    megabytes=1024,
    killable=False,
    niceness=0,
)
LONG = QueryLimits(
    processes=2, ahead=0, each=1, most=16, seconds=60, megabytes=2048, killable=True, niceness=5
)


class QueryPool:
    """Processes that answer questions about the newsroom at a location."""

    def __init__(self, location: Location, limits: QueryLimits):
        self._location = location
        self._limits = limits
        at_once = limits.processes * (1 + limits.ahead)
        self.budget = Budget(
            at_once, limits.most, "too many questions are waiting", 10, limits.each
        )
        self._pool = self._new_pool()
        self._running: set[ProcessFuture[Any]] = set()
        self._has_ended = False

    def warm_up(self) -> None:
        """Start the processes now, so that the first question need not wait for them."""
        self._pool.schedule(_run, (self._location, _nothing))

    async def run(self, work: Callable[[Newsroom], T], caller: str) -> T:
        """The result of some work, which must be picklable, with a newsroom.

        Raises:
            TimeoutError: it took too long.
            RefusedError: it needs too much memory.
            BusyError: too much work waits, or the service is stopping.
        """
        async with self.budget.turn(caller):
            if self._has_ended:
                raise _stopping()
            if not self._pool.active:  # No process could be started.
                self._pool = self._new_pool()
            task = self._location, work
            running: ProcessFuture[T] = self._pool.schedule(
                _run, task, timeout=self._limits.seconds
            )
            self._running.add(running)
            result = asyncio.wrap_future(running)
            try:
                return await (result if self._limits.killable else asyncio.shield(result))
            except MemoryError:
                message = f"the answer needs more than {self._limits.megabytes} MB of memory"
                raise RefusedError(422, f"{message}: {NARROW}") from None
            except (ProcessExpired, BrokenProcessPool):
                raise BusyError("the process that was answering has died", 1) from None
            except asyncio.CancelledError:
                if self._has_ended:
                    raise _stopping() from None
                await asyncio.gather(result, return_exceptions=True)
                raise
            finally:
                self._running.discard(running)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            self._limits.processes,
            initializer=_prepare,
            initargs=(self._limits,),
            # A forked process would inherit locks that other threads hold.
            context=multiprocessing.get_context("spawn"),
        )

    def end(self) -> None:
        """Answer no more questions; those that wait are refused."""
        self._has_ended = True
        for each in list(self._running):
            each.cancel()

    def close(self) -> None:
        """End the processes."""
        self.end()
        self._pool.stop()
        self._pool.join()


def _stopping() -> BusyError:
    return BusyError("the service is stopping", 5)


def _prepare(limits: QueryLimits) -> None:
    """Prepare a process."""
    if hasattr(os, "nice"):
        os.nice(limits.niceness)
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        most = limits.megabytes * 2**20
        soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@lru_cache(maxsize=1)
def _newsroom(location: Location) -> Newsroom:
    """The newsroom that this process has open."""
    return Newsroom.open(location)


def _run(location: Location, work: Callable[[Newsroom], T]) -> T:
    return work(_newsroom(location))


def _nothing(newsroom: Newsroom) -> None:
    """Open the newsroom, and do nothing with it."""
