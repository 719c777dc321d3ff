"""The audit: what each record changed in the state."""

from __future__ import annotations

from tests.rooms import fill, happening, memory_newsroom
from timeline.projections.listing import listing

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def changes(newsroom, as_of="2030", **more):
    steps = newsroom.replay(newsroom.basis(as_of, None, 0), **more)
    return [
        [
            (
                change.get("subject") or change["listing"],
                change["before"] and change["before"].get("certainty", "listed"),
                change["after"] and change["after"].get("certainty", "listed"),
            )
            for change in step["changes"]
        ]
        for step in steps
    ]


def test_each_record_says_what_it_changed():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
        {"story": "story", "type": "retraction", "retracts": "out", "reason": "r"},
        {"story": "story", "type": "restoration", "restores": "out", "reason": "r"},
        happening("happened", "2021", about=["lab"]),
    )
    assert changes(newsroom) == [
        [("ann", None, "certain")],
        [("ann", "certain", None)],
        [("ann", None, "certain")],
        [("ann", "certain", None)],
        [],
    ]


def test_a_beginning_once_known_unsays_what_an_end_implied():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("departed", "2025", **ANN_AT_LAB),
        happening("joined", "2024", role="chief", **ANN_AT_LAB),
    )
    assert changes(newsroom, as_of="2023") == [
        [("ann", None, "possible")],
        [("ann", "possible", None)],
    ]


def test_comments_and_questions_are_part_of_the_state():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("commented", "2020", id="said", speaker="ann", about=["lab"]),
        happening("asked", "2020", id="why", question="Why?", about=["lab"]),
        happening("answered", "2021", answers="why", answer="So."),
        {"story": "story", "type": "retraction", "retracts": "said", "reason": "r"},
    )
    assert changes(newsroom) == [
        [("comment", None, "listed")],
        [("question", None, "listed")],
        [("question", "listed", None)],
        [("comment", "listed", None)],
    ]


def test_steps_can_be_narrowed_without_changing_what_they_say():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", **ANN_AT_LAB),
        {**happening("joined", "2020", person="bob", organisation="desk"), "story": "other"},
        happening("dissolved", "2021", organisation="lab"),
    )
    whole = changes(newsroom)
    assert changes(newsroom, after=2) == whole[2:]
    assert changes(newsroom, story="other") == [whole[1]]
    assert changes(newsroom, entity="ann") == [whole[0], whole[2]]
    assert changes(newsroom, entity="bob") == [whole[1]]


def test_what_leads_away_from_an_entity_concerns_it():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("happened", "2020", id="a", about=["lab"]),
        happening("asked", "2020", id="why", question="Why?", about=["lab"]),
        happening("answered", "2021", answers="why", answer="So."),
        {
            "story": "story",
            "type": "correction",
            "corrects": "a",
            "changes": {"about": ["desk"]},
            "reason": "r",
        },
        happening("happened", "2020", about=["desk"]),
    )
    steps = newsroom.replay(newsroom.basis("2030", None, 0), entity="lab")
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    listed = listing(newsroom.records(), entity="lab")
    assert [record.position for record in listed] == [1, 2, 3, 4]
