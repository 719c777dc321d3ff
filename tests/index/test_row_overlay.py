"""Rows in memory in front of others: those that the others have, and those that they will have."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.index.busy import busy_log
from tests.index.rooms import rows_of
from tests.worlds.logs import logs, newsroom_with
from timeline.index.catch_up import catch_up
from timeline.index.effects_index import ANSWERS, ENTITY, LINKED, NAMED
from timeline.index.row_overlay import RowOverlay
from timeline.index.sqlite_store import rows_in_memory

KINDS = (ENTITY, NAMED, LINKED, ANSWERS)


def same_rows(one, other, last):
    """Whether whatever is asked of rows has the same answer."""
    every = list(other.all(last))
    keys = list(dict.fromkeys(key for key, *_ in every))
    for at in range(last + 1):
        assert list(one.all(at)) == list(other.all(at))
        assert sorted(one.found(keys, at)) == sorted(other.found(keys, at))
        for key in {key.rpartition("\n")[0] + "\n" for key in keys if "\n" in key}:
            assert sorted(one.found([key], at)) == sorted(other.found([key], at))
            found, expected = (each.last(key, key + "~", at, 99) for each in (one, other))
            assert sorted(found) == sorted(expected)
            assert set(one.ever([key], at)) == set(other.ever([key], at))
        assert set(one.ever(keys, at)) == set(other.ever(keys, at))
        assert [one.stands(key, at) for key in keys] == [other.stands(key, at) for key in keys]
    for kind in KINDS:
        assert list(one.names(kind)) == list(other.names(kind))
        assert one.has_prefix(kind) == other.has_prefix(kind)


@examples(120)
@given(records=logs(most=16), data=st.data(), batch=st.integers(1, 5))
def test_rows_ahead_of_others_are_those_that_the_others_will_have(records, data, batch):
    newsroom = newsroom_with(records)
    last = len(records)
    expected, rows = rows_of(newsroom), rows_in_memory()
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    catch_up(rows, log, vocabulary, data.draw(st.integers(0, last)))
    ahead = RowOverlay(rows)
    assert catch_up(ahead, log, vocabulary, batch=batch).position == last
    same_rows(ahead, expected, last)
    # The others come after, one batch at a time; whoever has these in memory sees no difference.
    while rows.checkpoint().position < last:
        catch_up(rows, log, vocabulary, rows.checkpoint().position + 1)
        same_rows(ahead, expected, last)


def test_others_go_on_while_a_busy_log_is_folded_in_memory():
    newsroom = newsroom_with(busy_log(400))
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    rows = rows_of(newsroom, 150)
    ahead = RowOverlay(rows)
    for until in range(175, 401, 25):
        catch_up(rows, log, vocabulary, until)
        catch_up(ahead, log, vocabulary, until - 15)
    catch_up(ahead, log, vocabulary)
    assert list(ahead.all(400)) == list(rows_of(newsroom).all(400))
