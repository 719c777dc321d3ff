"""Findings about order and rival values: what settles them can be pasted, and works."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.projections.test_check import ANN_AT_LAB, OTHER, amendment, findings
from tests.rooms import SOURCE, event, fill, memory_newsroom, state
from timeline.cli.record_options import link


@pytest.fixture
def newsroom():
    return memory_newsroom()


def undated(id, **fields):
    record = event("happened", "", id=id, about=["lab"], **fields)
    del record["when"]
    return record


def placed(id, when=None, **fields):
    record = undated(id, **fields)
    return record if when is None else {**record, "when": when}


def correct(id, number=0, **changes):
    return amendment("correction", f"c-{id}-{number}", corrects=id, changes=changes, reason="r")


def dead(id, value, when="2026-05-10", **fields):
    record = event("measured", when, id=id, subject="flight", measure="dead", value=value)
    return {**record, **fields}


def paste(newsroom, command, date="2021", id="pasted"):
    """Append what a `timeline correct` or `conflict` amounts to."""
    words = shlex.split(command)
    assert words[0] == "timeline" and words[-2:] == ["--reason", "WHY"]
    if words[1] == "conflict":
        fill(newsroom, amendment("conflict", id, between=words[2:-2], reason="WHY"))
        return
    assert words[1] == "correct"
    changes = {}
    for change in words[3:-2]:
        name, _, typed = change.partition("=")
        if name.endswith(":"):
            changes[name[:-1]] = json.loads(typed)
        else:
            changes[name] = date if name == "when" else [link(typed)]
    fill(newsroom, amendment("correction", id, corrects=words[2], changes=changes, reason="WHY"))


def clash(newsroom):
    (finding,) = findings(newsroom, "contradictory-dates")
    return finding


def test_links_that_go_round_in_a_circle_lose_one(newsroom):
    fill(
        newsroom,
        placed("a", "2020"),
        placed("b", "2020", after=[{"id": "a"}]),
        placed("c", "2020", after=[{"id": "b"}]),
        correct("a", after=[{"id": "c"}]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct a after:=null --reason WHY"
    paste(newsroom, settle)
    assert findings(newsroom, "contradictory-dates") == []


def test_a_circle_is_mended_where_it_says_before(newsroom):
    fill(
        newsroom,
        placed("a", "2020"),
        placed("b", "2020", after=[{"id": "a"}], before=[{"id": "a"}]),
        correct("b", before=[{"id": "a"}]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct b before:=null --reason WHY"
    paste(newsroom, settle)
    assert findings(newsroom, "contradictory-dates") == []


def test_what_is_left_without_any_order_needs_a_date(newsroom):
    fill(
        newsroom,
        placed("a b", "2020"),
        undated("c", after=[{"id": "a b"}]),
        undated("d", after=[{"id": "c"}]),
        correct("c", after=[{"id": "d"}]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct c after:=null when=DATE --reason WHY"
    paste(newsroom, settle)
    assert findings(newsroom, "contradictory-dates") == []


def test_links_with_others_are_kept(newsroom):
    fill(
        newsroom,
        placed("o", "2019"),
        placed("a", "2020"),
        placed("b", "2020", after=[{"id": "a"}]),
        correct("a", after=[{"id": "o", "within": "P999D"}, {"id": "b"}]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct a after=o=P999D --reason WHY"
    paste(newsroom, settle)
    assert findings(newsroom, "contradictory-dates") == []


def test_the_date_that_was_corrected_last_is_the_one_to_mend(newsroom):
    fill(
        newsroom,
        placed("d12", "2020"),
        placed("d13", "2021", after=[{"id": "d12"}]),
        correct("d12", when="2022"),
        correct("d13", tags=["x"]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct d12 when=DATE --reason WHY"
    paste(newsroom, settle, date="2020")
    assert findings(newsroom, "contradictory-dates") == []


def test_a_date_that_is_not_at_fault_is_left_alone(newsroom):
    fill(
        newsroom,
        placed("a", "2021"),
        placed("c", "2020"),
        undated("b", after=[{"id": "a"}], before=[{"id": "c"}]),
    )
    settle = clash(newsroom)["settle"]
    assert settle == "timeline correct b after:=null --reason WHY"
    paste(newsroom, settle)
    assert findings(newsroom, "contradictory-dates") == []


def test_order_beside_an_event_is_lost_when_none_of_its_accounts_counts(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2021", id="b", **ANN_AT_LAB),
        undated("x", after=[{"id": "b", "within": "P2D"}]),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
    )
    assert findings(newsroom, "lost-order") == []
    fill(newsroom, amendment("resolution", "r", chosen="a", over=["b"], reason="The letter."))
    assert findings(newsroom, "lost-order") == []
    fill(newsroom, amendment("retraction", "gone", retracts="a", reason="A forgery."))
    (finding,) = findings(newsroom, "lost-order")
    assert finding["records"] == ["x", "b", "r"]
    assert "decided against, in favour of a: “The letter.”" in finding["message"]
    assert finding["message"].endswith("so it may have happened at any time")


def test_order_beside_what_was_retracted_is_lost(newsroom):
    fill(
        newsroom,
        placed("a", "2020"),
        undated("x", before=[{"id": "a"}]),
        placed("y", "2021", after=[{"id": "a"}]),
        amendment("retraction", "r", retracts="a", reason="Forged."),
    )
    (finding,) = findings(newsroom, "lost-order")
    assert "before “" in finding["message"] and "retracted: “Forged.”" in finding["message"]
    assert finding["settle"] == "timeline correct x when=DATE --reason WHY"
    paste(newsroom, finding["settle"])
    assert findings(newsroom, "lost-order") == []


def test_order_that_still_hangs_on_something_is_not_lost(newsroom):
    fill(
        newsroom,
        placed("a", "2020"),
        placed("b", "2021"),
        undated("x", after=[{"id": "a"}, {"id": "b"}]),
        amendment("retraction", "r", retracts="a", reason="Forged."),
    )
    assert findings(newsroom, "lost-order") == []


REUTERS = [{"publisher": "Reuters", "url": "https://reuters.example/1"}]


@pytest.mark.parametrize("way", ["settle", "alternative"])
def test_two_numbers_on_one_day_are_undecided(newsroom, way):
    fill(newsroom, dead("d12", 12), dead("d17", 17, sources=REUTERS))
    (finding,) = findings(newsroom, "undecided-value")
    assert finding["records"] == ["d12", "d17"]
    assert "Example" in finding["message"] and "Reuters" in finding["message"]
    assert [each["value"] for each in finding["values"]] == [12, 17]
    assert finding["settle"] == "timeline conflict d12 d17 --reason WHY"
    assert finding["alternative"] == "timeline correct d17 after=d12 --reason WHY"
    paste(newsroom, finding[way])
    assert findings(newsroom, "undecided-value") == []
    left = findings(newsroom, "unresolved-conflict")
    assert bool(left) is (way == "settle")


@pytest.mark.parametrize("way", ["settle", "alternative"])
def test_three_numbers_are_one_finding(newsroom, way):
    fill(newsroom, dead("d12", 12), dead("d17", 17), dead("d15", 15))
    (finding,) = findings(newsroom, "undecided-value")
    assert [each["value"] for each in finding["values"]] == [12, 15, 17]
    paste(newsroom, finding[way])
    for again in findings(newsroom, "undecided-value"):
        paste(newsroom, again[way], id="again")
    assert findings(newsroom, "undecided-value") == []


@pytest.mark.parametrize("chosen", ["d12", "d17"])
def test_two_outlets_that_agree_are_not_set_against_one_another(newsroom, chosen):
    fill(newsroom, dead("d12", 12), dead("d17", 17), dead("also", 17, sources=REUTERS))
    (finding,) = findings(newsroom, "undecided-value")
    assert finding["records"] == ["d12", "d17", "also"]
    assert finding["settle"] == "timeline conflict d12 d17 --reason WHY"
    paste(newsroom, finding["settle"])
    assert findings(newsroom, "undecided-value") == []
    over = {"d12": "d17", "d17": "d12"}[chosen]
    fill(newsroom, amendment("resolution", "r", chosen=chosen, over=[over], reason="The police."))
    # With 17 the second outlet is right, too; with 12 its word is left against that.
    left = findings(newsroom, "undecided-value")
    assert [each["records"] for each in left] == ([["d12", "also"]] if chosen == "d12" else [])


def test_numbers_of_which_one_surely_came_later_are_decided(newsroom):
    fill(newsroom, dead("d12", 12), dead("d17", 17, "2026-05-11"))
    assert findings(newsroom, "undecided-value") == []
    fill(newsroom, amendment("dispute", "no", disputes="d17"))
    assert findings(newsroom, "undecided-value") == []


def test_one_number_from_two_sources_is_one_value(newsroom):
    fill(newsroom, dead("d12", 12), dead("also", 12))
    assert findings(newsroom, "undecided-value") == []
    fill(newsroom, dead("d17", 17, "2027"))
    assert findings(newsroom, "undecided-value", as_of="2026-06") == []


def test_rivals_that_nothing_tells_apart_are_not_chosen_among(newsroom):
    fill(
        newsroom,
        event("joined", "2020", id="a", **ANN_AT_LAB),
        event("joined", "2021", id="b", **ANN_AT_LAB),
        amendment("conflict", "c", between=["a", "b"], reason="Two years."),
    )
    (finding,) = findings(newsroom, "unresolved-conflict")
    assert finding["settle"] == "timeline resolve CHOSEN --over OTHER --reason WHY"
    assert "(a)" in finding["message"] and "(b)" in finding["message"]
    fill(newsroom, amendment("confirmation", "yes", confirms="b", sources=[OTHER]))
    (finding,) = findings(newsroom, "unresolved-conflict")
    assert finding["settle"] == "timeline resolve b --over a --reason WHY"


def test_an_account_that_nobody_named_is_left_when_the_chosen_one_is_retracted(newsroom):
    fill(
        newsroom,
        *(event("joined", f"202{n}", id=f"r{n}", **ANN_AT_LAB) for n in range(3)),
        amendment("conflict", "c", between=["r0", "r1", "r2"], reason="Three years."),
        amendment("resolution", "r", chosen="r0", over=["r1"], reason="The letter."),
        amendment("retraction", "x1", retracts="r1", reason="A typo."),
        amendment("retraction", "x0", retracts="r0", reason="Forged."),
    )
    (finding,) = findings(newsroom, "chosen-retracted")
    assert finding["records"] == ["r0", "r2", "r"]


def test_rival_accounts_say_who_published_them(newsroom):
    titled = [*REUTERS, *REUTERS, {"title": "The minutes"}]
    fill(
        newsroom,
        dead("d12", 12, sources=SOURCE),
        dead("d17", 17, sources=titled),
        amendment("conflict", "c", between=["d12", "d17"], reason="Two numbers."),
    )
    first = state(newsroom, "flight", "2026-06")["statements"][0]
    assert [each["publishers"] for each in first["rivals"]] == [["Reuters", "The minutes"]]
