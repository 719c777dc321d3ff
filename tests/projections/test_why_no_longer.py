"""Why a statement holds no longer, or never did: its end, and what was withdrawn."""

from __future__ import annotations

import pytest

from tests.projections.reasons import amendment, ids, only, why
from tests.rooms import event, fill, memory_newsroom
from timeline.projections import explanation

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


@pytest.fixture
def newsroom():
    return memory_newsroom()


def test_what_has_surely_ended_is_told_with_its_end_the_latest_first(newsroom):
    fill(
        newsroom,
        event("joined", "2015", id="a", **ANN_AT_LAB),
        event("departed", "2016", id="b", headline="Ann leaves", **ANN_AT_LAB),
        event("joined", "2018", id="c", person="ann", organisation="desk"),
        event("departed", "2019", id="d", person="ann", organisation="desk"),
        event("joined", "2020", id="e", person="ann", organisation="house"),
    )
    answer = why(newsroom)
    assert [each["value"] for each in answer["statements"]] == ["house"]
    desk, lab = answer["ended"]
    assert (desk["value"], lab["value"]) == ("desk", "lab")
    assert (ids(lab["begun_by"]), ids(lab["ended_by"])) == (["a"], ["b"])
    assert lab["until"] == ["2016-01-01T00:00:00.000000Z", "2017-01-01T00:00:00.000000Z"]
    told = "No longer: in every way the dates can fall, “Ann leaves” (b) had ended it by then."
    assert lab["explanation"] == told


def test_it_is_the_first_end_after_the_last_beginning_that_ended_it(newsroom):
    fill(
        newsroom,
        event("joined", "2010", id="in-1", **ANN_AT_LAB),
        event("departed", "2012", id="out-1", **ANN_AT_LAB),
        event("joined", "2014", id="in-2", **ANN_AT_LAB),
        event("departed", "2016", id="out-2", **ANN_AT_LAB),
        event("dissolved", "2018", id="gone", organisation="lab"),
    )
    (entry,) = why(newsroom)["ended"]
    assert (ids(entry["begun_by"]), ids(entry["ended_by"])) == (["in-2"], ["out-2"])


def test_a_value_that_was_replaced_ended_with_the_next(newsroom):
    fill(
        newsroom,
        event("founded", "2019", organisation="lab", parent="house"),
        event("merged", "2024", id="m", organisations=["lab"], into="group"),
    )
    (entry,) = why(newsroom, "lab")["ended"]
    assert entry["value"] == "house" and ids(entry["ended_by"]) == ["m"]


def test_a_spell_that_is_over_brought_its_own_end(newsroom):
    fill(newsroom, event("joined", "2015/2016", id="term", headline="A term", **ANN_AT_LAB))
    (entry,) = why(newsroom)["ended"]
    assert ids(entry["ended_by"]) == ["term"]
    told = "No longer: “A term” (term) dates its end as well, and that has passed."
    assert entry["explanation"] == told


def test_a_departure_alone_ended_what_nobody_has_recorded(newsroom):
    fill(newsroom, event("departed", "2020", id="out", **ANN_AT_LAB))
    (entry,) = why(newsroom)["ended"]
    assert entry["begun_by"] == [] and ids(entry["ended_by"]) == ["out"]
    assert "no record says how it began" in entry["explanation"]


def test_what_has_not_begun_yet_has_not_ended(newsroom):
    fill(newsroom, event("joined", "2020", **ANN_AT_LAB))
    answer = why(newsroom, as_of="2010")
    assert (answer["statements"], answer["ended"]) == ([], [])


def test_of_values_replaced_again_and_again_the_last_are_told_of(newsroom, monkeypatch):
    monkeypatch.setattr(explanation, "LATEST", 2)
    users = {"subject": "app", "measure": "users"}
    fill(
        newsroom,
        *(event("measured", str(2000 + n), value=n, **users) for n in range(6)),
        event("measured", "2050", value=99, **users),
    )
    answer = why(newsroom, "app")
    assert [each["value"] for each in answer["ended"]] == [4, 3]
    assert answer["ended_left_out"] == 3


def test_what_was_retracted_is_told_of_and_counts_for_nothing(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB),
        amendment("retraction", "r", retracts="in", reason="Another Ann."),
    )
    answer = why(newsroom)
    assert (answer["statements"], answer["ended"]) == ([], [])
    (entry,) = answer["not_counted"]
    assert entry["explanation"] == "Not counted: “Ann joins” (in) is retracted."
    assert entry["begun_by"][0]["amendments"][0]["reason"] == "Another Ann."
    assert ids(only(newsroom, as_known="1")["begun_by"]) == ["in"]


def test_a_statement_is_told_with_what_would_have_begun_or_ended_it_but_is_retracted(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("joined", "2019", id="earlier", **ANN_AT_LAB),
        event("departed", "2021", id="out", **ANN_AT_LAB),
        event("dissolved", "2022", id="no-more", organisation="lab"),
        amendment("retraction", "r-earlier", retracts="earlier", reason="A slip."),
        amendment("retraction", "r-no-more", retracts="no-more", reason="A hoax."),
    )
    (ended,) = why(newsroom)["ended"]
    assert ids(ended["not_counted"]) == ["earlier", "no-more"]
    fill(newsroom, amendment("retraction", "r", retracts="out", reason="She stays."))
    entry = only(newsroom)
    assert ids(entry["begun_by"]) == ["in"]
    assert ids(entry["not_counted"]) == ["earlier", "out", "no-more"]
    assert entry["not_counted"][1]["amendments"][0]["reason"] == "She stays."
    assert why(newsroom)["not_counted"] == []
    assert "not_counted" not in only(newsroom, as_known="1")


def test_a_statement_is_told_with_the_end_that_was_decided_against(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2021", id="out", **ANN_AT_LAB),
        event("happened", "2021", id="stays", about=["ann"], headline="Ann stays"),
        amendment("conflict", "c", between=["out", "stays"], reason="Only one is so."),
        amendment("resolution", "r", chosen="stays", over=["out"], reason="She says so."),
    )
    (account,) = only(newsroom)["not_counted"]
    assert account["id"] == "out"
    assert account["decided_against"]["reason"] == "She says so."
