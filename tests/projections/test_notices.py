"""What there is to correct in print, between two points of what was known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.projections.differences import amendment, diff
from tests.rooms import event, fill, memory_newsroom
from tests.worlds.logs import logs, newsroom_with

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


def notice(newsroom, known):
    """The text of the only notice, with the day of recording taken out."""
    (found,) = diff(newsroom, known=(known, None))["notices"]
    title, _, text = found["text"].partition(": ")
    return title.partition(",")[0], text


def test_a_changed_headline_is_given_as_it_read_and_as_it_should_have():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("correction", id="bob", corrects="in", changes={"person": "bob"}),
    )
    (found,) = diff(newsroom, known=(1, None))["notices"]
    assert found["old"] == "ann joins lab"
    assert found["new"] == "bob joins lab"
    assert found["fields"] == [{"field": "person", "old": "ann", "new": "bob"}]
    assert found["records"] == ["bob"]
    assert found["reasons"] == ["the desk erred"]
    assert notice(newsroom, 1) == (
        "Correction",
        "we reported “ann joins lab”. It should have read “bob joins lab”. "
        "(Reason: the desk erred.)",
    )


def test_readers_are_told_names_where_the_newsroom_knows_them():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        {"story": "story", "type": "alias", "entity": "ann", "names": ["Ann Lee"]},
        amendment("retraction", retracts="in"),
    )
    assert notice(newsroom, 1) == (
        "Retraction",
        "we reported “Ann Lee joins lab”. We have withdrawn that report. (Reason: the desk erred.)",
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"when": "2026-03-04"}, "We dated it 3 March 2026; the right date is 4 March 2026."),
        (
            {"zone": "Asia/Shanghai"},
            "We dated it 3 March 2026, UTC; the right date is 3 March 2026, Beijing time.",
        ),
        ({"role": "head"}, "We gave the role as “chief”; it should have been “head”."),
        ({"role": None}, "We gave the role as “chief”; we should not have given one."),
        ({"body": "Longer."}, "The text of the report has been corrected."),
        ({"headline": "Ann goes"}, "It should have read “Ann goes”."),
        (
            {"qualifiers": {"desk": "one"}},
            "We gave no qualifiers; it should have been desk: one.",
        ),
    ],
)
def test_other_fields_are_said_in_a_sentence(changes, sentence):
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-03-03", id="in", role="chief", headline="Ann comes", **ANN_AT_LAB),
        amendment("correction", corrects="in", changes=changes),
    )
    assert (
        notice(newsroom, 1)[1] == f"we reported “Ann comes”. {sentence} (Reason: the desk erred.)"
    )


def test_a_choice_against_what_readers_saw_says_what_we_hold_now():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2020", id="a", about=["lab"], headline="A"),
        event("happened", "2020", id="b", about=["lab"], headline="B"),
        amendment("conflict", id="which", between=["a", "b"]),
        amendment("resolution", id="b-it-is", chosen="b", over=["a"]),
    )
    text = "we reported “A”. We now hold that “B”. (Reason: the desk erred.)"
    assert notice(newsroom, 3) == ("Correction", text)
    (found,) = diff(newsroom, known=(1, None))["notices"]
    assert (found["id"], found["new"], found["records"]) == ("a", "B", ["b-it-is"])


def test_what_is_doubted_since_is_clarified():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("happened", "2020", id="a", about=["lab"], headline="A"),
        event("happened", "2020", id="b", about=["lab"], headline="B"),
        amendment("dispute", disputes="a"),
        amendment("conflict", between=["a", "b"]),
    )
    found = [each["text"].partition(": ")[2] for each in diff(newsroom, (1, 3))["notices"]]
    assert found == ["we reported “A”. This is disputed. (Reason: the desk erred.)"]
    found = [each["text"].partition(": ")[2] for each in diff(newsroom, (3, 4))["notices"]]
    assert found[0] == (
        "we reported “A”. There is another account, and it is not settled which is right: “B”. "
        "(Reason: the desk erred.)"
    )
    assert len(found) == 2


def test_no_notice_where_readers_were_told_nothing_wrong():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2021", id="out", **ANN_AT_LAB),
        amendment("retraction", retracts="out"),
        amendment("correction", corrects="in", changes={"tags": ["x"]}),
        {"story": "story", "type": "confirmation", "confirms": "in", "reason": "r"},
        amendment("correction", corrects="in", changes={"when": "2019"}),
        amendment("correction", corrects="in", changes={"when": "2020"}),
        amendment("restoration", restores="out"),
        event("joined", "2020", person="bob", organisation="lab"),
    )
    assert diff(newsroom, known=(3, None))["notices"] == []
    assert diff(newsroom, known=(2, None))["notices"] == []


def test_notices_keep_to_what_is_asked_about():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        {**event("joined", "2020", id="bob-in", person="bob", organisation="desk")},
        amendment("retraction", retracts="in"),
        {**amendment("retraction", retracts="bob-in"), "story": "other"},
    )

    def concerned(**asked):
        return [each["id"] for each in diff(newsroom, known=(2, None), **asked)["notices"]]

    assert concerned() == ["in", "bob-in"]
    assert concerned(entity="ann") == ["in"]
    assert concerned(story="other") == ["bob-in"]


@examples(100)
@given(logs(), st.data())
def test_there_is_a_notice_for_all_that_is_withdrawn_or_decided_against(records, data):
    newsroom = newsroom_with(records)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(records))] * 2)))
    answer = diff(newsroom, (first, last))
    old, new = (newsroom.history(newsroom.basis(None, str(end))) for end in (first, last))
    due = {each.id for each in old.counting() if not new[each.id].counts}
    told = {each["id"]: each for each in answer["notices"]}
    assert due <= told.keys() <= {each.id for each in old.counting()}
    for each in told.values():
        assert each["records"]
        assert each["text"].endswith((".", ")"))


def test_who_was_taken_for_another_is_corrected_in_print():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2020", id="in", person="ann", organisation="lab"),
        event("joined", "2020", id="other-in", person="anna", organisation="desk"),
        amendment("same-entity", id="one", entities=["ann", "anna"]),
        {"story": "story", "type": "publication", "id": "out", "name": "tuesday"},
        amendment("not-same-entity", id="two", entities=["ann", "anna"]),
    )
    (found,) = diff(newsroom, known=(4, None))["notices"]
    assert found["records"] == ["two"]
    assert found["fields"] == [{"field": "person", "old": "ann", "new": "anna"}]
    assert "we reported “ann joins desk”. It should have read “anna joins desk”." in found["text"]


def test_an_account_that_a_resolution_settles_without_naming_it_gets_its_notice():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        *(event("joined", f"202{n}", id=id, **ANN_AT_LAB) for n, id in enumerate("abc")),
        amendment("conflict", id="x", between=["a", "b"]),
        amendment("conflict", id="y", between=["b", "c"]),
        amendment("resolution", id="z", chosen="a", over=["b"]),
    )
    found = {each["id"]: each["records"] for each in diff(newsroom, known=(5, None))["notices"]}
    assert found == {"b": ["z"], "c": ["z"]}
