"""The index in a database: who may write it, who may only read it, and that it can be dropped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from tests import views
from tests.index.busy import busy_log
from tests.index.rooms import without_index
from tests.rooms import event, fill
from timeline.errors import StoreError
from timeline.index.follow import follow
from timeline.index.sql_rows import SqlRows
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.snapshot import Snapshot, snapshot

SERVICE, READER = "timeline_service", "timeline_reader"

JOINED = event("joined", "2020", id="in", person="ada", organisation="lab")
LEFT = event("departed", "2021", id="out", person="ada", organisation="lab")


@pytest.fixture
def opened():
    """Opens newsrooms, which are closed when the test ends."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(Newsroom.open(url))


def answers_from_rows(newsroom: Newsroom, entity: str = "lab") -> bool:
    """Whether there are rows to answer from; the answer must be that of the log either way."""
    basis = newsroom.basis(None, None)
    log = without_index(newsroom)
    assert views.snapshot(newsroom, entity, basis) == views.snapshot(log, entity, basis)
    assert views.why(newsroom, entity, basis) == views.why(log, entity, basis)
    return newsroom._rows(basis) is not None


def tables(sql) -> set[str]:
    """The tables of rows that are there."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'timeline_derived'"
    return {name for (name,) in sql.execute(query) if name.startswith("rows_")}


def drop(sql) -> None:
    sql.execute("DROP SCHEMA timeline_derived CASCADE")


def test_the_first_question_builds_what_it_is_answered_from(opened, database, sql):
    newsroom = opened(database)
    fill(newsroom, JOINED)
    assert tables(sql) == set()
    assert newsroom.index.checkpoint() is None
    assert answers_from_rows(newsroom)
    assert newsroom.index.checkpoint().position == 1


def test_whoever_writes_sees_it_at_once_and_so_do_others(opened, database):
    writer, reader = opened(database), opened(database)
    fill(writer, JOINED)
    assert answers_from_rows(writer) and answers_from_rows(reader)
    fill(writer, LEFT)
    for newsroom in (writer, reader):
        assert answers_from_rows(newsroom)
        assert newsroom.index.checkpoint().position == 2


# Roles.


def test_members_of_the_service_keep_the_same_rows(opened, database, member, sql):
    ann, bob = opened(member(SERVICE)), opened(member(SERVICE))
    fill(ann, *busy_log(200), importing=True)
    assert answers_from_rows(ann, "place-1")
    fill(ann, LEFT)
    assert answers_from_rows(bob, "place-1")
    for newsroom in (bob, ann, bob):
        newsroom.index.rebuild()
        assert answers_from_rows(ann, "place-1")
    # The one in use, and the one before, for whoever is in the middle of a question.
    assert len(tables(sql)) == 2


def test_a_reader_is_answered_from_the_rows_that_others_keep(opened, member):
    service, reader = opened(member(SERVICE)), opened(member(READER))
    fill(service, JOINED)
    service.index.catch_up()
    assert answers_from_rows(reader)


def test_a_reader_is_answered_from_the_log_where_there_are_no_rows(opened, member):
    service, reader = opened(member(SERVICE)), opened(member(READER))
    fill(service, JOINED)
    assert not answers_from_rows(reader)
    assert answers_from_rows(service)
    assert answers_from_rows(reader)


def test_a_reader_folds_what_is_new_in_memory(opened, member, sql):
    service, reader = opened(member(SERVICE)), opened(member(READER))
    records = busy_log(200)
    fill(service, *records[:120], importing=True)
    assert answers_from_rows(service, "place-1")
    for first in range(120, 200, 20):
        fill(service, *records[first : first + 20], importing=True)
        for entity in ("place-1", "person-1"):
            assert answers_from_rows(reader, entity)
    assert sql.execute("SELECT notification_id FROM timeline_derived.tracking_1").fetchall() == [
        (120,)
    ]


def test_a_reader_reads_the_log_where_too_much_is_new(opened, member, monkeypatch):
    service, reader = opened(member(SERVICE)), opened(member(READER))
    fill(service, JOINED)
    assert answers_from_rows(service)
    fill(service, LEFT, event("happened", "2022", about=["lab"]))
    monkeypatch.setattr("timeline.index.index_manager.TAIL", 1)
    assert not answers_from_rows(reader)
    monkeypatch.setattr("timeline.index.index_manager.TAIL", 2)
    assert answers_from_rows(reader)


def test_a_reader_may_change_nothing_of_what_is_derived(opened, member):
    service, url = opened(member(SERVICE)), member(READER)
    fill(service, JOINED)
    assert answers_from_rows(service)
    with psycopg.connect(url, autocommit=True) as connection:
        for change in (
            "UPDATE timeline_derived.tracking_1 SET notification_id = 9",
            "DELETE FROM timeline_derived.rows_1",
            "INSERT INTO timeline_derived.rows_1 VALUES ('', 1, 1, 1, '')",
            "SELECT timeline.switch_build(1)",
            "SELECT timeline.drop_build(1)",
            "SELECT timeline.begin_build('effects')",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change.encode())
    with pytest.raises(StoreError):
        opened(url).index.rebuild()
    assert answers_from_rows(service)


# It can be dropped at any time.


def test_the_index_can_be_dropped_at_any_time(opened, database, member, sql):
    service, reader = opened(member(SERVICE)), opened(member(READER))
    fill(service, JOINED)
    service.index.catch_up()
    for again in (lambda: answers_from_rows(service), service.index.catch_up):
        drop(sql)
        assert not answers_from_rows(reader)
        again()
        assert answers_from_rows(reader)
        assert answers_from_rows(service)
    drop(sql)
    fill(service, LEFT)
    assert service.index.rebuild().checkpoint.position == 2
    assert answers_from_rows(reader)


@pytest.mark.parametrize("kind", ["rows", "tracking"])
def test_a_table_that_was_dropped_is_made_again(opened, database, sql, kind):
    newsroom = opened(database)
    fill(newsroom, JOINED)
    for again in (lambda: answers_from_rows(newsroom), newsroom.index.catch_up):
        again()
        (table,) = tables(sql)
        sql.execute(f"DROP TABLE timeline_derived.{table.replace('rows', kind)}".encode())
        again()
        assert answers_from_rows(newsroom)
        drop(sql)


def test_a_follower_whose_rows_are_dropped_goes_on_with_others(opened, database, sql, monkeypatch):
    newsroom = opened(database)
    fill(newsroom, JOINED)
    newsroom.index.catch_up()
    checkpoint, reached = SqlRows.checkpoint, []

    def dropped(rows):
        monkeypatch.undo()
        drop(sql)
        return checkpoint(rows)

    monkeypatch.setattr(SqlRows, "checkpoint", dropped)
    follow(newsroom.index, newsroom.store, True, lambda seconds: False, reached.append)
    assert reached == [1]
    assert answers_from_rows(newsroom)


def test_rows_that_are_dropped_in_the_middle_of_a_question_are_built_again(
    opened, database, sql, monkeypatch
):
    newsroom = opened(database)
    fill(newsroom, JOINED)
    assert answers_from_rows(newsroom)
    found = SqlRows.found

    def dropped(rows, *asked):
        monkeypatch.undo()
        drop(sql)
        return found(rows, *asked)

    monkeypatch.setattr(SqlRows, "found", dropped)
    # A basis of its own, of which nothing is kept from the question before.
    fill(newsroom, LEFT)
    question = Snapshot("lab", as_of="2030")
    assert newsroom.ask(question) == without_index(newsroom).ask(question)
    assert answers_from_rows(newsroom)


@pytest.mark.parametrize("role", [SERVICE, READER])
def test_a_damaged_row_is_not_believed(opened, member, sql, role):
    service, asking = opened(member(SERVICE)), opened(member(role))
    fill(service, JOINED, LEFT)
    service.index.catch_up()
    (table,) = tables(sql)
    sql.execute(f"UPDATE timeline_derived.{table} SET until = 2".encode())
    question = Snapshot("lab", as_of="2020-06")
    for _ in range(2):
        answer = asking.ask(question)
        assert answer == without_index(service).ask(question)
        assert answer["statements"]
    # A service has built other rows; a reader may not, and leaves those there are.
    assert (tables(sql) == {table}) == (role == READER)
    service.index.rebuild()
    assert answers_from_rows(asking)


def test_a_question_goes_on_with_the_rows_it_began_with(opened, database):
    asking, building = opened(database), opened(database)
    fill(asking, *busy_log(200), importing=True)
    basis = asking.basis(None, None)
    known = asking.source(basis)
    assert answers_from_rows(building, "place-1")
    building.index.rebuild()
    assert snapshot(known, "place-1", basis) == views.snapshot(building, "place-1", basis)


# Side by side.


def test_builders_wait_for_each_other(opened, database, sql):
    one, other = opened(database), opened(database)
    fill(one, *busy_log(50), importing=True)
    waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(1) as threads:
        with one.index.store.building():
            asked = threads.submit(answers_from_rows, other, "place-1")
            while not sql.execute(waiting).fetchall():
                assert not asked.done()
            assert tables(sql) == set()
        assert asked.result()


@pytest.mark.parametrize(("column", "damaged"), [("state", b"{}"), ("topic", "happened/9")])
def test_a_record_that_cannot_be_read_is_passed_over_until_it_can_be(
    opened, database, sql, column, damaged
):
    newsroom = opened(database)
    fill(newsroom, JOINED, LEFT, event("happened", "2022", about=["lab"]))
    sql.execute("ALTER TABLE timeline.stored_events DISABLE TRIGGER ALL")
    query = f"SELECT {column} FROM timeline.stored_events WHERE position = 2"
    (sound,) = sql.execute(query.encode()).fetchone()
    update = f"UPDATE timeline.stored_events SET {column} = %s WHERE position = 2".encode()
    sql.execute(update, [damaged])
    assert newsroom.index.catch_up()[::2] == (3, 2)
    question = Snapshot("lab", as_of="2030")
    assert newsroom.ask(question)["statements"]
    sql.execute(update, [sound])
    assert not newsroom.ask(question)["statements"]
    assert newsroom.index.checkpoint()[::2] == (3, 0)
