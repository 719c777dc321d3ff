"""The oracle itself, and the program beside it, on cases that can be worked out by hand."""

from __future__ import annotations

from tests.rooms import SOURCE, state
from tests.worlds.logs import newsroom_with, tick
from tests.worlds.oracle import Worlds
from tests.worlds.test_worlds import as_of, statements

ANN = ("ann", "member-of", "lab", ())


OWN = {
    "happened": {"about": ["ann"]},
    "dissolved": {"organisation": "lab"},
}
MEMBER = {"person": "ann", "organisation": "lab"}


def told(id, type, when=None, **fields):
    own = OWN.get(type, MEMBER) | fields
    return {"id": id, "type": type, **({"when": when} if when else {}), **own}


def between(first, last):
    return f"[{tick(first)}..{tick(last)}]"


def amended(type, **fields):
    return {"id": "x", "type": type, **fields}


def at(log, *times):
    """What is said of ANN at some times, by the oracle and by the program."""
    stamp = "2020-01-01T00:00:00.000000Z"
    newsroom = newsroom_with(
        {"story": "story", "recorded_at": stamp, **record}
        | ({"id": f"x{n}", "reason": "r"} if record["id"] == "x" else {"sources": SOURCE})
        for n, record in enumerate(log)
    )
    found = [statements(state(newsroom, "ann", as_of(time))).get(ANN) for time in times]
    expected = [Worlds(log).answers(time).get(ANN) for time in times]
    assert found == expected
    return expected


def test_a_date_of_several_instants_is_possible_while_it_may_have_passed_and_then_certain():
    assert at([told("a", "joined", between(1, 2))], 1, 2, 3) == [None, "possible", "certain"]


def test_an_end_without_a_beginning_implies_one():
    assert at([told("a", "departed", between(2, 3))], 0, 3, 4) == ["possible", "possible", None]
    both = [told("a", "joined", tick(2)), told("b", "departed", between(1, 3))]
    assert at(both, 1, 2, 3, 4) == [None, None, "possible", None]


def test_an_end_that_must_come_before_the_only_beginning_implies_one():
    after = [{"id": "a"}]
    log = [told("a", "departed", between(2, 3)), told("b", "joined", between(2, 4), after=after)]
    assert at(log, 2, 3, 4, 5) == ["possible", "possible", "possible", "certain"]


def test_a_spell_ends_by_itself_unless_an_end_cuts_it_short():
    spell = told("a", "joined", f"{tick(1)}/{tick(3)}")
    assert at([spell], 1, 2, 3, 4) == [None, "certain", "certain", None]
    assert at([spell, told("b", "dissolved", tick(2))], 1, 2, 3, 4) == [None, "certain", None, None]


def test_an_unknown_end_may_have_come_at_any_time_since():
    assert at([told("a", "joined", f"{tick(1)}/")], 1, 2, 5) == [None, "possible", "possible"]


def test_of_rival_joins_one_is_so():
    log = [
        told("a", "joined", tick(1)),
        told("b", "joined", tick(3)),
        amended("conflict", between=["a", "b"]),
    ]
    assert at(log, 2, 3, 4) == ["possible", "possible", "certain"]
    chosen = [*log, amended("resolution", chosen="b", over=["a"])]
    assert at(chosen, 2, 3, 4) == [None, None, "certain"]
    reopened = [*chosen, amended("conflict", between=["a", "b"])]
    assert at(reopened, 2, 3, 4) == at(log, 2, 3, 4)
    left = [*log, amended("retraction", retracts="b")]
    assert at(left, 2, 3, 4) == ["certain", "certain", "certain"]
    disputed = [*log, amended("dispute", disputes="a")]
    assert at(disputed, 2, 3, 4) == at(log, 2, 3, 4)
    assert at([*left, amended("dispute", disputes="a")], 2, 4) == ["possible", "possible"]


def test_a_dispute_of_one_account_among_others_leaves_no_way_that_none_is_so():
    rivals = [
        told("a", "joined", tick(1)),
        told("b", "joined", tick(2)),
        amended("conflict", between=["a", "b"]),
        amended("dispute", disputes="a"),
        amended("dispute", disputes="b"),
    ]
    assert at(rivals, 2, 3) == ["possible", "certain"]


def test_conflicts_that_share_a_event_are_one():
    log = [
        told("a", "joined", tick(1)),
        told("b", "happened", tick(2)),
        told("c", "departed", tick(2)),
        told("d", "dissolved", tick(2)),
        amended("conflict", between=["b", "c"]),
        amended("conflict", between=["c", "d"]),
    ]
    assert len(Worlds(log).casts) == 3
    assert at(log, 2, 3) == ["certain", "possible"]
    assert at([*log, amended("retraction", retracts="b")], 2, 3) == ["certain", None]


def test_a_dispute_makes_it_open_until_it_is_resolved():
    log = [told("a", "joined", tick(1)), amended("dispute", disputes="a")]
    assert at(log, 2) == ["possible"]
    confirmed = [*log, amended("confirmation", confirms="a")]
    assert at(confirmed, 2) == ["possible"]
    assert at([*confirmed, amended("resolution", chosen="a")], 2) == ["certain"]


def test_order_forces_certainty():
    """b is in [2..4] and after a in [3..5]: b is at 4, a at 3."""
    a = told("a", "joined", between(3, 5))
    b = told("b", "departed", between(2, 4), after=[{"id": "a"}])
    assert at([a, b], 3, 4, 5) == [None, "certain", None]
    assert Worlds([a, b]).order("a", "b") == "certain"
    assert Worlds([a, b]).order("b", "a") == "no"
    free = [a, told("b", "departed", between(2, 4))]
    assert Worlds(free).order("a", "b") == "possible"
    assert at(free, 4, 5) == ["possible", None]


def test_within_bounds_what_has_no_date():
    a = told("a", "joined", tick(3))
    link = {"id": "a", "within": "PT0.000002S"}
    assert at([a, told("b", "departed", after=[link])], 4, 5, 6) == ["certain", "possible", None]
    c = told("c", "happened", before=[{"id": "a", "within": "PT0.000001S"}])
    assert Worlds([a, c]).order("c", "a") == "certain"
    anywhere = told("b", "departed", after=[{"id": "a"}])
    assert at([a, anywhere], 3, 4, 8) == [None, "certain", "possible"]


def test_dates_that_contradict_leave_no_world():
    a, b = told("a", "joined", tick(3)), told("b", "departed", tick(2), after=[{"id": "a"}])
    c = told("c", "happened", tick(2), before=[{"id": "a"}])
    assert Worlds([a, b, c]).contradictory()
    assert Worlds([a, b, c]).clashes() == [{"a", "b"}]
    assert not Worlds([a, b, c], [{"a", "b"}]).contradictory()
    assert not Worlds([a, b, amended("retraction", retracts="a")]).contradictory()
    apart = [told("a", "joined", tick(3), after=[{"id": "b", "within": "PT0.000001S"}])]
    assert Worlds([*apart, told("b", "departed", tick(1))]).contradictory()


def test_two_that_are_the_same_read_as_one():
    log = [
        told("a", "joined", tick(1), person="bob"),
        told("b", "departed", tick(3)),
        amended("same-entity", entities=["ann", "bob"]),
    ]
    assert at(log, 2, 3, 4) == ["certain", "certain", None]
    further = [*log, {**amended("same-entity", entities=["lab", "bob"]), "as": "lab"}]
    assert Worlds(further).canonical == dict.fromkeys(["ann", "bob", "lab"], "lab")
    apart = [*further, amended("not-same-entity", entities=["bob", "ann"])]
    assert Worlds(apart).canonical == {"bob": "lab", "lab": "lab"}


def test_a_resolution_settles_accounts_that_it_does_not_name():
    log = [
        told("a", "joined", tick(1), organisation="desk"),
        told("b", "joined", tick(1), organisation="group"),
        told("c", "joined", tick(1)),
        amended("conflict", between=["a", "b"]),
        amended("conflict", between=["b", "c"]),
    ]
    assert at(log, 2) == ["possible"]
    assert at([*log, amended("resolution", chosen="a", over=["b"])], 2) == [None]
