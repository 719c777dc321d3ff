"""A service in this process, and a client of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from starlette.testclient import TestClient

from timeline import temporal
from timeline.access.roles import Role
from timeline.web.app import make_app
from timeline.web.service import Service

Ask = Callable[..., Any]


# One thread, as a newsroom belongs to the thread that opened it.
_THREAD = ThreadPoolExecutor(1, "answers")


class ThreadedPool:
    """In place of pebble's ProcessPool: answers in a thread, so that no process need start."""

    active = True

    def __init__(self, *args: Any, **kwargs: Any):
        pass

    def schedule(
        self, function: Callable[..., Any], args: Sequence[Any] = (), timeout: float = 0
    ) -> Future[Any]:
        return _THREAD.submit(function, *args)

    def stop(self) -> None:
        pass

    def join(self) -> None:
        pass


def service_at(room: Path, **given: Any) -> Service:
    """The service of a newsroom. It answers questions in this process."""
    with mock.patch("timeline.web.query_pool.ProcessPool", ThreadedPool):
        return Service.open(room, room / "access.sqlite", 5000, **given)


def token_of(service: Service, role: Role = Role.READER, name: str = "Ada Lovelace") -> str:
    """The secret of a new token."""
    _, secret = service.tokens.add(name, role, temporal.now())
    return secret


@contextmanager
def visiting(service: Service, token: str | None = None) -> Iterator[TestClient]:
    """A client of a running service, with a token or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with TestClient(make_app(service), headers=headers, follow_redirects=False) as client:
        yield client


@contextmanager
def asking(room: Path) -> Iterator[Ask]:
    """Sends GET requests to the service of a newsroom, as a reader."""
    service = service_at(room)
    with visiting(service, token_of(service)) as client:
        yield client.get
