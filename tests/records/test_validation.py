"""Whatever is validated, the schema takes what validation takes, and content is canonical."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.rooms import SOURCE, event
from timeline.records import jsonl
from timeline.records.models import json_schema, keys_of
from timeline.records.record import Draft, Entry
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

VOCABULARY = Vocabulary()
SCHEMA = Draft202012Validator(json_schema(VOCABULARY))
RECORDS: tuple[dict[str, Any], ...] = (
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


@given(st.data())
def test_the_schema_takes_what_validation_takes(data: st.DataObject) -> None:
    record = dict(data.draw(st.sampled_from(RECORDS)))
    keys = list(keys_of(VOCABULARY[record["type"]]))
    names = [name for name in [*keys, "stranger"] if name not in ("changes", "recorded_at")]
    for name in data.draw(st.lists(st.sampled_from(names), max_size=3)):
        record[name] = data.draw(ODD)
    if data.draw(st.booleans()):
        record.pop(data.draw(st.sampled_from(list(record))))
    if data.draw(st.booleans()):
        record = dict(data.draw(st.permutations(list(record.items()))))
    draft = validate(record, VOCABULARY)
    if not isinstance(draft, Draft):
        assert draft
        return
    assert SCHEMA.is_valid(record)
    content = draft.content
    assert list(content) == [key for key in keys if record.get(key) is not None]
    assert None not in content.values()
    again = validate(content, VOCABULARY)
    assert isinstance(again, Draft) and orjson.dumps(again.content) == orjson.dumps(content)


@pytest.mark.parametrize(
    ("field", "most", "too_much", "problem"),
    [
        ("sources", SOURCE * 200, SOURCE * 201, "sources: has 201 entries (at most 200)"),
        ("about", ["a"] * 200, ["a"] * 201, "about: has 201 entries (at most 200)"),
        ("tags", ["a"] * 200, ["a"] * 201, "tags: has 201 entries (at most 200)"),
        (
            "headline",
            "é" * 1_000,
            "é" * 2**20,
            "headline: is 1,048,576 characters long (at most 1,000 characters)",
        ),
        (
            "body",
            "x" * 100_000,
            "x" * 100_001,
            "body: is 100,001 characters long (at most 100,000 characters)",
        ),
        (
            "sources",
            [{"url": "x" * 8_000, "quote": "x" * 10_000}],
            [{"url": "x" * 8_001}],
            "sources[0].url: is 8,001 characters long (at most 8,000 characters)",
        ),
        (
            "story",
            "s" * 200,
            "s" * 201,
            "story: is 201 characters long (at most 200 characters)",
        ),
        (
            "qualifiers",
            {f"q{number}": "" for number in range(200)},
            {f"q{number}": "" for number in range(201)},
            "qualifiers: has 201 entries (at most 200)",
        ),
    ],
)
def test_lists_and_texts_are_limited_where_they_are_recorded(
    field: str, most: Any, too_much: Any, problem: str
) -> None:
    record = event("happened", "2026", id="a", about=["lab"])
    assert isinstance(validate({**record, field: most}, VOCABULARY), Draft)
    problems = validate({**record, field: too_much}, VOCABULARY)
    assert isinstance(problems, list)
    assert [str(each) for each in problems] == [problem]


def test_a_log_with_more_than_the_limits_can_be_read() -> None:
    content = event("happened", "2026", id="a", about=["lab"])
    content["sources"] = SOURCE * 20_000
    entry = Entry(1, 0, content["story"], 1, VOCABULARY["happened"].topic, jsonl.encode(content))
    assert len(jsonl.decode(entry, VOCABULARY).content["sources"]) == 20_000


@pytest.mark.parametrize(
    ("field", "too_much", "problem"),
    [
        ("value", "x" * 1_001, "value: is 1,001 characters long (at most 1,000 characters)"),
        ("when", "2" * 1_001, "when: an expression of 1001 characters is too long (at most 500)"),
        (
            "qualifiers",
            {"x" * 1_001: "a"},
            "qualifiers: has a name of 1,001 characters (at most 1,000)",
        ),
    ],
    ids=["value", "when", "qualifiers"],
)
def test_what_exceeds_a_limit_is_one_problem(field: str, too_much: Any, problem: str) -> None:
    record = event("measured", "2026", subject="lab", measure="size", value=3.5)
    found = validate({**record, field: too_much}, VOCABULARY)
    assert isinstance(found, list)
    assert [str(each) for each in found] == [problem]
    assert not SCHEMA.is_valid({**record, field: too_much})
