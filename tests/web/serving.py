"""`timeline serve` as a process of its own, as a newsroom runs it."""

from __future__ import annotations

import http.client
import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Thread, Timer
from typing import IO, NamedTuple
from urllib.parse import urlencode, urlsplit

from tests.docs.transcripts import STORY
from tests.forked import Forked
from tests.running import environment, inside
from timeline.newsroom.newsroom import Newsroom

# Seconds after which a service that has not begun, or not ended, is taken to hang.
PATIENCE = 60

# What uvicorn says of a client: the service itself is well.
_NO_HTTP = "WARNING:  Invalid HTTP request received.\n"

_ADDRESS = re.compile(r"http://[^\s/]+")
_LINK = re.compile(r"http://[^\s/]+/link/\S+")


def make_story_room(directory: Path) -> Path:
    """A newsroom in a new directory that holds the shipped story; gives the directory."""
    Newsroom.init(directory)
    done = inside(directory, "import", STORY)
    assert done.code == 0, done.err
    return directory


class Cookie(NamedTuple):
    """What a browser shows to stay signed in."""

    name: str
    value: str


class Service:
    """A running service: where it is, and how to get in.

    `link` opens it in one browser, once; `cookie` and `token` let in any number of visitors.
    """

    def __init__(self, room: Path, options: Sequence[str], errors: IO[str]):
        self.room = room
        self._errors = errors
        words = ["--newsroom", str(room), "serve", "--port", "0", *options]
        self._process = Forked(words, environment(), errors.fileno())
        said = self._said_at_start()
        self.address = _found(_ADDRESS, said)
        self.link = _found(_LINK, said)
        # What it says later must not fill the pipe.
        self._reading = Thread(target=self._read_to_the_end)
        self._reading.start()

    def _said_at_start(self) -> str:
        """All it prints until one may come in; raises where it ends before that, or never does."""
        said = ""
        hanging = Timer(PATIENCE, self._process.kill)
        hanging.start()
        try:
            for line in self._process.stdout:
                said += line
                if _LINK.search(said):
                    return said
        finally:
            hanging.cancel()
        code = self._process.wait()
        self._process.stdout.close()
        raise AssertionError(f"the service ended ({code}): {said}{self.errors()}")

    def _read_to_the_end(self) -> None:
        with self._process.stdout:
            self._process.stdout.read()
        self._process.wait()

    def errors(self) -> str:
        """What it has said on stderr, but for what it says of requests that are no HTTP."""
        self._errors.seek(0)
        return "".join(line for line in self._errors if line != _NO_HTTP)

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.address).netloc

    def url(self, path: str) -> str:
        """The address of a page: `url("/api/status")`."""
        return self.address + path

    def token(self, role: str, name: str = "tester") -> str:
        """A new token of that role; records that are made with it name its holder."""
        done = inside(self.room, "token", "add", name, "--role", role)
        assert done.code == 0, done.err
        return done.out.strip()

    def cookie(self, token: str | None = None) -> Cookie:
        """The cookie of a new session: by a token, else by the link, which is then used up."""
        if token is None:
            found = self._ask("GET", urlsplit(self.link).path)
        else:
            found = self._ask("POST", "/sign-in", urlencode({"token": token}))
        (morsel,) = SimpleCookie(found).values()
        return Cookie(morsel.key, morsel.value)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        """The cookie that a response sets."""
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, body, kind if body else {})
            response = connection.getresponse()
            found = response.getheader("Set-Cookie")
            assert found, f"{method} {path}: {response.status} {response.read().decode()}"
        finally:
            connection.close()
        return found

    def kill(self) -> None:
        """End it as a power failure would."""
        self._process.kill()
        self._reading.join()

    def stop(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and wait until it has; raises where it complained, or does not end."""
        self._process.send_signal(by)
        self._reading.join(PATIENCE)
        hung = self._process.poll() is None
        if hung:
            self.kill()
        errors = self.errors()
        code = self._process.poll()
        assert not hung, f"the service did not end when asked: {errors}"
        assert not errors, f"the service said:\n{errors}"
        assert code in (0, -signal.SIGTERM, -signal.SIGKILL), f"the service ended with {code}"


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, text
    return found[0]


@contextmanager
def serving(room: Path, *options: str) -> Iterator[Service]:
    """The service of a newsroom, which ends with the block; it must have had no trouble."""
    with tempfile.TemporaryFile("w+") as errors:
        service = Service(room, options, errors)
        try:
            yield service
        except BaseException as error:
            service.kill()
            error.add_note(f"the service said: {service.errors() or 'nothing'}")
            raise
        service.stop()
