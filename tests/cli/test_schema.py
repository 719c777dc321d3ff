"""`timeline schema` says what `append --json` takes, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.rooms import event
from tests.running import as_lines, inside

JOINED = event("joined", "2026", person="ada", organisation="lab")
FIX = {"story": "s", "type": "correction", "corrects": "x", "changes": {"a": None}, "reason": "r"}
GOOD = [
    JOINED,
    {**JOINED, "id": "in", "role": "lead", "zone": "Asia/Shanghai", "tags": ["a"], "body": ""},
    event("happened", "2026-03-04T00:11+08:00", about=["lab"], qualifiers={"a": "b"}),
    event("measured", "2026", subject="lab", measure="size", value=7),
    event("measured", "2026", subject="lab", measure="size", value=7.5, unit="m"),
    event("became", "2026", subject="lab", property="motto", value="Onwards"),
    {**JOINED, "sources": [{"title": "T", "published": "2026~"}, {"publisher": "P"}]},
    {"story": "s", "type": "same-entity", "entities": ["a", "b"], "as": "c", "reason": "r"},
    {"story": "s", "type": "alias", "entity": "a", "names": ["A", "Ä"], "kind": "person"},
    {"story": "s", "type": "office", "organisation": "a", "role": "Co-CEO", "holders": 2},
    {"story": "s", "type": "publication", "name": "First report"},
]
OFFICE = {"story": "s", "type": "office", "organisation": "a", "role": "CEO"}
RIVALS = {"story": "s", "type": "conflict", "between": ["x", "y"], "reason": "r"}
LINKED = {key: value for key, value in JOINED.items() if key != "when"} | {
    "after": [{"id": "x", "within": "PT48H"}],
    "before": [{"id": "y"}],
}
OF_OTHERS = [
    FIX,
    RIVALS,
    LINKED,
    {"story": "s", "type": "resolution", "chosen": "x", "over": ["y"], "reason": "r"},
    {"story": "s", "type": "confirmation", "confirms": "x", "reason": "r"},
    {"story": "s", "type": "dispute", "disputes": "x", "sources": [{"url": "u"}]},
]
BAD: dict[str, dict[str, Any]] = {
    "no story": {key: value for key, value in JOINED.items() if key != "story"},
    "no type": {key: value for key, value in JOINED.items() if key != "type"},
    "no date": {key: value for key, value in JOINED.items() if key != "when"},
    "no sources": {key: value for key, value in JOINED.items() if key != "sources"},
    "an unknown type": {**JOINED, "type": "jumped"},
    "an unknown key": {**JOINED, "colour": "red"},
    "an unknown key in a source": {**JOINED, "sources": [{"url": "u", "colour": "red"}]},
    "empty sources": {**JOINED, "sources": []},
    "a name that is no slug": {**JOINED, "person": "Ada L"},
    "a list for a slug": {**JOINED, "person": ["ada"]},
    "a field that is missing": event("joined", "2026", person="ada"),
    "an empty list": event("happened", "2026", about=[]),
    "a value that is true": event("became", "2026", subject="a", property="p", value=True),
    "a value that is a list": event("became", "2026", subject="a", property="p", value=[]),
    "an empty id": {**JOINED, "id": ""},
    "an endless id": {**JOINED, "id": "i" * 201},
    "a position": {**JOINED, "position": 1},
    "a time of recording": {**JOINED, "recorded_at": "2026-01-01T00:00:00Z"},
    "no changes": {**FIX, "changes": {}},
    "no reason": {key: value for key, value in FIX.items() if key != "reason"},
    "a blank reason": {**FIX, "reason": " "},
    "one rival": {**RIVALS, "between": ["x"]},
    "a rival named twice": {**RIVALS, "between": ["x", "x"]},
    "an amendment with a date": {**RIVALS, "when": "2026"},
    "no name": {"story": "s", "type": "alias", "entity": "a", "names": []},
    "an unknown kind": {"story": "s", "type": "alias", "entity": "a", "names": ["A"], "kind": "x"},
    "an office for none": {**OFFICE, "holders": 0},
    "an office for half": {**OFFICE, "holders": 0.5},
    "an order of none": {**LINKED, "after": []},
    "an order beside no id": {**LINKED, "after": [{"within": "PT48H"}]},
    "an unknown key in an order": {**LINKED, "after": [{"id": "x", "during": "PT48H"}]},
    "a source that names nothing": {**JOINED, "sources": [{"quote": "q"}]},
}


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    printed = inside(None, "schema").json()
    Draft202012Validator.check_schema(printed)
    return Draft202012Validator(printed)


@pytest.mark.parametrize("record", GOOD, ids=lambda record: str(record["type"]))
def test_good_records_are_valid_and_taken(
    schema: Draft202012Validator, room: Path, record: dict[str, Any]
) -> None:
    schema.validate(record)
    assert inside(room, "append", "--json", "-", given=as_lines([record])).code == 0


@pytest.mark.parametrize("record", OF_OTHERS, ids=lambda record: str(record["type"]))
def test_what_names_other_records_is_valid(
    schema: Draft202012Validator, record: dict[str, Any]
) -> None:
    schema.validate(record)


@pytest.mark.parametrize("mistake", BAD)
def test_bad_records_are_invalid_and_refused(
    schema: Draft202012Validator, room: Path, mistake: str
) -> None:
    assert not schema.is_valid(BAD[mistake])
    done = inside(room, "append", "--json", "-", given=as_lines([BAD[mistake]]))
    assert done.code == 2


def test_the_shipped_story_is_valid(schema: Draft202012Validator) -> None:
    shipped = Path(__file__).parents[2] / "events" / "qwen.jsonl"
    for line in shipped.read_bytes().splitlines():
        record = json.loads(line)
        del record["recorded_at"]
        schema.validate(record)


def test_every_type_and_key_is_described(schema: Draft202012Validator) -> None:
    for name, model in schema.schema["$defs"].items():
        assert model["additionalProperties"] is False, name
        assert all(key.get("description") or "const" in key for key in model["properties"].values())
