"""What a record names must be in the log, and be what the record takes it for."""

from __future__ import annotations

import pytest

from tests.rooms import event, fill, memory_newsroom
from timeline.errors import InputError

SAME = {"story": "story", "type": "same-entity", "reason": "r"}
APART = {"story": "story", "type": "not-same-entity", "reason": "r"}
PUBLISHED = {"story": "story", "type": "publication"}


def amendment(type, **fields):
    return {"story": "story", "type": type, "reason": "r", **fields}


@pytest.fixture
def newsroom():
    """Two events and a conflict between them."""
    newsroom = memory_newsroom()
    fill(
        newsroom,
        event("joined", "2026-01", id="a", person="ada", organisation="lab"),
        event("joined", "2026-02", id="b", person="ada", organisation="lab"),
        amendment("conflict", id="rivals", between=["a", "b"]),
    )
    return newsroom


def problems_of(newsroom, *records):
    with pytest.raises(InputError) as caught:
        fill(newsroom, *records)
    return [(problem.field, str(problem)) for problem in caught.value.problems]


def ordered(**links):
    record = event("happened", "2026", about=["x"], **links)
    del record["when"]
    return record


def test_what_it_came_after_or_before_is_a_event_in_the_log(newsroom):
    links = {"after": [{"id": "a"}, {"id": "none"}], "before": [{"id": "rivals"}]}
    found = problems_of(newsroom, ordered(**links))
    assert [field for field, _ in found] == ["after[1].id", "before[0].id"]
    assert "there is no record 'none'" in found[0][1]
    assert "name the event: a or b" in found[1][1]


def test_what_it_came_after_may_be_recorded_earlier_in_the_batch_but_not_later(newsroom):
    first = event("happened", "2026", id="first", about=["x"])
    then = ordered(id="then", after=[{"id": "first"}])
    assert problems_of(newsroom, then, first)[0][0] == "after[0].id"
    fill(newsroom, first, then)


def test_a_correction_may_change_the_order_if_what_it_names_is_there(newsroom):
    def correction(**changes):
        return amendment("correction", corrects="b", changes=changes)

    assert problems_of(newsroom, correction(after=[{"id": "none"}]))[0][0] == "changes.after[0].id"
    assert problems_of(newsroom, correction(after=[{"id": "b"}]))[0][0] == "changes.after[0].id"
    assert problems_of(newsroom, correction(when=None))[0][0] == "changes.when"
    fill(newsroom, correction(when=None, after=[{"id": "a", "within": "P1W"}]))
    assert problems_of(newsroom, correction(after=None))[0][0] == "changes.when"
    fill(newsroom, correction(when="2026-02", after=None))


def test_all_that_an_amendment_names_are_events_in_the_log(newsroom):
    wrong = amendment("resolution", chosen="x", over=["a", "rivals", "y"])
    assert [field for field, _ in problems_of(newsroom, wrong)] == ["chosen", "over[1]", "over[2]"]
    wrong = amendment("conflict", between=["a", "z"])
    assert [field for field, _ in problems_of(newsroom, wrong)] == ["between[1]"]
    fill(newsroom, {**PUBLISHED, "id": "out", "name": "n"})
    ((field, message),) = problems_of(
        newsroom, amendment("confirmation", confirms="out", reason="r")
    )
    assert field == "confirms" and "name an event" in message


def test_entities_may_be_told_apart_before_anybody_took_them_for_one(newsroom):
    def slugs_of(slug):
        return newsroom.names(newsroom.basis(None, None)).get(slug).slugs

    fill(newsroom, {**APART, "entities": ["ada", "bob"]})
    assert slugs_of("ada") == ("ada",)
    fill(newsroom, {**SAME, "entities": ["ada", "ada-l"]})
    fill(newsroom, {**APART, "entities": ["ada", "ada-l", "bob"]})
    assert slugs_of("ada") == ("ada",)
    fill(newsroom, {**SAME, "entities": ["ada", "bob"]})
    assert slugs_of("bob") == ("ada", "bob")


def test_entities_that_others_hold_together_are_still_one(newsroom):
    def slugs():
        return newsroom.names(newsroom.basis(None, None)).get("a-l").slugs

    fill(
        newsroom,
        {**SAME, "entities": ["ada", "a-l"]},
        {**SAME, "entities": ["a-l", "lovelace"], "as": "king"},
        {**SAME, "entities": ["a-l", "byron"]},
        {**SAME, "entities": ["ada", "lovelace"]},
        {**APART, "entities": ["ada", "lovelace"]},
    )
    assert slugs() == ("a-l", "ada", "byron", "king", "lovelace")
    fill(newsroom, {**APART, "entities": ["a-l", "lovelace", "ada"]})
    assert slugs() == ("a-l", "byron")


def test_the_name_of_a_publication_is_given_once(newsroom):
    fill(newsroom, {**PUBLISHED, "name": "report", "id": "first"})
    ((field, message),) = problems_of(newsroom, {**PUBLISHED, "name": "report"})
    assert field == "name" and "at position 4" in message and "choose another" in message
    fill(newsroom, {**PUBLISHED, "name": "report", "id": "first"})
    assert newsroom.store.head().position == 4
    batch = [{**PUBLISHED, "name": "twice"}] * 2
    assert problems_of(newsroom, *batch)[0][0] == "name"


def test_a_publication_stands_for_its_position(newsroom):
    fill(newsroom, {**PUBLISHED, "name": "report: 1"}, amendment("dispute", disputes="a"))
    assert newsroom.cut("publication:report: 1") == 4
    with pytest.raises(InputError, match=r"did you mean report: 1\?"):
        newsroom.cut("publication:report 1")
    with pytest.raises(InputError, match="append publication"):
        memory_newsroom().cut("publication:x")


def test_a_log_with_every_amendment_is_imported_as_it_was_exported(newsroom):
    from timeline.records import jsonl

    fill(
        newsroom,
        amendment("resolution", chosen="a", over=["b"]),
        ordered(id="c", after=[{"id": "a", "within": "P1D"}]),
        amendment("correction", corrects="c", changes={"before": [{"id": "b"}]}),
        {**SAME, "entities": ["ada", "a-l"]},
        {**APART, "entities": ["ada", "a-l"]},
        {"story": "story", "type": "alias", "entity": "ada", "names": ["Ada"]},
        {**PUBLISHED, "name": "report"},
    )
    lines = [jsonl.line_of(entry) for entry in newsroom.store.entries()]
    other = memory_newsroom()
    for _ in ("once", "again"):
        fill(other, *map(jsonl.parse, lines), importing=True)
        assert [jsonl.line_of(entry) for entry in other.store.entries()] == lines
