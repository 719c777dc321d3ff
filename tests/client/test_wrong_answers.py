"""A service that sends something else than it should, or that is not the one it should be."""

from __future__ import annotations

import shlex
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import orjson
import pytest
import trustme

import timeline
from tests.services import Service
from timeline.client.connection import Answered, Connection
from timeline.errors import InputError, StoreError

COMMANDS = [
    "snapshot qwen-team --as-of 2026-03-04",
    "chronology qwen --as-of 2026-03-04",
    "why lin-junyang member-of --as-of 2026-03-04",
    "diff qwen-team --as-known 10..100 --as-of 2026-03-04",
    "check --as-of 2026-03-04",
    "show lin-post-dated-0011 --as-of 2026-03-04",
    "map lin-junyang --as-known 120",
    "entities lin",
    "when 2026",
    "log --limit 3",
    "replay --limit 3",
    "status",
    "verify",
    "export",
    "follow --after 1 --limit 1",
    "append happened --story s --when 2026 --headline H --source https://example.org/",
]


# The keys of an answer under which there may be any fields of a record.
OPEN = {"dates", "record", "content", "amendments"}


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"{}", b"{", b"\xff", b"7"])
@pytest.mark.parametrize("words", [each for each in COMMANDS if not each.startswith("follow")])
def test_an_answer_that_is_none_is_an_error_of_the_store(
    shipped: Service, monkeypatch: pytest.MonkeyPatch, words: str, body: bytes
) -> None:
    def answered(self: Connection, path: str, *_: object) -> Answered:
        return Answered(b'{"zone": "UTC"}' if path == "/api/settings" else body, (), None)

    monkeypatch.setattr(Connection, "get", answered)
    monkeypatch.setattr(Connection, "post", answered)
    done = shipped.asked_inside(*shlex.split(words))
    assert (done.code, done.out) == (4, "")
    assert "the service sends an invalid answer" in done.err


@pytest.mark.parametrize("words", COMMANDS[:-3])
def test_no_part_of_an_answer_that_is_wrong_or_missing_is_a_bug(
    shipped: Service, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    real = Connection.get
    genuine: dict[str, Answered] = {}

    def once(self: Connection, path: str, values: Any = None) -> Answered:
        if path not in genuine:
            genuine[path] = real(self, path, values)
        return genuine[path]

    monkeypatch.setattr(Connection, "get", once)
    assert shipped.asked_inside(*shlex.split(words)).code < 2
    path = next(each for each in genuine if each != "/api/settings")
    answer = genuine[path]
    for spoiled in _spoiled(orjson.loads(answer.body)):
        genuine[path] = answer._replace(body=orjson.dumps(spoiled))
        done = shipped.asked_inside(*shlex.split(words))
        assert done.code < 2 or "the service sends an invalid answer" in done.err


def _spoiled(answer: Any) -> Iterator[Any]:
    """The answer without one of its parts, or with a number in its place, for each kind of part.

    What a record says in fields of its type is not checked.
    """
    seen = set()
    for path in _paths(answer, ()):
        kind = path[-1] if isinstance(path[-1], str) else path[-2:-1]
        if kind in seen or OPEN.intersection(path[:-1]):
            continue
        seen.add(kind)
        for is_missing in (True, False):
            spoiled = deepcopy(answer)
            *steps, last = path
            part = spoiled
            for step in steps:
                part = part[step]
            if is_missing:
                del part[last]
            else:
                part[last] = 7 if not isinstance(part[last], int) else [7]
            yield spoiled


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    parts: Any = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = enumerate(value)
    for step, part in parts:
        yield (*path, step)
        yield from _paths(part, (*path, step))


class Silent(BaseHTTPRequestHandler):
    """Answers nothing that is asked."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served_by(authority: trustme.CA) -> Iterator[str]:
    """The address of a server with a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(("127.0.0.1", 0), Silent) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"https://localhost:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def test_a_certificate_of_an_unknown_authority_is_refused_at_once() -> None:
    # It would be asked again for a day.
    with (
        served_by(trustme.CA()) as url,
        timeline.open(url, token="secret", patience=86_400) as room,
    ):
        with pytest.raises(InputError, match="no valid certificate") as raised:
            room.status()
        assert "SSL_CERT_FILE" in str(raised.value)
        with pytest.raises(InputError, match="no valid certificate"):
            next(room.follow(after=0))


def test_the_next_page_of_a_list_is_on_the_same_host() -> None:
    with Connection("https://example.org") as connection:
        assert connection._at("https://example.org/api/log") == "https://example.org/api/log"
        with pytest.raises(StoreError, match="another host"):
            connection._at("https://example.org.attacker.example/api/log")
