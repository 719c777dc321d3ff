"""What a reader takes for granted, each in a newsroom of a few records.

The worlds of the same log, enumerated, say the same wherever they are few enough to be counted:
`test_worlds.py` holds them to that on random logs.
"""

from __future__ import annotations

import pytest

from tests.rooms import SOURCE, fill, memory_newsroom, state

ANN = {"person": "ann", "organisation": "lab"}


def event(id, type, when=None, **fields):
    dated = {} if when is None else {"when": when}
    return {"id": id, "story": "story", "type": type, "sources": SOURCE, **dated, **fields}


def amendment(type, **fields):
    return {"story": "story", "type": type, "reason": "So it is.", **fields}


def released(id, when, **fields):
    return event(id, "released", when, product="model", organisation="lab", **fields)


JOINED = event("joined", "joined", "2020", **ANN)
TWO_DAYS = [
    released("second", "2026-03-02"),
    released("fifth", "2026-03-05"),
    amendment("conflict", between=["second", "fifth"]),
]
GONE_WITHIN_A_DAY = event("gone", "departed", after=[{"id": "second", "within": "PT24H"}], **ANN)


def asked(records, entity, as_of):
    newsroom = memory_newsroom()
    fill(newsroom, *records)
    return state(newsroom, entity, as_of)


def held(records, entity, as_of):
    """What is said of an entity: (what, certainty), of statements by value, and role if any."""
    return {
        (str(each["value"]), *each["qualifiers"].values()): each["certainty"]
        for each in asked(records, entity, as_of)["statements"]
    }


def is_member(records, as_of):
    """How Ann is a member of the lab: certain, possible, or not."""
    return held(records, "ann", as_of).get(("lab",), "not")


CASES = {
    "gone within a day of a release on 2 or 5 March: on the 3rd she may still be there": (
        [JOINED, *TWO_DAYS, GONE_WITHIN_A_DAY],
        {"2026-03-01": "certain", "2026-03-03": "possible", "2026-03-06": "not"},
    ),
    "once the editor chooses 5 March, what hangs on the release moves along": (
        [
            *[JOINED, *TWO_DAYS, GONE_WITHIN_A_DAY],
            amendment("resolution", chosen="fifth", over=["second"]),
        ],
        {"2026-03-04": "certain", "2026-03-05": "possible", "2026-03-06": "not"},
    ),
    "a link to what was retracted binds nothing": (
        [
            *[JOINED, released("second", "2026-03-02"), GONE_WITHIN_A_DAY],
            amendment("retraction", retracts="second"),
        ],
        {"2026-03-01": "possible", "2026-03-06": "possible"},
    ),
    "after a trial means after it ended": (
        [
            JOINED,
            event("trial", "happened", "2026-03-02/2026-03-10", about=["ann"]),
            event("gone", "departed", "2026-03", after=[{"id": "trial"}], **ANN),
        ],
        {"2026-03-09": "certain", "2026-03-12": "possible", "2026-03-31": "not"},
    ),
    "during a trial means between its two ends": (
        [
            JOINED,
            event("trial", "happened", "2026-03-02/2026-03-10", about=["ann"]),
            event("gone", "departed", during=[{"id": "trial"}], **ANN),
        ],
        {"2026-03-01": "certain", "2026-03-05": "possible", "2026-03-10": "not"},
    ),
    "who joined and left on one day is gone the year after": (
        [event("in", "joined", "2020-05-01", **ANN), event("out", "departed", "2020-05-01", **ANN)],
        {"2020-04": "not", "2021": "not"},
    ),
    "who resigned in the middle of a term is gone before it was to end": (
        [event("term", "joined", "2021/2027", **ANN), event("out", "departed", "2024-08", **ANN)],
        {"2024-07": "certain", "2024-08-15": "possible", "2024-12": "not"},
    ),
    "who was elected and resigned in the same month is gone": (
        [event("in", "joined", "2024-08/2027", **ANN), event("out", "departed", "2024-08", **ANN)],
        {"2024-07": "not", "2024-12": "not"},
    ),
    "terms that meet on one day do not clash": (
        [
            event("first", "joined", "2015/2021-01-03", **ANN),
            event("second", "joined", "2021-01-03/2027", **ANN),
        ],
        {"2020": "certain", "2022": "certain"},
    ),
    "nobody is a member of what has not been founded": (
        [
            event("in", "joined", "2019", **ANN),
            event("founding", "founded", "2020-06", organisation="lab"),
        ],
        {"2019": "not", "2020-06-15": "possible", "2020-07": "certain"},
    ),
    "a confirmation does not erase a dispute": (
        [
            JOINED,
            amendment("dispute", disputes="joined"),
            amendment("confirmation", confirms="joined"),
        ],
        {"2021": "possible"},
    ),
    "a resolution settles a dispute": (
        [
            JOINED,
            amendment("dispute", disputes="joined"),
            amendment("resolution", chosen="joined"),
        ],
        {"2021": "certain"},
    ),
    "a dispute that comes after the resolution opens it again": (
        [
            JOINED,
            amendment("resolution", chosen="joined"),
            amendment("dispute", disputes="joined"),
        ],
        {"2021": "possible"},
    ),
    "what was disputed, and cannot have been, leaves what it would have ended": (
        [
            JOINED,
            event("meeting", "happened", "2026-03-02", about=["ann"]),
            event("out", "departed", "2025", after=[{"id": "meeting"}], **ANN),
            amendment("dispute", disputes="out"),
        ],
        {"2026": "certain"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_reader_takes_for_granted_that(case):
    records, expected = CASES[case]
    assert {as_of: is_member(records, as_of) for as_of in expected} == expected


def test_a_clerk_promoted_in_the_month_of_joining_is_chief_only():
    records = [
        event("in", "joined", "2020-03", **ANN, role="clerk"),
        event("up", "appointed", "2020-03", **ANN, role="chief"),
    ]
    assert held(records, "ann", "2020-04") == {("lab", "chief"): "certain"}


def test_two_appointments_on_one_day_leave_open_which_came_last():
    records = [
        event("one", "appointed", "2020-03-01", **ANN, role="clerk"),
        event("two", "appointed", "2020-03-01", **ANN, role="chief"),
    ]
    assert held(records, "ann", "2021") == {
        ("lab", "clerk"): "possible",
        ("lab", "chief"): "possible",
    }


def test_a_set_replaces_the_same_value_with_other_qualifiers():
    paint = {"subject": "ann", "property": "colour", "value": "red"}
    records = [
        event("one", "became", "2020", **paint, qualifiers={"tone": "dark"}),
        event("two", "became", "2021", **paint, qualifiers={"tone": "light"}),
    ]
    assert held(records, "ann", "2022") == {("red", "light"): "certain"}


JANUARY, JANUARY_TOO, MARCH = (
    event("a", "joined", "2026-01", **ANN),
    {**event("b", "joined", "2026-01", **ANN), "sources": [{"publisher": "Another"}]},
    event("c", "joined", "2026-03", **ANN),
)


def test_two_outlets_that_agree_are_one_account_with_two_sources():
    conflict = amendment("conflict", between=["a", "b", "c"])
    choice = amendment("resolution", chosen="a", over=["c"])
    (open_,) = asked([JANUARY, JANUARY_TOO, MARCH, conflict], "ann", "2026-02")["statements"]
    assert open_["certainty"] == "possible" and [each["id"] for each in open_["rivals"]] == ["c"]
    (said,) = asked([JANUARY, JANUARY_TOO, MARCH, conflict, choice], "ann", "2026-02")["statements"]
    assert said["certainty"] == "certain" and said["sources"] == 2
    assert [each["id"] for each in said["agreeing"]] == ["b"]
    assert [each["id"] for each in said["dissent"]] == ["c"]


def test_an_account_dated_otherwise_can_be_said_to_tell_the_same():
    conflict = amendment("conflict", between=["a", "b", "c"])
    choice = amendment("resolution", chosen="a", agrees=["c"])
    (said,) = asked([JANUARY, JANUARY_TOO, MARCH, conflict, choice], "ann", "2026-02")["statements"]
    assert said["certainty"] == "certain" and "dissent" not in said
    assert said["since"][1] == "2026-02-01T00:00:00.000000Z"
    assert {each["id"] for each in said["agreeing"]} == {"b", "c"}


def test_a_group_stands_as_long_as_one_of_its_accounts_does():
    records = [
        *[JANUARY, JANUARY_TOO, MARCH, amendment("conflict", between=["a", "b", "c"])],
        amendment("resolution", chosen="a", over=["c"]),
        amendment("retraction", retracts="a"),
    ]
    assert is_member(records, "2026-02") == "certain"


def test_an_event_that_the_dates_rule_out_is_so_in_no_world():
    records = [
        event("meeting", "happened", "2026-03-02", about=["ann"]),
        event("early", "joined", "2026-01", after=[{"id": "meeting"}], **ANN),
        event("late", "joined", "2026-04", **ANN),
        amendment("conflict", between=["early", "late"]),
    ]
    assert is_member(records, "2026-05") == "certain"
    assert asked(records, "ann", "2026-05")["findings"] == []
