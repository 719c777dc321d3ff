"""Of any log, `why` accounts for all that holds and has ended, and `check` says what is open."""

from __future__ import annotations

import shlex

from hypothesis import given

from tests import views
from tests.examples import examples
from tests.rooms import state
from tests.worlds.logs import ENTITIES, TICKS, logs, newsroom_with, tick
from timeline.projections.check import check

TIMES = [*(tick(number) for number in TICKS), "2002"]
fast = examples(40)


def statement(entry):
    return (
        entry["subject"],
        entry["property"],
        entry["value"],
        *sorted(entry["qualifiers"].items()),
    )


@fast
@given(logs())
def test_why_accounts_for_what_holds_and_for_what_has_ended(records):
    newsroom = newsroom_with(records)
    held_before = {entity: set() for entity in ENTITIES}
    for at in TIMES:
        basis = newsroom.basis(at, None)
        for entity in ENTITIES:
            answer = views.why(newsroom, entity, basis)
            shown = state(newsroom, entity, at)["statements"]
            for entry, expected in zip(answer["statements"], shown, strict=True):
                # A series of measurements is for the snapshot alone.
                expected.pop("series", None)
                assert entry.items() >= expected.items()
                told_of(entry)
            held = {statement(entry) for entry in shown}
            ended = {statement(entry) for entry in answer["ended"]}
            assert not held & ended
            # Whatever once held, and was not only implied by an end to come, is told of.
            assert held_before[entity] <= held | ended
            held_before[entity] |= held
            for entry in answer["ended"]:
                assert entry["ended_by"] and entry["explanation"].startswith("No longer: ")


def told_of(entry):
    accounts = [
        each["id"]
        for key in ("begun_by", "may_have_ended_it", "will_end_it")
        for each in entry.get(key, ())
    ]
    assert accounts
    assert set(accounts) & set(entry["because"])
    if entry["certainty"] == "certain":
        assert entry["explanation"].startswith("Certain: ") and entry["begun_by"]
        assert "may_have_ended_it" not in entry
    else:
        assert entry["explanation"].startswith("Only possible: ")
        assert "the dates leave it open" not in entry["explanation"]
        assert entry["explanation"] != "Only possible: ."


@fast
@given(logs())
def test_check_names_records_that_there_are_and_a_command(records):
    newsroom = newsroom_with(records)
    basis = newsroom.basis("2002", None)
    history = newsroom.history(basis)
    ids = {record.id for record in newsroom.records()}
    answer = check(history, basis)
    for finding in answer["findings"]:
        assert finding["records"] and set(finding["records"]) <= ids
        assert shlex.split(finding["settle"])[0] == "timeline"
    conflicts = [each for each in answer["findings"] if each["kind"] == "unresolved-conflict"]
    undecided = [{each.id, *each.rivals} for each in history.counting() if each.rivals]
    assert {frozenset(each) for each in undecided} == {
        frozenset(account["id"] for account in each["accounts"]) for each in conflicts
    }
    single = [each for each in answer["findings"] if each["kind"] == "single-source"]
    assert {statement(each["statement"]) for each in single} == {
        statement(entry)
        for entity in ENTITIES
        for entry in state(newsroom, entity, "2002")["statements"]
        if entry["sources"] < 2
    }
