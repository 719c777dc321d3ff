"""Processes that do a part of the work of another, which may end at any moment."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from queue import SimpleQueue
from timeline.checking import _check
from timeline.workers import Worker, told_to

told = SimpleQueue()
worker = Worker(_check, (), "UTC", True, told=told)
worker.send([b"{}"])
print(len(next(told_to(told))), flush=True)
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
