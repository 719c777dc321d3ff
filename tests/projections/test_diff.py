"""What changed between two points, and by which records."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import views
from tests.examples import examples
from tests.projections.differences import amendment, diff
from tests.rooms import event, fill, memory_newsroom, state
from tests.worlds.logs import ENTITIES, TICKS, logs, newsroom_with, tick
from timeline.errors import InputError
from timeline.projections.replay import Filters

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}
TIMES = ["1998", *(tick(number) for number in TICKS), "2002"]
STATE = ("certainty", "standing", "since", "until")


def changes(answer):
    return [
        (
            change["subject"],
            change["value"],
            change["before"] and change["before"]["certainty"],
            change["after"] and change["after"]["certainty"],
            change["records"],
        )
        for change in answer["changes"]
    ]


def test_what_came_to_be_known_is_told_with_the_record_that_said_so():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("joined", "2020", id="bob-in", person="bob", organisation="lab"),
        event("departed", "2021", id="out", **ANN_AT_LAB),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", None, ["out"]),
        ("bob", "lab", None, "certain", ["bob-in"]),
    ]
    assert changes(diff(newsroom, known=(0, 1))) == [("ann", "lab", None, "certain", ["in"])]
    assert changes(diff(newsroom, known=(3, 3))) == []


def test_there_and_back_names_every_record_and_what_nets_to_nothing_is_left_out():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2021", id="out", **ANN_AT_LAB),
        amendment("retraction", id="not-out", retracts="out"),
        amendment("restoration", id="out-again", restores="out"),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", None, ["out", "not-out", "out-again"])
    ]
    assert changes(diff(newsroom, known=(2, None))) == []
    assert changes(diff(newsroom, known=(1, 3))) == []


def test_what_happened_in_between_is_behind_the_passing_of_time_with_its_amendments():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2025", id="out", **ANN_AT_LAB),
        amendment("correction", id="earlier", corrects="out", changes={"when": "2022"}),
    )
    expected = [("ann", "lab", "certain", None, ["out", "earlier"])]
    assert changes(diff(newsroom, of=("2021", "2023"))) == expected
    assert changes(diff(newsroom, of=("2023", "2024"))) == []


def test_on_both_clocks_time_passes_first_and_then_the_log_grows():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("joined", "2022", id="bob-in", person="bob", organisation="lab"),
        event("departed", "2022", id="out", **ANN_AT_LAB),
    )
    assert changes(diff(newsroom, known=(2, 3), of=("2021", "2023"))) == [
        ("ann", "lab", "certain", None, ["out"]),
        ("bob", "lab", None, "certain", ["bob-in"]),
    ]


def test_lineage_alone_is_no_change():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("correction", corrects="in", changes={"tags": ["people"]}),
    )
    answer = diff(newsroom, known=(1, None))
    assert not answer["changes"]
    assert not answer["notices"]


def test_a_dispute_makes_what_was_certain_possible():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("dispute", id="doubt", disputes="in"),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", "possible", ["doubt"])
    ]


def test_comments_and_questions_are_compared_too():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("commented", "2020", id="said", speaker="ann", about=["lab"]),
        event("asked", "2020", id="why", question="Why?", about=["lab"]),
        event("answered", "2021", id="so", answers="why", answer="So."),
        amendment("correction", id="elsewhere", corrects="said", changes={"about": ["desk"]}),
    )
    answer = diff(newsroom, known=(2, None), entity="lab")
    (comment,), (question,) = answer["comments"], answer["questions"]
    assert (comment["id"], comment["after"], comment["records"]) == ("said", None, ["elsewhere"])
    assert (question["id"], question["after"], question["records"]) == ("why", None, ["so"])
    (gained,) = diff(newsroom, known=(2, None), entity="desk")["comments"]
    assert (gained["before"], gained["records"]) == (None, ["elsewhere"])
    (passed,) = diff(newsroom, of=("2020", "2022"), entity="lab")["questions"]
    assert passed["records"] == ["so"]


def test_an_entity_is_followed_into_another_that_it_turns_out_to_be():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", person="a-lin", organisation="lab"),
        amendment("same-entity", id="one", entities=["ann", "a-lin"]),
    )
    expected = [
        ("a-lin", "lab", "certain", None, ["one"]),
        ("ann", "lab", None, "certain", ["one"]),
    ]
    assert changes(diff(newsroom, known=(1, None), entity="ann")) == sorted(expected)
    assert changes(diff(newsroom, known=(1, None), entity="a-lin")) == sorted(expected)
    assert not diff(newsroom, known=(1, None))["notices"]


def test_a_story_is_what_its_records_bear_on():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        {**event("dissolved", "2021", id="end", organisation="lab"), "story": "other"},
        {**event("joined", "2021", id="bob-in", person="bob", organisation="desk")},
    )
    assert changes(diff(newsroom, known=(1, None), story="other")) == [
        ("ann", "lab", "certain", None, ["end"])
    ]
    assert [change[0] for change in changes(diff(newsroom, known=(1, None), story="story"))] == [
        "ann",
        "bob",
    ]


@pytest.mark.parametrize(("known", "of"), [((2, 1), ("2030", "2030")), ((1, 2), ("2030", "2020"))])
def test_a_clock_that_would_run_backwards_is_refused(known, of):
    newsroom = memory_newsroom()
    fill(newsroom, *(event("joined", "2020", **ANN_AT_LAB) for _ in range(2)))
    with pytest.raises(InputError, match="the earlier one comes first"):
        diff(newsroom, known, of)


def test_the_account_that_was_chosen_is_named_though_it_changed_nothing_when_it_came():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2021", id="in", **ANN_AT_LAB),
        event("joined", "2022", id="later", **ANN_AT_LAB),
        amendment("conflict", id="rivals", between=["in", "later"]),
        amendment("resolution", id="chosen", chosen="later", over=["in"]),
    )
    (change,) = diff(newsroom, known=(0, None))["changes"]
    assert change["records"] == ["in", "later", "rivals", "chosen"]


def test_bounds_that_are_open_on_both_sides_are_no_news():
    newsroom = memory_newsroom()
    first = "2000-01-01T00:00:00.000001Z"
    fill(
        newsroom,
        event("joined", first, id="in", **ANN_AT_LAB),
        event("dissolved", f"[..{first}]", id="end", organisation="lab"),
        event("joined", f"[..{first}]", id="again", **ANN_AT_LAB),
    )
    assert diff(newsroom, of=("1998", first))["changes"] == []


@examples(200)
@given(logs(), st.data())
def test_it_is_the_difference_of_two_snapshots_and_never_without_a_record(records, data):
    newsroom = newsroom_with(records)
    known = sorted(data.draw(st.tuples(*[st.integers(0, len(records))] * 2)))
    of = sorted(data.draw(st.tuples(*[st.sampled_from(range(len(TIMES)))] * 2)))
    times = [TIMES[place] for place in of]
    whole = diff(newsroom, known, times)
    ends = [
        {
            _key(entry): [entry[part] for part in STATE]
            for entity in _everybody(records)
            for entry in state(newsroom, entity, as_of, str(position))["statements"]
        }
        for as_of, position in zip(times, known, strict=True)
    ]
    expected = {
        key for key in ends[0].keys() | ends[1].keys() if ends[0].get(key) != ends[1].get(key)
    }
    assert {_key(change) for change in whole["changes"]} == expected
    positions = {record.id: record.position for record in newsroom.records()}
    for change in whole["changes"]:
        found = [positions[id] for id in change["records"]]
        assert found
        assert found == sorted(set(found))
    for entity in ENTITIES:
        mine = diff(newsroom, known, times, entity)
        for change in mine["changes"]:
            assert change in whole["changes"]


@examples(200)
@given(logs(), st.data())
def test_as_known_it_names_the_steps_of_the_audit_and_what_it_rests_on(records, data):
    newsroom = newsroom_with(records)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(records))] * 2)))
    as_of = data.draw(st.sampled_from(TIMES))
    answer = diff(newsroom, (first, last), (as_of, as_of))
    basis = newsroom.basis(as_of, str(last))
    steps = list(views.replay(newsroom, basis, Filters(first=first + 1)))
    new = {each.id for each in newsroom.records(last, first) if not each.is_amendment}
    for change in answer["changes"]:
        behind = new & set(change["after"]["because"] if change["after"] else ())
        assert change["records"] == [
            step["id"]
            for step in steps
            if step["id"] in behind
            or any("listing" not in each and _key(each) == _key(change) for each in step["changes"])
        ]


def _key(entry):
    return (*(entry[part] for part in ("subject", "property", "value")), str(entry["qualifiers"]))


def _everybody(records):
    """All that may be subject or value of a statement."""
    return [*ENTITIES, "red", "Lab", "lab", "size"]
