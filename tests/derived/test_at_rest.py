"""The fast path equals the definition: rows give the snapshots that the log gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.worlds.logs import ENTITIES, logs, newsroom_with, tick
from timeline.derived.acts import ACTS
from timeline.derived.at_rest import AtRest
from timeline.derived.catching_up import catch_up
from timeline.lookup import names_at
from timeline.projections.known import Whole
from timeline.projections.snapshot import snapshot
from timeline.store.memory_rows import MemoryRows

TIMES = ["1998", *map(tick, range(1, 5)), "2002"]


def rows_of(newsroom, until=None, rows=None):
    rows = rows or MemoryRows()
    progress = catch_up(ACTS, rows, newsroom.log, newsroom.settings.vocabulary, until)
    assert progress.problem is None
    return rows


def at_rest(newsroom, rows, position):
    log, vocabulary = newsroom.log, newsroom.settings.vocabulary
    names = names_at(log, vocabulary, position)
    return AtRest(rows, log, vocabulary, names, position)


@examples(200)
@given(logs(), st.integers(1, 2))
def test_rows_give_every_snapshot_that_the_log_gives(records, depth):
    newsroom = newsroom_with(records)
    all_snapshots_are_those_of_the_log(newsroom, rows_of(newsroom), depth)


@examples(30)
@given(records=logs(most=8), depth=st.integers(1, 2), shards=st.integers(1, 3))
def test_rows_in_a_database_give_every_snapshot_that_the_log_gives(kept, records, depth, shards):
    newsroom = newsroom_with(records)
    rows = rows_of(newsroom, rows=kept.rows(shards))
    all_snapshots_are_those_of_the_log(newsroom, rows, depth)


def all_snapshots_are_those_of_the_log(newsroom, rows, depth):
    """At every position and every time, about everybody."""
    last = newsroom.log.head().position
    for position in range(last + 1):
        whole = Whole(newsroom.history(newsroom.basis(None, str(position), 0)))
        for as_of in TIMES:
            basis = newsroom.basis(as_of, str(position), 0)
            for entity in (*ENTITIES, "red", "Lab"):
                expected = snapshot(whole, entity, basis, depth)
                found = snapshot(at_rest(newsroom, rows, position), entity, basis, depth)
                assert found == expected
