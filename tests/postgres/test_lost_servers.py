"""Servers are killed while records are appended: what was acknowledged is there, once."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.examples import turns
from tests.running import REPOSITORY, environment
from tests.servers import server
from tests.store.test_conformance import append, draft
from timeline.errors import StoreError
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import make_database

WRITERS = 3


@contextmanager
def appending(url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that append until the block ends."""
    words = [sys.executable, "-m", "tests.postgres.appender", url]
    processes = [
        subprocess.Popen(
            [*words, f"writer{number}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            cwd=REPOSITORY,
        )
        for number in range(WRITERS)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def heard(process: subprocess.Popen[bytes], records: int) -> list[str]:
    """The ids of the next records that a process has been told are written."""
    assert process.stdout is not None
    return [process.stdout.readline().decode().strip() for _ in range(records)]


def rest(process: subprocess.Popen[bytes]) -> list[str]:
    """The ids of all others, once the process has been killed."""
    assert process.stdout is not None
    lines = process.stdout.readlines()
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def is_in_order(newsroom: Newsroom, acknowledged: list[str]) -> bool:
    """Whether all that was acknowledged is there, once, in a log without gaps."""
    ids = [record.id for record in newsroom.records()]
    positions = [entry.position for entry in newsroom.store.entries()]
    assert positions == list(range(1, len(ids) + 1))
    assert len(set(ids)) == len(ids)
    assert set(acknowledged) <= set(ids)
    return not newsroom.verify()["findings"]


def test_a_server_that_is_killed_again_and_again_loses_nothing_it_has_acknowledged():
    chance = random.Random(20260303)
    acknowledged: list[str] = []
    with server(fsync="off") as database:
        make_database(database.url())
        with appending(database.url()) as writers:
            for _ in range(turns(2, 4)):
                for writer in writers:
                    acknowledged += heard(writer, chance.randrange(1, 8))
                database.kill()
                database.start()
            for writer in writers:
                acknowledged += heard(writer, 3)
                writer.kill()
                acknowledged += rest(writer)
        with Newsroom.open(database.url()) as newsroom:
            assert is_in_order(newsroom, acknowledged)


def test_a_primary_is_lost_and_its_standby_goes_on(pair):
    primary, standby = pair
    both = f"postgresql://postgres@/postgres?host={primary.directory},{standby.directory}"
    acknowledged: list[str] = []
    with appending(both) as writers:
        for writer in writers:
            acknowledged += heard(writer, 10)
        primary.kill()
        standby.promote()
        for writer in writers:
            acknowledged += heard(writer, 20)
            writer.kill()
            acknowledged += rest(writer)
    with Newsroom.open(both) as newsroom:
        assert is_in_order(newsroom, acknowledged)


def test_a_replica_is_waited_for(pair):
    primary, standby = pair
    with Newsroom.open(primary.url()) as newsroom, Newsroom.open(standby.url()) as replica:
        append(newsroom.store, draft("a"))
        replica.wait_for(1)
        assert replica.store.find("a") == newsroom.store.find("a")
        with pytest.raises(StoreError, match=r"at position 1, and not at 2 after 0 s"):
            replica.wait_for(2, seconds=0)
        with pytest.raises(StoreError, match="read-only"):
            append(replica.store, draft("b"))
