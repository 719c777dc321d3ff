"""Short questions about a long log, in processes of their own.

Threads would share one interpreter with the loop that reads requests and sends answers; whoever
is answered from memory would wait for whoever is not. A process is given its next questions
while it is at work, so that it never waits for any, and answers them in order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from timeline.errors import StoreError, TimelineError
from timeline.index.processes import Worker, processors
from timeline.newsroom.opening import Location
from timeline.web.question import HttpQuestion, Reply
from timeline.web.slow_query_process import BusyError, answering

# Seconds in which one that was asked is answered, those before it included.
PATIENCE = 20

# So many may wait for each process: what it answers in a second or two.
MOST_WAITING = 500


class ShortQuestions:
    """Answers short questions about the newsroom at a location, several at a time."""

    def __init__(self, location: Location, patience: float = PATIENCE):
        self._clerks = [_Clerk(location, patience) for _ in range(min(4, processors()))]

    async def reply(self, asked: HttpQuestion, now: int) -> Reply:
        """The reply to a question that is asked at the instant `now`.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read.
            BusyError: too many wait already, or it took too long.
        """
        found = await min(self._clerks, key=lambda clerk: clerk.waiting).ask(asked, now)
        if isinstance(found, Reply):
            return found
        raise found

    def close(self) -> None:
        """End what is being answered."""
        for clerk in self._clerks:
            clerk.close()


class _Clerk:
    """A process that answers, started when it is first asked, and again after it was ended."""

    def __init__(self, location: Location, patience: float):
        self._location = location
        self._patience = patience
        self._worker: Worker | None = None
        self._answers: deque[asyncio.Future[Reply | TimelineError]] = deque()

    @property
    def waiting(self) -> int:
        """How many questions it has been asked, and has not answered."""
        return len(self._answers)

    async def ask(self, asked: HttpQuestion, now: int) -> Reply | TimelineError:
        """The reply to a question, or what is wrong."""
        if self.waiting >= MOST_WAITING:
            return BusyError("too many questions are being asked", 2)
        if self._worker is None or self._worker.has_ended():
            self._worker = self._started()
        worker, answers = self._worker, self._answers
        answer: asyncio.Future[Reply | TimelineError] = asyncio.Future()
        answers.append(answer)
        try:
            worker.send((asked, now))
            # The process goes on, whoever has gone away.
            return await asyncio.wait_for(asyncio.shield(answer), self._patience)
        except StoreError as error:
            self._give_up(answers, error)
            return error
        except TimeoutError:
            # Another may have been started since, which is at work for others.
            if self._worker is worker:
                self.close()
            message = f"the answer took more than {self._patience:g} seconds"
            return BusyError(f"{message}: ask for a part of it", 10)

    def close(self) -> None:
        """End what it is at."""
        if self._worker is not None:
            self._worker.kill()
            self._worker = None

    def _started(self) -> Worker:
        answers: deque[asyncio.Future[Reply | TimelineError]] = deque()
        self._answers = answers
        loop = asyncio.get_running_loop()

        class Inbox:
            """Takes what the process tells to the loop, as it comes."""

            def put(self, told: tuple[Any, int | None]) -> None:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(hear, *told)

        def hear(value: Any, code: int | None) -> None:
            if code is not None:
                self._give_up(answers, BusyError("the process that answers has died", 1))
            elif answers and not (answer := answers.popleft()).done():
                answer.set_result(value)

        return Worker(answering, self._location, 0, told=Inbox())

    def _give_up(
        self, answers: deque[asyncio.Future[Reply | TimelineError]], error: TimelineError
    ) -> None:
        """Tell all who wait that there will be no answer."""
        while answers:
            if not (answer := answers.popleft()).done():
                answer.set_result(error)
