"""The fast path equals the definition: rows give the snapshots that the log gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests import views
from tests.examples import examples
from tests.index.rooms import rows_of, without_index
from tests.rooms import event, file_newsroom, fill
from tests.worlds.directed import takeovers
from tests.worlds.logs import ENTITIES, logs, newsroom_with, tick
from timeline.index.snapshot_source import IndexedSource
from timeline.log.lookup import names_at
from timeline.projections.relevance import HistorySource
from timeline.projections.snapshot import snapshot

TIMES = ["1998", *map(tick, range(1, 5)), "2002"]


def source_at(newsroom, rows, position):
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    names = names_at(log, vocabulary, position)
    return IndexedSource(rows, log, vocabulary, names, position)


@examples(100, few=20)
@given(logs(), st.integers(1, 2))
def test_rows_give_every_snapshot_that_the_log_gives(records, depth):
    newsroom = newsroom_with(records)
    all_snapshots_are_those_of_the_log(newsroom, rows_of(newsroom), depth)


@examples(30, few=10)
@given(records=logs(most=8), depth=st.integers(1, 2))
def test_rows_in_a_database_give_every_snapshot_that_the_log_gives(indexes, records, depth):
    newsroom = newsroom_with(records)
    with indexes.rows() as rows:
        rows_of(newsroom, rows=rows)
        all_snapshots_are_those_of_the_log(newsroom, rows, depth)


def all_snapshots_are_those_of_the_log(newsroom, rows, depth):
    """At every position and every time, about everybody."""
    last = newsroom.store.head().position
    for position in range(last + 1):
        whole = HistorySource(newsroom.history(newsroom.basis(None, str(position))))
        for as_of in TIMES:
            basis = newsroom.basis(as_of, str(position))
            for entity in (*ENTITIES, "red", "Lab"):
                expected = snapshot(whole, entity, basis, depth)
                found = snapshot(source_at(newsroom, rows, position), entity, basis, depth)
                assert found == expected


@examples(100)
@given(logs(), st.permutations([*ENTITIES, "red"]), st.permutations(TIMES))
def test_what_was_read_for_one_question_answers_the_next(records, entities, times):
    newsroom = newsroom_with(records)
    position = len(records)
    whole = HistorySource(newsroom.history(newsroom.basis(None, None)))
    known = source_at(newsroom, rows_of(newsroom), position)
    for entity in entities:
        for as_of in times:
            basis = newsroom.basis(as_of, None)
            assert snapshot(known, entity, basis) == snapshot(whole, entity, basis)


@examples(200, few=20)
@given(takeovers())
def test_a_firm_that_was_sold_many_times_is_part_of_what_the_log_says(records):
    newsroom = newsroom_with(records)
    rows = rows_of(newsroom)
    for position in {len(records) // 2, len(records)}:
        whole = HistorySource(newsroom.history(newsroom.basis(None, str(position))))
        for as_of in TIMES:
            basis = newsroom.basis(as_of, str(position))
            for entity in ("firm", "twin", "north", "south"):
                expected = snapshot(whole, entity, basis)
                assert snapshot(source_at(newsroom, rows, position), entity, basis) == expected


def test_a_newsroom_answers_about_a_hub_again_and_sees_what_was_added(tmp_path):
    with file_newsroom(tmp_path / "room") as newsroom:
        joined = [
            event("joined", f"20{number % 20 + 1:02}", person=f"p{number}", organisation="desk")
            for number in range(1_001)
        ]
        fill(newsroom, *joined)
        left = event("departed", "2022", person="p7", organisation="desk")
        for added in ([], [left]):
            fill(newsroom, *added)
            for as_of in ("2030", "2010", "2030"):
                for entity in ("desk", "p7"):
                    basis = newsroom.basis(as_of, None)
                    found = views.snapshot(newsroom, entity, basis)
                    assert found == views.snapshot(without_index(newsroom), entity, basis)
