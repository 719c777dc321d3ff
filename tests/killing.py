"""kill -9 of a process that says each step that it takes, so that it is killed while it works.

How soon a process comes to its work, and how long a step takes, differs from machine to machine:
what is counted is what it has said.
"""

from __future__ import annotations

import random
import subprocess

# A step takes some milliseconds: the most seconds in which a process is killed after one.
MOMENT = 0.02


def hear(process: subprocess.Popen[bytes], lines: int) -> list[bytes]:
    """The next so many lines of a process; fewer where it ends before."""
    assert process.stdout is not None
    return [line for line in (process.stdout.readline() for _ in range(lines)) if line]


def kill_after(process: subprocess.Popen[bytes], lines: int, chance: random.Random) -> list[bytes]:
    """Kill a process a moment after it has said so many lines, unless it is done before.

    Gives all that it said, the last line perhaps not in full.
    """
    assert process.stdout is not None
    said = hear(process, lines)
    try:
        process.wait(chance.uniform(0, MOMENT))
    except subprocess.TimeoutExpired:
        process.kill()
    said += process.stdout.readlines()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return said
