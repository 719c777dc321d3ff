"""A service that is killed while people append to it: what it has answered is there."""

from __future__ import annotations

import http.client
import json
import random
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore, Thread
from typing import Any

from tests.examples import turns
from tests.running import command, environment, inside
from tests.web.writing import told
from timeline import temporal
from timeline.access import FILE
from timeline.access.file import AccessFile
from timeline.access.roles import Role
from timeline.access.tokens import Tokens
from timeline.newsroom.newsroom import Newsroom

WRITERS = 6
KILLS = turns(3, 12)

# Seconds after which a service that says nothing is taken to hang.
PATIENCE = 60


@contextmanager
def serving(room: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`timeline serve` as a process, and where it is; it is killed when the block ends."""
    process = subprocess.Popen(
        command(room, "serve", "--port", "0", "--no-link"),
        stdout=subprocess.PIPE,
        env=environment(),
    )
    try:
        assert process.stdout is not None
        found = re.search(rb"http://([^/]+)/", process.stdout.readline())
        assert found is not None
        yield process, found[1].decode()
    finally:
        process.kill()
        process.communicate()


def connected(place: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(place, timeout=PATIENCE)


def post(connection: http.client.HTTPConnection, token: str, value: object) -> tuple[int, Any]:
    """The status and the answer of an append."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection.request("POST", "/api/append", json.dumps(value), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


class Writer(Thread):
    """Appends one record after another until nobody answers; keeps what was sent and answered."""

    def __init__(self, place: str, token: str, name: str, heard: Semaphore):
        super().__init__()
        self._place, self._token, self._name, self._heard = place, token, name, heard
        self.sent: list[dict[str, Any]] = []
        self.statuses: Counter[int] = Counter()
        self.answered: list[dict[str, Any]] = []

    def run(self) -> None:
        connection = connected(self._place)
        try:
            while True:
                self.sent.append(told(f"{self._name}-{len(self.sent)}"))
                status, answer = post(connection, self._token, self.sent[-1])
                self.statuses[status] += 1
                self.answered.append(answer)
                self._heard.release()
        except (OSError, http.client.HTTPException):
            return  # It was killed.
        finally:
            connection.close()


def test_whatever_was_answered_is_there_once_after_kills_under_load(tmp_path: Path) -> None:
    room, chance = tmp_path / "room", random.Random(20261124)
    Newsroom.init(room)
    file = AccessFile(room / FILE)
    _, token = Tokens(file).add("Ada", Role.REPORTER, temporal.now())
    file.close()
    writers: list[Writer] = []
    for turn in range(KILLS):
        with serving(room) as (process, place):
            heard = Semaphore(0)
            now = [Writer(place, token, f"{turn}-{name}", heard) for name in range(WRITERS)]
            for writer in now:
                writer.start()
            for _ in range(chance.randrange(20, 200)):
                assert heard.acquire(timeout=PATIENCE)
            process.kill()
            for writer in now:
                writer.join(PATIENCE)
            writers += now
    assert {status for writer in writers for status in writer.statuses} == {201}

    kept = {each["id"]: each for each in inside(room, "log", "--format", "jsonl").lines()}
    places = [each["position"] for each in kept.values()]
    assert places == list(range(1, len(kept) + 1))
    for answer in (answer for writer in writers for answer in writer.answered):
        there = kept[answer["id"]]
        assert (there["position"], there["recorded_at"]) == (
            answer["position"],
            answer["recorded_at"],
        )
    # Of each writer at most the record that was on its way may be there without an answer.
    assert len(kept) <= sum(len(writer.sent) for writer in writers)
    assert inside(room, "verify").code == 0

    sent = [record for writer in writers for record in writer.sent]
    with serving(room) as (_, place):
        connection = connected(place)
        status, answer = post(connection, token, sent)
        connection.close()
    assert (status, answer["known"]) == (200 if len(sent) == len(kept) else 201, len(kept))
    again = {each["id"]: each for each in inside(room, "log", "--format", "jsonl").lines()}
    assert len(again) == len(sent) and kept.items() <= again.items()


def test_clients_that_hang_up_do_not_take_the_service_along(tmp_path: Path) -> None:
    room = tmp_path / "room"
    Newsroom.init(room)
    with serving(room) as (process, place):
        for _ in range(2):
            connection = connected(place)
            connection.request("GET", "/api/status")
            assert connection.getresponse().status == 401
            connection.close()
            # What the system does to whoever writes to a client that is gone.
            process.send_signal(signal.SIGPIPE)
        assert process.poll() is None
