"""Why a statement holds: an editor can read aloud who said so, and what was made of it."""

from __future__ import annotations

import pytest

from tests.rooms import SOURCE, fill, happening, memory_newsroom, state
from timeline import temporal
from timeline.projections import endings

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


@pytest.fixture
def newsroom():
    return memory_newsroom()


def why(newsroom, entity="ann", property=None, as_of="2030", as_known=None):
    return newsroom.why(entity, newsroom.basis(as_of, as_known, temporal.now()), property)


def only(newsroom, *args, **kwargs):
    (entry,) = why(newsroom, *args, **kwargs)["statements"]
    return entry


def amendment(type, id, **fields):
    return {"story": "story", "type": type, "id": id, **fields}


def ids(accounts):
    return [each["id"] for each in accounts]


def test_it_tells_of_the_statements_of_the_snapshot_word_for_word(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", role="clerk", **ANN_AT_LAB),
        happening("founded", "2019", organisation="lab", parent="house"),
        happening("renamed", "2024", entity="lab", name="The Lab"),
    )
    expected = state(newsroom, "lab", "2030")
    answer = why(newsroom, "lab")
    entries = [
        {name: entry[name] for name in shown}
        for entry, shown in zip(answer["statements"], expected["statements"], strict=True)
    ]
    assert entries == expected["statements"]
    assert answer["entity"] == "lab" and answer["property"] is None
    assert {name: answer[name] for name in ("as_of", "as_known", "recorded_at")} == {
        name: expected[name] for name in ("as_of", "as_known", "recorded_at")
    }


def test_one_property_alone_can_be_asked_for(newsroom):
    fill(
        newsroom,
        happening("founded", "2019", organisation="lab", parent="house"),
        happening("renamed", "2024", entity="lab", name="The Lab"),
        happening("renamed", "2025", entity="lab", name="Lab"),
    )
    answer = why(newsroom, "lab", "part-of")
    assert [each["value"] for each in answer["statements"]] == ["house"]
    assert answer["ended"] == []


def test_what_is_certain_had_begun_and_nothing_had_ended_it_since(newsroom):
    fill(newsroom, happening("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB))
    entry = only(newsroom)
    assert entry["explanation"] == (
        "Certain: in every way the dates can fall, “Ann joins” (in) had happened, "
        "and nothing had ended it since."
    )
    assert ids(entry["begun_by"]) == ["in"]
    assert "may_have_ended_it" not in entry and "will_end_it" not in entry


def test_an_account_says_what_when_who_and_on_whose_word(newsroom):
    record = happening("joined", "2020", id="in", zone="Asia/Shanghai", **ANN_AT_LAB)
    fill(newsroom, {**record, "recorded_by": "asia-desk"})
    (account,) = only(newsroom)["begun_by"]
    assert account.pop("recorded_at").endswith("Z")
    assert account == {
        "id": "in",
        "position": 1,
        "type": "joined",
        "headline": "ann joins lab",
        "when": "2020",
        "zone": "Asia/Shanghai",
        "bounds": ["2019-12-31T16:00:00.000000Z", "2020-12-31T16:00:00.000000Z"],
        "standing": "reported",
        "recorded_by": "asia-desk",
        "sources": SOURCE,
        "order": [],
        "amendments": [],
        "rivals": [],
        "dissent": [],
    }


def test_a_departure_that_may_have_come_before_is_why_it_is_only_possible(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2026-03", id="out", headline="Ann leaves", **ANN_AT_LAB),
    )
    entry = only(newsroom, as_of="2026-03-14")
    explanation = "Only possible: “Ann leaves” (out) may have come already, and ended it."
    assert entry["explanation"] == explanation
    assert ids(entry["may_have_ended_it"]) == ["out"]
    later = only(newsroom, as_of="2025")
    assert later["certainty"] == "certain"
    assert ids(later["will_end_it"]) == ["out"]


def test_of_the_ends_to_come_only_those_are_told_of_that_can_be_the_next(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", **ANN_AT_LAB),
        happening("departed", "2026", id="out", **ANN_AT_LAB),
        happening("dissolved", "2028", id="gone", organisation="lab"),
    )
    assert ids(only(newsroom, as_of="2024")["will_end_it"]) == ["out"]


def reason(newsroom, **asked):
    entry = only(newsroom, **asked)
    assert entry["certainty"] == "possible"
    return entry["explanation"].removeprefix("Only possible: ")


def test_it_may_not_have_begun_yet(newsroom):
    fill(newsroom, happening("joined", "2026", id="in", headline="Ann joins", **ANN_AT_LAB))
    assert reason(newsroom, as_of="2026-03") == "“Ann joins” (in) may not have happened yet."


def test_its_beginning_is_disputed(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="in", reason="She denies it."),
    )
    told = "“Ann joins” (in), which is disputed, may not have happened."
    assert reason(newsroom) == told


def test_its_end_is_disputed(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", **ANN_AT_LAB),
        happening("departed", "2022", id="out", headline="Ann leaves", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="out"),
    )
    assert reason(newsroom) == "“Ann leaves” (out), which is disputed, may have ended it."


def test_nobody_knows_when_it_ended(newsroom):
    fill(newsroom, happening("joined", "2020/", **ANN_AT_LAB))
    assert reason(newsroom) == "when it ended is not known, and it may have ended already."


def test_its_own_end_may_have_come(newsroom):
    fill(newsroom, happening("joined", "2020/2026", id="in", headline="A term", **ANN_AT_LAB))
    told = "its end may have come already, as “A term” (in) dates it."
    assert reason(newsroom, as_of="2026-03") == told


def test_it_is_known_only_from_its_end(newsroom):
    fill(newsroom, happening("departed", "2026", id="out", headline="Ann leaves", **ANN_AT_LAB))
    told = "nobody has recorded how it began; it is known only from its end, “Ann leaves” (out)."
    assert reason(newsroom, as_of="2020") == told
    entry = only(newsroom, as_of="2020")
    assert entry["begun_by"] == [] and ids(entry["will_end_it"]) == ["out"]
    assert ids(only(newsroom, as_of="2026-03")["may_have_ended_it"]) == ["out"]


def test_rival_accounts_are_shown_with_their_sources(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="a", **ANN_AT_LAB),
        happening("joined", "2020", id="b", person="ann", organisation="desk"),
        amendment("conflict", "c", between=["a", "b"], reason="One of them."),
    )
    told = "“ann joins lab” (a), one of 2 rival accounts of which only one is so, "
    assert reason(newsroom, entity="lab") == told + "may not have happened."
    (account,) = only(newsroom, "lab")["begun_by"]
    assert [(each["id"], each["sources"]) for each in account["rivals"]] == [("b", SOURCE)]
    (conflict,) = account["amendments"]
    assert (conflict["type"], conflict["between"]) == ("conflict", ["a", "b"])


def test_rivals_that_all_begin_it_leave_no_doubt_that_it_began(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="a", headline="In 2020", **ANN_AT_LAB),
        happening("joined", "2021", id="b", headline="In 2021", **ANN_AT_LAB),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
    )
    entry = only(newsroom)
    assert entry["certainty"] == "certain"
    assert "“In 2020” (a) or “In 2021” (b) had happened" in entry["explanation"]


def test_the_choice_between_accounts_is_told_with_its_reason_and_the_dissent(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="a", **ANN_AT_LAB),
        happening("joined", "2021", id="b", person="ann", organisation="desk"),
        amendment("conflict", "c", between=["a", "b"], reason="One of them."),
        {
            **amendment("resolution", "r", chosen="a", over=["b"], reason="The letter."),
            "recorded_by": "chief",
        },
    )
    (account,) = only(newsroom)["begun_by"]
    _, resolution = account["amendments"]
    assert (resolution["chosen"], resolution["over"]) == ("a", ["b"])
    assert (resolution["recorded_by"], resolution["reason"]) == ("chief", "The letter.")
    (dissent,) = account["dissent"]
    assert (dissent["id"], dissent["reason"], dissent["sources"]) == ("b", "The letter.", SOURCE)
    (uncounted,) = why(newsroom)["not_counted"]
    assert uncounted["value"] == "desk"
    assert uncounted["explanation"] == "Not counted: a was chosen over “ann joins desk” (b)."
    assert uncounted["begun_by"][0]["decided_against"]["resolution"] == "r"


def test_a_correction_is_told_with_what_it_changed(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="in", role="lead", **ANN_AT_LAB),
        amendment(
            "correction", "c", corrects="in", changes={"role": "technical lead"}, reason="Typo."
        ),
        amendment("correction", "d", corrects="in", changes={"role": "chief"}, reason="Misheard."),
    )
    (account,) = only(newsroom)["begun_by"]
    assert [each["changes"] for each in account["amendments"]] == [
        {"role": {"old": "lead", "new": "technical lead"}},
        {"role": {"old": "technical lead", "new": "chief"}},
    ]
    assert [each["reason"] for each in account["amendments"]] == ["Typo.", "Misheard."]


def test_a_confirmation_brings_its_sources(newsroom):
    extra = {"url": "https://other.example/1", "publisher": "Other"}
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("confirmation", "c", confirms="in", sources=[extra]),
    )
    (account,) = only(newsroom)["begun_by"]
    assert account["standing"] == "confirmed"
    assert account["sources"] == [*SOURCE, extra]
    assert account["amendments"][0]["sources"] == [extra]


def test_the_order_beside_other_happenings_is_told_from_both_sides(newsroom):
    bare = {**happening("departed", "", id="out", **ANN_AT_LAB), "after": [{"id": "in"}]}
    del bare["when"]
    fill(newsroom, happening("joined", "2020-05", id="in", **ANN_AT_LAB), bare)
    entry = only(newsroom, as_of="2020-06")
    (begin,), (end,) = entry["begun_by"], entry["may_have_ended_it"]
    assert end["order"] == [{"relation": "after", "id": "in"}]
    assert end["when"] is None and end["bounds"] == ["2020-05-01T00:00:00.000001Z", None]
    assert begin["order"] == [{"relation": "before", "id": "out", "by": "out"}]


def test_what_has_surely_ended_is_told_with_its_end_the_latest_first(newsroom):
    fill(
        newsroom,
        happening("joined", "2015", id="a", **ANN_AT_LAB),
        happening("departed", "2016", id="b", headline="Ann leaves", **ANN_AT_LAB),
        happening("joined", "2018", id="c", person="ann", organisation="desk"),
        happening("departed", "2019", id="d", person="ann", organisation="desk"),
        happening("joined", "2020", id="e", person="ann", organisation="house"),
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
        happening("joined", "2010", id="in-1", **ANN_AT_LAB),
        happening("departed", "2012", id="out-1", **ANN_AT_LAB),
        happening("joined", "2014", id="in-2", **ANN_AT_LAB),
        happening("departed", "2016", id="out-2", **ANN_AT_LAB),
        happening("dissolved", "2018", id="gone", organisation="lab"),
    )
    (entry,) = why(newsroom)["ended"]
    assert (ids(entry["begun_by"]), ids(entry["ended_by"])) == (["in-2"], ["out-2"])


def test_a_value_that_was_replaced_ended_with_the_next(newsroom):
    fill(
        newsroom,
        happening("founded", "2019", organisation="lab", parent="house"),
        happening("merged", "2024", id="m", organisations=["lab"], into="group"),
    )
    (entry,) = why(newsroom, "lab")["ended"]
    assert entry["value"] == "house" and ids(entry["ended_by"]) == ["m"]


def test_a_spell_that_is_over_brought_its_own_end(newsroom):
    fill(newsroom, happening("joined", "2015/2016", id="term", headline="A term", **ANN_AT_LAB))
    (entry,) = why(newsroom)["ended"]
    assert ids(entry["ended_by"]) == ["term"]
    told = "No longer: “A term” (term) dates its end as well, and that has passed."
    assert entry["explanation"] == told


def test_a_departure_alone_ended_what_nobody_has_recorded(newsroom):
    fill(newsroom, happening("departed", "2020", id="out", **ANN_AT_LAB))
    (entry,) = why(newsroom)["ended"]
    assert entry["begun_by"] == [] and ids(entry["ended_by"]) == ["out"]
    assert "nobody has recorded how it began" in entry["explanation"]


def test_what_has_not_begun_yet_has_not_ended(newsroom):
    fill(newsroom, happening("joined", "2020", **ANN_AT_LAB))
    answer = why(newsroom, as_of="2010")
    assert (answer["statements"], answer["ended"]) == ([], [])


def test_of_values_replaced_again_and_again_the_last_are_told_of(newsroom, monkeypatch):
    monkeypatch.setattr(endings, "LATEST", 2)
    users = {"subject": "app", "measure": "users"}
    fill(
        newsroom,
        *(happening("measured", str(2000 + n), value=n, **users) for n in range(6)),
        happening("measured", "2050", value=99, **users),
    )
    answer = why(newsroom, "app")
    assert [each["value"] for each in answer["ended"]] == [4, 3]
    assert answer["ended_left_out"] == 3


def test_what_was_retracted_is_told_of_and_counts_for_nothing(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB),
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
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("joined", "2019", id="earlier", **ANN_AT_LAB),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
        happening("dissolved", "2022", id="no-more", organisation="lab"),
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
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2021", id="out", **ANN_AT_LAB),
        happening("happened", "2021", id="stays", about=["ann"], headline="Ann stays"),
        amendment("conflict", "c", between=["out", "stays"], reason="Only one is so."),
        amendment("resolution", "r", chosen="stays", over=["out"], reason="She says so."),
    )
    (account,) = only(newsroom)["not_counted"]
    assert account["id"] == "out"
    assert account["decided_against"]["reason"] == "She says so."


def test_slugs_that_mean_one_entity_are_told_with_who_said_so(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", person="ann-b", organisation="lab"),
        amendment("same-entity", "m", entities=["ann", "ann-b"], reason="Married."),
    )
    answer = why(newsroom, "ann-b")
    assert [each["subject"] for each in answer["statements"]] == ["ann"]
    (same,) = answer["same_as"]
    assert (same["entity"], same["slugs"]) == ("ann", ["ann", "ann-b"])
    (merge,) = same["because"]
    assert (merge["id"], merge["position"], merge["reason"]) == ("m", 2, "Married.")
    assert why(newsroom, "lab")["same_as"] == [same]
    assert why(newsroom, "ann", as_known="1")["same_as"] == []


def test_dates_that_contradict_one_another_are_told_of(newsroom):
    fill(
        newsroom,
        happening("joined", "2020", id="in", **ANN_AT_LAB),
        happening("departed", "2019", id="out", after=[{"id": "in"}], **ANN_AT_LAB),
    )
    (finding,) = why(newsroom)["findings"]
    assert finding["kind"] == "contradictory-dates"
