"""Whatever is validated, the schema takes what validation takes, and content is canonical."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.rooms import SOURCE, event
from timeline.records.models import json_schema, keys_of
from timeline.records.record import Draft
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
