"""A service in this process, and people of each role who write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from tests.rooms import event
from timeline import temporal
from timeline.access.path import FILE
from timeline.access.roles import Role
from timeline.web.app import make_app
from timeline.web.service import Service

LINES = {"Content-Type": "application/jsonl"}


def told(id: str | None = None, story: str = "story", **more: Any) -> dict[str, Any]:
    """An event of prose."""
    named = {} if id is None else {"id": id}
    return {**named, **event("happened", "2026", about=["lab"]), "story": story, **more}


class Executor:
    """A running service, and somebody of each role, whose names are those of the roles."""

    def __init__(self, client: TestClient, service: Service):
        self.client, self.service = client, service
        self.tokens = {
            role.label: service.tokens.add(role.label, role, temporal.now())[1] for role in Role
        }

    def by(self, who: str) -> dict[str, str]:
        """What somebody shows."""
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def post(self, path: str, value: Any = None, by: str = "editor", **more: Any) -> Any:
        """Send a JSON value, or the `content` given with its headers."""
        headers = {**self.by(by), **more.pop("headers", {})}
        if "content" in more:
            return self.client.post(path, headers=headers, **more)
        return self.client.post(path, json=value, headers=headers, **more)

    def get(self, path: str, by: str = "reader") -> Any:
        """Ask."""
        return self.client.get(path, headers=self.by(by))

    def records(self) -> list[dict[str, Any]]:
        """All that is in the log."""
        listed: list[dict[str, Any]] = self.get("/api/log?limit=10000").json()["records"]
        return listed


@contextmanager
def desk_at(room: Path) -> Iterator[Executor]:
    """The service of a newsroom, while it runs."""
    service = Service.open(room, room / FILE)
    with TestClient(make_app(service), follow_redirects=False) as client:
        yield Executor(client, service)
