"""What a snapshot says of a statement, a comment and a question."""

from __future__ import annotations

import hashlib

import pytest
import rfc8785

from tests import views
from tests.rooms import event, fill, held, memory_newsroom, state

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def day(text):
    return f"{text}T00:00:00.000000Z"


def only(newsroom, entity="lab", as_of=None, as_known=None):
    (entry,) = state(newsroom, entity, as_of, as_known)["statements"]
    return entry


@pytest.fixture
def newsroom():
    return memory_newsroom()


def test_a_member_is_possible_while_the_day_lasts_and_certain_when_it_has_passed(newsroom):
    fill(newsroom, event("joined", "2026-03-03", **ANN_AT_LAB))
    member = ("ann", "member-of", "lab")
    assert held(newsroom, "lab", "2026-03-02") == {}
    assert held(newsroom, "lab", "2026-03-03T12:00") == {member: "possible"}
    assert held(newsroom, "lab", "2026-03-03") == {member: "certain"}
    assert held(newsroom, "ann", "2026-03-03") == {member: "certain"}


def test_since_and_until_are_the_bounds_of_the_dates_that_were_given(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2026-03", id="out", **ANN_AT_LAB),
    )
    entry = only(newsroom, as_of="2021")
    assert entry["since"] == [day("2020-01-01"), day("2021-01-01")]
    assert entry["until"] == [day("2026-03-01"), day("2026-04-01")]
    assert entry["certainty"] == "certain"
    assert entry["because"] == ["in"]
    doubtful = only(newsroom, as_of="2026-03-14")
    assert doubtful["certainty"] == "possible"
    assert doubtful["because"] == ["in", "out"]
    assert state(newsroom, "lab", "2026-03")["statements"] == []


def test_a_departure_alone_says_that_there_was_a_member_before(newsroom):
    fill(newsroom, event("departed", "2026-03-03", id="out", role="chief", **ANN_AT_LAB))
    entry = only(newsroom, as_of="2019")
    assert (entry["certainty"], entry["since"]) == ("possible", None)
    assert entry["until"] == [day("2026-03-03"), day("2026-03-04")]
    assert entry["qualifiers"] == {"role": "chief"}
    assert entry["because"] == ["out"]
    assert state(newsroom, "lab", "2026-03-03")["statements"] == []


def test_a_departure_ends_the_role_given_or_every_role(newsroom):
    fill(
        newsroom,
        event("joined", "2020", role="chief", **ANN_AT_LAB),
        event("joined", "2020", role="clerk", **ANN_AT_LAB),
        event("departed", "2021", role="clerk", **ANN_AT_LAB),
        event("departed", "2023", **ANN_AT_LAB),
    )
    assert list(held(newsroom, "lab", "2022")) == [("ann", "member-of", "lab", "chief")]
    assert held(newsroom, "lab", "2023") == {}


def test_an_appointment_ends_the_other_roles(newsroom):
    fill(
        newsroom,
        event("joined", "2020", role="clerk", **ANN_AT_LAB),
        event("appointed", "2021", role="chief", **ANN_AT_LAB),
    )
    assert list(held(newsroom, "lab", "2021")) == [("ann", "member-of", "lab", "chief")]


def test_a_set_ends_the_other_values(newsroom):
    fill(
        newsroom,
        event("merged", "2020", organisations=["lab", "desk"], into="group"),
        event("founded", "2024", organisation="lab", parent="house"),
    )
    assert held(newsroom, "lab", "2024") == {("lab", "part-of", "house"): "certain"}
    assert held(newsroom, "desk", "2024") == {("desk", "part-of", "group"): "certain"}


def test_a_dissolution_ends_all_that_has_to_do_with_it(newsroom):
    fill(
        newsroom,
        event("joined", "2020", **ANN_AT_LAB),
        event("founded", "2020", organisation="lab", parent="house"),
        event("renamed", "2020", entity="lab", name="The Lab"),
        event("dissolved", "2021", organisation="lab"),
    )
    assert len(held(newsroom, "lab", "2020")) == 3
    assert held(newsroom, "lab", "2021") == {}
    assert held(newsroom, "ann", "2021") == {}


def test_terms_that_meet_on_one_day_do_not_clash(newsroom):
    """A spell ends nothing else, and nothing else ends it."""
    office = {"subject": "ann", "property": "office"}
    fill(
        newsroom,
        event("became", "2010/2014-06-30", value="mayor", **office),
        event("became", "2014-06-30/2018", value="minister", **office),
    )
    assert held(newsroom, "ann", "2012") == {("ann", "office", "mayor"): "certain"}
    assert held(newsroom, "ann", "2016") == {("ann", "office", "minister"): "certain"}
    both = {("ann", "office", "mayor"): "possible", ("ann", "office", "minister"): "possible"}
    assert held(newsroom, "ann", "2014-06-30T12:00") == both


def test_an_unknown_end_leaves_it_possible_ever_after(newsroom):
    fill(newsroom, event("joined", "2020/", **ANN_AT_LAB))
    assert list(held(newsroom, "lab", "2040").values()) == ["possible"]


def test_an_open_end_is_an_ordinary_beginning(newsroom):
    fill(newsroom, event("joined", "2020/..", **ANN_AT_LAB))
    assert list(held(newsroom, "lab", "2040").values()) == ["certain"]


def test_an_unknown_beginning_holds_possibly_until_the_end(newsroom):
    fill(newsroom, event("joined", "/2020-06", **ANN_AT_LAB))
    entry = only(newsroom, as_of="1900")
    assert (entry["certainty"], entry["since"]) == ("possible", None)
    assert entry["until"] == [day("2020-06-01"), day("2020-07-01")]
    assert held(newsroom, "lab", "2020-06") == {}


def test_sources_that_repeat_one_another_count_once(newsroom):
    wire = {"publisher": "Wire"}
    citations = [
        {**wire, "url": "https://wire.example/1"},
        {"publisher": "Daily", "via": "WIRE", "url": "https://daily.example/1"},
        {"url": "http://www.blog.example/post/"},
        {"url": "https://blog.example/post#top"},
        {"title": "A letter"},
    ]
    fill(newsroom, {**event("joined", "2020", **ANN_AT_LAB), "sources": citations})
    assert only(newsroom)["sources"] == 3


def test_numbers_stay_numbers_and_come_before_text(newsroom):
    users = {"subject": "app", "property": "users"}
    fill(
        newsroom,
        event("began", "2020", value="many", **users),
        event("began", "2020", value=90000, **users),
        event("began", "2020", value=7.5, **users),
    )
    values = [entry["value"] for entry in state(newsroom, "app")["statements"]]
    assert values == [7.5, 90000, "many"]


def test_depth_two_adds_what_is_found_at_depth_one(newsroom):
    fill(
        newsroom,
        event("joined", "2020", **ANN_AT_LAB),
        event("founded", "2020", organisation="lab", parent="house"),
        event("founded", "2020", organisation="house", parent="world"),
    )
    basis = newsroom.basis("2021", None)
    depths = [
        len(views.snapshot(newsroom, "ann", basis, depth)["statements"]) for depth in (1, 2, 3)
    ]
    assert depths == [1, 2, 3]


def test_comments_are_listed_with_what_they_are_about_once_they_may_have_been_made(newsroom):
    said = event("commented", "2026-03", id="said", speaker="ann", about=["lab"], quote="Oh.")
    fill(newsroom, said)
    assert state(newsroom, "lab", "2026-03-10")["comments"] == [
        {"id": "said", "speaker": "ann", "when": "2026-03", "quote": "Oh.", "standing": "reported"}
    ]
    assert state(newsroom, "lab", "2026-02")["comments"] == []
    assert state(newsroom, "ann", "2026-03")["comments"] == []


def test_a_question_is_open_until_it_is_surely_answered(newsroom):
    asked = event("asked", "2026-03-01", id="why", question="Why?", about=["lab"])
    answered = event("answered", "2026-03-05", answers="why", answer="Because.")
    fill(newsroom, asked, answered)
    assert state(newsroom, "lab", "2026-02")["questions"] == []
    since = [day("2026-03-01"), day("2026-03-02")]
    expected = [{"id": "why", "question": "Why?", "since": since}]
    assert state(newsroom, "lab", "2026-03-05T12:00")["questions"] == expected
    assert state(newsroom, "lab", "2026-03-05")["questions"] == []


def test_a_correction_moves_the_answer_from_when_it_is_known(newsroom):
    fill(newsroom, event("joined", "2020", id="in", **ANN_AT_LAB))
    changes = {"when": "2024", "organisation": "desk"}
    correction = {"id": "c", "type": "correction", "corrects": "in", "changes": changes}
    fill(newsroom, {"story": "story", "reason": "wrong", **correction})
    assert list(held(newsroom, "ann", "2021", "1")) == [("ann", "member-of", "lab")]
    assert held(newsroom, "ann", "2021") == {}
    assert list(held(newsroom, "ann", "2024")) == [("ann", "member-of", "desk")]
    assert only(newsroom, "desk")["because"] == ["in", "c"]


def test_the_digest_is_that_of_the_rest(newsroom):
    fill(newsroom, event("joined", "2020", **ANN_AT_LAB))
    answer = state(newsroom, "lab", "2021")
    digest = answer.pop("digest")
    assert digest == "sha256:" + hashlib.sha256(rfc8785.dumps(answer)).hexdigest()
    assert list(answer) == [
        "projection",
        "version",
        "entity",
        "as_of",
        "as_known",
        "recorded_at",
        "statements",
        "comments",
        "questions",
        "findings",
    ]


def test_before_anything_was_recorded_nothing_is_known(newsroom):
    fill(newsroom, event("joined", "2020", **ANN_AT_LAB))
    answer = state(newsroom, "lab", "2021", "0")
    assert (answer["as_known"], answer["recorded_at"], answer["statements"]) == (0, None, [])


def test_a_figure_in_common_joins_nobody(newsroom):
    fill(
        newsroom,
        event("began", "2020", subject="ann", property="age", value="5"),
        event("began", "2020", subject="zoo", property="dogs", value="5"),
    )
    answer = views.snapshot(newsroom, "ann", newsroom.basis("2021", None), depth=2)
    assert [entry["subject"] for entry in answer["statements"]] == ["ann"]


def test_after_an_unknown_end_the_stretch_may_have_begun_anew(newsroom):
    fill(
        newsroom,
        event("joined", "2020/", **ANN_AT_LAB),
        event("joined", "2021", **ANN_AT_LAB),
    )
    entry = only(newsroom, as_of="2022")
    assert entry["certainty"] == "certain"
    assert entry["since"] == [day("2020-01-01"), day("2022-01-01")]


def test_an_end_after_a_spell_says_that_there_was_another_stretch(newsroom):
    fill(
        newsroom,
        event("joined", "2015/2016", **ANN_AT_LAB),
        event("departed", "2023", id="out", **ANN_AT_LAB),
    )
    entry = only(newsroom, as_of="2020")
    assert (entry["certainty"], entry["because"]) == ("possible", ["out"])
