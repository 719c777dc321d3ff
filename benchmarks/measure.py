"""Running things several times, one after the other in turn, and what came of it."""

from __future__ import annotations

import compileall
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import timeline

TIMELINE = str(Path(sys.executable).with_name("timeline"))


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, beside its baseline."""

    name: str
    figure: str
    baseline: str = ""
    ratio: str = ""
    runs: int = 1


@dataclass(frozen=True)
class Run:
    """One process: how long it took, and the most memory it held."""

    seconds: float
    megabytes: float


# A process begins with the memory of the one that starts it on its account, so a small one
# starts what is measured, and tells of it on a line of its own at the end.
_LAUNCHER = """
import os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
child.returncode = os.waitstatus_to_exitcode(status)
print(child.returncode, time.perf_counter() - start, usage.ru_maxrss)
"""


def process(arguments: Sequence[str]) -> Run:
    """Run a program to its end.

    Raises:
        RuntimeError: it failed.
    """
    launcher = [sys.executable, "-S", "-c", _LAUNCHER, *arguments]
    ended = subprocess.run(launcher, capture_output=True, check=True)
    code, seconds, resident = ended.stdout.split()
    if int(code):
        raise RuntimeError(f"{arguments[0]}: {ended.stderr.decode(errors='replace')}")
    kilobytes = float(resident) / (1024 if sys.platform == "darwin" else 1)
    return Run(float(seconds), kilobytes / 1024)


def compiled() -> None:
    """See to it that the product's modules are compiled, as an installer leaves them.

    From a source tree, where Python may not write what it compiled, each process would
    compile them once more.
    """
    compileall.compile_dir(Path(timeline.__file__).parent, quiet=1)


def at_once(commands: Sequence[Sequence[str]]) -> list[str]:
    """What some programs print that begin together: each when all have said that they are ready."""
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    return [each.communicate()[0] for each in running]


def in_turn(runs: int, *measured: Callable[[], Run]) -> list[list[Run]]:
    """All results of each: A B A B …, so that a busy machine slows them alike."""
    found: list[list[Run]] = [[] for _ in measured]
    for _ in range(runs):
        for results, measure in zip(found, measured, strict=True):
            results.append(measure())
    return found


def median_seconds(runs: Sequence[Run]) -> float:
    return statistics.median(run.seconds for run in runs)


def most_memory(runs: Sequence[Run]) -> float:
    return max(run.megabytes for run in runs)


def timed(work: Callable[..., object], *given: object) -> Run:
    """Work in this process, on what is given."""
    start = time.perf_counter()
    work(*given)
    return Run(time.perf_counter() - start, 0)


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms" if seconds < 0.1 else f"{seconds * 1000:,.0f} ms"


def per_second(count: float, seconds: float, what: str) -> str:
    return f"{count / seconds:,.0f} {what}/s"
