"""What an amendment and a link must say, whatever the log holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rooms import SOURCE, event
from timeline.records.record import Draft, Record, headline
from timeline.records.validation import validate
from timeline.records.vocabulary import BUILT_IN, Vocabulary

VOCABULARY = Vocabulary()


def amendment(type: str, **fields: Any) -> dict[str, Any]:
    return {"story": "story", "type": type, **fields}


def joined(**fields: Any) -> dict[str, Any]:
    record = {"story": "story", "type": "joined", "person": "ada", "organisation": "lab"}
    return {**record, "sources": SOURCE, **fields}


def admitted(record: dict[str, Any]) -> Draft:
    found = validate(record, VOCABULARY)
    assert isinstance(found, Draft), found
    return found


GOOD = [
    amendment("confirmation", confirms="a", reason="r"),
    amendment("confirmation", confirms="a", reason="Seen.", sources=SOURCE),
    amendment("dispute", disputes="a", reason="Denied."),
    amendment("conflict", between=["a", "b", "c"], reason="Two dates."),
    amendment("resolution", chosen="a", over=["b"], reason="The better source."),
    amendment("same-entity", entities=["a", "b"], reason="One person."),
    amendment("same-entity", entities=["a", "b"], **{"as": "c"}, reason="One person."),
    amendment("not-same-entity", entities=["a", "b"], reason="Two persons."),
    amendment("alias", entity="a", names=["A. B.", "甲"], kind="person"),
    amendment("office", organisation="a", role="Co-CEO", holders=2),
    amendment("publication", name="First report", url="https://example.org"),
]

WRONG = [
    (amendment("conflict", between=["a"], reason="r"), "between", "should name 2 or more"),
    (amendment("conflict", between=["a", "b", "a"], reason="r"), "between", "names 'a' twice"),
    (amendment("conflict", between="a", reason="r"), "between", "should be a list"),
    (
        amendment("conflict", between=[str(number) for number in range(201)], reason="r"),
        "between",
        "has 201 entries (at most 200)",
    ),
    (amendment("conflict", between=["a", "b"]), "reason", "is required"),
    (amendment("resolution", chosen="a", over=[], reason="r"), "over", "should not be empty"),
    (
        amendment("resolution", chosen="a", over=["b", "a"], reason="r"),
        "over[1]",
        "'a' is what was chosen",
    ),
    (amendment("resolution", chosen="a", over=["b", "b"], reason="r"), "over", "'b' twice"),
    (amendment("same-entity", entities=["a"], reason="r"), "entities", "2 or more"),
    (amendment("same-entity", entities=["a", "a"], reason="r"), "entities", "'a' twice"),
    (amendment("same-entity", entities=["a", "B B"], reason="r"), "entities[1]", "not a slug"),
    (amendment("not-same-entity", entities=["a"], reason="r"), "entities", "2 or more"),
    (amendment("office", organisation="a", role=" "), "role", "is blank"),
    (amendment("office", organisation="a", role="CEO", holders=0), "holders", "at least 1, not 0"),
    (amendment("office", organisation="a", role="CEO", holders=1.5), "holders", "a whole number"),
    (amendment("office", organisation="a", role="CEO", holders="2"), "holders", "not '2'"),
    (amendment("alias", entity="a", names=[]), "names", "should not be empty"),
    (amendment("alias", entity="a", names=["x", " "]), "names[1]", "is blank"),
    (amendment("alias", entity="a", names=["x"], kind="ship"), "kind", "'product' or 'place'"),
    (amendment("publication", name=" "), "name", "is blank"),
    (amendment("confirmation", confirms="a", reason="r", when="2026"), "when", "unknown key"),
    (amendment("dispute", disputes="a", after=[{"id": "b"}]), "after", "unknown key"),
    (joined(), "when", "is required"),
    (joined(when="2026", after=[]), "after", "should not be empty"),
    (joined(after=["a"]), "after[0]", "should be an object, not a string"),
    (joined(after=[{}]), "after[0].id", "is required"),
    (joined(after=[{"id": "a"}, {"id": "b", "withn": "P1D"}]), "after[1].withn", "unknown key"),
    (joined(before=[{"id": "a", "within": "P1M"}]), "before[0].within", "P30D"),
    (joined(before=[{"id": "a", "within": "PT0S"}]), "before[0].within", "is zero"),
    (joined(id="a", before=[{"id": "b"}, {"id": "a"}]), "before[1].id", "the event itself"),
]


@pytest.mark.parametrize("record", GOOD, ids=lambda record: record["type"])
def test_an_amendment_may_say_so(record: dict[str, Any]) -> None:
    draft = admitted(record)
    assert draft.content == record
    assert headline(draft.type, {"id": "x", **draft.content})


@pytest.mark.parametrize(("record", "field", "words"), WRONG, ids=lambda each: str(each)[:40])
def test_what_is_wrong_is_named_with_its_field(
    record: dict[str, Any], field: str, words: str
) -> None:
    found = validate(record, VOCABULARY)
    assert isinstance(found, list)
    (problem,) = found
    assert problem.field == field and words in str(problem)


def test_a_event_may_have_an_order_in_place_of_a_date() -> None:
    links = [{"id": "a", "within": "PT48H"}, {"id": "b"}]
    for record in (joined(after=links), joined(before=links), joined(when="2026", after=links)):
        assert admitted(record).content == record


def test_the_order_is_written_after_the_date() -> None:
    record = joined(before=[{"id": "b"}], after=[{"id": "a"}], zone="Asia/Tokyo", when="2026")
    keys = ["story", "type", "when", "zone", "after", "before", "person"]
    assert list(admitted(record).content)[: len(keys)] == keys


def test_an_amendment_names_each_event_once_in_the_order_of_its_fields() -> None:
    def amended(record: dict[str, Any]) -> tuple[str, ...]:
        draft = admitted(record)
        return Record(1, 0, 1, draft.type, draft.content).amends

    assert amended(amendment("resolution", over=["c", "b"], chosen="a", reason="r")) == (
        "a",
        "c",
        "b",
    )
    assert amended(amendment("conflict", between=["b", "a"], reason="r")) == ("b", "a")
    assert amended(amendment("alias", entity="a", names=["A"])) == ()
    assert amended(event("happened", "2026", about=["a"])) == ()


def test_types_tell_what_entities_are_where_that_is_clear() -> None:
    told = {
        (name, field.of) for kind in BUILT_IN for name, field in kind.fields.items() if field.of
    }
    assert told == {
        ("person", "person"),
        ("organisation", "organisation"),
        ("organisations", "organisation"),
        ("into", "organisation"),
        ("parent", "organisation"),
        ("product", "product"),
    }
