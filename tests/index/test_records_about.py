"""The part of a log that bears on an entity gives the answers of the whole log."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests import views
from tests.examples import examples
from tests.index.busy import PEOPLE, PLACES, busy_log
from tests.index.rooms import both
from tests.rooms import event, fill, memory_newsroom
from tests.worlds.logs import ENTITIES, logs, tick
from tests.worlds.logs import PLACES as ORGANISATIONS
from timeline.errors import InputError
from timeline.history.history import History
from timeline.projections.log import listing
from timeline.projections.preview import preview

TIMES = ["1998", *map(tick, range(1, 5)), "2002"]
NAMES = (*ENTITIES, "red", "Lab", "nobody")

positions = st.integers(0, 16)
times = st.sampled_from(TIMES)


def at(newsroom, records, as_of, position):
    return newsroom.basis(as_of, str(min(position, len(records))))


@examples(150)
@given(logs(most=14), times, positions)
def test_why_is_the_same(records, as_of, position):
    whole, kept = both(records)
    basis = at(whole, records, as_of, position)
    for entity in NAMES:
        assert views.why(kept, entity, basis) == views.why(whole, entity, basis)


@examples(150)
@given(logs(most=14), times, positions)
def test_the_chronology_of_an_entity_is_the_same(records, as_of, position):
    whole, kept = both(records)
    basis = at(whole, records, as_of, position)
    for entity in NAMES:
        expected = views.chronology(whole, basis, entity=entity)
        assert views.chronology(kept, basis, entity=entity) == expected


@examples(150)
@given(logs(most=14), times, positions, times, positions)
def test_what_changed_between_two_points_of_both_clocks_is_the_same(records, t1, k1, t2, k2):
    whole, kept = both(records)
    was = at(whole, records, min(t1, t2), min(k1, k2))
    now = at(whole, records, max(t1, t2), max(k1, k2))
    for entity in NAMES:
        assert views.diff(kept, was, now, entity) == views.diff(whole, was, now, entity)


@examples(100)
@given(logs(most=14), times, positions)
def test_what_is_known_of_an_entity_is_the_same(records, as_of, position):
    whole, kept = both(records)
    basis = at(whole, records, as_of, position)
    for entity in NAMES:
        assert kept.is_known(entity, basis) == whole.is_known(entity, basis)
        listed = []
        for newsroom in (whole, kept):
            records_about = newsroom.records_about([entity], basis)
            names = newsroom.names(basis)
            found = listing(records_about, 1, None, entity, None, None, names)
            listed.append([record.position for record in found])
        assert listed[0] == listed[1]


@examples(100)
@given(logs(most=14), times, positions, st.integers(1, 2))
def test_who_held_an_office_is_the_same(records, as_of, position, holders):
    office = {"story": "story", "type": "office", "id": "office", "holders": holders}
    of = {"organisation": "desk", "role": "Chief", "recorded_at": records[-1]["recorded_at"]}
    whole, kept = both([*records, {**office, **of}])
    known = str(min(position, len(records)))
    for times in ({}, {"as_known": known}, {"as_of": as_of}):
        for place in ORGANISATIONS:
            assert kept.holders(place, "chief", **times) == whole.holders(place, "chief", **times)


@examples(200)
@given(logs(most=14), times)
def test_what_one_more_record_would_change_is_the_same(records, as_of):
    *records, last = records
    whole, kept = both(records)
    basis = at(whole, records, as_of, len(records))
    trial = memory_newsroom()
    try:
        fill(trial, *records, last, importing=True)
    except InputError:
        assume(False)
    *_, record = trial.records()
    expected = preview(History(whole.records_for(record, basis)), record, basis)
    assert preview(History(kept.records_for(record, basis)), record, basis) == expected


def test_the_part_of_a_long_log_is_a_small_one_and_gives_the_same_answers():
    records = busy_log(1200, merges=2)
    whole, kept = both(records)
    was, now = (whole.basis("2018", position) for position in (500, 1200))
    for entity in (*PEOPLE[:4], *PLACES[:2]):
        assert views.snapshot(kept, entity, now, depth=2) == views.snapshot(
            whole, entity, now, depth=2
        )
        assert views.why(kept, entity, now) == views.why(whole, entity, now)
        assert views.diff(kept, was, now, entity) == views.diff(whole, was, now, entity)


def test_what_bears_on_an_entity_is_not_the_whole_log():
    records = [
        event("joined", "2020", id=f"r{number}", person=f"p{number}", organisation="lab")
        for number in range(50)
    ]
    whole, kept = both(records)
    basis = whole.basis(None, None)
    (record,) = kept.records_about(["p7"], basis)
    assert record.id == "r7"
