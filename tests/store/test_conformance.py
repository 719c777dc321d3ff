"""What every store promises: one suite that all of them run."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.batches import writing
from tests.examples import examples
from tests.rooms import SOURCE
from tests.worlds.logs import logs
from timeline.errors import InputError
from timeline.log.postgres.log import PostgresLog
from timeline.log.sqlite.log import SQLiteLog, create
from timeline.records.record import Draft
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

STORES = ["memory", "sqlite", "postgres"]


def make(store, directory, databases):
    if store == "memory":
        return SQLiteLog(None)
    if store == "postgres":
        return PostgresLog(databases())
    path = directory / "log.sqlite"
    create(path, "{}", 0)
    return SQLiteLog(path)


@pytest.fixture(params=STORES)
def log(request, tmp_path, databases):
    log = make(request.param, tmp_path, databases)
    yield log
    log.close()


def draft(id, story="story", **more):
    record = {"id": id, "story": story, "type": "happened", "when": "2026", "about": ["x"]}
    found = validate({**record, "sources": SOURCE, **more}, Vocabulary())
    assert isinstance(found, Draft)
    return found


def append(log, *drafts, at=1_000):
    with writing(log, at) as batch:
        added = [batch.add(each) for each in drafts]
    return [each and each.entry for each in added]


def test_an_empty_log_has_no_head(log):
    assert log.head() == (0, None)
    assert list(log.entries()) == []
    assert log.position_at(10**18) == 0
    assert log.find("a") is None
    assert log.stories() == {}


def test_positions_count_from_one_without_gaps_across_batches(log):
    append(log, draft("a"), draft("b", story="other"))
    append(log, draft("c"))
    assert [entry.position for entry in log.entries()] == [1, 2, 3]


def test_each_story_counts_its_own_versions(log):
    append(log, draft("a"), draft("b", story="other"), draft("c"))
    assert [(entry.story, entry.version) for entry in log.entries()] == [
        ("story", 1),
        ("other", 1),
        ("story", 2),
    ]
    assert log.stories() == {"other": 1, "story": 2}
    assert log.story_version("story") == 2
    assert log.story_version("none") == 0


def test_recorded_at_is_held_when_the_clock_steps_back(log):
    append(log, draft("a"), at=2_000)
    append(log, draft("b"), at=1_000)
    append(log, draft("c"), at=3_000)
    assert [entry.recorded_at for entry in log.entries()] == [2_000, 2_000, 3_000]


def test_a_batch_is_wholly_written_or_not_at_all(log):
    append(log, draft("a"))
    with pytest.raises(InputError), writing(log) as batch:
        batch.add(draft("b"))
        batch.add(draft("c", story="other"))
        raise InputError("no")
    assert log.head().position == 1
    assert log.find("b") is None
    assert log.stories() == {"story": 1}
    append(log, draft("d"))
    assert [entry.position for entry in log.entries()] == [1, 2]


def test_a_batch_sees_what_it_has_added_and_others_do_not(log):
    with writing(log) as batch:
        batch.add(draft("a"))
        assert batch.find("a").position == 1
        assert batch.head().position == 1
        # A log in memory has one connection for its one user.
        assert log.find("a") is None or log.facts().where == "memory"


def test_an_id_that_is_taken_is_not_written_twice(log):
    append(log, draft("a"))
    assert append(log, draft("a", headline="other")) == [None]
    with writing(log) as batch:
        batch.add(draft("b"))
        assert batch.add(draft("b")) is None
        assert batch.add(draft("c")).position == 3
    assert [entry.position for entry in log.entries()] == [1, 2, 3]


def test_foreseeing_ids_changes_no_answer(log):
    append(log, draft("a"))
    with writing(log) as batch:
        batch.prefetch(["a", "b", "c", "a\0", *(f"none-{number}" for number in range(1200))])
        assert batch.find("a").position == 1
        assert batch.find("b") is None
        assert batch.add(draft("a")) is None
        assert batch.add(draft("b", story="other")).position == 2
        assert batch.add(draft("b")) is None
        assert batch.add(draft("unforeseen")).position == 3
        batch.prefetch(["c"])
        assert batch.find("b").story == "other"
        assert batch.add(draft("unforeseen")) is None
        assert [batch.story_version(story) for story in ("other", "story")] == [1, 2]
    assert [entry.position for entry in log.entries()] == [1, 2, 3]
    assert log.find("b").story == "other"


def test_amendments_are_found_by_the_event_they_name(log):
    retraction = validate(
        {"id": "b", "story": "other", "type": "retraction", "retracts": "a", "reason": "r"},
        Vocabulary(),
    )
    append(log, draft("a"), retraction, draft("c"))
    assert [entry.position for entry in log.amendments_of("a")] == [2]
    assert log.amendments_of("c") == []


def test_an_amendment_is_found_by_each_event_it_names(log):
    def valid(record):
        found = validate({"story": "story", "reason": "r", **record}, Vocabulary())
        assert isinstance(found, Draft)
        return found

    append(
        log,
        *(draft(id) for id in ("a", "b", "c")),
        valid({"id": "d", "type": "conflict", "between": ["c", "a"]}),
        valid({"id": "e", "type": "resolution", "chosen": "a", "over": ["c"]}),
        valid({"id": "f", "type": "same-entity", "entities": ["a", "b"]}),
    )
    found = {id: [entry.position for entry in log.amendments_of(id)] for id in ("a", "b", "c")}
    assert found == {"a": [4, 5], "b": [], "c": [4, 5]}


def test_entries_are_found_by_their_topic(log):
    def published(id):
        return validate(
            {"id": id, "story": "story", "type": "publication", "name": id}, Vocabulary()
        )

    topic = Vocabulary()["publication"].topic
    assert log.of_type(topic) == []
    append(log, draft("a"), published("b"), draft("c", story="other"), published("d"))
    with writing(log) as batch:
        batch.add(published("e"))
        assert [entry.position for entry in batch.of_type(topic)] == [2, 4, 5]
    assert [entry.position for entry in log.of_type(topic)] == [2, 4, 5]
    assert log.of_type(topic) == [entry for entry in log.entries() if entry.topic == topic]


def test_the_entries_of_a_story_are_cut_at_both_sides(log):
    append(log, draft("a"), draft("x", "other"), draft("b"), draft("c"), draft("y", "other"))
    assert [entry.version for entry in log.select_events("story")] == [1, 2, 3]
    assert [entry.position for entry in log.select_events("story", gt=1)] == [3, 4]
    assert [entry.position for entry in log.select_events("story", gt=1, lte=2)] == [3]
    assert log.select_events("story", gt=3) == log.select_events("none") == []


def test_an_instant_means_the_last_position_recorded_by_then(log):
    for number in range(1, 6):
        append(log, draft(f"{number}a"), draft(f"{number}b"), at=number * 100)
    assert [log.position_at(t) for t in (99, 100, 199, 200, 500, 501)] == [0, 2, 2, 4, 10, 10]


def test_entries_are_cut_at_both_sides(log):
    append(log, *(draft(str(number)) for number in range(1, 10)))
    assert [entry.position for entry in log.entries(after=3, until=6)] == [4, 5, 6]
    assert list(log.entries(after=9)) == []
    assert list(log.entries(until=0)) == []


def test_more_entries_than_fit_a_page_come_in_order(log):
    append(log, *(draft(str(number)) for number in range(4_500)))
    assert [entry.position for entry in log.entries()] == list(range(1, 4_501))


@examples(60, few=15)
@given(records=logs())
def test_all_stores_keep_the_same_bytes(tmp_path_factory, databases, records):
    """Law 4, between stores."""
    drafts = [validate(record, Vocabulary()) for record in records]
    kept = []
    for store in STORES:
        log = make(store, tmp_path_factory.mktemp("store"), databases)
        append(log, *drafts)
        kept.append(list(log.entries()))
        log.close()
    assert kept[0] == kept[1] == kept[2]
