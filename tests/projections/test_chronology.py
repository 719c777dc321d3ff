"""The order of what happened, and how firm it is."""

from __future__ import annotations

from tests import views
from tests.rooms import event, fill, memory_newsroom


def listed(newsroom, as_of="2030", **which):
    answer = views.chronology(newsroom, newsroom.basis(as_of, None), **which)
    return [(each["id"], each["order"], each["certainty"]) for each in answer["events"]]


def test_what_may_not_have_come_after_the_one_above_is_marked():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2026-03-05", id="c", about=["x"]),
        event("happened", "2026-03-01", id="a", about=["x"]),
        event("happened", "2026-03", id="b", about=["x"]),
        event("happened", "2026-04", id="d", about=["y"]),
    )
    assert listed(newsroom, story="story") == [
        ("a", "certain", "certain"),
        ("b", "possible", "certain"),
        ("c", "possible", "certain"),
        ("d", "certain", "certain"),
    ]
    assert listed(newsroom, entity="y") == [("d", "certain", "certain")]


def test_what_has_not_happened_yet_is_not_listed():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2026-03", id="a", about=["x"]),
        event("happened", "2026-05", id="b", about=["x"]),
    )
    assert listed(newsroom, as_of="2026-03-10", story="story") == [("a", "certain", "possible")]


def test_it_reads_as_corrected_and_leaves_out_what_was_retracted():
    newsroom = memory_newsroom()
    changes = {"headline": "So"}
    fill(
        newsroom,
        event("happened", "2026-03", id="a", about=["x"]),
        event("happened", "2026-03", id="b", about=["x"]),
        {"story": "s", "type": "correction", "corrects": "a", "changes": changes, "reason": "r"},
        {"story": "s", "type": "retraction", "retracts": "b", "reason": "r"},
    )
    (entry,) = views.chronology(newsroom, newsroom.basis("2030", None), "story")["events"]
    assert (entry["id"], entry["headline"], len(entry["amendments"])) == ("a", "So", 1)


def test_what_began_and_has_no_known_end_happened_when_it_began():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2026-03-01/..", id="a", about=["x"]),
        event("happened", "2026-03-05", id="b", about=["x"]),
    )
    assert listed(newsroom, story="story") == [
        ("a", "certain", "certain"),
        ("b", "certain", "certain"),
    ]


def test_what_has_no_known_beginning_is_listed_by_its_end():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "[..2026-03-02]", id="c", about=["x"]),
        event("happened", "2026-03-01", id="a", about=["x"]),
        event("happened", "2026-03-05", id="d", about=["x"]),
    )
    assert [id for id, *_ in listed(newsroom, story="story")] == ["a", "c", "d"]


def test_it_says_what_is_named_and_tagged_and_which_amendments_are_corrections():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-03", id="a", person="p", organisation="o", tags=["staff"]),
        event("happened", "2026-04", id="b", about=["x"]),
        {
            "story": "s",
            "id": "mended",
            "type": "correction",
            "corrects": "a",
            "changes": {"person": "q"},
            "reason": "r",
        },
        {"story": "s", "id": "seen", "type": "confirmation", "confirms": "a", "reason": "r"},
    )
    first, second = views.chronology(newsroom, newsroom.basis("2030", None), "story")["events"]
    assert first["entities"] == ["q", "o"]
    assert first["tags"] == ["staff"]
    assert first["amendments"] == ["mended", "seen"]
    assert first["corrections"] == ["mended"]
    assert second["entities"] == ["x"]
    assert "tags" not in second and "corrections" not in second


def test_a_period_says_when_it_ends_where_that_is_known():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-01/2026-03", id="a", person="p", organisation="o"),
        event("happened", "2026-01/2026-03", id="b", about=["x"]),
        event("joined", "2026-02/..", id="c", person="p", organisation="o"),
    )
    found = views.chronology(newsroom, newsroom.basis("2030", None), "story")["events"]
    assert {each["id"]: each.get("until") for each in found} == {
        "a": ["2026-03-01T00:00:00.000000Z", "2026-04-01T00:00:00.000000Z"],
        "b": ["2026-03-01T00:00:00.000000Z", "2026-04-01T00:00:00.000000Z"],
        "c": None,
    }
