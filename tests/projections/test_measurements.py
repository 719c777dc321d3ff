"""A measurement holds for its date: numbers as people write them, as a dated series."""

from __future__ import annotations

from tests.rooms import event, fill, held, memory_newsroom
from timeline.projections.check import Check
from timeline.projections.snapshot import Snapshot
from timeline.render.tables.snapshot import show
from timeline.render.wording import Words


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


def table(newsroom, capsys, as_of):
    answer, legend = newsroom.ask_with_legend(Snapshot("lab", as_of=as_of))
    show(answer, Words(newsroom.settings, legend))
    return capsys.readouterr().out.splitlines()


def test_people_see_the_number_with_its_date_and_those_before_it(capsys):
    newsroom = memory_newsroom()
    fill(
        newsroom,
        staff("more than 650", of=770, unit="employees", id="c"),
        staff("600 thousand", "2023-02", id="b", attributed_to="ann"),
        staff(203_000_000, "2026-02", id="d"),
    )
    assert table(newsroom, capsys, "2024")[3:6] == [
        "● lab staff more than 650 of 770 employees · 20 November 2023",
        "  single source; because c",
        "  before: 600 thousand · February 2023 (according to ann; b)",
    ]
    assert table(newsroom, capsys, "2026-06")[3:6] == [
        "● lab staff 203,000,000 · February 2026",
        "  single source; because d",
        "  before: more than 650 of 770 employees · 20 November 2023 (c)",
    ]


def series(newsroom, as_of):
    (entry,) = newsroom.snapshot("lab", as_of=as_of)["statements"]
    return [(each["value"], each["when"]) for each in entry["series"]]


def test_a_measure_is_a_dated_series_with_the_latest_first():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        staff("more than 650", of=770, unit="employees", id="c"),
        staff("about 500", "2022-05", attributed_to="ann", id="a"),
        staff("600 thousand", "2023-02", id="b"),
    )
    assert series(newsroom, "2024") == [
        ("more than 650", "2023-11-20"),
        (600_000, "2023-02"),
        ("about 500", "2022-05"),
    ]
    assert series(newsroom, "2023-10") == [(600_000, "2023-02"), ("about 500", "2022-05")]
    (entry,) = newsroom.snapshot("lab", as_of="2024")["statements"]
    assert entry["bounds"] == [650, None]
    latest, before, first = entry["series"]
    assert (latest["of"], latest["unit"], latest["id"]) == (770, "employees", "c")
    assert before["written"] == "600 thousand" and "bounds" not in before
    assert (first["attributed_to"], first["bounds"]) == ("ann", [400, 600])


def test_only_the_latest_few_of_a_long_series_are_in_a_snapshot():
    newsroom = memory_newsroom()
    fill(newsroom, *(staff(year, str(year)) for year in range(1900, 2020)))
    assert [value for value, _ in series(newsroom, "2024")] == [2019, 2018, 2017, 2016, 2015]


def test_what_was_retracted_or_set_otherwise_is_no_measurement():
    newsroom = memory_newsroom()
    became = event("became", "2023-05", subject="lab", property="staff", value=40)
    retraction = {"story": "story", "type": "retraction", "retracts": "wrong", "reason": "No."}
    fill(newsroom, staff(10, "2022"), became, staff(99, "2023-10", id="wrong"), retraction)
    (entry,) = newsroom.snapshot("lab", as_of="2024")["statements"]
    assert entry["value"] == 40 and "series" not in entry
    fill(newsroom, staff(50))
    assert series(newsroom, "2024") == [(50, "2023-11-20"), (10, "2022")]


def test_rival_measurements_are_each_in_the_series_as_possible():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        staff(40, id="one"),
        staff(45, id="other"),
        {"story": "story", "type": "conflict", "between": ["one", "other"], "reason": "Two."},
    )
    entries = newsroom.snapshot("lab", as_of="2024")["statements"]
    assert [each["value"] for each in entries] == [40, 45]
    assert {each["certainty"] for entry in entries for each in entry["series"]} == {"possible"}
