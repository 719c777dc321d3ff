"""The geometry that a page draws itself: small, whole, and in a browser's numbers."""

from __future__ import annotations

import json

from hypothesis import given

from tests.examples import examples
from tests.render.answers import answer, answers, entry, of_day
from timeline.render.drawing.geometry_json import geometry_json

EXACT = 2**53


@examples(60)
@given(answers())
def test_everything_is_in_it_in_the_order_of_the_answer(asked):
    found = json.loads(json.dumps(geometry_json(asked, "UTC")))
    count = len(asked["events"])
    assert found["events"]["id"] == [each["id"] for each in asked["events"]]
    assert {len(column) for column in found["events"].values()} == {count}
    for earliest, latest in zip(
        found["events"]["earliest"], found["events"]["latest"], strict=True
    ):
        assert earliest is None or latest is None or earliest < latest
        for side in (earliest, latest):
            assert side is None or found["start"] <= side <= found["end"]
            assert side is None or abs(side) < EXACT
    marks = found["names"]["classes"]
    assert len(marks) == len(found["names"]["marks"])
    for group in found["rivals"]:
        for number in group:
            assert marks.index("rival") in found["events"]["marks"][number]


def test_instants_are_rounded_outward_so_that_no_band_vanishes():
    found = geometry_json(answer(entry("a", 1, 2), entry("b", -1999, -1998)), "UTC")
    assert found["events"]["earliest"] == [0, -2]
    assert found["events"]["latest"] == [1, -1]


def test_it_says_which_answer_it_draws_and_names_things_once():
    asked = answer(
        of_day("a", "2026-01-01", entities=["x", "y"], tags=["money"]),
        of_day("b", "2026-01-02", entities=["y"], before=[{"id": "elsewhere"}]),
        of_day("c", "2026-01-03", after=[{"id": "a", "within": "PT72H"}]),
    )
    found = geometry_json(asked, "Asia/Shanghai")
    assert found["answer"] == asked["digest"]
    assert found["zone"] == "Asia/Shanghai"
    assert found["names"]["entities"] == ["x", "y"]
    assert found["events"]["entities"] == [[0, 1], [1], []]
    assert found["events"]["tags"] == [[0], [], []]
    assert found["events"]["said"][2] == "3 January 2026, UTC, after a (within 72 hours)"
    assert found["links"] == [[0, 2]]
