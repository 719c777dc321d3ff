"""Why a statement holds: an editor can read aloud who said so, and what was made of it."""

from __future__ import annotations

import pytest

from tests.projections.reasons import amendment, ids, only, why
from tests.rooms import SOURCE, event, fill, memory_newsroom, state

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


@pytest.fixture
def newsroom():
    return memory_newsroom()


def test_it_tells_of_the_statements_of_the_snapshot_word_for_word(newsroom):
    fill(
        newsroom,
        event("joined", "2020", role="clerk", **ANN_AT_LAB),
        event("founded", "2019", organisation="lab", parent="house"),
        event("renamed", "2024", entity="lab", name="The Lab"),
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
        event("founded", "2019", organisation="lab", parent="house"),
        event("renamed", "2024", entity="lab", name="The Lab"),
        event("renamed", "2025", entity="lab", name="Lab"),
    )
    answer = why(newsroom, "lab", "part-of")
    assert [each["value"] for each in answer["statements"]] == ["house"]
    assert answer["ended"] == []


def test_what_is_certain_had_begun_and_nothing_had_ended_it_since(newsroom):
    fill(newsroom, event("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB))
    entry = only(newsroom)
    assert entry["explanation"] == (
        "Certain: in every way the dates can fall, “Ann joins” (in) had happened, "
        "and nothing had ended it since."
    )
    assert ids(entry["begun_by"]) == ["in"]
    assert "may_have_ended_it" not in entry and "will_end_it" not in entry


def test_an_account_says_what_when_who_and_on_whose_word(newsroom):
    record = event("joined", "2020", id="in", zone="Asia/Shanghai", **ANN_AT_LAB)
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
        "agreeing": [],
        "rivals": [],
        "dissent": [],
    }


def test_a_departure_that_may_have_come_before_is_why_it_is_only_possible(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2026-03", id="out", headline="Ann leaves", **ANN_AT_LAB),
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
        event("joined", "2020", **ANN_AT_LAB),
        event("departed", "2026", id="out", **ANN_AT_LAB),
        event("dissolved", "2028", id="gone", organisation="lab"),
    )
    assert ids(only(newsroom, as_of="2024")["will_end_it"]) == ["out"]


def reason(newsroom, **asked):
    entry = only(newsroom, **asked)
    assert entry["certainty"] == "possible"
    return entry["explanation"].removeprefix("Only possible: ")


def test_it_may_not_have_begun_yet(newsroom):
    fill(newsroom, event("joined", "2026", id="in", headline="Ann joins", **ANN_AT_LAB))
    assert reason(newsroom, as_of="2026-03") == "“Ann joins” (in) may not have happened yet."


def test_its_beginning_is_disputed(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", headline="Ann joins", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="in", reason="She denies it."),
    )
    told = "“Ann joins” (in), which is disputed, may not have happened."
    assert reason(newsroom) == told


def test_its_end_is_disputed(newsroom):
    fill(
        newsroom,
        event("joined", "2020", **ANN_AT_LAB),
        event("departed", "2022", id="out", headline="Ann leaves", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="out"),
    )
    assert reason(newsroom) == "“Ann leaves” (out), which is disputed, may have ended it."


def test_nobody_knows_when_it_ended(newsroom):
    fill(newsroom, event("joined", "2020/", **ANN_AT_LAB))
    assert reason(newsroom) == "when it ended is not known, and it may have ended already."


def test_its_own_end_may_have_come(newsroom):
    fill(newsroom, event("joined", "2020/2026", id="in", headline="A term", **ANN_AT_LAB))
    told = "its end may have come already, as “A term” (in) dates it."
    assert reason(newsroom, as_of="2026-03") == told


def test_it_is_known_only_from_its_end(newsroom):
    fill(newsroom, event("departed", "2026", id="out", headline="Ann leaves", **ANN_AT_LAB))
    told = "no record says how it began; it is known only from its end, “Ann leaves” (out)."
    assert reason(newsroom, as_of="2020") == told
    entry = only(newsroom, as_of="2020")
    assert entry["begun_by"] == [] and ids(entry["will_end_it"]) == ["out"]
    assert ids(only(newsroom, as_of="2026-03")["may_have_ended_it"]) == ["out"]


def test_rival_accounts_are_shown_with_their_sources(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2020", id="b", person="ann", organisation="desk"),
        amendment("conflict", "c", between=["a", "b"], reason="One of them."),
    )
    told = "“ann joins lab” (a), one of 2 rival accounts, only one of which is true, "
    assert reason(newsroom, entity="lab") == told + "may not have happened."
    (account,) = only(newsroom, "lab")["begun_by"]
    assert [(each["id"], each["sources"]) for each in account["rivals"]] == [("b", SOURCE)]
    (conflict,) = account["amendments"]
    assert (conflict["type"], conflict["between"]) == ("conflict", ["a", "b"])


def test_rivals_that_all_begin_it_leave_no_doubt_that_it_began(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", headline="In 2020", **ANN_AT_LAB),
        event("joined", "2021", id="b", headline="In 2021", **ANN_AT_LAB),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
    )
    entry = only(newsroom)
    assert entry["certainty"] == "certain"
    assert "“In 2020” (a) or “In 2021” (b) had happened" in entry["explanation"]


def test_the_choice_between_accounts_is_told_with_its_reason_and_the_dissent(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2021", id="b", person="ann", organisation="desk"),
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
        event("joined", "2020", id="in", role="lead", **ANN_AT_LAB),
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
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("confirmation", "c", confirms="in", sources=[extra]),
    )
    (account,) = only(newsroom)["begun_by"]
    assert account["standing"] == "confirmed"
    assert account["sources"] == [*SOURCE, extra]
    assert account["amendments"][0]["sources"] == [extra]


def test_the_order_beside_other_events_is_told_from_both_sides(newsroom):
    bare = {**event("departed", "", id="out", **ANN_AT_LAB), "after": [{"id": "in"}]}
    del bare["when"]
    fill(newsroom, event("joined", "2020-05", id="in", **ANN_AT_LAB), bare)
    entry = only(newsroom, as_of="2020-06")
    (begin,), (end,) = entry["begun_by"], entry["may_have_ended_it"]
    assert end["order"] == [{"relation": "after", "id": "in"}]
    assert end["when"] is None and end["bounds"] == ["2020-05-01T00:00:00.000001Z", None]
    assert begin["order"] == [{"relation": "before", "id": "out", "by": "out"}]


def test_slugs_that_mean_one_entity_are_told_with_who_said_so(newsroom):
    fill(
        newsroom,
        event("joined", "2020", person="ann-b", organisation="lab"),
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
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2019", id="out", after=[{"id": "in"}], **ANN_AT_LAB),
    )
    (finding,) = why(newsroom)["findings"]
    assert finding["kind"] == "contradictory-dates"
