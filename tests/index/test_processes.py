"""Processes that work for another, which may be killed at any moment."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
import time
from timeline.index.processes import processes

with processes(2) as executor:
    tasks = [executor.submit(bytes, 10_000_000) for _ in range(8)]
    print(len(tasks[0].result()), flush=True)
    time.sleep(60)
"""


def test_processes_end_when_the_one_that_started_them_is_killed() -> None:
    """They hold the other end of its output, and hang in handing over large results."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", SCRIPT], stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None and process.stdout.readline() == b"10000000\n"
        process.kill()
        out, said = process.communicate(timeout=60)
    assert out == b""
    # loky's tracker tells of the semaphores that it has deleted, and nothing else.
    assert b"Traceback" not in said
