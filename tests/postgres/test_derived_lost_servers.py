"""What is derived on replicas, and after servers were killed: never more than the log says."""

from __future__ import annotations

import random
import signal

import pytest

from tests.derived.busy import busy_log
from tests.examples import turns
from tests.killing import kill_after
from tests.postgres.test_derived import answers_from_rows
from tests.postgres.test_workers import are_derived_from_the_log, finish, timeline, working
from tests.rooms import fill
from tests.servers import server
from timeline.errors import UnreachableError
from timeline.index.catch_up import catch_up
from timeline.index.effects_index import ACTS
from timeline.index.memory_rows import MemoryRows
from timeline.index.projection import Progress
from timeline.index.shard_workers import AWAY, TRIES, work, worker
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import make_database

RECORDS = busy_log(600, merges=2)


@pytest.fixture
def lost():
    """A server with a log, which can be killed, and a newsroom in it."""
    with server(fsync="off") as database:
        make_database(database.url())
        with Newsroom.open(database.url()) as newsroom:
            fill(newsroom, *RECORDS[:20], importing=True)
            yield database, newsroom


def one_worker(newsroom):
    return worker(newsroom.store, newsroom.settings.vocabulary, newsroom.upkeep, 1, 1)


def test_a_worker_whose_server_goes_away_waits_for_it_and_goes_on(lost):
    database, newsroom = lost
    said, reached = [], []

    def wait(seconds):
        if seconds == AWAY and len(said) == 1:
            database.start()
        return False

    def told(projection, progress, last):
        reached.append((progress.checkpoint, last))

    assert one_worker(newsroom).fold(ACTS, 10).checkpoint == 10
    database.kill()
    work(one_worker(newsroom), newsroom.store, [ACTS], True, wait, told, said.append)
    assert reached == [(20, 20)]
    assert len(said) == 1


def test_the_command_says_that_it_waits_for_its_server(lost):
    database, newsroom = lost
    running = timeline(database.url(), "work")
    assert running.stdout.readline() == b"acts 2: up to date, at 20\n"
    database.kill()
    said = running.stderr.readline()
    assert b"the log postgresql://" in said and said.endswith(b"; waiting for it\n")
    database.start()
    fill(newsroom, *RECORDS[20:40], importing=True)
    # What was derived last may be lost with the server; then it is made again.
    while (progress := newsroom.upkeep.progress(ACTS)) is None or progress.checkpoint < 40:
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    assert running.communicate() == (b"", b"")
    assert running.returncode == 0


def test_a_worker_whose_server_stays_away_ends_at_last(lost):
    database, newsroom = lost
    waited, said = [], []

    def wait(seconds):
        waited.append(seconds)
        return False

    database.kill()
    with pytest.raises(UnreachableError):
        work(one_worker(newsroom), newsroom.store, [ACTS], False, wait, print, said.append)
    assert waited.count(AWAY) == TRIES
    assert len(said) == 1


def test_a_worker_that_waits_for_its_server_can_be_stopped(lost):
    database, newsroom = lost
    database.kill()
    work(
        one_worker(newsroom), newsroom.store, [ACTS], False, lambda seconds: seconds == AWAY, print
    )


def test_a_server_that_goes_away_in_the_middle_of_a_fold_is_no_fault_of_the_record(lost):
    database, newsroom = lost
    running = True

    def fold(record, ground):
        nonlocal running
        if record.position == 5 and running:
            running = False
            database.kill()
        assert ground.log.find(record.id) is not None
        return ACTS.fold(record, ground)

    projection, one = ACTS._replace(fold=fold), one_worker(newsroom)
    with pytest.raises(UnreachableError):
        one.fold(projection)
    database.start()
    assert newsroom.upkeep.store.sharded(ACTS, 1, True).progress() == Progress()
    assert one.fold(projection).checkpoint == 20
    rows = MemoryRows()
    catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary)
    assert list(newsroom.upkeep.store.current(ACTS).all(20)) == list(rows.all(20))


def test_a_replica_is_answered_from_the_rows_of_the_primary_and_what_is_new(pair):
    primary, standby = pair
    with Newsroom.open(primary.url()) as newsroom, Newsroom.open(standby.url()) as replica:
        fill(newsroom, *RECORDS[:100], importing=True)
        replica.wait_for(100)
        assert not answers_from_rows(replica, "place-1")
        assert newsroom.upkeep.rows(ACTS, 100) is not None
        for first in range(100, 300, 50):
            fill(newsroom, *RECORDS[first : first + 50], importing=True)
            replica.wait_for(first + 50)
            assert answers_from_rows(replica, "place-1")
            assert newsroom.upkeep.progress(ACTS).checkpoint == 100
        assert newsroom.upkeep.rebuild(ACTS).checkpoint == 300
        fill(newsroom, *RECORDS[300:320], importing=True)
        replica.wait_for(320)
        assert answers_from_rows(replica, "place-1")


def test_a_primary_is_lost_and_its_standby_goes_on_with_the_rows(pair):
    primary, standby = pair
    both = f"postgresql://postgres@/postgres?host={primary.directory},{standby.directory}"
    with Newsroom.open(both) as newsroom:
        fill(newsroom, *RECORDS[:300], importing=True)
        finish(both, 2)
        fill(newsroom, *RECORDS[300:350], importing=True)
    primary.kill()
    standby.promote()
    with Newsroom.open(both) as newsroom:
        kept = newsroom.upkeep.progress(ACTS)
        assert kept is not None and kept.checkpoint <= 350
        fill(newsroom, *RECORDS[350:], importing=True)
        finish(both, 2)
        are_derived_from_the_log(newsroom, 2)


def test_rows_never_know_more_than_the_log_of_a_server_that_was_killed():
    chance = random.Random(20260306)
    with server(fsync="off") as database:
        url = database.url()
        make_database(url)
        step = 600 // turns(2, 4)
        for first in range(0, 600, step):
            with Newsroom.open(url) as newsroom:
                fill(newsroom, *RECORDS[first : first + step], importing=True)
                running = [working(url, shard, 2) for shard in (1, 2)]
                kill_after(running[0], chance.randint(1, 8), chance)
            database.kill()
            running[1].communicate()
            database.start()
            with Newsroom.open(url) as newsroom:
                progress = newsroom.upkeep.progress(ACTS)
                assert progress is None or progress.checkpoint <= first + step
        finish(url, 2)
        with Newsroom.open(url) as newsroom:
            are_derived_from_the_log(newsroom, 2)
