"""The index on replicas, and after servers were killed: it never knows more than the log."""

from __future__ import annotations

import random
import signal

import pytest

from tests.examples import turns
from tests.index.busy import busy_log
from tests.index.rooms import rows_of
from tests.killing import kill_after
from tests.postgres.test_index import answers_from_rows
from tests.postgres.test_index_kills import finish, indexing, is_derived_from_the_log, timeline
from tests.rooms import fill
from tests.servers import server
from timeline.errors import UnreachableError
from timeline.index import catch_up
from timeline.index.effects_index import VERSION, fold
from timeline.index.follow import RETRY, TRIES, follow
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


def follow_from(newsroom, once, wait, unreachable=print, reached=print):
    follow(newsroom.index, newsroom.store, once, wait, reached, unreachable)


def test_a_follower_whose_server_goes_away_waits_for_it_and_goes_on(lost):
    database, newsroom = lost
    said, reached = [], []

    def wait(seconds):
        if seconds == RETRY and len(said) == 1:
            database.start()
        return False

    assert newsroom.index.catch_up().position == 20
    database.kill()
    follow_from(newsroom, True, wait, said.append, reached.append)
    assert reached == [20]
    assert len(said) == 1


def test_the_command_says_that_it_waits_for_its_server(lost):
    database, newsroom = lost
    running = timeline(database.url(), "work")
    assert running.stdout.readline() == f"effects {VERSION}: up to date, at 20\n".encode()
    database.kill()
    said = running.stderr.readline()
    assert b"the log postgresql://" in said and said.endswith(b"; trying again\n")
    database.start()
    fill(newsroom, *RECORDS[20:40], importing=True)
    # What was derived last may be lost with the server; then it is made again.
    while (progress := newsroom.index.checkpoint()) is None or progress.position < 40:
        assert running.poll() is None
    running.send_signal(signal.SIGTERM)
    assert running.communicate() == (b"", b"")
    assert running.returncode == 0


def test_a_follower_whose_server_stays_away_ends_at_last(lost):
    database, newsroom = lost
    waited, said = [], []

    def wait(seconds):
        waited.append(seconds)
        return False

    database.kill()
    with pytest.raises(UnreachableError):
        follow_from(newsroom, False, wait, said.append)
    assert waited.count(RETRY) == TRIES
    assert len(said) == 1


def test_a_follower_that_waits_for_its_server_can_be_stopped(lost):
    database, newsroom = lost
    database.kill()
    follow_from(newsroom, False, lambda seconds: seconds == RETRY)


def test_a_server_that_goes_away_in_the_middle_of_a_fold_is_no_fault_of_the_record(
    lost, monkeypatch
):
    database, newsroom = lost
    assert newsroom.index.catch_up().position == 20
    fill(newsroom, *RECORDS[20:40], importing=True)
    running = True

    def broken(record, context):
        nonlocal running
        if record.position == 25 and running:
            running = False
            database.kill()
        assert context.log.find(record.id) is not None
        return fold(record, context)

    monkeypatch.setattr(catch_up, "fold", broken)
    with pytest.raises(UnreachableError):
        newsroom.index.catch_up()
    database.start()
    kept = newsroom.index.checkpoint()
    assert kept is None or (kept.unreadable == 0 and kept.position <= 20)
    assert newsroom.index.catch_up()[::2] == (40, 0)
    assert list(newsroom.index.store.current().all(40)) == list(rows_of(newsroom).all(40))


def test_a_replica_is_answered_from_the_rows_of_the_primary_and_what_is_new(pair):
    primary, standby = pair
    with Newsroom.open(primary.url()) as newsroom, Newsroom.open(standby.url()) as replica:
        fill(newsroom, *RECORDS[:100], importing=True)
        replica.wait_for(100)
        assert not answers_from_rows(replica, "place-1")
        assert newsroom.index.rows(100) is not None
        for first in range(100, 300, 50):
            fill(newsroom, *RECORDS[first : first + 50], importing=True)
            replica.wait_for(first + 50)
            assert answers_from_rows(replica, "place-1")
            assert newsroom.index.checkpoint().position == 100
        assert newsroom.index.rebuild().checkpoint.position == 300
        fill(newsroom, *RECORDS[300:320], importing=True)
        replica.wait_for(320)
        assert answers_from_rows(replica, "place-1")


def test_a_primary_is_lost_and_its_standby_goes_on_with_the_rows(pair):
    primary, standby = pair
    both = f"postgresql://postgres@/postgres?host={primary.directory},{standby.directory}"
    with Newsroom.open(both) as newsroom:
        fill(newsroom, *RECORDS[:300], importing=True)
        finish(both)
        fill(newsroom, *RECORDS[300:350], importing=True)
    primary.kill()
    standby.promote()
    with Newsroom.open(both) as newsroom:
        kept = newsroom.index.checkpoint()
        assert kept is not None and kept.position <= 350
        fill(newsroom, *RECORDS[350:], importing=True)
        finish(both)
        is_derived_from_the_log(newsroom)


def test_rows_never_know_more_than_the_log_of_a_server_that_was_killed():
    chance = random.Random(20260306)
    with server(fsync="off") as database:
        url = database.url()
        make_database(url)
        step = 600 // turns(2, 4)
        for first in range(0, 600, step):
            with Newsroom.open(url) as newsroom:
                fill(newsroom, *RECORDS[first : first + step], importing=True)
                running = [indexing(url, "follow") for _ in range(2)]
                kill_after(running[0], chance.randint(1, 8), chance)
            database.kill()
            running[1].communicate()
            database.start()
            with Newsroom.open(url) as newsroom:
                progress = newsroom.index.checkpoint()
                assert progress is None or progress.position <= first + step
        finish(url)
        with Newsroom.open(url) as newsroom:
            is_derived_from_the_log(newsroom)
