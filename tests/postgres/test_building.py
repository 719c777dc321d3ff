"""Law 3 in a database: built by one process or side by side, cut off or not, rows are the same."""

from __future__ import annotations

from functools import partial

import psycopg
import pytest

from tests.derived.busy import busy_log
from tests.postgres.test_workers import are_derived_from_the_log, finish
from tests.rooms import fill
from timeline.index import building, index_manager
from timeline.index.building import build
from timeline.index.catch_up import Folding, anchor_of, catch_up
from timeline.index.effects_index import ACTS
from timeline.index.memory_rows import MemoryRows
from timeline.index.parallel_build import nothing
from timeline.index.postgres.index_tables import PostgresDerived
from timeline.index.postgres.rows import PostgresRows
from timeline.index.projection import Closed, Opened, Progress
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import open_log

COUNT = 900


@pytest.fixture(scope="module")
def room(databases):
    """A database with a busy log, in whose middle entities are merged."""
    url = databases()
    with Newsroom.open(url) as newsroom:
        fill(newsroom, *busy_log(COUNT, merges=1), importing=True)
        yield url, newsroom


@pytest.fixture(scope="module")
def expected(room):
    """The rows folded in one by one, in memory."""
    rows = MemoryRows()
    _, newsroom = room
    catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary)
    return list(rows.all(COUNT))


@pytest.fixture(params=[1, 3], ids=["one shard", "three shards"])
def rows(request, room):
    """New rows of that log, which nobody asks for."""
    url, newsroom = room
    store = PostgresDerived(url, "test", newsroom.store.readers)
    rows = store.sharded(ACTS, request.param, anew=True)
    yield rows
    store.discard(rows)
    store.close()


def tables(url: str) -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'timeline_derived'"
    with psycopg.connect(url) as connection:
        return {name for (name,) in connection.execute(query)}


def spooled(url: str) -> set[str]:
    return {name for name in tables(url) if name.startswith(("opened_", "closed_", "done_"))}


def spool(room, rows: PostgresRows, *stretches: tuple[int, int]) -> None:
    """What a process of a build has left that was killed."""
    _, newsroom = room
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    spool = rows.spools().open(0)
    for after, until in stretches:
        folding = Folding(ACTS, log, vocabulary, after, nothing)
        spool.write((after, until), anchor_of(log, until), folding.rows(until))
    spool.close()


def test_processes_side_by_side_give_the_same_rows(room, rows, expected):
    told = []
    url, _ = room
    progress = build(ACTS, rows, partial(open_log, url), 2, told.append, 40)
    assert (progress.checkpoint, progress.problem) == (COUNT, None)
    assert list(rows.all(COUNT)) == expected
    assert told == sorted(told) and told[-1] == COUNT
    assert spooled(url) == set()


@pytest.mark.parametrize(
    "left",
    [[(0, 40), (80, 120), (160, 200)], [(0, 40), (80, 101)], [(0, 40), (40, 80), (40, 80)]],
    ids=["with gaps", "of a shorter log", "twice"],
)
def test_a_build_that_was_cut_off_goes_on_with_what_was_folded(room, rows, expected, left):
    spool(room, rows, *left)
    told = []
    url, _ = room
    build(ACTS, rows, partial(open_log, url), 2, told.append, 40)
    assert told[0] == len({place for stretch in left for place in range(*stretch)})
    assert list(rows.all(COUNT)) == expected


def test_a_stretch_that_is_half_in_the_rows_is_folded_again(room, rows, expected):
    url, newsroom = room
    catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary, 100)
    spool(room, rows, (0, 160))
    build(ACTS, rows, partial(open_log, url), 2, stretch=40)
    assert list(rows.all(COUNT)) == expected


def test_what_a_build_that_was_cut_off_has_left_is_gone_when_one_process_ends_it(
    room, rows, expected
):
    spool(room, rows, (0, 120))
    url, _ = room
    build(ACTS, rows, partial(open_log, url), jobs=1)
    assert list(rows.all(COUNT)) == expected
    assert spooled(url) == set()


@pytest.mark.parametrize("ahead", [90, 130, 400])
def test_what_a_worker_has_folded_meanwhile_is_put_in_once(room, rows, expected, ahead):
    """A worker has gone on with his shard while others built all of them side by side."""
    _, newsroom = room
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    spool(room, rows, (0, 120), (120, 250), (250, 400))
    catch_up(ACTS, rows.part(1), log, vocabulary, ahead)
    rows.absorb(Progress(400, anchor_of(log, 400)))
    assert rows.progress() == Progress(400, anchor_of(log, 400))
    catch_up(ACTS, rows, log, vocabulary)
    assert list(rows.all(COUNT)) == expected


def test_a_row_that_comes_twice_is_closed_by_the_first_that_closes_it(rows):
    """The log ended at 5 when a process was killed; another has folded up to 9."""
    spools = [rows.spools().open(number) for number in (0, 1)]
    row = Opened("a", 1, 1, b"x")
    spools[0].write((0, 5), "five", [row])
    spools[1].write((0, 9), "nine", [row, Closed("a", 1, 7)])
    for each in spools:
        each.close()
    rows.absorb(Progress(9, "nine"))
    assert list(rows.all(9)) == [("a", 1, 1, 7, b"x")]


def test_rebuilding_uses_as_many_processes_as_it_is_told(database, monkeypatch):
    monkeypatch.setattr(index_manager, "build", partial(building.build, stretch=40))
    with Newsroom.open(database) as newsroom:
        fill(newsroom, *busy_log(COUNT, merges=1), importing=True)
        finish(database, 2)
        newsroom.upkeep.jobs = 2
        assert newsroom.upkeep.rebuild(ACTS).checkpoint == COUNT
        are_derived_from_the_log(newsroom, 2)
    assert spooled(database) == set()
