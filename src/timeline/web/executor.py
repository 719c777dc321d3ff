"""Who answers: threads for what is short, a process for what is long, one thread for writing.

A newsroom is used by one thread only, so each thread has its own. What may take as long as
the log is goes to a process of its own, one at a time: it keeps nobody else waiting, and is
ended when it takes too long.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from timeline import temporal
from timeline.newsroom.group_commit import Submission, Written, write, write_together
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.web.metrics import Metrics
from timeline.web.query_pool import ShortQuestions
from timeline.web.question import HttpQuestion, Reply, reply_to
from timeline.web.response_cache import ResponseCache
from timeline.web.slow_query_process import BusyError, LongQuestions

T = TypeVar("T")

# Python runs one thread at a time; others may wait for the disk.
READERS = 3

# A log of so many records is read in the time that a short question may take.
SHORT_LOG = 2000

# So many of those who wait to append are written together.
MOST_TOGETHER = 64

# So many may wait to append; the writer is done with them in a second or two.
MOST_WAITING = 1000


class NewsroomThread:
    """A thread with a newsroom of its own."""

    def __init__(self, location: Location, name: str):
        self._location = location
        self._thread = ThreadPoolExecutor(1, name)
        self._newsroom: Newsroom | None = None

    async def does(self, work: Callable[[Newsroom], T]) -> T:
        """What some work with the newsroom comes to."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._do, work)

    def _do(self, work: Callable[[Newsroom], T]) -> T:
        if self._newsroom is None:
            self._newsroom = Newsroom.open(self._location)
        return work(self._newsroom)

    def close(self) -> None:
        """Finish what was begun, and let go of the newsroom."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        if self._newsroom is not None:
            self._newsroom.close()


class Executor:
    """Answers questions about the newsroom at a location, and writes to it.

    `head` is the last position that the service knows of.
    """

    def __init__(self, location: Location, metrics: Metrics):
        self._metrics = metrics
        self._writer = NewsroomThread(location, "writer")
        self._readers = [NewsroomThread(location, f"reader-{number}") for number in range(READERS)]
        self._free: asyncio.LifoQueue[NewsroomThread] = asyncio.LifoQueue()
        for reader in self._readers:
            self._free.put_nowait(reader)
        self._short = ShortQuestions(location)
        self._long = LongQuestions(location, metrics)
        self._replies = ResponseCache()
        self._waiting: deque[tuple[Submission, Future[Written]]] = deque()
        self.head = 0

    async def reply(self, asked: HttpQuestion) -> Reply:
        """The reply to a question.

        Raises:
            InputError: it cannot be read.
            StoreError: the log cannot be read.
            BusyError: too many long questions wait already, or this one took too long.
        """
        if (kept := self.kept(asked)) is not None:
            return kept
        head, now = self.head, temporal.now()
        if self.is_long(asked):
            reply = await self._long.reply(asked, now)
        elif head > SHORT_LOG:
            reply = await self._short.reply(asked, now)
        else:
            reply = await self.read(lambda newsroom: reply_to(newsroom, asked, now))
        self._replies.keep(asked, head, reply)
        return reply

    def kept(self, asked: HttpQuestion) -> Reply | None:
        """The reply to a question that was asked before, if it is still the same."""
        kept = self._replies.get(asked, self.head)
        if kept is not None:
            self._metrics.knew()
        return kept

    def is_long(self, asked: HttpQuestion) -> bool:
        """Whether the answer may take long, as the log is now."""
        return asked.is_long and self.head > SHORT_LOG

    async def read(self, question: Callable[[Newsroom], T]) -> T:
        """What a short question comes to."""
        reader = await self._free.get()
        try:
            return await reader.does(question)
        finally:
            self._free.put_nowait(reader)

    async def write(self, act: Callable[[Newsroom], T]) -> T:
        """What an act that may append comes to; acts come one after the other."""
        with self._metrics.appending():
            return await self._writer.does(act)

    async def append(self, submission: Submission) -> Written:
        """What became of a submission; small ones that wait together are written together.

        Whoever has waited in vain, since they went away before it was their turn, has appended
        nothing.

        Raises:
            InputError: something is wrong with its records; all problems at once.
            ConflictError: a story is no longer at the version expected.
            StoreError: the log cannot be written.
            BusyError: too many wait already.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise BusyError("too many wait to append", 2)
        if not submission.is_small:
            return await self.write(lambda newsroom: write(newsroom, temporal.now, submission))
        answer: Future[Written] = Future()
        self._waiting.append((submission, answer))
        try:
            await self.write(self._write_waiting)
        except BaseException:
            answer.cancel()
            raise
        return answer.result()

    def _write_waiting(self, newsroom: Newsroom) -> None:
        """Write those that wait. Each makes one call of this, so it is done when its call is."""
        taken: list[tuple[Submission, Future[Written]]] = []
        while self._waiting and len(taken) < MOST_TOGETHER:
            submission, answer = self._waiting.popleft()
            if answer.set_running_or_notify_cancel():
                taken.append((submission, answer))
        try:
            found = write_together(newsroom, temporal.now, [submission for submission, _ in taken])
        except BaseException as error:
            for _, answer in taken:
                answer.set_exception(error)
            raise
        for (_, answer), each in zip(taken, found, strict=True):
            if isinstance(each, Written):
                answer.set_result(each)
            else:
                answer.set_exception(each)

    def end(self) -> None:
        """Answer none any more of those who wait for a process."""
        self._short.close()
        self._long.end()

    def close(self) -> None:
        """Finish what is being written, and let go of everything."""
        self.end()
        for clerk in (self._writer, *self._readers):
            clerk.close()
