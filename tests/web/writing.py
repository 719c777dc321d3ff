"""A service in this process, and a caller of each role."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.rooms import event
from tests.web.rooms import service_at, token_of
from timeline.access.roles import Role
from timeline.web.app import make_app
from timeline.web.service import Service

LINES = {"Content-Type": "application/jsonl"}


def told(id: str | None = None, story: str = "story", **more: Any) -> dict[str, Any]:
    """An event of prose."""
    named = {} if id is None else {"id": id}
    return {**named, **event("happened", "2026", about=["lab"]), "story": story, **more}


class Callers:
    """A running service, and a caller of each role, with the name of that role."""

    def __init__(self, client: TestClient, service: Service):
        self.client, self.service = client, service
        self.tokens = {role.label: token_of(service, role, role.label) for role in Role}

    def by(self, who: str) -> dict[str, str]:
        """The headers of a caller."""
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def post(self, path: str, value: Any = None, by: str = "editor", **more: Any) -> Any:
        """Send a JSON value, or the `content` given with its headers."""
        headers = {**self.by(by), **more.pop("headers", {})}
        if "content" in more:
            return self.client.post(path, headers=headers, **more)
        return self.client.post(path, json=value, headers=headers, **more)

    def get(self, path: str, by: str = "reader") -> Any:
        """Send a GET request."""
        return self.client.get(path, headers=self.by(by))

    def records(self) -> list[dict[str, Any]]:
        """All records of the log."""
        listed: list[dict[str, Any]] = self.get("/api/log?limit=10000").json()["records"]
        return listed


@contextmanager
def desk_at(room: Path) -> Iterator[Callers]:
    """The service of a newsroom, while it runs."""
    service = service_at(room)
    with TestClient(make_app(service), follow_redirects=False) as client:
        yield Callers(client, service)
