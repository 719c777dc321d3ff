"""How much one may ask at once, and how slowly."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from contextlib import contextmanager
from threading import Event, Thread
from typing import Annotated, Any
from urllib.parse import unquote

import pytest
import uvicorn
from fastapi import Body, FastAPI, File

from tests.rooms import file_newsroom
from tests.web.rooms import service_at, token_of
from timeline.citing.transport import FetchPolicy
from timeline.errors import InputError
from timeline.web import response_cache
from timeline.web.app import make_app
from timeline.web.citations import Citations
from timeline.web.connections import LARGEST_HEADERS, Connection
from timeline.web.limits import LARGEST_BODY
from timeline.web.metrics import Metrics
from timeline.web.query_pool import ShortQuestions
from timeline.web.question import HttpQuestion, Reply
from timeline.web.responses import LONGEST_NOTES, noted, while_waited_for
from timeline.web.slow_query_process import BusyError, LongQuestions, answering

FORM = "multipart/form-data; boundary=edge"
BEGIN = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

TOO_MUCH = LARGEST_BODY + 1


@pytest.fixture
def room(tmp_path):
    file_newsroom(tmp_path).close()
    return tmp_path


@contextmanager
def listening(app: FastAPI, connection=Connection):
    """The application behind a socket, as `timeline serve` has it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, http=connection, ws="none", log_level="critical")
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def connected(address):
    with socket.create_connection(address, timeout=20) as client:
        yield client


def all_of(client: socket.socket) -> bytes:
    """What comes until the other side closes."""
    found = b""
    try:
        while more := client.recv(65536):
            found += more
    except ConnectionResetError:
        pass
    return found


@pytest.fixture
def app(room):
    """The application, with two routes that read a body: as JSON, and as a form."""
    service = service_at(room)
    made = make_app(service)

    @made.post("/api/taken")
    async def taken(body: Annotated[dict[str, str], Body()]) -> int:
        return len(body)

    @made.post("/api/form")
    async def form(file: Annotated[bytes, File()]) -> int:
        return len(file)

    made.state.token = token_of(service)
    return made


def asks(app, path: str, kind: str, *headers: str) -> bytes:
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: here",
        f"Authorization: Bearer {app.state.token}",
        f"Content-Type: {kind}",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@pytest.mark.parametrize(
    ("path", "kind", "begin"),
    [("/api/taken", "application/json", b"{"), ("/api/form", FORM, BEGIN)],
)
def test_a_body_in_chunks_that_is_too_large_is_refused_while_it_comes(app, path, kind, begin):
    first = b"%x\r\n" % len(begin) + begin + b"\r\n"
    chunk = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    with listening(app) as address, connected(address) as client:
        client.sendall(asks(app, path, kind, "Transfer-Encoding: chunked") + first)
        try:
            for _ in range(TOO_MUCH // 65536 + 20):
                client.sendall(chunk)
        except (ConnectionResetError, BrokenPipeError):
            pass
        said = all_of(client)
    assert said.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in said.lower()
    assert b"application/problem+json" in said


def test_a_body_that_is_said_to_be_too_large_is_not_waited_for(app):
    with listening(app) as address, connected(address) as client:
        client.sendall(asks(app, "/api/taken", "application/json", f"Content-Length: {TOO_MUCH}"))
        assert all_of(client).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_is_just_small_enough_is_read(app):
    body = b'{"text": "' + b"x" * 1000 + b'"}'
    with listening(app) as address, connected(address) as client:
        length = f"Content-Length: {len(body)}"
        closing = "Connection: close"
        client.sendall(asks(app, "/api/taken", "application/json", length, closing) + body)
        assert all_of(client).startswith(b"HTTP/1.1 200 ")


def test_a_body_that_stops_in_the_middle_is_not_waited_for(app, monkeypatch):
    monkeypatch.setattr("timeline.web.limits.STALLED", 0.05)
    with listening(app) as address, connected(address) as client:
        client.sendall(asks(app, "/api/taken", "application/json", "Content-Length: 100") + b"{")
        said = all_of(client)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"too slowly" in said


class Impatient(Connection):
    headers_within = 0.05
    unread = 0.05
    rest_within = 0.05


def test_the_rest_of_a_body_is_not_waited_for_once_it_is_refused(app):
    with listening(app, Impatient) as address, connected(address) as client:
        client.sendall(b"POST /api/taken HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
        assert all_of(client).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: he"])
def test_a_client_that_never_says_what_it_wants_is_let_go(app, begun):
    with listening(app, Impatient) as address, connected(address) as client:
        client.sendall(begun)
        assert all_of(client).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_asks_slowly_for_the_second_time_is_let_go_too(app):
    with listening(app, Impatient) as address, connected(address) as client:
        client.sendall(b"GET /health HTTP/1.1\r\nHost: here\r\n\r\nGET /hea")
        said = all_of(client)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in said


def test_headers_without_end_are_refused(app):
    with listening(app) as address, connected(address) as client:
        client.sendall(b"GET /health HTTP/1.1\r\n")
        line = b"X-Long: " + b"x" * 1000 + b"\r\n"
        try:
            for _ in range(LARGEST_HEADERS // len(line) + 100):
                client.sendall(line)
        except (ConnectionResetError, BrokenPipeError):
            pass
        said = all_of(client)
    assert said == b"" or said.startswith(b"HTTP/1.1 431 ")


def test_a_client_that_does_not_read_its_answer_is_let_go(app):
    @app.get("/api/much")
    async def much():
        return "x" * 2**25

    asked = f"GET /api/much HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {app.state.token}"
    with listening(app, Impatient) as address, connected(address) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f"{asked}\r\n\r\n".encode())
        service = app.state.service
        while not service.metrics.text(0, 0, ()).count(b'route="/api/much"'):
            pass
        # It has been written as far as anybody would take it; the rest is never sent.
        assert len(all_of_slowly(client)) < 2**25


def all_of_slowly(client: socket.socket) -> bytes:
    while True:
        try:
            client.send(b"x" * 1024)
        except OSError:
            return all_of(client)


CHECK = HttpQuestion("check", {"as_of": "2026", "as_known": "0"})


def long_questions(room, patience: float = 60) -> LongQuestions:
    return LongQuestions(room, Metrics(), patience)


def test_more_long_questions_than_can_wait_are_refused_at_once(room):
    async def ask():
        questions = long_questions(room)
        try:
            waiting = [asyncio.create_task(questions.reply(CHECK, 0)) for _ in range(20)]
            return await asyncio.gather(*waiting, return_exceptions=True)
        finally:
            questions.end()

    found = asyncio.run(ask())
    refused = [each for each in found if isinstance(each, BusyError)]
    assert len(refused) == 4
    assert all(each.retry_after > 0 for each in refused)
    assert all(isinstance(each, Reply) for each in found if each not in refused)


def test_a_question_that_takes_too_long_is_ended_and_the_next_one_answered(room):
    async def ask():
        questions = long_questions(room, patience=0)
        try:
            with pytest.raises(BusyError, match="took more than 0 seconds"):
                await questions.reply(CHECK, 0)
            questions._patience = 60
            return await questions.reply(CHECK, 0)
        finally:
            questions.end()

    assert isinstance(asyncio.run(ask()), Reply)


def test_no_long_question_keeps_a_service_from_ending(room):
    async def ask():
        questions = long_questions(room)
        waiting = [asyncio.create_task(questions.reply(CHECK, 0)) for _ in range(3)]
        while questions._worker is None:
            await asyncio.sleep(0)
        questions.end()
        return await asyncio.gather(*waiting, return_exceptions=True)

    assert [str(each) for each in asyncio.run(ask())] == ["the service ends"] * 3


def test_who_goes_away_ends_the_question_and_keeps_nobody_waiting(room):
    class Gone:
        async def receive(self):
            while not questions._worker:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

    questions = long_questions(room)

    async def ask():
        try:
            with pytest.raises(Exception) as gone:
                await while_waited_for(Gone(), questions.reply(CHECK, 0))
            assert questions._worker is None
            assert questions._waiting == 0
            return gone.typename, await questions.reply(CHECK, 0)
        finally:
            questions.end()

    name, reply = asyncio.run(ask())
    assert name == "ClientDisconnect"
    assert isinstance(reply, Reply)


def test_remarks_are_as_long_as_a_header_can_be_and_break_no_character():
    notes = ["é" * 400, "later"]
    header = noted(notes)
    assert len(header) <= LONGEST_NOTES + len("%E2%80%A6")
    assert header.isascii()
    assert unquote(header, errors="strict").rstrip("…") == "é" * (LONGEST_NOTES // 6)
    assert noted(["a, b", "c"]) == "a%2C b, c"
    assert noted(["x" * LONGEST_NOTES, "y"]) == "x" * LONGEST_NOTES + ", %E2%80%A6"


def test_more_pages_than_can_wait_are_not_fetched():
    def resolve(host: str, port: int) -> list[str]:
        free.wait(60)
        return []

    async def ask() -> list[object]:
        citations = Citations(FetchPolicy(resolve))
        waiting = [
            asyncio.create_task(citations.cite("https://example.org/", "")) for _ in range(12)
        ]
        refused = [each for each in await _first_done(waiting) if isinstance(each, BusyError)]
        free.set()
        await asyncio.gather(*waiting, return_exceptions=True)
        return refused

    free = Event()
    assert len(asyncio.run(ask())) == 2


async def _first_done(tasks: list[asyncio.Task[Any]]) -> list[object]:
    """What those come to that are done first."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    return [each.exception() for each in done]


def test_a_long_question_takes_room_among_the_replies_that_are_kept(monkeypatch):
    monkeypatch.setattr(response_cache, "MOST", 1000)
    kept = response_cache.ResponseCache()
    for number in range(10):
        asked = HttpQuestion("snapshot", {"entity": f"{number}" * 300, "as_of": "2026"})
        kept.keep(asked, 1, Reply(b"", "application/json"))
    assert len(kept._kept) == 2


def test_short_questions_about_a_long_log_are_answered_in_processes(room):
    dates = ["2020", "2021", "2022", "2023", "2024", "2025", "2026", "someday"]

    async def ask():
        questions = ShortQuestions(room)
        try:
            asked = [
                HttpQuestion("snapshot", {"entity": "qwen-team", "as_of": each}) for each in dates
            ]
            replies = (questions.reply(each, 0) for each in asked)
            return await asyncio.gather(*replies, return_exceptions=True)
        finally:
            questions.close()

    *replies, wrong = asyncio.run(ask())
    assert [json.loads(each.body)["as_of"] for each in replies] == dates[:-1]
    assert isinstance(wrong, InputError)


def test_a_short_question_that_takes_too_long_is_ended_and_the_next_one_answered(room):
    asked = HttpQuestion("snapshot", {"entity": "qwen-team", "as_of": "2026"})

    async def ask():
        questions = ShortQuestions(room, patience=0)
        try:
            with pytest.raises(BusyError, match="took more than 0 seconds"):
                await questions.reply(asked, 0)
            for clerk in questions._clerks:
                clerk._patience = 60
            return await questions.reply(asked, 0)
        finally:
            questions.close()

    assert isinstance(asyncio.run(ask()), Reply)


def test_a_process_that_answers_keeps_nothing_of_what_it_has_answered(room):
    """Workers are not looked through for reference circles, since most are soon done."""
    questions = iter([(CHECK, 0)])
    gc.disable()
    try:
        assert isinstance(next(answering(questions, room, 0)), Reply)
        assert gc.isenabled()
    finally:
        gc.enable()
