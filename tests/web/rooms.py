"""A service in this process, and somebody who asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from timeline import temporal
from timeline.access.roles import Role
from timeline.web.app import make_app
from timeline.web.service import Service

Ask = Callable[..., Any]


def service_at(room: Path, **given: Any) -> Service:
    """The service of a newsroom."""
    return Service.open(room, room / "access.sqlite", **given)


def token_of(service: Service, role: Role = Role.READER, name: str = "Ada Lovelace") -> str:
    """The secret of a new token."""
    _, secret = service.tokens.add(name, role, temporal.now())
    return secret


@contextmanager
def visiting(service: Service, token: str | None = None) -> Iterator[TestClient]:
    """Somebody who asks a service that runs, with a token or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with TestClient(make_app(service), headers=headers, follow_redirects=False) as client:
        yield client


@contextmanager
def asking(room: Path) -> Iterator[Ask]:
    """Asks the service of a newsroom by GET, as a reader."""
    service = service_at(room)
    with visiting(service, token_of(service)) as client:
        yield client.get
