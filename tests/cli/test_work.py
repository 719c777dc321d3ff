"""`timeline work`: an index that is up to date before questions are asked."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.index.poison import poison
from tests.running import command, environment, inside
from timeline.index.effects_index import VERSION


def lag(*where: object) -> object:
    (found,) = inside(None, *where, "status", "--format", "json").json()["projections"]
    return found["lag"]


def test_a_worker_comes_to_the_end_of_the_log_and_says_so(story: Path) -> None:
    for path in (story / "derived").glob("*"):
        path.unlink()
    assert lag("--newsroom", story) == 4
    done = inside(story, "work", "--once")
    assert (done.code, done.out) == (0, f"effects {VERSION}: up to date, at 4\n")
    assert lag("--newsroom", story) == 0


def test_a_record_that_cannot_be_read_does_not_stop_the_worker(story: Path) -> None:
    poison(story, 3)
    done = inside(story, "work", "--once")
    assert (done.code, done.out) == (0, f"effects {VERSION}: up to date, at 4\n")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_of_a_file_stops_when_it_is_told_to(story: Path, stop: signal.Signals) -> None:
    running = subprocess.Popen(
        command(story, "work"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert running.stdout is not None
    assert running.stdout.readline() == f"effects {VERSION}: up to date, at 4\n".encode()
    running.send_signal(stop)
    assert running.communicate() == (b"", b"")
    assert running.returncode == 0


def test_a_worker_keeps_the_index_of_a_database(story: Path, database: str) -> None:
    where = ("--log", database)
    assert inside(None, *where, "import", "-", given=inside(story, "export").out).code == 0
    for _ in range(2):
        done = inside(None, *where, "work", "--once")
        assert (done.code, done.out) == (0, f"effects {VERSION}: up to date, at 4\n"), done.err
    assert lag(*where) == 0
    question = ("snapshot", "lab", "--as-of", "2027", "--format", "json")
    assert inside(None, *where, *question).json() == inside(story, *question).json()
