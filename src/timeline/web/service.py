"""What a running service consists of, and where a request finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from starlette.requests import HTTPConnection

from timeline.access.file import AccessFile
from timeline.access.sessions import Sessions
from timeline.access.tokens import Holder, Tokens
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.records.settings import Settings
from timeline.web.citations import Citations
from timeline.web.executor import Executor
from timeline.web.feed import Feed
from timeline.web.limits import BURSTS, RATE, Rates
from timeline.web.metrics import Metrics
from timeline.web.request_caches import RequestCaches


@dataclass(frozen=True, slots=True)
class Service:
    """The newsroom's desk and feed, who may ask, and how much.

    `hosts` are the names that it is asked by, so that no page elsewhere can pass for it; None
    where whatever stands before it sees to that.
    """

    settings: Settings
    access: AccessFile
    desk: Executor
    feed: Feed
    tokens: Tokens
    sessions: Sessions
    rates: Rates
    citations: Citations
    shortcuts: RequestCaches
    strangers: Rates
    metrics: Metrics
    hosts: frozenset[str] | None

    @classmethod
    def open(
        cls,
        location: Location,
        access: Path,
        hosts: frozenset[str] | None = None,
        rate: float = RATE,
    ) -> Service:
        """The service of the newsroom at a location, with its tokens in the file `access`.

        A token may make `rate` requests a second.

        Raises:
            InputError: there is no newsroom there.
            StoreError: the log, or the file of tokens, cannot be read.
        """
        with Newsroom.open(location) as newsroom:
            newsroom.store.head()
            settings = newsroom.settings
        metrics = Metrics()
        desk = Executor(location, metrics)
        file = AccessFile(access)
        return cls(
            settings=settings,
            access=file,
            desk=desk,
            feed=Feed(desk, metrics),
            tokens=Tokens(file),
            sessions=Sessions(file),
            rates=Rates(rate, BURSTS * rate),
            strangers=Rates.of_strangers(),
            citations=Citations(),
            shortcuts=RequestCaches(),
            metrics=metrics,
            hosts=hosts,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the log for as long as requests come."""
        try:
            await self.feed.start()
            yield
        finally:
            await self.feed.stop()
            self.desk.close()
            self.access.close()

    def end(self) -> None:
        """Let go of all who follow or wait: they would keep the service from ending."""
        self.feed.end()
        self.desk.end()


def service_of(request: HTTPConnection) -> Service:
    """The service that a request came to."""
    return cast("Service", request.app.state.service)


def holder_of(request: HTTPConnection) -> Holder:
    """Who asks: the guard has seen to it that somebody does."""
    return cast("Holder", request.state.holder)
