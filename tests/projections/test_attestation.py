"""How far a statement is attested, and how many sources agree on its beginning."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from tests.index.rooms import rows_of
from tests.rooms import event, fill, memory_newsroom, state
from timeline.index.snapshot_source import IndexedSource
from timeline.projections.relevance import HistorySource
from timeline.projections.snapshot import snapshot

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


@pytest.fixture
def newsroom():
    with freeze_time("2026-03-10T12:00:00Z"):
        yield memory_newsroom("Asia/Shanghai")


def joined(when, *sources, **fields):
    return event("joined", when, **ANN_AT_LAB, **fields) | {"sources": list(sources)}


def confirmation(of, *sources, **fields):
    given = {"sources": list(sources)} if sources else {"reason": "She said so."}
    return {"story": "story", "type": "confirmation", "confirms": of, **given, **fields}


def only(newsroom, as_of=None):
    """The one statement, which is the same by the index."""
    (entry,) = state(newsroom, "lab", as_of)["statements"]
    basis = newsroom.basis(as_of, None)
    log, vocabulary = newsroom.store, newsroom.settings.vocabulary
    names, position = newsroom.names(basis), basis.as_known
    rows = IndexedSource(rows_of(newsroom), log, vocabulary, names, position)
    whole = HistorySource(newsroom.history(basis))
    assert snapshot(rows, "lab", basis) == snapshot(whole, "lab", basis)
    return entry


def test_a_statement_is_attested_up_to_when_its_last_source_was_published(newsroom):
    fill(
        newsroom,
        joined(
            "2026-01",
            {"publisher": "A", "published": "2026-02-01"},
            {"publisher": "B", "published": "2026-03-03"},
        ),
    )
    # The end of 3 March, Beijing time.
    assert only(newsroom)["attested"] == "2026-03-03T15:59:59.999999Z"


def test_a_source_without_a_date_attests_up_to_when_it_was_recorded(newsroom):
    fill(newsroom, joined("2026-01", {"publisher": "A"}))
    assert only(newsroom)["attested"] == "2026-03-10T12:00:00.000000Z"


@pytest.mark.parametrize(
    "published", ["2026-03-10", "2026", "2026-03/..", "2027-01-01", "2026-03~"]
)
def test_no_source_attests_what_came_after_it_was_recorded(newsroom, published):
    fill(newsroom, joined("2026-01", {"publisher": "A", "published": published}))
    assert only(newsroom)["attested"] == "2026-03-10T12:00:00.000000Z"


def test_a_confirmation_attests_a_statement_for_longer(newsroom):
    fill(newsroom, joined("2026-01", {"publisher": "A", "published": "2026-02-01"}, id="in"))
    early = only(newsroom)["attested"]
    fill(newsroom, confirmation("in"))
    assert only(newsroom)["attested"] == early
    fill(newsroom, confirmation("in", {"publisher": "B", "published": "2026-03-03"}))
    assert only(newsroom)["attested"] == "2026-03-03T15:59:59.999999Z"
    fill(newsroom, confirmation("in", {"publisher": "C"}))
    assert only(newsroom)["attested"] == "2026-03-10T12:00:00.000000Z"


def test_sources_that_a_correction_brings_are_as_old_as_the_correction(newsroom):
    fill(newsroom, joined("2026-01", {"publisher": "A", "published": "2026-02-01"}, id="in"))
    with freeze_time("2026-04-01T12:00:00Z"):
        changes = {"sources": [{"publisher": "B", "published": "2026-03-30"}]}
        fill(
            newsroom,
            {"story": "story", "type": "correction", "corrects": "in", "reason": "Later."}
            | {"changes": changes},
        )
    assert only(newsroom)["attested"] == "2026-03-30T15:59:59.999999Z"


@pytest.mark.parametrize(
    ("dates", "sources"),
    [
        (["2026-01-05", "2026-01-05"], 2),
        (["2026-01-05", "2026-01"], 2),
        (["2026-01-05", "2026-02-05"], 1),
        (["2026-01-05", "2026-01-07", "2026-01"], 2),
        (["2026-01-04~", "2026-01-06~", "[..2026-01-05]"], 3),
        (["2026-01-05", "2026-01-06", "2026-01-07"], 1),
    ],
)
def test_accounts_that_date_a_beginning_apart_do_not_corroborate_one_another(
    newsroom, dates, sources
):
    fill(newsroom, *(joined(when, {"publisher": f"P{n}"}) for n, when in enumerate(dates)))
    assert only(newsroom)["sources"] == sources


def test_copies_of_one_agency_count_once_and_confirmations_with_their_event(newsroom):
    fill(
        newsroom,
        joined("2026-01-05", {"publisher": "A", "via": "Agency"}, id="one"),
        joined("2026-01-05", {"publisher": "B", "via": "Agency"}, id="copy"),
        joined("2026-02-05", {"publisher": "C"}, id="other"),
    )
    assert only(newsroom)["sources"] == 1
    fill(newsroom, confirmation("other", {"publisher": "D"}))
    assert only(newsroom)["sources"] == 2


def test_a_link_can_date_accounts_apart(newsroom):
    fill(
        newsroom,
        event("happened", "2026-01-20", about=["lab"], headline="Moves", id="moves"),
        joined("2026-01", {"publisher": "A"}, after=[{"id": "moves"}]),
        joined("2026-01-05", {"publisher": "B"}),
    )
    assert only(newsroom)["sources"] == 1


@pytest.mark.parametrize(
    ("type", "when", "unbounded"),
    [
        ("joined", "2026-01", False),
        ("joined", "[2026-01..]", False),
        ("joined", "[..2026-01]", True),
        ("joined", "/2027", True),
        ("departed", "2027", True),
    ],
)
def test_a_statement_whose_beginning_has_no_earliest_bound_is_unbounded(
    newsroom, type, when, unbounded
):
    fill(newsroom, event(type, when, **ANN_AT_LAB))
    assert only(newsroom, "2026-03").get("unbounded", False) is unbounded
