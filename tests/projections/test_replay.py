"""The audit: what each record changed in the state."""

from __future__ import annotations

from tests import views
from tests.rooms import event, fill, memory_newsroom
from timeline import temporal
from timeline.history.history import History
from timeline.projections.log import listing
from timeline.projections.replay import Filters, replay_answer
from timeline.projections.replay_state import State

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def changes(newsroom, as_of="2030", **more):
    steps = views.replay(newsroom, newsroom.basis(as_of, None), Filters(**more))
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
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2021", id="out", **ANN_AT_LAB),
        {"story": "story", "type": "retraction", "retracts": "out", "reason": "r"},
        {"story": "story", "type": "restoration", "restores": "out", "reason": "r"},
        event("happened", "2021", about=["lab"]),
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
        event("departed", "2025", **ANN_AT_LAB),
        event("joined", "2024", role="chief", **ANN_AT_LAB),
    )
    assert changes(newsroom, as_of="2023") == [
        [("ann", None, "possible")],
        [("ann", "possible", None)],
    ]


def test_comments_and_questions_are_part_of_the_state():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("commented", "2020", id="said", speaker="ann", about=["lab"]),
        event("asked", "2020", id="why", question="Why?", about=["lab"]),
        event("answered", "2021", answers="why", answer="So."),
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
        event("joined", "2020", **ANN_AT_LAB),
        {**event("joined", "2020", person="bob", organisation="desk"), "story": "other"},
        event("dissolved", "2021", organisation="lab"),
    )
    whole = changes(newsroom)
    assert changes(newsroom, first=3) == whole[2:]
    assert changes(newsroom, story="other") == [whole[1]]
    assert changes(newsroom, entity="ann") == [whole[0], whole[2]]
    assert changes(newsroom, entity="bob") == [whole[1]]


def test_what_says_that_entities_are_one_concerns_them():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", **ANN_AT_LAB),
        {
            "story": "story",
            "type": "same-entity",
            "entities": ["ann", "a-lin"],
            "reason": "r",
        },
    )
    assert changes(newsroom, entity="a-lin") == [[]]
    assert changes(newsroom, entity="ann") == [[("ann", None, "certain")], []]


def test_what_leads_away_from_an_entity_concerns_it():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2020", id="a", about=["lab"]),
        event("asked", "2020", id="why", question="Why?", about=["lab"]),
        event("answered", "2021", answers="why", answer="So."),
        {
            "story": "story",
            "type": "correction",
            "corrects": "a",
            "changes": {"about": ["desk"]},
            "reason": "r",
        },
        event("happened", "2020", about=["desk"]),
    )
    steps = views.replay(newsroom, newsroom.basis("2030", None), Filters(entity="lab"))
    assert [step["position"] for step in steps] == [1, 2, 3, 4]
    listed = listing(newsroom.records(), entity="lab")
    assert [record.position for record in listed] == [1, 2, 3, 4]


def test_steps_can_be_chosen_by_who_recorded_them_what_they_are_and_when():
    newsroom = memory_newsroom()
    stamps = [
        {"recorded_by": who, "recorded_at": f"2026-03-0{day}T12:00:00Z"}
        for who, day in (("ann", 1), ("bob", 2), ("ann", 3))
    ]
    fill(
        newsroom,
        {**event("joined", "2020", id="in", **ANN_AT_LAB), **stamps[0]},
        {**event("departed", "2021", id="out", **ANN_AT_LAB), **stamps[1]},
        {"story": "story", "type": "retraction", "retracts": "out", "reason": "r", **stamps[2]},
        importing=True,
    )
    whole = changes(newsroom)
    assert changes(newsroom, by="ann") == [whole[0], whole[2]]
    assert changes(newsroom, types=("departed", "retraction")) == whole[1:]
    assert changes(newsroom, types=("departed",), by="ann") == []
    second = temporal.parse_instant("2026-03-02T12:00:00Z")
    assert changes(newsroom, since=second) == whole[1:]
    assert changes(newsroom, until=second) == whole[:1]
    assert changes(newsroom, since=second, until=second + 1) == whole[1:2]


def test_the_answer_carries_the_filters_that_were_asked_and_no_others():
    newsroom = memory_newsroom()
    basis = newsroom.basis("2030", None)
    plain = replay_answer([], basis)
    assert not plain.keys() & {"by", "types", "recorded"}
    assert "recorded" not in replay_answer([], basis, Filters(by="ann"))
    asked = replay_answer([], basis, Filters(by="ann", types=("joined",), until=0))
    assert (asked["by"], asked["types"]) == ("ann", ["joined"])
    assert asked["recorded"] == [None, "1970-01-01T00:00:00.000000Z"]


def test_an_audit_may_begin_with_a_log_that_is_there_already():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", **ANN_AT_LAB),
        event("commented", "2020", id="said", speaker="ann", about=["lab"]),
        event("departed", "2021", **ANN_AT_LAB),
        {"story": "story", "type": "retraction", "retracts": "said", "reason": "r"},
    )
    basis = newsroom.basis("2030", None)
    whole = [step["changes"] for step in views.replay(newsroom, basis)]
    history = History(newsroom.records(2))
    state = State(history, basis.at)
    rest = [state.move(history.apply(record)) for record in newsroom.records(after=2)]
    assert [[each.json for each in moved] for moved in rest] == whole[2:]
