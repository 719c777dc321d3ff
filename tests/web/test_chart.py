"""The organisation chart: who was in what, and what was part of what."""

from __future__ import annotations

from tests import views
from tests.rooms import event, fill, memory_newsroom
from timeline.web.pages.chart import MOST, chart


def chart_of(entity, *records, depth=1, as_of="2030"):
    newsroom = memory_newsroom()
    fill(newsroom, *records)
    return chart(views.snapshot(newsroom, entity, newsroom.basis(as_of, None), depth))


def outline(boxes):
    return {each.slug: outline(each.below) for each in boxes}


FOUNDED = [
    event("founded", "2020", organisation="lab", parent="group"),
    event("founded", "2020", organisation="desk", parent="group"),
    event("joined", "2021", person="ann", organisation="lab", role="chief"),
    event("joined", "2021", person="bob", organisation="desk"),
]


def test_an_entity_stands_below_what_it_is_part_of_and_above_its_members():
    assert outline(chart_of("lab", *FOUNDED)) == {"group": {"lab": {"ann": {}}}}


def test_a_deeper_snapshot_shows_what_is_beside_it():
    found = chart_of("lab", *FOUNDED, depth=3)
    assert outline(found) == {"group": {"lab": {"ann": {}}, "desk": {"bob": {}}}}


def test_a_person_stands_in_all_they_are_in():
    more = event("joined", "2022", person="ann", organisation="desk")
    assert outline(chart_of("ann", *FOUNDED, more)) == {"lab": {"ann": {}}, "desk": {"ann": {}}}


def test_each_box_says_how_sure_it_is_and_in_which_roles():
    roles = [
        event("joined", "2021", person="ann", organisation="lab", role="chief"),
        event("joined", "2029~", person="ann", organisation="lab", role="clerk"),
        event("joined", "2029~", person="bob", organisation="lab"),
    ]
    (lab,) = chart_of("lab", *roles, as_of="2029")
    ann, bob = lab.below
    assert (ann.certainty, bob.certainty) == ("certain", "possible")
    assert [(tie.role, tie.certainty) for tie in ann.ties] == [
        ("chief", "certain"),
        ("clerk", "possible"),
    ]
    assert lab.is_asked and ann.is_member


def test_what_is_part_of_itself_is_shown_once():
    circle = [
        event("founded", "2020", organisation="lab", parent="group"),
        event("founded", "2020", organisation="group", parent="lab"),
    ]
    assert outline(chart_of("lab", *circle, depth=2)) == {"lab": {"group": {}}}


def test_of_very_many_it_says_how_many_more_there_are():
    joined = [
        event("joined", "2020", person=f"p{number}", organisation="lab")
        for number in range(MOST + 5)
    ]
    (lab,) = chart_of("lab", *joined)
    assert (len(lab.below), lab.more) == (MOST, 5)


def test_who_stands_alone_has_no_chart():
    assert chart_of("lab", event("renamed", "2020", entity="lab", name="Lab")) == []
