"""Followers of a database, killed at any moment and started again, keep the index of its log."""

from __future__ import annotations

import random
import signal
import subprocess
import sys

import psycopg

from tests import views
from tests.examples import turns
from tests.index.busy import busy_log
from tests.index.rooms import rows_of, without_index
from tests.killing import kill_after
from tests.rooms import fill
from tests.running import PROGRAM, REPOSITORY, environment
from timeline.index.effects_index import VERSION
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


def indexing(url: str, what: str) -> subprocess.Popen[bytes]:
    return process("-m", "tests.robustness.indexer", url, what)


def timeline(url: str, *words: str) -> subprocess.Popen[bytes]:
    return process(*PROGRAM[3:], "--log", url, *words)


def is_derived_from_the_log(newsroom: Newsroom) -> None:
    """The rows in use are those of the log, and so are the answers."""
    head = newsroom.store.head().position
    kept = newsroom.index.store.current()
    assert kept.checkpoint().position == head
    assert list(kept.all(head)) == list(rows_of(newsroom).all(head))
    basis = newsroom.basis(None, None)
    for entity in ("place-1", "person-1"):
        expected = views.snapshot(without_index(newsroom), entity, basis)
        assert views.snapshot(newsroom, entity, basis) == expected


def finish(url: str, followers: int = 1) -> None:
    """Let followers come to the end of the log, at the same time."""
    running = [indexing(url, "finish") for _ in range(followers)]
    for each in running:
        _, said = each.communicate()
        assert each.returncode == 0, said.decode()


def test_rows_survive_dozens_of_kills_of_followers_at_any_moment(database: str) -> None:
    chance = random.Random(20260305)
    with Newsroom.open(database) as newsroom:
        step = COUNT // turns(2, 8)
        for first in range(0, COUNT, step):
            fill(newsroom, *RECORDS[first : first + step], importing=True)
            running = [indexing(database, "follow") for _ in range(2)]
            for each in chance.sample(running, 2):
                kill_after(each, chance.randint(1, 8), chance)
            if first == 600:
                # The reader catches up by itself, after what the followers left.
                assert newsroom.index.rows(first) is not None
        finish(database, 2)
        is_derived_from_the_log(newsroom)


def test_rows_survive_kills_of_builders_and_followers_and_the_loss_of_the_schema(
    database: str, sql: psycopg.Connection
) -> None:
    chance = random.Random(20260307)
    with Newsroom.open(database) as newsroom:
        for turn in range(turns(2, 10)):
            if turn < 6:
                fill(newsroom, *RECORDS[turn * 200 : turn * 200 + 200], importing=True)
            running = [indexing(database, what) for what in ("rebuild", "ask", "follow")]
            for each in chance.sample(running, 3):
                kill_after(each, chance.randint(1, 8), chance)
            if turn % 4 == 3:
                sql.execute("DROP SCHEMA timeline_derived CASCADE")
        finish(database)
        is_derived_from_the_log(newsroom)
        for _ in range(2):
            newsroom.index.rebuild()
            is_derived_from_the_log(newsroom)
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'timeline_derived'"
    kinds = sorted(name.partition("_")[0] for (name,) in sql.execute(query))
    assert kinds == ["builds", "rows", "rows", "tracking", "tracking"]


def test_followers_that_start_at_once_build_the_index_once(database, sql) -> None:
    with Newsroom.open(database) as newsroom:
        fill(newsroom, *RECORDS, importing=True)
        finish(database, 3)
        is_derived_from_the_log(newsroom)
    assert sql.execute("SELECT number FROM timeline_derived.builds").fetchall() == [(1,)]


def test_a_follower_follows_the_log_until_it_is_told_to_stop(database, sql) -> None:
    checkpoint = "SELECT notification_id FROM timeline_derived.tracking_1"
    with Newsroom.open(database) as newsroom:
        fill(newsroom, *RECORDS[:10], importing=True)
        for stop in (signal.SIGTERM, signal.SIGINT):
            running = timeline(database, "work")
            assert running.stdout is not None
            head = newsroom.store.head().position
            assert (
                running.stdout.readline() == f"effects {VERSION}: up to date, at {head}\n".encode()
            )
            fill(newsroom, *RECORDS[head : head + 10], importing=True)
            while sql.execute(checkpoint).fetchone()[0] < head + 10:
                assert running.poll() is None
            running.send_signal(stop)
            assert running.communicate() == (b"", b"")
            assert running.returncode == 0
        is_derived_from_the_log(newsroom)
