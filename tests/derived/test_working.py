"""Workers: many processes keep the rows of one projection, and nobody need know how many."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.derived.busy import busy_log
from tests.examples import examples
from tests.rooms import event, fill, memory_newsroom
from tests.worlds.logs import NAMES, REPAIRS, logs, newsroom_with
from timeline.errors import StoreError
from timeline.index.catch_up import catch_up
from timeline.index.effects_index import ACTS
from timeline.index.index_manager import Upkeep
from timeline.index.memory_rows import MemoryRows
from timeline.index.projection import FOREVER, Opened, Projection
from timeline.index.shard_workers import ShardWorker
from timeline.log.protocol import share_of
from timeline.records import jsonl


def workers_of(newsroom, store, shards):
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    return [ShardWorker(log, vocabulary, store, each, shards) for each in range(1, shards + 1)]


def upkeep_of(newsroom, store):
    vocabulary = newsroom.settings.vocabulary
    return Upkeep(newsroom.store, vocabulary, store, lambda: (newsroom.store, vocabulary))


def expected(newsroom, until=None):
    rows = MemoryRows()
    catch_up(ACTS, rows, newsroom.store, newsroom.settings.vocabulary, until)
    return list(rows.all(FOREVER - 1))


def to_the_end(newsroom, projection, *workers):
    head = newsroom.store.head().position
    waiting = list(workers)
    while waiting:
        waiting = [each for each in waiting if each.fold(projection).checkpoint < head]
    for worker in workers:
        worker.fold(projection)


# Most of them name and rename entities, which is where a shard asks which of its rows stand.
records = st.one_of(logs(), logs(events=8, most=20, manners=[NAMES, REPAIRS + NAMES]))
turns = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=24)


@examples(150)
@given(records=records, shards=st.integers(1, 3), turns=turns)
def test_whoever_folds_whichever_shard_next_the_rows_are_the_same(kept, records, shards, turns):
    """Law 3, for workers. The turns that are nobody's are those of a reader who catches up."""
    newsroom, projection = newsroom_with(records), kept.projection()
    workers = workers_of(newsroom, kept.store, shards)
    for who, most in turns:
        if who < shards:
            workers[who].fold(projection, most)
        elif (rows := kept.store.current(projection)) is not None:
            upkeep_of(newsroom, kept.store).rows(projection, most)
            assert rows.progress().checkpoint >= min(most, len(records))
    to_the_end(newsroom, projection, *workers)
    rows = kept.store.current(projection)
    assert rows.shards == shards
    assert rows.progress() == rows.part(shards).progress()
    assert list(rows.all(FOREVER - 1)) == expected(newsroom)


def test_the_shards_of_a_busy_log_are_parts_of_its_rows(kept):
    newsroom, projection = newsroom_with(busy_log(600)), kept.projection()
    to_the_end(newsroom, projection, *workers_of(newsroom, kept.store, 3))
    rows = kept.store.current(projection)
    assert list(rows.all(FOREVER - 1)) == expected(newsroom)
    assert [rows.part(shard).progress().checkpoint for shard in (1, 2, 3)] == [600] * 3


def test_a_worker_needs_nothing_of_its_fellows(kept):
    """Entities are merged at position 200: each tells which of its own events name them."""
    newsroom, projection = newsroom_with(busy_log(600)), kept.projection()
    one, other = workers_of(newsroom, kept.store, 2)
    while one.fold(projection).checkpoint < 600:
        pass
    parts = [kept.store.sharded(projection, 2, False).part(shard) for shard in (1, 2)]
    assert [part.progress().checkpoint for part in parts] == [600, 0]
    assert kept.store.current(projection) is None
    to_the_end(newsroom, projection, other)
    assert list(kept.store.current(projection).all(FOREVER - 1)) == expected(newsroom)


@pytest.mark.parametrize("ahead", [0, 1])
def test_a_worker_who_is_behind_sees_what_stood_where_he_is(kept, ahead):
    """His fellow has closed rows since that stood when entities were merged."""
    people = [f"person-{number}" for number in range(12)]
    records = [
        event("joined", "2020", id=each, person=each, organisation=f"{each}-lab") for each in people
    ]
    merge = {"story": "story", "type": "same-entity", "entities": people, "reason": "r"}
    gone = [{"story": "story", "type": "retraction", "retracts": each} for each in people]
    newsroom = newsroom_with([*records, merge, *({**each, "reason": "r"} for each in gone)])
    projection, workers = kept.projection(), workers_of(newsroom, kept.store, 2)
    assert workers[1 - ahead].fold(projection, 12).checkpoint == 12
    assert workers[ahead].fold(projection).checkpoint == 25
    to_the_end(newsroom, projection, *workers)
    assert list(kept.store.current(projection).all(FOREVER - 1)) == expected(newsroom)


@pytest.mark.parametrize("shards", [2, 3])
def test_workers_fold_a_event_once_between_them_and_an_amendment_each(kept, shards):
    newsroom, folded = newsroom_with(busy_log(600)), []

    def fold(record, ground):
        folded.append(record.id)
        return ACTS.fold(record, ground)

    projection = kept.projection()._replace(fold=fold)
    to_the_end(newsroom, projection, *workers_of(newsroom, kept.store, shards))
    amendments = {each.topic for each in newsroom.settings.vocabulary if each.is_amendment}
    times = Counter(folded)
    for entry in newsroom.store.entries():
        wanted = shards if entry.topic in amendments else 1
        assert times[jsonl.content_of(entry)["id"]] == wanted
    assert list(kept.store.current(projection).all(FOREVER - 1)) == expected(newsroom)


def test_a_worker_reads_no_event_in_full_for_an_amendment_of_others_alone(kept):
    """It comes to know where the event is, and asks nothing more of the log."""
    records = [event("happened", "2020", id=f"h{number}", about=["lab"]) for number in (1, 2)]
    dispute = {"story": "story", "type": "dispute", "disputes": "h2", "reason": "r"}
    newsroom = newsroom_with([*records, dispute])
    asked = []
    newsroom.store.amendments_of = lambda id: asked.append(id) or []
    projection = kept.projection()
    for worker in workers_of(newsroom, kept.store, 2):
        assert worker.fold(projection).checkpoint == 3
        asked.append(worker.shard)
    assert share_of(2, 2) == 1
    assert asked == ["h2", 1, 2]


def test_what_stands_is_told_of_the_events_of_the_shards_that_are_written(kept):
    rows = kept.rows(2)
    with rows.writing() as writer:
        writer.write(Opened("a", number, number, b"x") for number in (1, 2, 3, 4))
    found = [rows.part(1), rows.part(2), rows]
    stood = []
    for each in found:
        with each.writing() as writer:
            stood.append([sorted(writer.standing(["a"], at)) for at in (2, 4)])
    assert stood == [[[2], [2, 4]], [[1], [1, 3]], [[1, 2], [1, 2, 3, 4]]]


def test_a_event_that_writes_rows_of_another_breaks_the_promise_of_a_fold(half):
    newsroom, _ = half
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    broken = Projection("broken", 1, lambda record, ground: [Opened("a", 1, record.position, b"")])
    rows = MemoryRows()
    assert catch_up(broken, rows, log, vocabulary, 1).checkpoint == 1
    with pytest.raises(AssertionError, match=r"2 writes rows of \{1\}"):
        catch_up(broken, rows, log, vocabulary, 2)


@pytest.fixture
def half():
    """A newsroom in which half of a busy log was recorded, and the other half."""
    records = busy_log(400)
    newsroom = memory_newsroom()
    fill(newsroom, *records[:200], importing=True)
    return newsroom, records[200:]


@pytest.mark.parametrize(("before", "now"), [(1, 3), (3, 1), (2, 3)])
def test_rows_in_another_number_of_shards_are_used_until_the_new_ones_are_there(
    kept, half, before, now
):
    newsroom, more = half
    projection = kept.projection()
    to_the_end(newsroom, projection, *workers_of(newsroom, kept.store, before))
    asking = upkeep_of(newsroom, kept.store)
    old = asking.rows(projection, 200)
    workers = workers_of(newsroom, kept.store, now)
    for worker in workers[1:]:
        worker.fold(projection)
    fill(newsroom, *more, importing=True)
    assert list(asking.rows(projection, 400).all(400)) == expected(newsroom)
    to_the_end(newsroom, projection, *workers)
    new = asking.rows(projection, 400)
    assert (old.shards, new.shards) == (before, now)
    assert list(new.all(400)) == expected(newsroom)
    # Who was in the middle of a question goes on with what he had.
    assert list(old.all(400)) == expected(newsroom)


def test_workers_of_another_number_take_over_and_the_old_ones_stop(kept, half):
    newsroom, _ = half
    projection = kept.projection()
    old, new = (workers_of(newsroom, kept.store, shards) for shards in (2, 3))
    to_the_end(newsroom, projection, *old)
    to_the_end(newsroom, projection, *new)
    for worker in old:
        with pytest.raises(StoreError, match="have 3 shards now, and not 2"):
            worker.fold(projection)
    assert kept.store.current(projection).shards == 3


def test_rebuilding_keeps_the_number_of_shards(kept, half):
    newsroom, more = half
    projection = kept.projection()
    workers = workers_of(newsroom, kept.store, 2)
    to_the_end(newsroom, projection, *workers)
    assert upkeep_of(newsroom, kept.store).rebuild(projection).checkpoint == 200
    fill(newsroom, *more, importing=True)
    to_the_end(newsroom, projection, *workers)
    rows = kept.store.current(projection)
    assert rows.shards == 2
    assert list(rows.all(400)) == expected(newsroom)


def test_whoever_asks_before_the_workers_are_done_goes_on_with_their_rows(kept, half):
    newsroom, more = half
    projection = kept.projection()
    workers = workers_of(newsroom, kept.store, 3)
    workers[1].fold(projection, 120)
    rows = upkeep_of(newsroom, kept.store).rows(projection, 200)
    assert rows.shards == 3
    fill(newsroom, *more, importing=True)
    to_the_end(newsroom, projection, *workers)
    assert list(kept.store.current(projection).all(400)) == expected(newsroom)


def test_rows_of_a_log_that_was_replaced_by_another_are_built_anew(kept, half):
    newsroom, _ = half
    projection = kept.projection()
    to_the_end(newsroom, projection, *workers_of(newsroom, kept.store, 2))
    other = newsroom_with(busy_log(150, seed=4))
    to_the_end(other, projection, *workers_of(other, kept.store, 2))
    assert list(kept.store.current(projection).all(FOREVER - 1)) == expected(other)


def test_what_workers_left_unfinished_of_another_log_is_not_used(kept, half):
    newsroom, _ = half
    projection = kept.projection()
    workers_of(newsroom, kept.store, 2)[0].fold(projection)
    other = newsroom_with(busy_log(150, seed=4))
    to_the_end(other, projection, *workers_of(other, kept.store, 2))
    assert list(kept.store.current(projection).all(FOREVER - 1)) == expected(other)
