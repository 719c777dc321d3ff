"""The parts of a running service, and how a request finds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast

from starlette.requests import HTTPConnection

from timeline import temporal
from timeline.access.file import AccessFile
from timeline.access.sessions import Sessions
from timeline.access.tokens import Holder, Tokens
from timeline.errors import StoreError
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.records.settings import Settings
from timeline.web.budget import Budget
from timeline.web.executor import Executor
from timeline.web.feed import Feed
from timeline.web.health import HealthCheck
from timeline.web.limits import BURSTS, Rates
from timeline.web.metrics import Metrics

if TYPE_CHECKING:
    from timeline.citing.citation import CitedPage
    from timeline.citing.transport import FetchPolicy

# Pages that are fetched for citations at the same time, and including those that wait.
FETCHES, MOST_FETCHES = 2, 10


@dataclass(frozen=True, slots=True)
class Service:
    """A newsroom that is served.

    `hosts` are the host names by which it may be requested, so that no page elsewhere can pass
    for it (DNS rebinding); None if the proxy before it checks that. `cookie` is the name of the
    cookie of its sessions: the services at all ports of a host share their cookies.
    """

    settings: Settings
    access: AccessFile
    cookie: str
    executor: Executor
    feed: Feed
    health: HealthCheck
    tokens: Tokens
    sessions: Sessions
    rates: Rates
    anonymous_rates: Rates
    fetches: Budget
    metrics: Metrics
    hosts: frozenset[str] | None

    @classmethod
    def open(
        cls,
        location: Location,
        access: Path,
        rate: float,
        hosts: frozenset[str] | None = None,
    ) -> Service:
        """The service of the newsroom at a location, with its tokens in the file `access`.

        `rate` is how many requests a second one token may make.

        Raises:
            InputError: there is no newsroom at that location.
            StoreError: the log or the file of tokens cannot be read.
        """
        with Newsroom.open(location) as newsroom:
            newsroom.store.head()
            settings = newsroom.settings
        metrics = Metrics()
        executor = Executor(location, metrics)
        feed = Feed(executor, metrics)
        file = AccessFile(access)
        return cls(
            settings=settings,
            access=file,
            cookie=f"timeline_session_{sha256(bytes(access.resolve())).hexdigest()[:12]}",
            executor=executor,
            feed=feed,
            health=HealthCheck(executor, feed),
            tokens=Tokens(file),
            sessions=Sessions(file),
            rates=Rates(rate, BURSTS * rate),
            anonymous_rates=Rates.anonymous(),
            fetches=Budget(FETCHES, MOST_FETCHES, "too many pages are being fetched", 10),
            metrics=metrics,
            hosts=hosts,
        )

    async def cite(
        self, url: str, quote: str, caller: str, policy: FetchPolicy | None = None
    ) -> CitedPage:
        """A citation of the page that a link leads to; only public pages unless a policy is given.

        Raises:
            BusyError: too many pages are being fetched.
        """
        # Few requests need the parser, which takes time to import.
        from timeline.citing.citation import cite
        from timeline.citing.transport import PUBLIC

        async with self.fetches.turn(caller):
            return await cite(url, quote, policy or PUBLIC)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Follow the log and answer questions while the block runs."""
        try:
            self.executor.start()
            await self.feed.start()
            yield
        finally:
            await self.feed.stop()
            self.executor.close()
            with suppress(StoreError):
                self.sessions.end_links(temporal.now())
            self.access.close()

    def end(self) -> None:
        """End the requests of all who follow or wait, which would keep the service running."""
        self.feed.end()
        self.executor.end()


def service_of(request: HTTPConnection) -> Service:
    """The service that received a request."""
    return cast("Service", request.app.state.service)


def holder_of(request: HTTPConnection) -> Holder:
    """The authenticated caller."""
    return cast("Holder", request.state.holder)
