"""What the SQLite file promises besides."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent

from tests.rooms import event, file_newsroom, fill
from timeline.errors import StoreError
from timeline.log.mapper import RecordMapper
from timeline.log.sqlite.log import SQLiteLog, create
from timeline.records.vocabulary import Vocabulary


@pytest.fixture
def newsroom(tmp_path):
    with file_newsroom(tmp_path / "room") as newsroom:
        yield newsroom


def test_no_record_can_be_changed_or_deleted(newsroom):
    fill(
        newsroom,
        event("happened", "2026", id="a", about=["x"]),
        {"story": "story", "type": "retraction", "retracts": "a", "reason": "r"},
    )
    with sqlite3.connect(newsroom.store.path) as connection:
        for statement in (
            "UPDATE stored_events SET state = ''",
            "DELETE FROM stored_events",
            "UPDATE amended SET position = 1",
            "DELETE FROM amended",
            "INSERT OR REPLACE INTO stored_events VALUES ('s', 9, 'happened/1', '', 1, 'b', 2e18)",
            "INSERT OR REPLACE INTO stored_events VALUES ('s', 9, 'happened/1', '', 3, 'a', 2e18)",
            "INSERT OR REPLACE INTO stored_events VALUES ('story', 1, 'x/1', '', 3, 'b', 2e18)",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    connection.close()


def test_whoever_inserts_leaves_no_gap_and_does_not_go_back(newsroom):
    fill(newsroom, event("happened", "2026", about=["x"]))
    insert = "INSERT INTO stored_events VALUES ('foreign', 1, 'happened/1', '{}', ?, 'b', ?)"
    with sqlite3.connect(newsroom.store.path) as connection:
        for position, recorded_at in ((3, 2 * 10**18), (0, 2 * 10**18), (None, 2 * 10**18), (2, 0)):
            with pytest.raises(sqlite3.IntegrityError, match="goes on from its end"):
                connection.execute(insert, (position, recorded_at))
    connection.close()
    assert newsroom.store.head().position == 1


@pytest.mark.parametrize("path", ["log.sqlite", None])
def test_a_log_is_read_by_many_threads_and_closed_under_them(path, tmp_path):
    def read() -> None:
        with pytest.raises(StoreError, match="closed"):
            while True:
                log.head()

    for number in range(20):
        place = path and tmp_path / f"{number}-{path}"
        if place:
            create(place, "{}", 0)
        log = SQLiteLog(place)
        with ThreadPoolExecutor(4) as readers:
            reads = [readers.submit(read) for _ in range(4)]
            log.recorder.insert_events([StoredEvent("story", 1, "topic", b"state")])
            log.close()
            for each in reads:
                each.result()


def test_the_table_of_amendments_says_only_what_records_say(newsroom):
    fill(newsroom, event("happened", "2026", id='a "b"\n', about=["x"]))
    retraction = {"story": "story", "type": "retraction", "retracts": 'a "b"\n', "reason": "r"}
    fill(newsroom, retraction, event("happened", "2026", id="c", about=["x"]))
    assert [each.position for each in newsroom.store.amendments_of('a "b"\n')] == [2]
    connection = sqlite3.connect(newsroom.store.path)
    for position in (3, 9):
        with pytest.raises(sqlite3.IntegrityError, match="does not name the event"):
            connection.execute("INSERT INTO amended VALUES ('a', ?)", (position,))
    connection.close()


def test_vacuum_moves_no_position(newsroom):
    fill(newsroom, *(event("happened", "2026", about=["x"]) for _ in range(50)))
    before = list(newsroom.store.entries())
    connection = sqlite3.connect(newsroom.store.path)
    connection.execute("VACUUM")
    connection.close()
    assert list(newsroom.store.entries()) == before


def test_every_commit_waits_for_the_disk(newsroom):
    """Durable by default: the write-ahead log is synchronised in full."""
    with newsroom.store.recorder.exclusive() as transaction:
        settings = [
            transaction.reader.rows(f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "synchronous", "fullfsync")
        ]
    assert settings == ["wal", 2, 1]


def test_a_row_of_an_unknown_type_is_passed_over_and_imports_no_module(newsroom):
    fill(newsroom, event("happened", "2026", about=["x"]))
    connection = sqlite3.connect(newsroom.store.path)
    connection.execute(
        "INSERT INTO stored_events VALUES ('story', 2, 'this:module', '{}', 2, 'b', 2e18)"
    )
    connection.commit()
    connection.close()
    assert [record.position for record in newsroom.records()] == [1]
    mapper = RecordMapper(Vocabulary())
    with pytest.raises(StoreError, match="unknown type"):
        mapper.to_domain_event(StoredEvent("story", 2, "this:module", b"{}"))


def test_a_row_of_a_later_version_says_that_a_newer_timeline_wrote_it():
    with pytest.raises(StoreError, match="a newer timeline wrote it"):
        Vocabulary().of_topic("joined/2")


def test_decoding_validates():
    mapper = RecordMapper(Vocabulary())
    for state in (b"{", b'{"type":"happened"}', b'{"id":"a","type":"joined"}'):
        with pytest.raises(MapperDeserialisationError):
            mapper.to_domain_event(StoredEvent("story", 1, "happened/1", state))
