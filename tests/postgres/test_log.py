"""What a log in PostgreSQL promises besides: to writers and readers at once, and to its owner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from tests.batches import writing
from tests.store.test_conformance import append, draft
from timeline.errors import InputError, StoreError
from timeline.log.mapper import Recorded, RecordMapper
from timeline.log.postgres import schema
from timeline.log.postgres.create_database import make
from timeline.log.postgres.log import PostgresLog
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

WRITERS = 8
EACH = 25


@pytest.fixture
def log(database):
    log = PostgresLog(database)
    yield log
    log.close()


def insert(connection, position, recorded_at=5_000, id=None, version=None):
    """Insert a record as another program might."""
    connection.execute(
        "INSERT INTO timeline.stored_events VALUES ('foreign', %s, 'happened/1', '{}', %s, %s, %s)",
        (version or position, position, (id or f"foreign-{position}").encode(), recorded_at),
    )


# A reader sees all of the log up to its head.


def test_a_transaction_held_open_never_hides_a_record(log, database, sql):
    """Else a reader that has read on to position 3 would never see what comes in at 2."""
    append(log, draft("a"))
    other = PostgresLog(database)
    with psycopg.connect(database) as held, ThreadPoolExecutor(1) as writers:
        insert(held, 2)
        waiting = writers.submit(append, other, draft("c"))
        assert [entry.position for entry in log.entries()] == [1]
        assert log.head().position == 1
        assert not waiting.done()
        held.commit()
        assert [entry.position for entry in waiting.result()] == [3]
    assert [entry.position for entry in log.entries()] == [1, 2, 3]
    other.close()


def test_what_is_placed_and_not_yet_durable_is_not_seen(log, sql):
    append(log, draft("a"))
    insert(sql, 2)
    assert log.head().position == 1
    assert [entry.position for entry in log.entries(until=9)] == [1]
    assert log.find("foreign-2") is None
    assert log.of_type("happened/1") == list(log.entries())
    assert log.stories() == {"story": 1}
    append(log, draft("c"))
    assert [entry.position for entry in log.entries()] == [1, 2, 3]


def test_a_repeated_record_is_durable_before_it_is_acknowledged(log, sql):
    """Who placed it may have died before it was published."""
    insert(sql, 1, id="a")
    assert append(log, draft("a")) == [None]
    assert log.find("a").position == 1


def test_many_writers_leave_no_gap_and_each_record_once(database):
    logs = [PostgresLog(database) for _ in range(2)]

    def write(number):
        for each in range(EACH):
            id = f"{number}-{each}"
            (entry,) = append(logs[number % 2], draft(id, story=f"s{number % 3}"), at=each)
            assert logs[0].find(id) == entry

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(WRITERS)))
    entries = list(logs[0].entries())
    assert [entry.position for entry in entries] == list(range(1, WRITERS * EACH + 1))
    assert [entry.recorded_at for entry in entries] == sorted(e.recorded_at for e in entries)
    for story, version in logs[0].stories().items():
        versions = [entry.version for entry in entries if entry.story == story]
        assert versions == list(range(1, version + 1))
    for log in logs:
        log.close()


@pytest.mark.parametrize("hold", [True, False])
def test_a_batch_that_is_refused_does_not_disturb_those_beside_it(log, hold):
    def write(number):
        with writing(log, 1_000, hold) as batch:
            for each in range(3):
                batch.add(draft(f"{number}-{each}"))
            if number % 2:
                raise InputError("no")

    def tried(number):
        try:
            write(number)
        except InputError:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as writers:
        kept = list(writers.map(tried, range(20)))
    assert kept == [number % 2 == 0 for number in range(20)]
    ids = {f"{number}-{each}" for number in range(0, 20, 2) for each in range(3)}
    assert {log.find(id).position for id in ids} == set(range(1, 31))
    assert log.stories() == {"story": 30}


def test_a_large_batch_that_fails_at_its_end_leaves_nothing(log):
    append(log, draft("a"))
    with pytest.raises(InputError), writing(log) as batch:
        for number in range(2_500):
            batch.add(draft(f"many-{number}"))
            if number % 1_000 == 0:
                batch.write()
        assert batch.find("many-0").position == 2
        assert batch.find("many-2499").position == 2_501
        raise InputError("no")
    append(log, draft("b"))
    assert [entry.position for entry in log.entries()] == [1, 2]


# The connection breaks, or the server does.


def test_a_broken_connection_is_told_and_the_same_record_can_be_sent_again(log, sql):
    append(log, draft("a"))
    with pytest.raises(StoreError, match="cannot"), writing(log) as batch:
        batch.add(draft("b"))
        _end_sessions(sql)
    assert log.find("b") is None
    append(log, draft("b"))
    assert [entry.position for entry in log.entries()] == [1, 2]


def test_connections_that_broke_while_nobody_used_them_are_opened_anew(log, sql):
    append(log, draft("a"))
    assert log.head().position == 1
    _end_sessions(sql)
    assert log.head().position == 1
    append(log, draft("b"))
    assert log.head().position == 2


def _end_sessions(sql):
    sql.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_password_is_never_shown():
    with pytest.raises(StoreError) as refused:
        PostgresLog("postgresql://desk:s3cret@127.0.0.1:1/log?password=s3cret")
    assert "desk@127.0.0.1" in str(refused.value)
    assert "s3cret" not in str(refused.value)


# Append-only, whoever asks.


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM timeline.stored_events",
        "UPDATE timeline.stored_events SET state = ''",
        "TRUNCATE timeline.stored_events",
        "DELETE FROM timeline.amended",
        "UPDATE timeline.amended SET position = 1",
        "TRUNCATE timeline.amended",
        "DELETE FROM timeline.settings",
        "UPDATE timeline.settings SET settings = ''",
    ],
)
def test_not_even_the_owner_changes_history(log, sql, change):
    append(log, draft("a"))
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        sql.execute(change)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        sql.execute("SET session_replication_role = replica")
        sql.execute(change)
    assert log.head().position == 1


def test_whoever_inserts_leaves_no_gap_and_does_not_go_back(log, sql):
    append(log, draft("a"))
    for position, recorded_at in ((3, 5_000), (1, 5_000), (0, 5_000), (2, 999)):
        with pytest.raises(psycopg.errors.IntegrityError):
            insert(sql, position, recorded_at, id="foreign", version=1)
    with pytest.raises(psycopg.errors.IntegrityError):
        insert(sql, 2, id="a")
    assert append(log, draft("b"))[0].position == 2


def test_the_library_refuses_a_version_out_of_turn_and_an_id_twice(log):
    recorder, mapper = log.recorder, RecordMapper(Vocabulary())
    (entry,) = append(log, draft("a"))
    for version, id in ((1, "b"), (3, "b"), (2, "a")):
        content = {**draft(id).content}
        event = mapper.to_stored_event(Recorded("story", version, draft(id).type, content))
        with pytest.raises(IntegrityError):
            recorder.insert_events([event])
    event = mapper.to_stored_event(Recorded("story", 2, draft("b").type, draft("b").content))
    assert recorder.insert_events([event]) == [2]
    assert [each.id for each in recorder.select_notifications(1, 10)] == [1, 2]
    assert [each.originator_version for each in recorder.select_events("story", gt=1)] == [2]
    assert recorder.max_notification_id() == 2
    assert mapper.to_domain_event(recorder.select_events("story")[0]).content["id"] == "a"
    assert entry.version == 1


# Roles.


def test_the_service_may_append_and_change_nothing(log, member, sql):
    append(log, draft("a"))
    url = member("timeline_service")
    service = PostgresLog(url)
    assert append(service, draft("b"))[0].position == 2
    retraction = {"id": "r", "story": "story", "type": "retraction", "retracts": "a"}
    valid = validate({**retraction, "reason": "not so"}, Vocabulary())
    assert append(service, valid)[0].position == 3
    service.close()
    with psycopg.connect(url, autocommit=True) as connection:
        for change in (
            "INSERT INTO timeline.stored_events VALUES ('s', 1, 'x/1', '{}', 4, 'x', 9e15)",
            "INSERT INTO timeline.amended VALUES ('a', 2)",
            "DELETE FROM timeline.stored_events",
            "UPDATE timeline.stored_events SET state = ''",
            "TRUNCATE timeline.stored_events",
            "DELETE FROM timeline.amended",
            "INSERT INTO timeline.log_head VALUES (99, 0)",
            "DELETE FROM timeline.log_head",
            "INSERT INTO timeline.settings VALUES (9, '{}')",
            "ALTER TABLE timeline.stored_events DISABLE TRIGGER ALL",
            "DROP TABLE timeline.stored_events",
            "CREATE TABLE timeline.other (n int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change.encode())


def test_the_table_of_amendments_says_only_what_records_say(log, sql):
    append(log, draft("a"))
    append(log, draft("b"))
    for position in (2, 3):
        with pytest.raises(psycopg.IntegrityError, match="does not name the event"):
            sql.execute("INSERT INTO timeline.amended VALUES ('a', %s)", (position,))
    assert log.amendments_of("a") == []


def test_a_reader_may_read_and_not_append(log, member):
    append(log, draft("a"))
    reader = PostgresLog(member("timeline_reader"))
    assert [entry.position for entry in reader.entries()] == [1]
    with pytest.raises(StoreError, match="permission denied"):
        append(reader, draft("b"))
    reader.close()


# Versions of the schema.


def test_a_log_is_made_once_by_however_many(databases, sql):
    url = databases()
    with ThreadPoolExecutor(4) as makers:
        list(makers.map(lambda _: make(url, '{"name": "test"}'), range(4)))
    log = PostgresLog(url)
    assert append(log, draft("a"))[0].position == 1
    make(url, '{"name": "test"}')
    assert log.find("a").position == 1
    log.close()


def test_an_older_log_is_brought_up_to_date_and_a_newer_one_refused(
    log, database, sql, monkeypatch
):
    append(log, draft("a"))
    more = "CREATE TABLE timeline.added (n int)"
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, more))
    monkeypatch.setattr(schema, "SCHEMA_VERSION", 2)
    monkeypatch.setattr("timeline.log.postgres.connections.SCHEMA_VERSION", 2)
    with pytest.raises(StoreError, match=r"version 1; `timeline init"):
        PostgresLog(database)
    make(database, "{}", overwrite=False)
    with closing(PostgresLog(database)) as newer:
        assert newer.find("a").position == 1
    monkeypatch.undo()
    with pytest.raises(StoreError, match="upgrade timeline"):
        PostgresLog(database)
    with pytest.raises(StoreError, match="upgrade timeline"):
        make(database, "{}")


def test_a_database_without_a_log_says_how_to_make_one(database, sql):
    sql.execute("DROP SCHEMA timeline CASCADE")
    with pytest.raises(StoreError, match="timeline init --log"):
        PostgresLog(database)
