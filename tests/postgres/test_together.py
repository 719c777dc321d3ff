"""Batches that keep nobody from writing: placed after whatever came in between, or tried again."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from hypothesis import given

from tests.batches import writing
from tests.examples import examples
from tests.rooms import event
from tests.store.test_conformance import append, draft
from tests.worlds.logs import logs
from timeline.errors import ConflictError, InputError
from timeline.log.postgres.create_database import make
from timeline.log.protocol import AppendConditionFailedError
from timeline.newsroom.append import Appender, RawRecord
from timeline.newsroom.newsroom import Newsroom
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary


@pytest.fixture
def newsroom(database):
    with Newsroom.open(database) as newsroom:
        yield newsroom


@pytest.fixture
def log(newsroom):
    return newsroom.store


def retraction(id, of):
    record = {"id": id, "story": "story", "type": "retraction", "retracts": of, "reason": "r"}
    return validate(record, Vocabulary())


def test_a_batch_comes_after_what_others_wrote_in_the_meantime(log):
    append(log, draft("a"), at=1_000)
    with writing(log, 2_000, exclusive=False) as batch:
        batch.prefetch(["b", "c"])
        given = [batch.add(draft("b")), batch.add(draft("c", story="new"))]
        append(log, draft("x"), draft("y", story="new"), at=3_000)
    entries = [each.entry for each in given]
    assert entries == [log.find("b"), log.find("c")]
    assert [(e.position, e.version, e.recorded_at) for e in entries] == [
        (4, 3, 3_000),
        (5, 2, 3_000),
    ]
    assert [entry.position for entry in log.entries()] == [1, 2, 3, 4, 5]


LOOKS = {
    "its own id": (lambda batch: batch.add(draft("new")), lambda: draft("new")),
    "a record": (lambda batch: batch.find("new"), lambda: draft("new")),
    "amendments": (lambda batch: batch.amendments_of("a"), lambda: retraction("r", "a")),
    "a type": (
        lambda batch: batch.of_type(Vocabulary()["retraction"].topic),
        lambda: retraction("r", "a"),
    ),
    "a version": (lambda batch: batch.story_version("other"), lambda: draft("x", story="other")),
    "all entries": (lambda batch: list(batch.entries()), lambda: draft("x")),
}


@pytest.mark.parametrize("looks", LOOKS)
def test_a_batch_is_not_written_if_what_it_looked_at_has_changed(log, looks):
    look, interfere = LOOKS[looks]
    append(log, draft("a"))
    with pytest.raises(AppendConditionFailedError), writing(log, 1_000, exclusive=False) as batch:
        look(batch)
        batch.add(draft("b"))
        append(log, interfere())
    assert log.head().position == 2
    assert log.find("b") is None


@pytest.mark.parametrize("looks", LOOKS)
def test_a_batch_sees_nothing_that_came_after_it_had_begun(log, looks):
    look, interfere = LOOKS[looks]
    append(log, draft("a"))
    with pytest.raises(AppendConditionFailedError), writing(log, 1_000, exclusive=False) as batch:
        before = batch.head()
        append(log, interfere())
        assert batch.find("new") is None
        assert batch.amendments_of("a") == []
        assert [entry.position for entry in batch.entries()] == [1]
        look(batch)
        assert batch.head().position - before.position <= 1
        batch.add(draft("b"))
    assert log.find("b") is None


def test_what_was_interfered_with_is_tried_again_holding_the_turn(newsroom, monkeypatch):
    held = []
    admit_all = Appender._admit_all

    def admitted(self, insertion, *rest):
        admit_all(self, insertion, *rest)
        held.append(insertion.batch.is_exclusive)
        if not held[-1]:
            append(newsroom.store, draft("same"))

    monkeypatch.setattr(Appender, "_admit_all", admitted)
    outcome = Appender(newsroom, lambda: 1_000).write([RawRecord(dict(draft("same").content))])
    assert held == [False, True]
    assert (outcome.added, outcome.known, outcome.last.position) == (0, 1, 1)


def test_a_log_that_was_set_back_is_written_by_who_had_seen_more(newsroom, database):
    """Such as one that a standby goes on with that was not synchronous."""
    for id in ("a", "b", "c"):
        Appender(newsroom, lambda: 1_000).write([RawRecord(dict(draft(id).content))])
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("DROP SCHEMA timeline CASCADE")
        make(database, '{"name": "test"}')
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    Appender(newsroom, lambda: 1_000).write([RawRecord(dict(draft("d").content))])
    assert [entry.position for entry in newsroom.store.entries()] == [1]


def test_of_two_who_expect_the_same_version_one_is_told(newsroom):
    def write(name):
        writer = Appender(newsroom, lambda: 1_000, expected={"story": 0})
        try:
            return writer.write([RawRecord(event("happened", "2026", id=name, about=["x"]))])
        except ConflictError:
            return None

    with ThreadPoolExecutor(8) as writers:
        outcomes = list(writers.map(write, map(str, range(8))))
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1
    assert newsroom.store.stories() == {"story": 1}


def test_the_same_record_from_many_is_written_once_and_acknowledged_to_all(newsroom):
    record = event("happened", "2026", id="a", about=["x"])

    def write(_):
        return Appender(newsroom, lambda: 1_000).write([RawRecord(record)])

    with ThreadPoolExecutor(8) as writers:
        outcomes = list(writers.map(write, range(8)))
    assert sorted(outcome.added for outcome in outcomes) == [0] * 7 + [1]
    assert {outcome.last.position for outcome in outcomes} == {1}


@examples(20, few=5)
@given(records=logs())
def test_records_from_many_at_once_are_those_from_one_after_the_other(databases, records):
    """Whatever order they come in, the log is one that a single writer might have written."""
    shuffled = random.Random(len(records)).sample(records, len(records))
    with Newsroom.open(databases()) as newsroom, Newsroom.open(databases()) as single:

        def is_refused(record):
            try:
                Appender(newsroom, lambda: 1_000).write([RawRecord(record)])
            except InputError:
                return True
            return False

        with ThreadPoolExecutor(4) as writers:
            refused = sum(writers.map(is_refused, shuffled))
        kept = list(newsroom.records())
        assert len(kept) + refused == len(records)
        for record in kept:
            Appender(single, lambda: 1_000).write([RawRecord(dict(record.content))])
        assert list(single.store.entries()) == list(newsroom.store.entries())
