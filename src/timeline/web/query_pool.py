"""Answers questions in other processes, each within a time limit.

A thread would share the interpreter with the event loop, and could not be stopped. pebble kills the
process of a question that takes too long or whose client has disconnected, and starts another.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import NamedTuple

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.web.budget import Budget, BusyError
from timeline.web.question import HttpQuestion, Reply, reply_to


class QueryLimits(NamedTuple):
    """The resources for questions of one kind.

    `ahead` is how many questions a process is sent in advance, so that it never idles; these can
    no longer be cancelled. `niceness` lowers the priority of the processes.
    """

    processes: int
    ahead: int
    most: int
    seconds: float
    niceness: int


SHORT = QueryLimits(
    processes=min(4, os.cpu_count() or 1), ahead=1, most=1000, seconds=20, niceness=0
)
LONG = QueryLimits(processes=1, ahead=0, most=16, seconds=60, niceness=5)


class QueryPool:
    """Processes that answer questions about the newsroom at a location."""

    def __init__(self, location: Location, limits: QueryLimits):
        self._location = location
        self._limits = limits
        at_once = limits.processes * (1 + limits.ahead)
        self.budget = Budget(at_once, limits.most, "too many questions are waiting", 10)
        self._pool = self._new_pool()
        self._running: set[ProcessFuture[Reply]] = set()
        self._has_ended = False

    def warm_up(self) -> None:
        """Start the processes now, so that the first question need not wait for them."""
        self._pool.schedule(_open, (self._location,))

    async def reply(self, question: HttpQuestion, now: int) -> Reply:
        """The reply to a question that is asked at the instant `now`.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read.
            BusyError: too many questions wait, this one took too long, or the service is stopping.
        """
        seconds = self._limits.seconds
        async with self.budget.turn():
            if self._has_ended:
                raise _stopping()
            if not self._pool.active:  # No process could be started.
                self._pool = self._new_pool()
            task = self._location, question, now
            answer = self._pool.schedule(_reply, task, timeout=seconds)
            self._running.add(answer)
            try:
                return await asyncio.wrap_future(answer)
            except TimeoutError:
                message = f"the answer took more than {seconds:g} seconds"
                raise BusyError(f"{message}: ask for a part of it", 60) from None
            except (ProcessExpired, BrokenProcessPool):
                raise BusyError("the process that was answering has died", 1) from None
            except asyncio.CancelledError:
                if self._has_ended:
                    raise _stopping() from None
                raise
            finally:
                self._running.discard(answer)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            self._limits.processes,
            initializer=_start,
            initargs=(self._limits.niceness,),
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


def _start(niceness: int) -> None:
    """Prepare a process."""
    if hasattr(os, "nice"):
        os.nice(niceness)


def _open(location: Location) -> None:
    _newsroom(location)


@lru_cache(maxsize=1)
def _newsroom(location: Location) -> Newsroom:
    """The newsroom that this process has open."""
    return Newsroom.open(location)


def _reply(location: Location, question: HttpQuestion, now: int) -> Reply:
    return reply_to(_newsroom(location), question, now)
