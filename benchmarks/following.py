"""A thousand who follow one service: when each sees each record, and that it sees all of them.

All are on this machine: the service in one process, those who follow in another, which shares
the processors with it. What is appended comes at an even pace from a thread, over HTTP.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import TIMELINE, Row, milliseconds, process
from benchmarks.records import records, write_log
from benchmarks.service import Service, serving

FOLLOWERS, APPENDED, EVERY = 1000, 100, 0.2

# Records that are in the log before anybody follows.
BEFORE = 1000

# Seconds after which somebody has not seen what was appended.
PATIENCE = 60.0


class Sent(NamedTuple):
    """A record that was appended: when it was sent, and when the answer came."""

    position: int
    begun: float
    answered: float


class Follower(asyncio.Protocol):
    """Notes when each position has arrived; nothing else is read from what comes."""

    def __init__(self, service: Service, after: int):
        self._service = service
        self._after = after
        self._rest = b""
        self.arrived: list[tuple[int, float]] = []
        self.listens = asyncio.Event()
        self.done = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(
            f"GET /api/follow?after={self._after} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{self._service.port}\r\n"
            f"Authorization: Bearer {self._service.token}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self.listens.set()
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.arrived += [(int(line[4:]), now) for line in lines if line.startswith(b"id: ")]
        if len(self.arrived) >= APPENDED:
            self.done.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.done.set()


def following(scratch: Path, runs: int, count: int) -> Iterator[Row]:
    """From the answer to an append to its arrival at each of those who follow."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    after_answer: list[float] = []
    after_begin: list[float] = []
    with serving(_room(scratch)) as service:
        for run in range(runs):
            sent, followers = asyncio.run(_run(service, BEFORE + run * APPENDED))
            expected = [each.position for each in sent]
            if not all([at for at, _ in each.arrived] == expected for each in followers):
                raise RuntimeError("somebody has not seen each record once and in order")
            for each in followers:
                pairs = zip(sent, each.arrived, strict=False)
                for one, (_, arrived) in pairs:
                    after_answer.append(arrived - one.answered)
                    after_begin.append(arrived - one.begun)
    who = f"{FOLLOWERS:,} who follow, {APPENDED} appends, {1 / EVERY:g} a second"
    yield Row(f"from the 201 to the arrival: {who}", _said(after_answer), runs=runs)
    yield Row("the same from when the append was sent", _said(after_begin), runs=runs)


def _said(delays: list[float]) -> str:
    cuts = statistics.quantiles(delays, n=100)
    return (
        f"p50 {milliseconds(statistics.median(delays))}, p99 {milliseconds(cuts[98])}, "
        f"at most {milliseconds(max(delays))}"
    )


async def _run(service: Service, head: int) -> tuple[list[Sent], list[Follower]]:
    loop = asyncio.get_running_loop()
    followers: list[Follower] = []
    transports = []
    for _ in range(FOLLOWERS):
        transport, follower = await loop.create_connection(
            lambda: Follower(service, head), "127.0.0.1", service.port
        )
        transports.append(transport)
        followers.append(follower)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(each.listens.wait() for each in followers))
    sent = await asyncio.to_thread(_append, service, head)
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(each.done.wait() for each in followers))
    except TimeoutError:
        pass
    for each in transports:
        each.close()
    return sent, followers


def _append(service: Service, head: int) -> list[Sent]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    headers = {
        "Authorization": f"Bearer {service.token}",
        "Content-Type": "application/json",
    }
    sent: list[Sent] = []
    chosen = list(records(head + APPENDED))[head:]
    for record in chosen:
        record.pop("recorded_at", None)
        record.pop("recorded_by", None)
        begun = time.monotonic()
        connection.request("POST", "/api/append", json.dumps(record), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
        assert response.status == 201, answer
        sent.append(Sent(answer["position"], begun, time.monotonic()))
        time.sleep(max(0.0, EVERY - (time.monotonic() - begun)))
    connection.close()
    return sent


def _room(scratch: Path) -> Path:
    """A newsroom with some records."""
    newsroom = scratch / "followed"
    process([TIMELINE, "init", str(newsroom)])
    write_log(scratch / "before.jsonl", BEFORE)
    process([TIMELINE, "--newsroom", str(newsroom), "import", str(scratch / "before.jsonl")])
    return newsroom
