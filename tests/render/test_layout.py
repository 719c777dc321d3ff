"""Where events are drawn."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.render.answers import answer, answers, day, entry, of_day
from timeline.render.drawing.layout import drawing

DAY = 86_400_000_000


@examples(100)
@given(answers(), st.sampled_from([200, 960, 10_000]), st.sampled_from([None, 1, 4]))
def test_nothing_overlaps_in_a_row_and_everything_is_drawn_within_the_scale(
    asked, width, labelled_rows
):
    found = drawing(asked, "UTC", width, labelled_rows)
    assert [placed.id for placed in found.placed] == [each["id"] for each in asked["events"]]
    rows = defaultdict(list)
    for placed in found.placed:
        assert 0 <= placed.row < found.rows
        assert 0 <= placed.left <= placed.right
        sides = [side for side in placed.shown.band if side is not None]
        assert all(found.scale.start <= side <= found.scale.end for side in sides)
        assert (placed.label_left is None) == (placed.row >= found.labelled_rows)
        rows[placed.row].append((placed.left, placed.right))
    for taken in rows.values():
        taken.sort()
        assert all(one[1] < other[0] for one, other in pairwise(taken))


@examples(50)
@given(answers(), st.sampled_from([None, 2]))
def test_rivals_stand_in_adjacent_rows_joined_by_a_bracket(asked, labelled_rows):
    found = drawing(asked, "UTC", 960, labelled_rows)
    rows = {placed.id: placed.row for placed in found.placed}
    for bracket in found.brackets:
        taken = sorted(rows[id] for id in bracket.ids)
        assert taken == list(range(bracket.first_row, bracket.last_row + 1))
    bracketed = {id for bracket in found.brackets for id in bracket.ids}
    assert bracketed == {each["id"] for each in asked["events"] if "rivals" in each}


@examples(30)
@given(answers())
def test_the_same_answer_is_drawn_the_same(asked):
    assert drawing(asked, "UTC", 960, 4) == drawing(asked, "UTC", 960, 4)


def test_rows_above_stay_as_they_are_when_something_later_happens():
    before = [of_day("a", "2026-01-01"), of_day("b", "2026-01-01"), of_day("c", "2026-06-01")]
    after = [*before, of_day("d", "2026-06-01")]
    first, second = (drawing(answer(*each), "UTC", 960) for each in (before, after))
    assert [placed.row for placed in first.placed] == [0, 1, 0]
    assert [placed.row for placed in second.placed] == [0, 1, 0, 1]


def test_a_rival_that_is_not_in_the_answer_is_not_waited_for():
    alone = of_day("a", "2026-01-01", rivals=[{"id": "in another story"}])
    found = drawing(answer(alone), "UTC", 960)
    assert (found.rows, found.brackets) == (1, [])


def test_links_are_drawn_between_what_is_drawn():
    entries = [
        of_day("a", "2026-01-01", before=[{"id": "c"}]),
        of_day("b", "2026-01-02", after=[{"id": "a"}, {"id": "elsewhere"}]),
        of_day("c", "2026-01-03", after=[{"id": "a"}]),
    ]
    found = drawing(answer(*entries), "UTC", 960)
    assert [tuple(link) for link in found.links] == [("a", "c"), ("a", "b")]


@pytest.mark.parametrize(
    ("more", "marks"),
    [
        ({}, ()),
        ({"corrections": ["x"], "amendments": ["x"]}, ("corrected",)),
        ({"amendments": ["x"], "standing": "confirmed"}, ("confirmed",)),
        ({"standing": "disputed", "certainty": "possible"}, ("disputed",)),
        ({"rivals": [{"id": "x"}], "certainty": "possible"}, ("rival",)),
        ({"decided_against": {}, "certainty": "possible"}, ("dissent",)),
        ({"certainty": "possible"}, ("uncertain",)),
        ({"order": "possible"}, ("unordered",)),
        ({"when": "2026-01-01~"}, ("approximate",)),
    ],
)
def test_what_a_reader_should_see_of_a_event_is_a_mark(more, marks):
    drawn = {**of_day("a", "2026-01-01"), **more}
    (placed,) = drawing(answer(drawn), "UTC", 960).placed
    assert placed.shown.marks == marks


def test_a_date_is_as_wide_as_what_is_known_of_it():
    month = entry("a", day("2026-01-01"), day("2026-02-01"))
    found = drawing(answer(month, of_day("b", "2026-02-28")), "UTC", 960)
    pixels = [found.scale.pixel(side) for side in found.placed[0].shown.band]
    a_day = 960 * DAY / (found.scale.end - found.scale.start)
    assert pixels[1] - pixels[0] == pytest.approx(31 * a_day)
