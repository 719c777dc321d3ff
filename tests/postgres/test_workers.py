"""Worker processes: killed at any moment and started again, they keep the rows of the log."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

import psycopg
import pytest

from tests import views
from tests.derived.busy import busy_log
from tests.derived.kept import without
from tests.examples import some, turns
from tests.killing import kill_after
from tests.rooms import fill
from tests.running import PROGRAM, REPOSITORY, environment
from timeline.index.catch_up import catch_up
from timeline.index.effects_index import ACTS
from timeline.index.memory_rows import MemoryRows
from timeline.newsroom.newsroom import Newsroom

COUNT = 1200
RECORDS = busy_log(COUNT, merges=3)


def process(*words: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "error", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=REPOSITORY,
    )


def working(url: str, shard: int, shards: int, *once: str) -> subprocess.Popen[bytes]:
    return process("-m", "tests.postgres.shard_worker", url, shard, shards, *once)


def asking(url: str, what: str) -> subprocess.Popen[bytes]:
    return process("-m", "tests.robustness.asker", url, what)


def timeline(url: str, *words: str) -> subprocess.Popen[bytes]:
    return process(*PROGRAM[3:], "--log", url, *words)


def are_derived_from_the_log(newsroom: Newsroom, shards: int) -> None:
    """The rows in use are those of the log, and so are the answers."""
    rows = MemoryRows()
    catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary)
    head = newsroom.store.head().position
    kept = newsroom.upkeep.store.current(ACTS)
    assert (kept.shards, kept.progress().checkpoint) == (shards, head)
    assert list(kept.all(head)) == list(rows.all(head))
    basis = newsroom.basis(None, None)
    for entity in ("place-1", "person-1"):
        expected = views.snapshot(without(newsroom), entity, basis)
        assert views.snapshot(newsroom, entity, basis) == expected


def finish(url: str, shards: int) -> None:
    """Let workers come to the end of the log, at the same time."""
    running = [working(url, shard, shards, "once") for shard in range(1, shards + 1)]
    for each in running:
        _, said = each.communicate()
        assert each.returncode == 0, said.decode()


@pytest.mark.parametrize("shards", some([3, 2]))
def test_rows_survive_dozens_of_kills_of_workers_at_any_moment(database: str, shards: int) -> None:
    chance = random.Random(20260305 + shards)
    with Newsroom.open(database) as newsroom:
        step = COUNT // turns(2, 8)
        for first in range(0, COUNT, step):
            fill(newsroom, *RECORDS[first : first + step], importing=True)
            running = [working(database, shard, shards) for shard in range(1, shards + 1)]
            for each in chance.sample(running, shards):
                kill_after(each, chance.randint(1, 8), chance)
            if first == 600:
                # The reader catches up himself, beside what the workers left.
                assert newsroom.upkeep.rows(ACTS, 750) is not None
        finish(database, shards)
        are_derived_from_the_log(newsroom, shards)


def test_rows_survive_kills_of_builders_and_workers_and_the_loss_of_the_schema(
    database: str, sql: psycopg.Connection
) -> None:
    chance = random.Random(20260307)
    with Newsroom.open(database) as newsroom:
        for turn in range(turns(2, 10)):
            if turn < 6:
                fill(newsroom, *RECORDS[turn * 200 : turn * 200 + 200], importing=True)
            running = [
                asking(database, "rebuild"),
                asking(database, "ask"),
                *(working(database, shard, 2) for shard in (1, 2)),
            ]
            for each in chance.sample(running, 4):
                kill_after(each, chance.randint(1, 8), chance)
            if turn % 4 == 1:
                sql.execute("DROP SCHEMA timeline_derived CASCADE")
        finish(database, 2)
        are_derived_from_the_log(newsroom, 2)
        # Built anew, with nothing of what was left, they are not found to differ.
        newsroom.upkeep.rebuild(ACTS)
        are_derived_from_the_log(newsroom, 2)
        newsroom.upkeep.rebuild(ACTS)
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'timeline_derived'"
    kinds = sorted(name.partition("_")[0] for (name,) in sql.execute(query))
    assert kinds == ["generations", "rows", "rows", "shards"]


def test_workers_that_start_at_once_build_the_rows_together_and_switch_once(database, sql) -> None:
    with Newsroom.open(database) as newsroom:
        fill(newsroom, *RECORDS, importing=True)
        assert newsroom.upkeep.rows(ACTS, COUNT).shards == 1
        for shards in (3, 2):
            finish(database, shards)
            are_derived_from_the_log(newsroom, shards)
    numbers = "SELECT shards FROM timeline_derived.generations WHERE switched IS NOT NULL"
    assert sorted(shards for (shards,) in sql.execute(numbers)) == [2, 3]


def test_a_worker_follows_the_log_until_it_is_told_to_stop(database, sql) -> None:
    checkpoint = "SELECT min(checkpoint) FROM timeline_derived.shards"
    with Newsroom.open(database) as newsroom:
        fill(newsroom, *RECORDS[:10], importing=True)
        for stop in (signal.SIGTERM, signal.SIGINT):
            running = timeline(database, "work")
            assert running.stdout is not None
            head = newsroom.store.head().position
            assert running.stdout.readline() == f"acts 2: up to date, at {head}\n".encode()
            fill(newsroom, *RECORDS[head : head + 10], importing=True)
            while sql.execute(checkpoint).fetchone()[0] < head + 10:
                assert running.poll() is None
            running.send_signal(stop)
            assert running.communicate() == (b"", b"")
            assert running.returncode == 0
        are_derived_from_the_log(newsroom, 1)
