"""What every keeper of rows promises: one suite that all of them run."""

from __future__ import annotations

from contextlib import closing, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.worlds.logs import logs, newsroom_with
from timeline.index.catch_up import catch_up
from timeline.index.row_overlay import RowOverlay
from timeline.index.rows import FOREVER, Checkpoint, Closed, Opened
from timeline.index.sql_rows import SqlRows
from timeline.index.sqlite_store import SharedFile, SQLiteStore, rows_in_memory

KEEPERS = ["memory", "memory in front of others", "sqlite", "postgres"]


@pytest.fixture(scope="module")
def make(tmp_path_factory, indexes):
    """Makes empty rows with a keeper."""

    @contextmanager
    def new(keeper):
        if keeper == "postgres":
            with indexes.rows() as rows:
                yield rows
            return
        match keeper:
            case "memory":
                rows = rows_in_memory()
            case "memory in front of others":
                rows = RowOverlay(rows_in_memory())
            case "sqlite":
                rows = rows_in_file(tmp_path_factory.mktemp("rows"))
        yield rows
        rows.close()

    return new


def rows_in_file(directory):
    store = SQLiteStore(directory, "test-1-settings")
    return store.switch(store.begin())


@pytest.fixture(params=KEEPERS)
def rows(request, make):
    with make(request.param) as rows:
        yield rows


def write(rows, *written, checkpoint=None):
    with rows.writing() as writer:
        writer.write(written)
        if checkpoint is not None:
            writer.advance(Checkpoint(checkpoint, f"anchor {checkpoint}"))


def found(rows, keys, at):
    return list(rows.found(keys, at))


def ever(rows, keys, until):
    return sorted(rows.ever(keys, until))


def last(rows, *sought):
    return [(event, state) for _, event, state in rows.last(*sought)]


def all_of(rows, until=FOREVER - 1):
    return list(rows.all(until))


def test_new_rows_are_empty_and_have_folded_in_nothing(rows):
    assert rows.checkpoint() == Checkpoint(0, "", 0)
    assert all_of(rows) == []
    assert found(rows, ["a"], 9) == []
    assert found(rows, [], 9) == []
    assert list(rows.names("e")) == []


def test_a_row_stands_from_the_position_that_opened_it(rows):
    write(rows, Opened("a", 3, 3, b"x"))
    assert [found(rows, ["a"], at) for at in (2, 3, 4, 10**9)] == [
        [],
        [(3, b"x")],
        [(3, b"x")],
        [(3, b"x")],
    ]
    assert [rows.stands("a", at) for at in (2, 3)] == [False, True]
    assert not rows.stands("b", 3)


def test_a_row_stands_until_the_position_that_closed_it(rows):
    write(rows, Opened("a", 3, 3, b"x"), Opened("b", 3, 3, b"x"))
    write(rows, Closed("a", 3, 5))
    assert [rows.stands("a", at) for at in (3, 4, 5, 6)] == [True, True, False, False]
    assert rows.stands("b", 6)
    assert all_of(rows) == [("a", 3, 3, 5, b"x"), ("b", 3, 3, FOREVER, b"x")]


def test_a_row_is_closed_and_opened_again_by_one_record(rows):
    write(rows, Opened("a", 3, 3, b"x"))
    write(rows, Closed("a", 3, 5), Opened("a", 3, 5, b"y"))
    assert [found(rows, ["a"], at) for at in (4, 5)] == [[(3, b"x")], [(3, b"y")]]
    assert all_of(rows) == [("a", 3, 3, 5, b"x"), ("a", 3, 5, FOREVER, b"y")]


def test_one_transaction_opens_closes_and_opens_a_row_over_and_over(rows):
    write(
        rows,
        Opened("a", 1, 1, b"w"),
        Closed("a", 1, 2),
        Opened("a", 1, 2, b"x"),
        Closed("a", 1, 3),
        Opened("a", 1, 4, b"y"),
    )
    assert all_of(rows) == [
        ("a", 1, 1, 2, b"w"),
        ("a", 1, 2, 3, b"x"),
        ("a", 1, 4, FOREVER, b"y"),
    ]
    assert [found(rows, ["a"], at) for at in (1, 2, 3, 4)] == [
        [(1, b"w")],
        [(1, b"x")],
        [],
        [(1, b"y")],
    ]


def test_only_the_event_named_is_closed(rows):
    write(rows, Opened("a", 1, 1, b"x"), Opened("a", 2, 2, b"y"))
    write(rows, Closed("a", 1, 3))
    assert found(rows, ["a"], 3) == [(2, b"y")]


def test_a_event_is_given_once_for_each_key_that_finds_it(rows):
    write(rows, *(Opened(key, 1, 1, b"x") for key in "abc"))
    assert found(rows, ["a", "c", "none"], 1) == [(1, b"x"), (1, b"x")]


def test_a_key_that_ends_with_a_line_feed_means_all_that_begin_so(rows):
    keys = ["a\n1", "a\n2", "a", "ab\n1", "b\n1", "b\n", "c"]
    for number, key in enumerate(keys, 1):
        write(rows, Opened(key, number, number, b"x"))
    assert sorted(found(rows, ["a\n"], 9)) == [(1, b"x"), (2, b"x")]
    assert sorted(found(rows, ["a\n"], 1)) == [(1, b"x")]
    assert sorted(found(rows, ["c", "b\n", "a", "none\n"], 9)) == [
        (number, b"x") for number in (3, 5, 6, 7)
    ]
    write(rows, Closed("a\n1", 1, 8))
    assert sorted(found(rows, ["a\n"], 9)) == [(2, b"x")]
    assert ever(rows, ["a\n"], 9) == [(1, b"x"), (2, b"x")]
    assert ever(rows, ["a\n", "c"], 1) == [(1, b"x")]


def test_the_last_rows_that_begin_so_come_from_the_last_on(rows):
    keys = ["a\n1", "a\n3", "a\n2", "b\n1", "a"]
    for number, key in enumerate(keys, 1):
        write(rows, Opened(key, number, number, key.encode()))
    assert last(rows, "a\n", "a\n9", 9, 2) == [(2, b"a\n3"), (3, b"a\n2")]
    assert last(rows, "a\n", "a\n3", 9, 9) == [(3, b"a\n2"), (1, b"a\n1")]
    assert last(rows, "a\n", "c", 9, 9) == [(2, b"a\n3"), (3, b"a\n2"), (1, b"a\n1")]
    assert last(rows, "a\n", "a\n9", 1, 9) == [(1, b"a\n1")]
    write(rows, Closed("a\n3", 2, 6))
    assert last(rows, "a\n", "a\n9", 6, 1) == [(3, b"a\n2")]


def test_how_events_ever_read_is_found_up_to_a_position(rows):
    write(rows, Opened("a", 1, 1, b"x"), Closed("a", 1, 3), Opened("a", 1, 3, b"y"))
    assert [ever(rows, ["a"], until) for until in (0, 1, 2, 3, 9)] == [
        [],
        [(1, b"x")],
        [(1, b"x")],
        [(1, b"x"), (1, b"y")],
        [(1, b"x"), (1, b"y")],
    ]


def test_names_are_what_keys_of_a_kind_end_with_each_once_in_order(rows):
    keys = ("ebob", "eann", "f", "d", "en\nx", "e日本", "e\U0001f600")
    write(rows, *(Opened(key, 1, 1, b"x") for key in keys), Opened("eann", 2, 2, b"x"))
    assert list(rows.names("e")) == ["ann", "bob", "n\nx", "日本", "\U0001f600"]
    assert list(rows.names("x")) == []


@pytest.mark.parametrize("key", ["l\n", "l'\"\\", "l\U0010ffff"], ids=ascii)
def test_a_key_may_hold_any_character(rows, key):
    write(rows, Opened(key, 1, 1, b"\0x"), Opened("l", 2, 2, b"y"), Opened("la", 3, 3, b"z"))
    assert found(rows, [key], 1) == [(1, b"\0x")]
    assert found(rows, [key, "none"], 1) == [(1, b"\0x")]
    assert rows.stands(key, 1)
    with rows.writing() as writer:
        assert writer.standing([key], 1) == [1]
        writer.write([Closed(key, 1, 4)])
    assert ("l", 2, 2, FOREVER, b"y") in all_of(rows)
    assert (key, 1, 1, 4, b"\0x") in all_of(rows)


def test_a_kind_is_there_once_any_key_begins_so(rows):
    assert not rows.has_prefix("l")
    write(rows, Opened("k", 1, 1, b"x"), Opened("m", 1, 1, b"x"))
    assert not rows.has_prefix("l")
    write(rows, Opened("lr1", 1, 1, b"x"), Closed("lr1", 1, 2))
    assert rows.has_prefix("l")


def test_all_rows_come_as_they_stood_at_a_position(rows):
    write(rows, Opened("b", 1, 1, b"x"), Opened("a", 2, 2, b"y"), Opened("a", 1, 1, b"x"))
    write(rows, Closed("a", 1, 3), Opened("a", 1, 3, b"z"))
    assert all_of(rows, 0) == []
    assert all_of(rows, 2) == [
        ("a", 1, 1, FOREVER, b"x"),
        ("a", 2, 2, FOREVER, b"y"),
        ("b", 1, 1, FOREVER, b"x"),
    ]
    assert all_of(rows, 3) == [
        ("a", 1, 1, 3, b"x"),
        ("a", 1, 3, FOREVER, b"z"),
        ("a", 2, 2, FOREVER, b"y"),
        ("b", 1, 1, FOREVER, b"x"),
    ]


def test_a_transaction_sees_which_of_its_own_rows_stand(rows):
    write(rows, Opened("a", 1, 1, b"x"), Opened("b", 2, 2, b"x"))
    with rows.writing() as writer:
        writer.write([Closed("b", 2, 3), Opened("a", 3, 3, b"x")])
        assert sorted(writer.standing(["a", "b"], 9)) == [1, 3]
        writer.write([Closed("a", 1, 4)])
        assert sorted(writer.standing(["a", "b", "c"], 9)) == [3]


def test_a_transaction_sees_what_stood_at_a_position_whatever_was_closed_since(rows):
    write(rows, Opened("a", 1, 1, b"x"), Opened("b", 2, 2, b"x"), Closed("a", 1, 5))
    with rows.writing() as writer:
        stood = [sorted(writer.standing(["a", "b"], at)) for at in (0, 1, 4, 5)]
    assert stood == [[], [1], [1, 2], [2]]


def test_rows_that_are_asked_for_while_they_are_written_are_all_kept(rows):
    """A fold asks what stands in the middle of what it writes."""
    stood = []
    with rows.writing() as writer:

        def written():
            yield Opened("a", 1, 1, b"x")
            stood.append(list(writer.standing(["a"], 9)))
            yield Closed("a", 1, 2)
            yield Opened("a", 1, 2, b"y")
            stood.append(list(writer.standing(["a"], 9)))
            yield Opened("b", 3, 3, b"z")

        writer.write(written())
    assert stood == [[1], [1]]
    assert all_of(rows) == [
        ("a", 1, 1, 2, b"x"),
        ("a", 1, 2, FOREVER, b"y"),
        ("b", 3, 3, FOREVER, b"z"),
    ]


def test_the_checkpoint_comes_with_the_rows_that_it_covers(rows):
    write(rows, Opened("a", 1, 1, b"x"), checkpoint=1)
    assert rows.checkpoint() == (1, "anchor 1", 0)
    with rows.writing() as writer:
        writer.advance(Checkpoint(2, "anchor 2", 2))
    assert rows.checkpoint() == (2, "anchor 2", 2)


@pytest.mark.parametrize("asks", [False, True], ids=["asks nothing", "asks what stands"])
def test_a_transaction_that_fails_leaves_neither_rows_nor_checkpoint(rows, asks):
    write(rows, Opened("a", 1, 1, b"x"), checkpoint=1)
    with pytest.raises(KeyboardInterrupt), rows.writing() as writer:
        writer.write([Closed("a", 1, 2), Opened("a", 1, 2, b"y"), Opened("b", 2, 2, b"z")])
        if asks:
            assert sorted(writer.standing(["a", "b"], 9)) == [1, 2]
        writer.advance(Checkpoint(2, "anchor 2"))
        raise KeyboardInterrupt
    assert rows.checkpoint() == (1, "anchor 1", 0)
    assert all_of(rows) == [("a", 1, 1, FOREVER, b"x")]
    write(rows, Opened("b", 2, 2, b"z"), checkpoint=2)
    assert [key for key, *_ in all_of(rows)] == ["a", "b"]


def test_rows_in_a_file_are_seen_by_whoever_opened_it_before(tmp_path):
    one = rows_in_file(tmp_path)
    with closing(one), closing(SqlRows(SharedFile(one.database.path))) as other:
        write(one, Opened("a", 1, 1, b"x"), checkpoint=1)
        assert other.checkpoint().position == 1
        write(other, Closed("a", 1, 2), checkpoint=2)
        assert all_of(one) == [("a", 1, 1, 2, b"x")]


@examples(60, few=15)
@given(records=logs(most=16), batch=st.integers(1, 17))
def test_all_keepers_keep_the_same_rows(make, records, batch):
    """Law 4, between keepers of rows."""
    newsroom = newsroom_with(records)
    kept = []
    for keeper in KEEPERS:
        with make(keeper) as rows:
            checkpoint = catch_up(rows, newsroom.store, newsroom.settings.vocabulary, batch=batch)
            assert checkpoint[::2] == (len(records), 0)
            kept.append([list(rows.all(until)) for until in range(len(records) + 1)])
    assert all(each == kept[0] for each in kept)
