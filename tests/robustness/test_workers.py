"""Processes that do a part of the work of another, which may end at any moment."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from queue import SimpleQueue
from types import SimpleNamespace

from timeline.index import processes

SCRIPT = """
import sys
from queue import SimpleQueue
from timeline.newsroom.validate_many import _check
from timeline.index.processes import Worker, messages

told = SimpleQueue()
worker = Worker(_check, (), "UTC", True, told=told)
worker.send([b"{}"])
print(len(next(messages(told))), flush=True)
sys.stdin.read()
"""


def test_a_worker_ends_when_whoever_started_it_is_killed() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"1\n"
        process.kill()
        # The worker holds the other end of it, and would say what goes wrong.
        assert process.communicate(timeout=60) == (b"", b"")


def test_a_worker_does_without_wider_pipes_where_they_are_refused(monkeypatch) -> None:
    """An ordinary user may have so many bytes in pipes, and no more."""
    refused = []

    def refuse(*asked: object) -> None:
        refused.append(asked)
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(processes, "fcntl", SimpleNamespace(F_SETPIPE_SZ=1031, fcntl=refuse))
    told: processes.Inbox = SimpleQueue()
    worker = processes.Worker(doubled, told=told)
    try:
        worker.send(21)
        assert next(processes.messages(told)) == 42
    finally:
        worker.kill()
    assert len(refused) == 2


def doubled(sent: Iterator[int]) -> Iterator[int]:
    return (2 * each for each in sent)
