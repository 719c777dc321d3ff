"""Where the work of a service is done: questions in processes, reading and writing in threads.

A newsroom is not thread-safe, so each thread opens its own. All writing happens in one thread,
which puts small appends that are waiting into one transaction (group commit).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar

from timeline import temporal
from timeline.errors import StoreReplacedError
from timeline.newsroom.append import Submission, Written, write_together
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.web.budget import BusyError
from timeline.web.cache import ResponseCache
from timeline.web.metrics import Metrics
from timeline.web.problems import RefusedError
from timeline.web.query_pool import LONG, NARROW, SHORT, QueryPool
from timeline.web.question import HttpQuestion, Reply, reply_to

T = TypeVar("T")

# Python runs one thread at a time; the others can wait for the disk.
READERS = 3

# With up to this many records, few questions take long.
SHORT_LOG = 2000

# The most submissions in one transaction, and in the queue: a second or two of work.
MOST_TOGETHER = 64
MOST_WAITING = 1000


class NewsroomThread:
    """A thread with its own newsroom."""

    def __init__(self, location: Location, name: str):
        self._location = location
        self._thread = ThreadPoolExecutor(1, name)
        self._newsroom: Newsroom | None = None

    async def run(self, work: Callable[[Newsroom], T]) -> T:
        """The result of some work with the newsroom."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Newsroom], T]) -> T:
        if self._newsroom is None:
            self._newsroom = Newsroom.open(self._location)
        return work(self._newsroom)

    def close(self) -> None:
        """Finish the work, and close the newsroom in its thread."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        if self._newsroom is not None:
            self._newsroom.close()


class Executor:
    """Reads, writes and answers questions about the newsroom at a location.

    `head` is the last position that the service knows of. Once `replaced` is set, because another
    log has taken the place of the one that is served, it does nothing more.
    """

    def __init__(self, location: Location, metrics: Metrics):
        self._metrics = metrics
        self._writer = NewsroomThread(location, "writer")
        self._readers = [NewsroomThread(location, f"reader-{number}") for number in range(READERS)]
        self._free: asyncio.LifoQueue[NewsroomThread] = asyncio.LifoQueue()
        for reader in self._readers:
            self._free.put_nowait(reader)
        self._short, self._long = QueryPool(location, SHORT), QueryPool(location, LONG)
        metrics.long_questions.set_function(lambda: self._long.budget.used)
        self.cache = ResponseCache()
        self._pending: deque[tuple[Submission, Future[Written]]] = deque()
        self.head = 0
        self.replaced: StoreReplacedError | None = None

    def start(self) -> None:
        """Start the processes that answer short questions; that of long ones starts when needed."""
        self._short.warm_up()

    async def reply(self, question: HttpQuestion, caller: str) -> Reply:
        """The reply to a question of a caller.

        Raises:
            InputError: it cannot be read.
            StoreError: the log cannot be read.
            RefusedError: it takes too long, or too much memory.
            BusyError: too many questions wait.
        """
        if (cached := self.cached(question)) is not None:
            return cached
        head = self.head
        work = partial(reply_to, asked=question, now=temporal.now())
        reply = await self.compute(work, caller, question.is_long and head > SHORT_LOG)
        self.cache.keep(question, head, reply)
        return reply

    async def compute(self, work: Callable[[Newsroom], T], caller: str, is_long: bool = False) -> T:
        """The result of picklable work for a caller, done in a process that can be killed.

        What turns out to take long is started again among the long questions.

        Raises:
            RefusedError: it takes too long, or too much memory.
            BusyError: too much work waits.
        """
        self.check()
        if not is_long:
            with suppress(TimeoutError):
                return await self._short.run(work, caller)
        try:
            return await self._long.run(work, caller)
        except TimeoutError:
            message = f"the answer takes more than {LONG.seconds:g} seconds"
            raise RefusedError(422, f"{message}: {NARROW}") from None

    def cached(self, question: HttpQuestion) -> Reply | None:
        """The reply to a question that was asked before, if it is still current."""
        cached = None if self.replaced else self.cache.get(question, self.head)
        if cached is not None:
            self._metrics.cache_hit()
        return cached

    def check(self) -> None:
        """Check that the log is still the one that is served.

        Raises:
            StoreReplacedError: it was removed or replaced.
        """
        if self.replaced is not None:
            raise self.replaced

    async def read(self, work: Callable[[Newsroom], T]) -> T:
        """The result of work that reads a little."""
        self.check()
        reader = await self._free.get()
        try:
            return await reader.run(work)
        finally:
            self._free.put_nowait(reader)

    async def write(self, work: Callable[[Newsroom], T]) -> T:
        """The result of work that may write. One piece of work is done after the other."""
        self.check()
        with self._metrics.appending():
            return await self._writer.run(work)

    async def append(self, submission: Submission) -> Written:
        """Append a submission. Small ones that wait at the same time share a transaction.

        A submission whose request is cancelled before its turn is not written.

        Raises:
            InputError: its records are invalid; all problems at once.
            ConflictError: a story is not at the expected version.
            StoreError: the log cannot be written.
            BusyError: too many submissions wait.
        """
        if len(self._pending) >= MOST_WAITING:
            raise BusyError("too many appends are waiting", 2)
        if not submission.is_small:
            return await self.write(lambda newsroom: submission.write(newsroom, temporal.now))
        answer: Future[Written] = Future()
        self._pending.append((submission, answer))
        try:
            await self.write(self._write_pending)
        except BaseException:
            answer.cancel()
            raise
        return answer.result()

    def _write_pending(self, newsroom: Newsroom) -> None:
        """Write all pending submissions. Each one schedules a call, so none is left over."""
        taken: list[tuple[Submission, Future[Written]]] = []
        while self._pending and len(taken) < MOST_TOGETHER:
            submission, answer = self._pending.popleft()
            if answer.set_running_or_notify_cancel():
                taken.append((submission, answer))
        try:
            results = write_together(newsroom, temporal.now, [each for each, _ in taken])
        except BaseException as error:
            for _, answer in taken:
                answer.set_exception(error)
            raise
        for (_, answer), result in zip(taken, results, strict=True):
            if isinstance(result, Written):
                answer.set_result(result)
            else:
                answer.set_exception(result)

    def end(self) -> None:
        """Answer no more questions."""
        self._short.end()
        self._long.end()

    def close(self) -> None:
        """Finish the current write, and close everything."""
        self._short.close()
        self._long.close()
        for thread in (self._writer, *self._readers):
            thread.close()
