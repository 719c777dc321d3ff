"""What changed between two points, by which records, and what there is to correct."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.rooms import fill, happening, memory_newsroom, state
from tests.worlds.logs import ENTITIES, TICKS, logs, newsroom_with, tick
from timeline.errors import InputError
from timeline.projections.replay import Filters

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}
TIMES = ["1998", *(tick(number) for number in TICKS), "2002"]
STATE = ("certainty", "standing", "since", "until")


def amendment(type, **fields):
    return {"story": "story", "type": type, "reason": "the desk erred", **fields}


def diff(newsroom, known=(None, None), of=("2030", "2030"), entity=None, story=None):
    was, now = (
        newsroom.basis(as_of, None if position is None else str(position), 0)
        for as_of, position in zip(of, known, strict=True)
    )
    return newsroom.diff(was, now, entity, story)


def changes(answer):
    return [
        (
            change["subject"],
            change["value"],
            change["before"] and change["before"]["certainty"],
            change["after"] and change["after"]["certainty"],
            change["records"],
        )
        for change in answer["changes"]
    ]


def notice(newsroom, known):
    """The text of the only notice, with the day of recording taken out."""
    (found,) = diff(newsroom, known=(known, None))["notices"]
    title, _, text = found["text"].partition(": ")
    return title.partition(",")[0], text


# What has changed


def test_what_came_to_be_known_is_told_with_the_record_that_said_so():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("joined", "2020", id="bob-in", person="bob", organisation="lab"),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", None, ["out"]),
        ("bob", "lab", None, "certain", ["bob-in"]),
    ]
    assert changes(diff(newsroom, known=(0, 1))) == [("ann", "lab", None, "certain", ["in"])]
    assert changes(diff(newsroom, known=(3, 3))) == []


def test_there_and_back_names_every_record_and_what_nets_to_nothing_is_left_out():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
        amendment("retraction", id="not-out", retracts="out"),
        amendment("restoration", id="out-again", restores="out"),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", None, ["out", "not-out", "out-again"])
    ]
    assert changes(diff(newsroom, known=(2, None))) == []
    assert changes(diff(newsroom, known=(1, 3))) == []


def test_what_happened_in_between_is_behind_the_passing_of_time_with_its_amendments():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2025", id="out", **ANN_AT_LAB),
        amendment("correction", id="earlier", corrects="out", changes={"when": "2022"}),
    )
    expected = [("ann", "lab", "certain", None, ["out", "earlier"])]
    assert changes(diff(newsroom, of=("2021", "2023"))) == expected
    assert changes(diff(newsroom, of=("2023", "2024"))) == []


def test_on_both_clocks_time_passes_first_and_then_the_log_grows():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("joined", "2022", id="bob-in", person="bob", organisation="lab"),
        happening("departed", "2022", id="out", **ANN_AT_LAB),
    )
    assert changes(diff(newsroom, known=(2, 3), of=("2021", "2023"))) == [
        ("ann", "lab", "certain", None, ["out"]),
        ("bob", "lab", None, "certain", ["bob-in"]),
    ]


def test_lineage_alone_is_no_change():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("correction", corrects="in", changes={"tags": ["people"]}),
    )
    answer = diff(newsroom, known=(1, None))
    assert not answer["changes"]
    assert not answer["notices"]


def test_a_dispute_makes_what_was_certain_possible():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("dispute", id="doubt", disputes="in"),
    )
    assert changes(diff(newsroom, known=(1, None))) == [
        ("ann", "lab", "certain", "possible", ["doubt"])
    ]


def test_comments_and_questions_are_compared_too():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("commented", "2020", id="said", speaker="ann", about=["lab"]),
        happening("asked", "2020", id="why", question="Why?", about=["lab"]),
        happening("answered", "2021", id="so", answers="why", answer="So."),
        amendment("correction", id="elsewhere", corrects="said", changes={"about": ["desk"]}),
    )
    answer = diff(newsroom, known=(2, None), entity="lab")
    (comment,), (question,) = answer["comments"], answer["questions"]
    assert (comment["id"], comment["after"], comment["records"]) == ("said", None, ["elsewhere"])
    assert (question["id"], question["after"], question["records"]) == ("why", None, ["so"])
    (gained,) = diff(newsroom, known=(2, None), entity="desk")["comments"]
    assert (gained["before"], gained["records"]) == (None, ["elsewhere"])
    (passed,) = diff(newsroom, of=("2020", "2022"), entity="lab")["questions"]
    assert passed["records"] == ["so"]


def test_an_entity_is_followed_into_another_that_it_turns_out_to_be():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", person="a-lin", organisation="lab"),
        amendment("same-entity", id="one", entities=["ann", "a-lin"]),
    )
    expected = [
        ("a-lin", "lab", "certain", None, ["one"]),
        ("ann", "lab", None, "certain", ["one"]),
    ]
    assert changes(diff(newsroom, known=(1, None), entity="ann")) == sorted(expected)
    assert changes(diff(newsroom, known=(1, None), entity="a-lin")) == sorted(expected)
    assert not diff(newsroom, known=(1, None))["notices"]


def test_a_story_is_what_its_records_bear_on():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        {**happening("dissolved", "2021", id="end", organisation="lab"), "story": "other"},
        {**happening("joined", "2021", id="bob-in", person="bob", organisation="desk")},
    )
    assert changes(diff(newsroom, known=(1, None), story="other")) == [
        ("ann", "lab", "certain", None, ["end"])
    ]
    assert [change[0] for change in changes(diff(newsroom, known=(1, None), story="story"))] == [
        "ann",
        "bob",
    ]


@pytest.mark.parametrize(("known", "of"), [((2, 1), ("2030", "2030")), ((1, 2), ("2030", "2020"))])
def test_a_clock_that_would_run_backwards_is_refused(known, of):
    newsroom = memory_newsroom()
    fill(newsroom, *(happening("joined", "2020", **ANN_AT_LAB) for _ in range(2)))
    with pytest.raises(InputError, match="the earlier one comes first"):
        diff(newsroom, known, of)


def test_the_account_that_was_chosen_is_named_though_it_changed_nothing_when_it_came():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2021", id="in", **ANN_AT_LAB),
        happening("joined", "2022", id="later", **ANN_AT_LAB),
        amendment("conflict", id="rivals", between=["in", "later"]),
        amendment("resolution", id="chosen", chosen="later", over=["in"]),
    )
    (change,) = diff(newsroom, known=(0, None))["changes"]
    assert change["records"] == ["in", "later", "rivals", "chosen"]


def test_bounds_that_are_open_on_both_sides_are_no_news():
    newsroom = memory_newsroom()
    first = "2000-01-01T00:00:00.000001Z"
    fill(
        newsroom,
        happening("joined", first, id="in", **ANN_AT_LAB),
        happening("dissolved", f"[..{first}]", id="end", organisation="lab"),
        happening("joined", f"[..{first}]", id="again", **ANN_AT_LAB),
    )
    assert diff(newsroom, of=("1998", first))["changes"] == []


@examples(200)
@given(logs(), st.data())
def test_it_is_the_difference_of_two_snapshots_and_never_without_a_record(records, data):
    newsroom = newsroom_with(records)
    known = sorted(data.draw(st.tuples(*[st.integers(0, len(records))] * 2)))
    of = sorted(data.draw(st.tuples(*[st.sampled_from(range(len(TIMES)))] * 2)))
    times = [TIMES[place] for place in of]
    whole = diff(newsroom, known, times)
    ends = [
        {
            _key(entry): [entry[part] for part in STATE]
            for entity in _everybody(records)
            for entry in state(newsroom, entity, as_of, str(position))["statements"]
        }
        for as_of, position in zip(times, known, strict=True)
    ]
    expected = {
        key for key in ends[0].keys() | ends[1].keys() if ends[0].get(key) != ends[1].get(key)
    }
    assert {_key(change) for change in whole["changes"]} == expected
    positions = {record.id: record.position for record in newsroom.records()}
    for change in whole["changes"]:
        found = [positions[id] for id in change["records"]]
        assert found
        assert found == sorted(set(found))
    for entity in ENTITIES:
        mine = diff(newsroom, known, times, entity)
        for change in mine["changes"]:
            assert change in whole["changes"]


@examples(200)
@given(logs(), st.data())
def test_as_known_it_names_the_steps_of_the_audit_and_what_it_rests_on(records, data):
    newsroom = newsroom_with(records)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(records))] * 2)))
    as_of = data.draw(st.sampled_from(TIMES))
    answer = diff(newsroom, (first, last), (as_of, as_of))
    basis = newsroom.basis(as_of, str(last), 0)
    steps = list(newsroom.replay(basis, Filters(first=first + 1)))
    new = {each.id for each in newsroom.records(last, first) if not each.is_amendment}
    for change in answer["changes"]:
        behind = new & set(change["after"]["because"] if change["after"] else ())
        assert change["records"] == [
            step["id"]
            for step in steps
            if step["id"] in behind
            or any("listing" not in each and _key(each) == _key(change) for each in step["changes"])
        ]


def _key(entry):
    return (*(entry[part] for part in ("subject", "property", "value")), str(entry["qualifiers"]))


def _everybody(records):
    """All that may be subject or value of a statement."""
    return [*ENTITIES, "red", "Lab", "lab", "size"]


# What there is to correct


def test_a_changed_headline_is_given_as_it_read_and_as_it_should_have():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
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
        happening("joined", "2020", id="in", **ANN_AT_LAB),
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
        happening(
            "joined", "2026-03-03", id="in", role="chief", headline="Ann comes", **ANN_AT_LAB
        ),
        amendment("correction", corrects="in", changes=changes),
    )
    assert (
        notice(newsroom, 1)[1] == f"we reported “Ann comes”. {sentence} (Reason: the desk erred.)"
    )


def test_a_choice_against_what_readers_saw_says_what_we_hold_now():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("happened", "2020", id="a", about=["lab"], headline="A"),
        happening("happened", "2020", id="b", about=["lab"], headline="B"),
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
        happening("happened", "2020", id="a", about=["lab"], headline="A"),
        happening("happened", "2020", id="b", about=["lab"], headline="B"),
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
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
        amendment("retraction", retracts="out"),
        amendment("correction", corrects="in", changes={"tags": ["x"]}),
        {"story": "story", "type": "confirmation", "confirms": "in"},
        amendment("correction", corrects="in", changes={"when": "2019"}),
        amendment("correction", corrects="in", changes={"when": "2020"}),
        amendment("restoration", restores="out"),
        happening("joined", "2020", person="bob", organisation="lab"),
    )
    assert diff(newsroom, known=(3, None))["notices"] == []
    assert diff(newsroom, known=(2, None))["notices"] == []


def test_notices_keep_to_what_is_asked_about():
    newsroom = memory_newsroom()
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        {**happening("joined", "2020", id="bob-in", person="bob", organisation="desk")},
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
    old, new = (newsroom.history(newsroom.basis(None, str(end), 0)) for end in (first, last))
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
        happening("joined", "2020", id="in", person="ann", organisation="lab"),
        happening("joined", "2020", id="other-in", person="anna", organisation="desk"),
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
        *(happening("joined", f"202{n}", id=id, **ANN_AT_LAB) for n, id in enumerate("abc")),
        amendment("conflict", id="x", between=["a", "b"]),
        amendment("conflict", id="y", between=["b", "c"]),
        amendment("resolution", id="z", chosen="a", over=["b"]),
    )
    found = {each["id"]: each["records"] for each in diff(newsroom, known=(5, None))["notices"]}
    assert found == {"b": ["z"], "c": ["z"]}
