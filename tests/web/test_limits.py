"""How much one may ask at once, and how slowly."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import asynccontextmanager, closing, contextmanager
from functools import partial
from http.client import HTTPConnection
from threading import Event, Thread
from typing import Annotated, Any
from unittest import mock
from urllib.parse import unquote

import pytest
import uvicorn
from fastapi import Body, FastAPI, File
from starlette.requests import ClientDisconnect

from tests.rooms import file_newsroom
from tests.running import environment
from tests.web.rooms import service_at, token_of
from timeline.citing.transport import FetchPolicy
from timeline.errors import InputError
from timeline.projections.check import Check
from timeline.projections.snapshot import Snapshot
from timeline.web import cache, executor, query_pool
from timeline.web.app import make_app
from timeline.web.budget import Budget, BusyError
from timeline.web.feed import Feed
from timeline.web.limits import LARGEST_BODY
from timeline.web.metrics import IndexLag, Metrics
from timeline.web.problems import RefusedError, problem_of
from timeline.web.query_pool import LONG, SHORT, QueryPool
from timeline.web.question import HttpQuestion, Reply, reply_to
from timeline.web.responses import LONGEST_NOTES, note_header, until_disconnect

FORM = "multipart/form-data; boundary=edge"
BEGIN = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

TOO_MUCH = LARGEST_BODY + 1


@pytest.fixture
def room(tmp_path):
    file_newsroom(tmp_path).close()
    return tmp_path


@contextmanager
def listening(app: FastAPI, **settings: Any):
    """The application behind a socket, as `timeline serve` has it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, ws="none", log_level="critical", **settings)
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
def test_a_body_in_chunks_that_is_too_large_is_refused_while_it_comes(
    app, monkeypatch, path, kind, begin
):
    monkeypatch.setattr("timeline.web.limits.LINGER_IDLE", 0.05)
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


@pytest.mark.parametrize("is_chunked", [False, True])
def test_a_client_that_sends_too_large_a_body_to_the_end_reads_why_it_is_refused(app, is_chunked):
    chunk = b"x" * 2**20
    count = LARGEST_BODY // len(chunk) + 8
    headers = {"Authorization": f"Bearer {app.state.token}", "Content-Type": "application/json"}
    if not is_chunked:
        headers["Content-Length"] = str(count * len(chunk))
    with listening(app) as address, closing(HTTPConnection(*address, timeout=20)) as client:
        client.request("POST", "/api/taken", (chunk for _ in range(count)), headers)
        response = client.getresponse()
        assert response.status == 413
        assert b"send it in parts" in response.read()


def test_a_body_that_is_said_to_be_too_large_is_not_waited_for(app, monkeypatch):
    monkeypatch.setattr("timeline.web.limits.LINGER_IDLE", 0.05)
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


def test_the_rest_of_a_body_is_not_waited_for_once_it_is_refused(app):
    with listening(app, timeout_keep_alive=1) as address, connected(address) as client:
        client.sendall(b"POST /api/taken HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n\r\n{")
        assert all_of(client).startswith(b"HTTP/1.1 401 ")


def test_a_follower_that_reads_nothing_is_disconnected(app, monkeypatch):
    monkeypatch.setattr("timeline.web.api.following.UNREAD", 0.05)

    async def endless(self, after, story=None):
        with self._metrics.followers.track_inprogress():
            while True:
                await asyncio.sleep(0)
                yield b"x" * 2**16

    monkeypatch.setattr(Feed, "follow", endless)
    asked = f"GET /api/follow HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer {app.state.token}"
    metrics = app.state.service.metrics
    with listening(app) as address, connected(address) as client:
        client.sendall(f"{asked}\r\n\r\n".encode())
        assert client.recv(12) == b"HTTP/1.1 200"
        while b"timeline_followers 0.0" not in metrics.text(0, 0, IndexLag("effects", 0)):
            pass
        # What was sent before can be read, and then it ends.
        assert len(all_of(client)) > 0


CHECK = HttpQuestion(Check(as_of="2026", as_known="0"))


def answer(pool, caller="ada"):
    return pool.run(partial(reply_to, asked=CHECK, now=0), caller)


@asynccontextmanager
async def answering(room, **limits):
    """A pool of one process, unless limits say otherwise."""
    pool = QueryPool(room, LONG._replace(**{"processes": 1, **limits}))
    try:
        yield pool
    finally:
        await asyncio.to_thread(pool.close)


def test_more_questions_than_can_wait_are_refused_at_once(room):
    async def ask():
        async with answering(room) as pool:
            waiting = [asyncio.create_task(answer(pool)) for _ in range(20)]
            return await asyncio.gather(*waiting, return_exceptions=True)

    found = asyncio.run(ask())
    refused = [each for each in found if isinstance(each, BusyError)]
    assert len(refused) == 4
    assert all(each.retry_after > 0 for each in refused)
    assert all(isinstance(each, Reply) for each in found if each not in refused)


def test_a_question_that_takes_too_long_is_ended_and_the_next_one_answered(room):
    async def ask():
        async with answering(room, seconds=1) as pool:
            process = await answered_in(pool)
            with instead(sleeping), pytest.raises(TimeoutError):
                await answer(pool)
            assert await answered_in(pool) != process
            return await answer(pool)

    assert isinstance(asyncio.run(ask()), Reply)


def test_a_question_that_is_not_short_after_all_is_answered_among_the_long_ones(room, monkeypatch):
    monkeypatch.setattr(executor, "SHORT", SHORT._replace(seconds=0.2))

    async def ask():
        at = executor.Executor(room, Metrics())
        try:
            return await at.compute(niceness_unless_short, "ada")
        finally:
            await asyncio.to_thread(at.close)

    assert asyncio.run(ask()) == LONG.niceness


def test_a_question_that_takes_too_long_even_so_is_refused_with_what_to_ask(room, monkeypatch):
    monkeypatch.setattr(executor, "LONG", LONG._replace(seconds=0.2))

    async def ask():
        at = executor.Executor(room, Metrics())
        try:
            with pytest.raises(
                RefusedError, match=r"more than 0\.2 seconds: ask for less"
            ) as error:
                await at.compute(sleeping, "ada", is_long=True)
            return problem_of(error.value)
        finally:
            await asyncio.to_thread(at.close)

    response = asyncio.run(ask())
    assert response.status_code == 422
    assert response.media_type == "application/problem+json"


def test_a_question_that_takes_too_much_memory_is_refused_and_the_next_one_answered(room):
    async def ask():
        async with answering(room, megabytes=300) as pool:
            with pytest.raises(RefusedError, match="more than 300 MB of memory: ask for less"):
                await pool.run(hoarding, "ada")
            return await answer(pool)

    assert isinstance(asyncio.run(ask()), Reply)


def test_one_reader_cannot_keep_an_editor_from_being_answered(room):
    turns = []

    async def ask(caller, free):
        async with budget.turn(caller):
            turns.append(caller)
            await free.wait()

    async def all_ask():
        free = asyncio.Event()
        reader = [asyncio.create_task(ask("reader", free)) for _ in range(18)]
        await asyncio.sleep(0)
        editor = [asyncio.create_task(ask("editor", free)) for _ in range(2)]
        await asyncio.sleep(0)
        free.set()
        return await asyncio.gather(*reader, return_exceptions=True), await asyncio.gather(*editor)

    budget = Budget(1, 16, "too many questions are waiting", 10)
    of_reader, _ = asyncio.run(all_ask())
    assert turns[:5] == ["reader", "reader", "editor", "reader", "editor"]
    assert sum(isinstance(each, BusyError) for each in of_reader) == 18 + 2 - 16
    assert budget.used == 0


def test_one_caller_leaves_a_turn_to_the_others():
    async def ask():
        async with budget.turn("reader"):
            waiting = asyncio.create_task(enter("reader"))
            await asyncio.sleep(0)
            async with budget.turn("editor"):
                assert not waiting.done()
        return await waiting

    async def enter(caller):
        async with budget.turn(caller):
            return caller

    budget = Budget(2, 16, "too many questions are waiting", 10, each=1)
    assert asyncio.run(ask()) == "reader"


def test_a_turn_that_its_caller_no_longer_wants_goes_to_the_next():
    async def ask():
        async with budget.turn("ada"):
            waiting = asyncio.create_task(enter("ada"))
            next_one = asyncio.create_task(enter("bob"))
            await asyncio.sleep(0)
        waiting.cancel()  # It has been given the turn, and has not begun.
        await asyncio.gather(waiting, return_exceptions=True)
        return await next_one

    async def enter(caller):
        async with budget.turn(caller):
            return caller

    budget = Budget(1, 3, "too many questions are waiting", 10)
    assert asyncio.run(ask()) == "bob"
    assert budget.used == 0


def test_a_process_that_dies_is_replaced(room):
    async def ask():
        async with answering(room) as pool:
            with instead(dying), pytest.raises(BusyError, match="has died"):
                await answer(pool)
            return await answer(pool)

    assert isinstance(asyncio.run(ask()), Reply)


def test_no_question_keeps_a_service_from_ending(room):
    async def ask():
        async with answering(room) as pool:
            with instead(sleeping):
                waiting = [asyncio.create_task(answer(pool)) for _ in range(3)]
                while not pool._running:
                    await asyncio.sleep(0)
                pool.end()
                return await asyncio.gather(*waiting, return_exceptions=True)

    assert [str(each) for each in asyncio.run(ask())] == ["the service is stopping"] * 3


def test_a_client_that_disconnects_ends_its_question(room):
    class Gone:
        async def receive(self):
            while not pool._running:
                await asyncio.sleep(0)
            return {"type": "http.disconnect"}

    async def ask():
        nonlocal pool
        async with answering(room) as pool:
            with instead(sleeping), pytest.raises(ClientDisconnect):
                await until_disconnect(Gone(), answer(pool))
            assert (pool.budget.used, pool._running) == (0, set())
            return await answer(pool)

    pool = None
    assert isinstance(asyncio.run(ask()), Reply)


def test_several_processes_answer_and_report_what_cannot_be_read(room):
    dates = ["2020", "2021", "2022", "2023", "2024", "2025", "2026", "someday"]

    async def ask():
        async with answering(room, processes=2, ahead=1) as pool:
            asked = [HttpQuestion(Snapshot("qwen-team", as_of=each)) for each in dates]
            replies = (pool.run(partial(reply_to, asked=each, now=0), "ada") for each in asked)
            return await asyncio.gather(*replies, return_exceptions=True)

    *replies, wrong = asyncio.run(ask())
    assert [json.loads(each.body)["as_of"] for each in replies] == dates[:-1]
    assert isinstance(wrong, InputError)


def test_processes_end_with_the_service(tmp_path):
    """Also with one that is killed, and can tell them nothing."""
    file_newsroom(tmp_path).close()
    program = "; ".join(
        (
            "import asyncio, sys",
            "from pathlib import Path",
            "from timeline.web.query_pool import LONG, QueryPool",
            "from tests.web.test_limits import answered_in",
            "pool = QueryPool(Path(sys.argv[1]), LONG)",
            "print(asyncio.run(answered_in(pool)), flush=True)",
            "sys.stdin.read()",
        )
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as process:
        answering_process = int(process.stdout.readline())
        process.kill()
    for _ in range(600):
        try:
            os.kill(answering_process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the process goes on")


def instead(work):
    """Processes do this instead of answering."""
    return mock.patch.object(query_pool, "_run", work)


async def answered_in(pool):
    """The process that answers."""
    with instead(process_id):
        return await answer(pool)


def process_id(*task):
    return os.getpid()


def sleeping(*task):
    time.sleep(60)


def niceness_unless_short(newsroom):
    """How far its process yields to others; it takes long in one that does not."""
    if os.nice(0) < LONG.niceness:
        time.sleep(60)
    return LONG.niceness


def hoarding(newsroom):
    return len(bytes(2**30))


def dying(*task):
    os._exit(1)


def test_remarks_are_as_long_as_a_header_can_be_and_break_no_character():
    notes = ["é" * 400, "later"]
    header = note_header(notes)
    assert len(header) <= LONGEST_NOTES + len("%E2%80%A6")
    assert header.isascii()
    assert unquote(header, errors="strict").rstrip("…") == "é" * (LONGEST_NOTES // 6)
    assert note_header(["a, b", "c"]) == "a%2C b, c"
    assert note_header(["x" * LONGEST_NOTES, "y"]) == "x" * LONGEST_NOTES + ", %E2%80%A6"


def test_more_pages_than_can_wait_are_not_fetched(room):
    service = service_at(room)

    def resolve(host: str, port: int) -> list[str]:
        free.wait(60)
        return []

    async def ask() -> list[object]:
        policy = FetchPolicy(resolve)
        link = "https://example.org/"
        waiting = [asyncio.create_task(service.cite(link, "", "ada", policy)) for _ in range(12)]
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
    monkeypatch.setattr(cache, "MOST", 1000)
    kept = cache.ResponseCache()
    for number in range(10):
        asked = HttpQuestion(Snapshot(f"{number}" * 300, as_of="2026"))
        kept.keep(asked, 1, Reply(b"", "application/json"))
    assert len(kept._replies) == 2
