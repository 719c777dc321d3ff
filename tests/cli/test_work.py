"""`timeline work`: projections that are up to date before anybody asks."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.derived.poison import mend, poison
from tests.running import command, environment, inside
from timeline.newsroom.newsroom import Newsroom


def lag(*where: object) -> object:
    (found,) = inside(None, *where, "status", "--format", "json").json()["projections"]
    return found["lag"]


def test_a_worker_comes_to_the_end_of_the_log_and_says_so(story: Path) -> None:
    for path in (story / "derived").glob("*"):
        path.unlink()
    assert lag("--newsroom", story) == 4
    done = inside(story, "work", "--once")
    assert (done.code, done.out) == (0, "acts 2: up to date, at 4\n")
    assert lag("--newsroom", story) == 0


def test_the_rows_of_a_file_are_one_shard(story: Path) -> None:
    assert inside(story, "work", "--once", "--shard", "1/1").code == 0
    done = inside(story, "work", "--once", "--shard", "2/3")
    assert done.code == 2
    assert "shard 2/3" in done.err and "PostgreSQL" in done.err


@pytest.mark.parametrize("shard", ["0/2", "3/2", "2", "a/b", "1/0", "", "1/2/3", "-1/2", "١/٢"])
def test_what_is_no_shard_is_refused(story: Path, shard: str) -> None:
    done = inside(story, "work", "--shard", shard)
    assert done.code == 2
    assert "the first of four is 1/4" in done.err


def test_a_record_that_cannot_be_folded_stops_the_worker_and_is_named(story: Path) -> None:
    topic = poison(story, 3)
    done = inside(story, "work")
    assert done.code == 4
    assert "acts: the record at position 3 cannot be folded in" in done.err
    mend(story, 3, topic)
    assert inside(story, "work", "--once").code == 0


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_of_a_file_stops_when_it_is_told_to(story: Path, stop: signal.Signals) -> None:
    running = subprocess.Popen(
        command(story, "work"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"acts 2: up to date, at 4\n"
    running.send_signal(stop)
    assert running.communicate() == (b"", b"")
    assert running.returncode == 0


def test_workers_of_a_database_keep_a_shard_each(story: Path, database: str) -> None:
    log = inside(story, "export").out
    where = ("--log", database)
    assert inside(None, *where, "import", "-", given=log).code == 0
    for shard in ("1/2", "2/2"):
        done = inside(None, *where, "work", "--once", "--shard", shard)
        assert (done.code, done.out) == (0, f"acts 2 (shard {shard}): up to date, at 4\n"), done.err
    assert lag(*where) == 0
    with Newsroom.open(database) as newsroom:
        question = ("snapshot", "lab", "--as-of", "2027", "--format", "json")
        assert inside(None, *where, *question).json() == inside(story, *question).json()
        assert newsroom.store.head().position == 4


def test_workers_of_another_number_are_told_of(story: Path, database: str) -> None:
    where = ("--log", database)
    assert inside(None, *where, "import", "-", given=inside(story, "export").out).code == 0
    running = subprocess.Popen(
        command(None, *where, "work"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert running.stdout is not None
    assert running.stdout.readline() == b"acts 2: up to date, at 4\n"
    for shard in ("1/2", "2/2"):
        assert inside(None, *where, "work", "--once", "--shard", shard).code == 0
    _, said = running.communicate(timeout=60)
    assert running.returncode == 4
    assert b"the rows of acts have 2 shards now, and not 1" in said
