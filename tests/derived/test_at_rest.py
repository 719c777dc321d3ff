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


def rows_of(newsroom, until=None):
    rows = MemoryRows()
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
    rows = rows_of(newsroom)
    for position in range(len(records) + 1):
        whole = Whole(newsroom.history(newsroom.basis(None, str(position), 0)))
        for as_of in TIMES:
            basis = newsroom.basis(as_of, str(position), 0)
            for entity in (*ENTITIES, "red", "Lab"):
                expected = snapshot(whole, entity, basis, depth)
                found = snapshot(at_rest(newsroom, rows, position), entity, basis, depth)
                assert found == expected
