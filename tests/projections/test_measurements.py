"""A measurement holds for its date: numbers as people write them, as a dated series."""

from __future__ import annotations

from tests.rooms import event, fill, held, memory_newsroom
from timeline.projections.check import Check


def staff(value, when="2023-11-20", **more):
    return event("measured", when, subject="lab", measure="staff", value=value, **more)


def disagreements(newsroom):
    findings = newsroom.ask(Check(as_of="2024"))["findings"]
    return [each for each in findings if each["kind"] == "undecided-value"]


def test_equal_numbers_written_apart_are_one_statement():
    newsroom = memory_newsroom()
    fill(newsroom, staff("100 million"), staff(100_000_000), staff("100,000,000"))
    assert held(newsroom, "lab", "2024") == {("lab", "staff", 100_000_000): "certain"}
    assert disagreements(newsroom) == []


def test_a_vague_number_is_the_text_that_was_written():
    newsroom = memory_newsroom()
    fill(newsroom, staff("more than 650", of=770, unit="employees"))
    assert held(newsroom, "lab", "2024") == {("lab", "staff", "more than 650"): "certain"}


def test_numbers_whose_bounds_overlap_do_not_disagree():
    newsroom = memory_newsroom()
    fill(newsroom, staff("more than 650"), staff(702))
    assert disagreements(newsroom) == []
    fill(newsroom, staff("fewer than 600"))
    (finding,) = disagreements(newsroom)
    assert {each["value"] for each in finding["values"]} == {"more than 650", 702, "fewer than 600"}


def test_text_that_is_no_number_disagrees_with_any_other():
    newsroom = memory_newsroom()
    fill(newsroom, staff("dozens"), staff("1.500"))
    assert len(disagreements(newsroom)) == 1


def test_the_headline_says_the_number_with_its_whole_and_its_unit():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        staff("more than 650", of=770, unit="employees"),
        staff(203_000_000, unit="users"),
        staff("203 million"),
    )
    answer = newsroom.chronology("story")
    assert [each["headline"] for each in answer["events"]] == [
        "lab: staff more than 650 of 770 employees",
        "lab: staff 203,000,000 users",
        "lab: staff 203 million",
    ]
