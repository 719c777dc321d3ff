"""The feed: one encoding for all who follow, and nothing piles up for who does not read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import event
from tests.running import append
from timeline.errors import StoreError
from timeline.newsroom.newsroom import Newsroom
from timeline.web.api.following import EventStream
from timeline.web.executor import Executor
from timeline.web.feed import PART, RECENT, Feed
from timeline.web.metrics import Metrics

SCOPE = {"type": "http", "asgi": {"spec_version": "2.3"}}


def said(number: int, **more: object) -> dict[str, object]:
    return event("happened", "2026-01", id=f"said-{number}", about=["lab"], **more)


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A newsroom with three records, in two stories."""
    Newsroom.init(tmp_path / "room")
    append(tmp_path / "room", said(1), said(2, story="other"), said(3))
    return tmp_path / "room"


@asynccontextmanager
async def feeding(room: Path, heartbeat: float = 60) -> AsyncIterator[Feed]:
    """A feed that runs."""
    metrics = Metrics()
    desk = Executor(room, metrics)
    feed = Feed(desk, metrics, heartbeat)
    await feed.start()
    try:
        yield feed
    finally:
        await feed.stop()
        desk.close()


def during(room: Path, act: Callable[[Feed], Coroutine[Any, Any, None]], **how: float) -> None:
    """Do something while a feed runs."""

    async def run() -> None:
        async with feeding(room, **how) as feed:
            await act(feed)

    asyncio.run(run())


def test_all_who_follow_get_the_same_bytes(room: Path) -> None:
    async def act(feed: Feed) -> None:
        followers = [feed.follow(2) for _ in range(3)]
        first, *others = [await anext(each) for each in followers]
        assert first.startswith(b"id: 3\nevent: record\ndata: {")
        assert all(each is first for each in others)

    during(room, act)


def test_who_is_far_behind_reads_the_log_in_parts_and_misses_nothing(room: Path) -> None:
    count = RECENT + 50
    append(room, *(said(number) for number in range(4, count + 1)))

    async def act(feed: Feed) -> None:
        got, parts = b"", 0
        async for part in feed.follow(0):
            assert len(part) < 2 * PART
            got += part
            parts += 1
            if b"id: %d\n" % count in part:
                break
        positions = [int(line[4:]) for line in got.split(b"\n") if line.startswith(b"id: ")]
        assert positions == list(range(1, count + 1))
        assert parts > 10

    during(room, act)


def test_who_waits_is_told_now_and_then_that_the_service_is_there(room: Path) -> None:
    async def act(feed: Feed) -> None:
        assert await anext(feed.follow(3)) == b":\n\n"

    during(room, act, heartbeat=0)


def test_who_follows_a_quiet_story_hears_up_to_where_it_was_looked_through(room: Path) -> None:
    async def act(feed: Feed) -> None:
        following = feed.follow(0, "other")
        assert (await anext(following)).startswith(b"id: 2\n")
        assert await anext(following) == b"id: 3\n:\n\n"
        assert await anext(following) == b":\n\n"

    during(room, act, heartbeat=0)


def test_who_follows_is_let_go_when_the_service_ends(room: Path) -> None:
    async def act(feed: Feed) -> None:
        following = asyncio.create_task(anext(feed.follow(3)))
        await asyncio.sleep(0)
        feed.end()
        with pytest.raises(StopAsyncIteration):
            await following

    during(room, act)


def test_who_waits_for_a_position_is_told_when_the_service_ends(room: Path) -> None:
    async def act(feed: Feed) -> None:
        waiting = asyncio.create_task(feed.reaches(4))
        await asyncio.sleep(0)
        feed.end()
        with pytest.raises(StoreError, match="the service is stopping"):
            await waiting

    during(room, act)


def test_the_log_is_followed_on_whatever_went_wrong_once(
    room: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = Executor.read
    left = [3]

    async def broken(self: Executor, question: Callable[[Newsroom], Any]) -> Any:
        if left[0]:
            left[0] -= 1
            raise RuntimeError("nobody has foreseen this")
        return await read(self, question)

    async def act(feed: Feed) -> None:
        following = asyncio.create_task(anext(feed.follow(3)))
        monkeypatch.setattr(Executor, "read", broken)
        append(room, said(4))
        assert (await following).startswith(b"id: 4\n")

    during(room, act)
    assert [each.message for each in caplog.records] == ["the log cannot be followed"]


class TestAStream:
    """A response, with whoever it is sent to played by the test."""

    def sent(self, events: list[bytes], reads: int = 100) -> list[bytes]:
        """The bytes that are sent to a client, which reads so many messages."""
        taken: list[bytes] = []

        async def coming() -> AsyncGenerator[bytes]:
            for each in events:
                yield each

        async def send(message: Any) -> None:
            if len(taken) == reads:
                await asyncio.Event().wait()
            taken.append(message.get("body", b""))

        async def receive() -> Any:
            await asyncio.Event().wait()

        stream = EventStream(coming())
        asyncio.run(asyncio.wait_for(stream(SCOPE, receive, send), 60))
        return taken[1:]

    def test_ends_with_its_events(self) -> None:
        assert self.sent([b"1", b"2"]) == [b"1", b"2", b""]

    def test_ends_when_its_client_reads_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("timeline.web.api.following.UNREAD", 0.01)
        assert self.sent([b"1", b"2"], reads=2) == [b"1"]

    def test_ends_when_nobody_listens(self) -> None:
        async def never() -> AsyncGenerator[bytes]:
            await asyncio.Event().wait()
            yield b""

        async def gone() -> Any:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            pass

        stream = EventStream(never())
        asyncio.run(asyncio.wait_for(stream(SCOPE, gone, send), 60))
