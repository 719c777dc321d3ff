"""The door and the model of a type are one: they take the same records, and give the same bytes."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.rooms import SOURCE, event
from timeline.records.door import door_of
from timeline.records.models import model_of
from timeline.records.vocabulary import Vocabulary

VOCABULARY = Vocabulary()
RECORDS = (
    event("joined", "2026", id="in", person="ada", organisation="lab", role="lead"),
    event("happened", "2026", id="so", about=["lab"], zone="Asia/Shanghai", tags=["a", "b"]),
    event("measured", "2026", id="m", subject="lab", measure="size", value=3.5, unit="m"),
    event("asked", "2026", id="q", question="Who?", about=["lab"], qualifiers={"a": "b"}),
    {**event("happened", "2026", about=["lab"]), "after": [{"id": "in", "within": "PT48H"}]},
    {"story": "s", "type": "retraction", "retracts": "in", "reason": "No.", "sources": SOURCE},
    {"story": "s", "type": "conflict", "between": ["a", "b"], "reason": "Two."},
    {"story": "s", "type": "alias", "entity": "ada", "names": ["Ada"], "kind": "person"},
)
ODD = st.sampled_from(
    [
        None, True, 0, -1.5, 2**53, 1e300, float("inf"), "", " ", "ada", "Ada", "ada\n", "x" * 201,
        "2026-13", "报道", "\ud800", [], ["ada"], ["ada", None], ["ada", "ada"], ["", 1], {},
        {"a": "b"}, {"a": None}, [{}], [{"url": "u"}], [{"url": ""}], [{"quote": "q"}],
        [{"title": "t", "url": None}], [{"publisher": "p", "published": "2026?"}],
        [{"url": "u", "published": "soon"}], [{"quote": "q", "url": "u"}], [{"url": "u", "x": 1}],
        [{"id": "in"}], [{"id": "in", "within": None}], [{"id": "in", "within": "P1M"}],
    ]
)  # fmt: skip


def verdict(check, record):
    """The bytes that are kept of a record, or None where it is refused or cannot be written."""
    try:
        return orjson.dumps(check(record))
    except (ValidationError, orjson.JSONEncodeError):
        return None


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["type"])
def test_a_valid_record_passes(record):
    door = door_of(VOCABULARY[record["type"]])
    assert verdict(door, record) is not None


@given(st.data())
def test_the_door_takes_what_the_model_takes(data):
    record = dict(data.draw(st.sampled_from(RECORDS)))
    kind = VOCABULARY[record["type"]]
    model = model_of(kind)
    names = [name for name in [*model.model_fields, "stranger"] if name != "changes"]
    for name in data.draw(st.lists(st.sampled_from(names), max_size=3)):
        record[name] = data.draw(ODD)
    if data.draw(st.booleans()):
        record.pop(data.draw(st.sampled_from(list(record))))
    if data.draw(st.booleans()):
        record = dict(data.draw(st.permutations(list(record.items()))))
    by_model = verdict(lambda it: model.model_validate(it).model_dump(exclude_none=True), record)
    assert verdict(door_of(kind), record) == by_model
