"""The editorial findings: what is left to settle, and the command that settles it."""

from __future__ import annotations

import shlex

import pytest

from tests.rooms import SOURCE, event, fill, memory_newsroom
from timeline.projections.check import KINDS, check

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}
OTHER = {"url": "https://other.example/1", "publisher": "Other"}


@pytest.fixture
def newsroom():
    return memory_newsroom()


def checked(newsroom, *only, as_of="2026-06", as_known=None, **asked):
    basis = newsroom.basis(as_of, as_known)
    return check(newsroom.history(basis), basis, only, **asked)


def findings(newsroom, *only, **asked):
    return checked(newsroom, *only, **asked)["findings"]


def amendment(type, id, **fields):
    return {"story": "story", "type": type, "id": id, **fields}


def settled_by(newsroom, finding, *records):
    """Whether records settle a finding; its command must be one of a shell."""
    assert shlex.split(finding["settle"])[0] == "timeline"
    fill(newsroom, *records)
    return finding["kind"] not in checked(newsroom)["counts"]


def test_dates_that_contradict_one_another_come_with_their_sources(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        event("departed", "2019", id="out", after=[{"id": "in"}], **ANN_AT_LAB),
    )
    (finding,) = findings(newsroom, "contradictory-dates")
    assert finding["records"] == ["in", "out"]
    assert [each["sources"] for each in finding["accounts"]] == [SOURCE, SOURCE]
    correction = amendment(
        "correction", "c", corrects="out", changes={"when": "2021"}, reason="Misread."
    )
    assert settled_by(newsroom, finding, correction)


def test_entities_that_were_told_apart_and_are_one_by_way_of_another(newsroom):
    fill(
        newsroom,
        amendment("same-entity", "m1", entities=["ann", "ann-l"], reason="One phone."),
        amendment("same-entity", "m2", entities=["ann-l", "ann-lee"], reason="One desk."),
        amendment("not-same-entity", "apart", entities=["ann-lee", "ann"], reason="Two lives."),
    )
    (finding,) = findings(newsroom, "still-one")
    assert finding["message"] == (
        "ann and ann-lee were recorded as different (apart: “Two lives.”), "
        "but are still merged through ann-l"
    )
    assert finding["records"] == ["apart", "m1", "m2"]
    for asked in ({"entity": "ann-lee"}, {"story": "story"}):
        assert findings(newsroom, "still-one", **asked) == [finding]
    assert findings(newsroom, "still-one", entity="bob") == []
    assert findings(newsroom, "still-one", story="other") == []
    words = shlex.split(finding["settle"])
    assert words[5:9] == ["--entities", "ann-l", "--entities", "ann-lee"]
    mend = amendment("not-same-entity", "mend", entities=["ann-l", "ann-lee"], reason="Two desks.")
    assert settled_by(newsroom, finding, mend)


def test_entities_told_apart_are_one_again_for_whoever_joins_these_very_two(newsroom):
    fill(
        newsroom,
        amendment("not-same-entity", "apart", entities=["ann", "ann-l"], reason="Two desks."),
        amendment("same-entity", "m", entities=["ann-l", "ann"], reason="One, after all."),
    )
    assert findings(newsroom, "still-one") == []


def test_rivals_of_which_none_was_chosen_are_one_finding(newsroom):
    fill(
        newsroom,
        *(event("joined", f"202{n}", id=f"r{n}", **ANN_AT_LAB) for n in range(3)),
        amendment("confirmation", "ok", confirms="r2", reason="r"),
        amendment("conflict", "c1", between=["r0", "r1"], reason="Two years."),
        amendment("conflict", "c2", between=["r1", "r2"], reason="A third."),
    )
    (finding,) = findings(newsroom, "unresolved-conflict")
    assert finding["records"] == ["r0", "r1", "r2", "c1", "c2"]
    assert [each["id"] for each in finding["accounts"]] == ["r0", "r1", "r2"]
    assert [each["reason"] for each in finding["reasons"]] == ["Two years.", "A third."]
    settle = "timeline resolve r2 --over r0 --over r1 --reason WHY"
    assert finding["settle"] == settle
    chosen = amendment("resolution", "r", chosen="r2", over=["r0", "r1"], reason="The letter.")
    assert settled_by(newsroom, finding, chosen)


def test_with_one_account_left_there_is_no_conflict(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2021", id="b", **ANN_AT_LAB),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
        amendment("retraction", "r", retracts="b", reason="A typo."),
    )
    assert findings(newsroom, "unresolved-conflict") == []


def test_a_chosen_account_that_was_retracted_leaves_nothing(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2021", id="b", **ANN_AT_LAB),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
        amendment("resolution", "r", chosen="a", over=["b"], reason="The letter."),
    )
    assert findings(newsroom, "chosen-retracted") == []
    fill(newsroom, amendment("retraction", "x", retracts="a", reason="The letter was forged."))
    (finding,) = findings(newsroom, "chosen-retracted")
    assert finding["records"] == ["a", "b", "r"]
    assert finding["settle"] == "timeline resolve b --over a --reason WHY"
    assert finding["alternative"] == "timeline restore a --reason WHY"
    again = amendment("resolution", "r2", chosen="b", over=["a"], reason="What is left.")
    assert settled_by(newsroom, finding, again)


def test_a_chosen_account_that_was_retracted_may_leave_another(newsroom):
    fill(
        newsroom,
        *(event("joined", f"202{n}", id=f"r{n}", **ANN_AT_LAB) for n in range(3)),
        amendment("conflict", "c", between=["r0", "r1"], reason="Two years."),
        amendment("resolution", "r", chosen="r0", over=["r1"], reason="The letter."),
        amendment("conflict", "c2", between=["r0", "r2"], reason="A third year."),
        amendment("retraction", "x", retracts="r0", reason="Forged."),
    )
    assert findings(newsroom, "chosen-retracted") == []


def test_what_was_disputed_waits_for_a_word(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="in", reason="She denies it."),
    )
    (finding,) = findings(newsroom, "disputed")
    assert finding["records"] == ["in", "no"]
    assert "She denies it." in finding["message"]
    assert finding["settle"] == "timeline resolve in --reason WHY"
    fill(newsroom, amendment("confirmation", "yes", confirms="in", reason="r"))
    (finding,) = findings(newsroom, "disputed")
    assert "it is confirmed as well" in finding["message"]
    assert settled_by(newsroom, finding, amendment("resolution", "so", chosen="in", reason="r"))


def test_an_end_whose_beginning_nobody_recorded(newsroom):
    fill(
        newsroom,
        event("departed", "2026-03", id="out", role="chief", **ANN_AT_LAB),
        event("withdrawn", "2026-03", id="off", product="app", organisation="lab"),
        event("ended", "2026-03", id="end", subject="lab", property="seat", value="the docks"),
    )
    found = findings(newsroom, "departure-without-arrival")
    assert [each["settle"] for each in found] == [
        "timeline append joined --story story --person ann --organisation lab --role chief "
        "--before out --source URL",
        "timeline append released --story story --product app --organisation lab "
        "--before off --source URL",
        "timeline append began --story story --subject lab --property seat --value 'the docks' "
        "--before end --source URL",
    ]
    arrival = {**event("joined", "", role="chief", **ANN_AT_LAB), "before": [{"id": "out"}]}
    del arrival["when"]
    fill(newsroom, arrival)
    left = findings(newsroom, "departure-without-arrival")
    assert [each["records"] for each in left] == [["off"], ["end"]]


def test_who_joined_an_organisation_after_it_was_dissolved(newsroom):
    fill(
        newsroom,
        event("joined", "2019", person="bob", organisation="lab"),
        event("dissolved", "2021", id="gone", organisation="lab"),
        event("joined", "2022", id="in", **ANN_AT_LAB),
    )
    (finding,) = findings(newsroom, "member-of-dissolved")
    assert finding["records"] == ["in", "gone"]
    assert finding["statement"]["subject"] == "ann"
    assert finding["settle"] == "timeline correct in when=DATE --reason WHY"
    assert finding["alternative"].startswith("timeline append departed ")
    assert findings(newsroom, "member-of-dissolved", as_of="2021") == []
    assert settled_by(newsroom, finding, event("departed", "2023", **ANN_AT_LAB))


def test_an_organisation_that_was_founded_anew_has_members_again(newsroom):
    fill(
        newsroom,
        event("dissolved", "2021", organisation="lab"),
        event("founded", "2022", organisation="lab"),
        event("joined", "2022", **ANN_AT_LAB),
    )
    assert findings(newsroom, "member-of-dissolved") == []


def test_statements_on_the_word_of_one_source(newsroom):
    copies = [
        {"publisher": "Daily", "via": "Wire", "url": "https://daily.example/1"},
        {"publisher": "Wire", "url": "https://wire.example/1"},
    ]
    fill(
        newsroom,
        {**event("joined", "2020", id="one", **ANN_AT_LAB), "sources": copies},
        {
            **event("joined", "2020", person="bob", organisation="lab"),
            "sources": [*SOURCE, OTHER],
        },
    )
    (finding,) = findings(newsroom, "single-source")
    assert finding["records"] == ["one"]
    assert finding["message"] == "“ann member-of lab” rests on one source: Wire"
    assert findings(newsroom, "single-source", as_of="2019") == []
    second = amendment("confirmation", "yes", confirms="one", sources=[OTHER])
    assert settled_by(newsroom, finding, second)


def test_events_without_anything_to_look_up(newsroom):
    hollow = {"sources": [{"publisher": "Daily", "published": "2026-03-03"}]}
    fill(
        newsroom,
        {**event("happened", "2026-03", id="x", about=["lab"]), **hollow},
        {
            **event("happened", "2026-03", id="y", about=["lab"]),
            "sources": [{"title": "The minutes", "locator": "page 3"}],
        },
    )
    (finding,) = findings(newsroom, "unsourced")
    assert finding["records"] == ["x"] and "Daily alone" in finding["message"]
    confirmed = amendment("confirmation", "yes", confirms="x", sources=[OTHER])
    assert settled_by(newsroom, finding, confirmed)


def test_questions_that_have_been_open_for_longer_than_a_month(newsroom):
    fill(newsroom, event("asked", "2026-03-01", id="q", question="Why?", about=["lab"]))
    assert findings(newsroom, "stale-question", as_of="2026-03-30") == []
    (finding,) = findings(newsroom, "stale-question", as_of="2026-03-31")
    assert finding["message"] == "“Why?” (q), asked 1 March 2026, UTC, has been open for 30 days"
    assert finding["settle"].startswith("timeline append answered --story story --answers q ")
    assert findings(newsroom, "stale-question", as_of="2026-03-03", stale_after="P2D")
    answer = event("answered", "2026-05", answers="q", answer="Because.")
    assert settled_by(newsroom, finding, answer)


def test_long_silences_are_those_in_which_surely_nothing_happened(newsroom):
    fill(
        newsroom,
        event("happened", "2025-01-01", id="a", about=["lab"]),
        event("happened", "2025-03", id="b", about=["lab"]),
        event("happened", "2025-08-01", id="c", about=["lab"]),
        event("happened", "2026-05-30", id="d", about=["desk"], tags=["x"]),
    )
    found = findings(newsroom, "long-silence")
    assert [each["records"] for each in found] == [["b", "c"], ["c", "d"]]
    assert found[0]["silence"] == ["2025-04-01T00:00:00.000000Z", "2025-08-01T00:00:00.000000Z"]
    assert "for 122 days" in found[0]["message"]
    fill(newsroom, event("happened", "[2025-04..2026-05]", id="vague", about=["lab"]))
    assert findings(newsroom, "long-silence") == []
    (end,) = findings(newsroom, "long-silence", as_of="2026-12")
    assert end["records"] == ["vague"] or end["records"] == ["d"]
    assert end["silence"][1] == "2027-01-01T00:00:00.000000Z"
    assert findings(newsroom, "long-silence", as_of="2026-12", silence="P365D") == []


def test_what_was_corrected_three_times_wants_a_second_look(newsroom):
    def correct(number):
        changes = {"role": f"role {number}"}
        return amendment("correction", f"c{number}", corrects="in", changes=changes, reason="r")

    fill(newsroom, event("joined", "2020", id="in", **ANN_AT_LAB), correct(1), correct(2))
    assert findings(newsroom, "corrected-often") == []
    fill(newsroom, amendment("confirmation", "early", confirms="in", reason="r"), correct(3))
    (finding,) = findings(newsroom, "corrected-often")
    assert finding["records"] == ["in", "c1", "c2", "c3"]
    assert settled_by(
        newsroom, finding, amendment("confirmation", "yes", confirms="in", reason="r")
    )


def test_an_id_that_means_something_to_a_shell_is_quoted(newsroom):
    fill(newsroom, event("departed", "2026", id="a 'b'; rm=x", **ANN_AT_LAB))
    (finding,) = findings(newsroom, "departure-without-arrival")
    words = shlex.split(finding["settle"])
    assert words[words.index("--before") + 1] == "a 'b'; rm=x="


@pytest.fixture
def busy(newsroom):
    fill(
        newsroom,
        event("departed", "2026-01", id="out", person="bob", organisation="lab"),
        event("joined", "2020", id="in", **ANN_AT_LAB),
        amendment("dispute", "no", disputes="in"),
        event("joined", "2020", id="b", person="cy", organisation="desk"),
        amendment("dispute", "no-2", disputes="b"),
        {**event("asked", "2026", id="q", question="Why?", about=["desk"]), "story": "two"},
    )
    return newsroom


def test_the_gravest_come_first_and_then_go_by_position(busy):
    answer = checked(busy, as_of="2027-06")
    kinds = [each["kind"] for each in answer["findings"]]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    disputed = [each["records"][0] for each in answer["findings"] if each["kind"] == "disputed"]
    assert disputed == ["in", "b"]
    assert answer["counts"] == {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}


def test_only_the_kinds_asked_for(busy):
    answer = checked(busy, "disputed", "departure-without-arrival")
    assert answer["only"] == ["disputed", "departure-without-arrival"]
    assert answer["counts"] == {"disputed": 2, "departure-without-arrival": 1}


def test_only_what_is_about_an_entity_or_a_story(busy):
    about = findings(busy, entity="ann", as_of="2026-02")
    assert [each["kind"] for each in about] == ["disputed", "single-source"]
    assert [each["kind"] for each in findings(busy, story="two", as_of="2027-02")] == [
        "stale-question"
    ]
    assert findings(busy, story="none", as_of="2027-02") == []


def test_an_entity_is_found_under_all_its_slugs(busy):
    fill(busy, amendment("same-entity", "m", entities=["ann", "ann-b"], reason="Married."))
    assert findings(busy, "disputed", entity="ann-b") == findings(busy, "disputed", entity="ann")
    assert len(findings(busy, "disputed", entity="ann-b")) == 1


def test_what_nobody_knew_yet_was_no_finding(busy):
    assert findings(busy, "disputed", as_known="2") == []


def test_an_empty_log_leaves_nothing_to_settle(newsroom):
    answer = checked(newsroom)
    assert (answer["counts"], answer["findings"]) == ({}, [])


LAB_CHIEF = {"type": "office", "organisation": "lab", "role": "chief"}
CHIEF = {"organisation": "lab", "role": "chief"}


def test_more_certain_holders_than_an_office_allows(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="ann-in", person="ann", **CHIEF),
        event("joined", "2024-03-01", id="bob-in", person="bob", **CHIEF),
    )
    assert findings(newsroom, "too-many-holders") == []
    fill(newsroom, {"story": "story", "id": "one-chief", **LAB_CHIEF, "role": "Chief"})
    (finding,) = findings(newsroom, "too-many-holders")
    assert finding["message"] == (
        "ann and bob are Chief of lab at once, from 1 March 2024 on, but one-chief allows 1: "
        "“ann joins lab” (ann-in), dated 2020; “bob joins lab” (bob-in), dated 1 March 2024, UTC"
    )
    assert finding["records"] == ["ann-in", "bob-in", "one-chief"]
    assert (finding["people"], finding["holders"]) == (["ann", "bob"], 1)
    assert finding["at_once"] == ["2024-03-02T00:00:00.000000Z", None]
    for asked in ({"entity": "bob"}, {"entity": "lab"}, {"story": "story"}):
        assert findings(newsroom, "too-many-holders", **asked) == [finding]
    assert findings(newsroom, "too-many-holders", entity="cy") == []
    assert findings(newsroom, "too-many-holders", as_of="2024-02") == []
    assert finding["settle"] == (
        "timeline append departed --story story --person ann --organisation lab --role chief "
        "--when DATE --source URL"
    )
    assert finding["alternative"].endswith("--organisation lab --role Chief --holders 2")
    # Nobody was ended by it.
    assert {each["subject"] for each in newsroom.snapshot("lab")["statements"]} == {"ann", "bob"}
    assert settled_by(newsroom, finding, event("departed", "2024-02", person="ann", **CHIEF))


def test_an_office_for_two_is_crowded_by_the_third_for_as_long_as_they_stay(newsroom):
    fill(
        newsroom,
        {"story": "story", "id": "two", **LAB_CHIEF, "holders": 2},
        event("joined", "2020", id="ann-in", person="ann", **CHIEF),
        event("joined", "2021", id="bob-in", person="bob", **CHIEF),
        event("joined", "2022-05-01", id="cy-in", person="cy", **CHIEF),
        event("departed", "2023-02-10", id="bob-out", person="bob", **CHIEF),
        event("joined", "2023-02-10", id="di-in", person="di", **CHIEF),
        event("departed", "2024-06-01", id="di-out", person="di", **CHIEF),
    )
    first, second = findings(newsroom, "too-many-holders")
    assert first["people"] == ["ann", "bob", "cy"]
    assert "from 1 May 2022 to 9 February 2023, but two allows 2" in first["message"]
    assert second["people"] == ["ann", "cy", "di"]
    assert "from 10 February 2023 to 31 May 2024" in second["message"]
    fill(newsroom, {"story": "story", "id": "three", **LAB_CHIEF, "holders": 3})
    assert findings(newsroom, "too-many-holders") == []


def test_who_may_have_left_already_does_not_crowd_an_office(newsroom):
    fill(
        newsroom,
        {"story": "story", "id": "one", **LAB_CHIEF},
        event("joined", "2020", id="ann-in", person="ann", **CHIEF),
        event("departed", "2024", id="ann-out", person="ann", **CHIEF),
        event("joined", "2024-03", id="bob-in", person="bob", **CHIEF),
        # One person, however often it is recorded, is one holder.
        event("joined", "2024-04", id="bob-too", person="bob", **{**CHIEF, "role": "Chief"}),
    )
    assert findings(newsroom, "too-many-holders") == []


def test_statements_that_no_source_has_spoken_of_for_long(newsroom):
    paper = [{"publisher": "Daily", "published": "2026-03-03"}]
    fill(
        newsroom,
        event("joined", "2020", id="in", person="ann", organisation="lab") | {"sources": paper},
        event("joined", "[2026..2040]", person="bob", organisation="lab") | {"sources": paper},
        event("measured", "2026", subject="lab", measure="size", value=3) | {"sources": paper},
    )
    assert findings(newsroom, "unattested", as_of="2027-03-02") == []
    (finding,) = findings(newsroom, "unattested", as_of="2027-03-03")
    assert finding["message"] == (
        "“ann member-of lab” was last attested on 3 March 2026, 365 days before"
    )
    assert finding["settle"] == "timeline confirm in --publisher PUBLISHER --published DATE"
    assert finding["attested"] == "2026-03-03T23:59:59.999999Z"
    assert findings(newsroom, "unattested", as_of="2026-03-10", stale_after="P7D")
    assert findings(newsroom, "unattested", as_of="2026-03-10", stale_after="P8D") == []
    again = amendment(
        "confirmation", "yes", confirms="in", sources=[{"publisher": "X", "published": "2026-06"}]
    )
    fill(newsroom, again)
    assert findings(newsroom, "unattested", as_of="2027-03-03") == []
