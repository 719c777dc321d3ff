"""The service as a process, which can be killed, and started again."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.forked import Forked
from tests.running import Done, environment, inside, timeline


class Service:
    """`timeline serve` of a newsroom, at the same port whenever it runs."""

    def __init__(self, room: Path):
        self.room = room
        self.port = 0
        self.token = self.new_token("admin")
        self._process: Forked | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def new_token(self, role: str, name: str = "Ada Lovelace") -> str:
        """The secret of a new token."""
        done = inside(self.room, "token", "add", name, "--role", role)
        assert done.code == 0, done.err
        return next(word for word in done.out.split() if word.startswith("tl_"))

    def start(self) -> None:
        """Start it, and wait until it listens."""
        words = ["--newsroom", str(self.room), "serve", "--port", str(self.port), "--no-link"]
        self._process = Forked(words, environment())
        line = self._process.stdout.readline()
        assert line.startswith("serving at http://127.0.0.1:"), line
        self.port = int(line.rpartition(":")[2].strip().strip("/"))

    def kill(self, by: int = signal.SIGKILL) -> int | None:
        """End it, by default as a machine that fails would; its exit code."""
        assert self._process is not None
        self._process.send_signal(by)
        code = self._process.wait(60)
        self._process.stdout.close()
        self._process = None
        return code

    def stop(self) -> None:
        """End it if it runs."""
        if self._process is not None:
            self.kill()

    def asked(self, *words: object, token: str | None = None, given: bytes | str = b"") -> Done:
        """Run `timeline` against it, as a process."""
        env = {"TIMELINE_TOKEN": self.token if token is None else token}
        return timeline(None, "--log", self.url, *words, given=given, env=env)

    def asked_inside(self, *words: object, given: bytes | str = b"") -> Done:
        """Run `timeline` against it, in this process."""
        env = {"TIMELINE_TOKEN": self.token}
        return inside(None, "--log", self.url, *words, given=given, env=env)


@contextmanager
def serving(room: Path) -> Iterator[Service]:
    """The service of a newsroom, which runs."""
    service = Service(room)
    try:
        service.start()
        yield service
    finally:
        service.stop()
