"""Records that are wrong: each is refused with its place, its field and what would be right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rooms import event
from tests.running import append, as_lines, head, inside

JOINED = event("joined", "2026", person="ada", organisation="lab")
MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "an impossible day": ({"when": "2026-02-30"}, "when", "30"),
    "an impossible month": ({"when": "2026-13"}, "when", "2026-13"),
    "an impossible time": ({"when": "2026-03-03T25:00"}, "when", "25"),
    "no date": ({"when": None}, "when", "is required"),
    "a date in words": ({"when": "yesterday"}, "when", "such as 2026-03-03"),
    "a period the wrong way round": ({"when": "2026/2025"}, "when", "earlier/later"),
    "several dates at once": ({"when": "{2026-01,2026-02}"}, "when", "[a,b]"),
    "an unknown zone": ({"zone": "Asia/Peking"}, "zone", "Asia/Peking"),
    "an unknown type": ({"type": "joind"}, "type", "did you mean joined?"),
    "no type": ({"type": None}, "type", "is required"),
    "a type that is a number": ({"type": 7}, "type", "should be a string"),
    "an unknown key": ({"persn": "ada"}, "persn", "did you mean person?"),
    "a position": ({"position": 1}, "position", "leave it out"),
    "a time of recording": ({"recorded_at": "2026-01-01T00:00:00Z"}, "recorded_at", "import"),
    "a missing field": ({"person": None}, "person", "is required"),
    "a name that is no slug": ({"person": "Ada Lovelace"}, "person", "such as qwen-team"),
    "a list for a slug": ({"person": ["ada"]}, "person", "should be a string, not a list"),
    "a story that is no slug": ({"story": "../etc"}, "story", "is not a slug"),
    "no sources": ({"sources": []}, "sources", "should not be empty"),
    "a source without a place": ({"sources": [{"quote": "q"}]}, "sources[0]", "a url, a title"),
    "an unknown key in a source": (
        {"sources": [{"url": "u", "qoute": "q"}]},
        "sources[0].qoute",
        "did you mean quote?",
    ),
    "an impossible publication date": (
        {"sources": [{"url": "u", "published": "2026-02-30"}]},
        "sources[0].published",
        "30",
    ),
    "an empty id": ({"id": ""}, "id", ""),
    "an endless id": ({"id": "i" * 201}, "id", "200"),
    "tags that are no list": ({"tags": "a"}, "tags", "should be a list"),
    "an order that is no list": ({"after": "x"}, "after", "should be a list"),
    "an order beside nothing": ({"after": [{"id": "x"}]}, "after[0].id", "timeline log"),
    "a distance in months": (
        {"after": [{"id": "x", "within": "P1M"}]},
        "after[0].within",
        "P30D",
    ),
    "no time at all": ({"before": [{"id": "x", "within": "PT0S"}]}, "before[0].within", "PT48H"),
    "a qualifier that is a number": ({"qualifiers": {"a": 1}}, "qualifiers.a", "a number"),
}


def with_change(record: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**record, **change}.items() if value is not None}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_line_field_and_hint(room: Path, mistake: str) -> None:
    change, field, hint = MISTAKES[mistake]
    lines = as_lines([JOINED, with_change(JOINED, change)])
    done = inside(room, "append", "--json", "-", given=lines)
    assert (done.code, done.out) == (2, "")
    (complaint,) = done.err.splitlines()
    assert complaint.startswith(f"Error: -:2: {field}: ")
    assert hint in complaint
    assert head(room) == 0


@pytest.mark.parametrize("value", ["[]", "7", "null", '"text"', "[{}]", "{}"])
def test_what_is_no_record_is_refused(room: Path, value: str) -> None:
    done = inside(room, "append", "--json", "-", given=value + "\n")
    assert done.code == 2 and "Error: -:1: " in done.err


@pytest.mark.parametrize(
    "value", [10**30, float("1e400"), 2**53, True, [], {}, None], ids=lambda value: str(value)[:9]
)
def test_a_value_that_not_every_reader_keeps_is_refused(room: Path, value: object) -> None:
    record = event("became", "2026", subject="lab", property="size")
    line = json.dumps({**record, "value": value})
    done = inside(room, "append", "--json", "-", given=line + "\n")
    assert done.code == 2 and head(room) == 0


@pytest.mark.parametrize("deep", [900, 100_000])
def test_json_nested_too_deep_is_refused(room: Path, deep: int) -> None:
    line = '{"changes":' + "[" * deep + "]" * deep + "}"
    done = inside(room, "append", "--json", "-", given=line + "\n")
    assert done.code == 2 and "Traceback" not in done.err


def test_all_problems_of_a_file_are_listed_at_once_and_nothing_is_written(
    room: Path, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.jsonl"
    wrong = [{"when": "2026-02-30", "person": "A B"}, {"type": "x"}, {"tags": 1, "zone": "Mars"}]
    file.write_bytes(as_lines([JOINED, *({**JOINED, **change} for change in wrong), JOINED]))
    done = inside(room, "append", "--json", file)
    assert (done.code, done.out) == (2, "")
    places = [line.split(": ")[1:3] for line in done.err.splitlines()]
    expected = [(2, "when"), (2, "person"), (3, "type"), (4, "tags"), (4, "zone")]
    assert sorted(places) == sorted([f"{file}:{line}", field] for line, field in expected)
    assert head(room) == 0


def test_a_hopeless_file_is_told_in_a_hundred_lines(room: Path) -> None:
    done = inside(room, "import", "-", given=b"no\n" * 5000)
    assert done.code == 2 and len(done.err.splitlines()) <= 102


def test_a_period_does_for_what_begins_but_not_for_what_only_ends(room: Path) -> None:
    departed = event("departed", "2026-03-01/2026-03-05", person="ada", organisation="lab")
    done = inside(room, "append", "--json", "-", given=as_lines([departed]))
    assert done.code == 2 and "[2026-03-01..2026-03-05]" in done.err
    append(room, {**JOINED, "when": "2026-03-01/2026-03-05"})


@pytest.fixture
def known(room: Path) -> Path:
    """A newsroom that knows two events and a correction of the first."""
    append(
        room,
        {**JOINED, "id": "in"},
        event("happened", "2026", id="so", about=["lab"]),
        {"story": "story", "type": "correction", "id": "fix", "corrects": "in"}
        | {"changes": {"role": "lead"}, "reason": "Heard again."},
    )
    return room


def amendment(type: str, **fields: Any) -> dict[str, Any]:
    return {"story": "story", "type": type, "reason": "Because.", **fields}


WRONG_AMENDMENTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "of nothing": (amendment("retraction", retracts="fixx"), "retracts", "did you mean fix?"),
    "of an amendment": (amendment("retraction", retracts="fix"), "retracts", "in"),
    "a correction of nothing": (
        amendment("correction", corrects="none", changes={"role": "x"}),
        "corrects",
        "timeline log",
    ),
    "a correction of a correction": (
        amendment("correction", corrects="fix", changes={"reason": "x"}),
        "corrects",
        "name the event: in",
    ),
    "that changes nothing": (
        amendment("correction", corrects="in", changes={}),
        "changes",
        "should not be empty",
    ),
    "that changes no field": (
        amendment("correction", corrects="in", changes={"rol": "x"}),
        "changes.rol",
        "did you mean role?",
    ),
    "that changes an id": (
        amendment("correction", corrects="in", changes={"id": "x"}),
        "changes.id",
        "retract it",
    ),
    "that removes what is required": (
        amendment("correction", corrects="in", changes={"person": None}),
        "changes.person",
        "is required",
    ),
    "that makes a date impossible": (
        amendment("correction", corrects="in", changes={"when": "2026-02-30"}),
        "changes.when",
        "30",
    ),
    "a rival of nothing": (
        amendment("conflict", between=["in", "sso"]),
        "between[1]",
        "did you mean so?",
    ),
    "a choice of an amendment": (
        amendment("resolution", chosen="in", over=["so", "fix"]),
        "over[1]",
        "name the event: in",
    ),
    "that takes away the date": (
        amendment("correction", corrects="in", changes={"when": None}),
        "changes.when",
        "is required",
    ),
    "that puts an event after itself": (
        amendment("correction", corrects="in", changes={"after": [{"id": "in"}]}),
        "changes.after[0].id",
        "the event itself",
    ),
    "without a reason": (
        {"story": "story", "type": "retraction", "retracts": "in"},
        "reason",
        "is required",
    ),
    "an answer to no question": (
        event("answered", "2026", answers="so", answer="Yes."),
        "answers",
        "asked",
    ),
}


@pytest.mark.parametrize("mistake", WRONG_AMENDMENTS)
def test_an_amendment_must_fit_what_it_amends(known: Path, mistake: str) -> None:
    record, field, hint = WRONG_AMENDMENTS[mistake]
    done = inside(known, "append", "--json", "-", given=as_lines([record]))
    assert done.code == 2 and head(known) == 3
    assert f"-:1: {field}: " in done.err and hint in done.err


def test_a_correction_of_a_retracted_event_says_restore_it_first(known: Path) -> None:
    append(known, amendment("retraction", retracts="in"))
    for words in (
        ["correct", "in", "role=x", "--reason", "r"],
        ["correct", "in", "role=x", "--reason", "r", "--dry-run"],
    ):
        done = inside(known, *words)
        assert done.code == 2 and "restore it first" in done.err
    append(known, amendment("restoration", restores="in"))
    assert inside(known, "correct", "in", "role=x", "--reason", "r").code == 0


def test_an_amendment_within_the_same_batch_is_checked_too(known: Path) -> None:
    batch = [
        amendment("retraction", retracts="in"),
        amendment("correction", corrects="in", changes={"role": "x"}),
    ]
    done = inside(known, "append", "--json", "-", given=as_lines(batch))
    assert done.code == 2 and "-:2: corrects: " in done.err and head(known) == 3


@pytest.mark.parametrize(
    "words", [["retract"], ["restore"], ["correct"], ["confirm"], ["dispute"], ["resolve"]]
)
def test_amending_what_is_not_there_is_wrong_input(known: Path, words: list[str]) -> None:
    change = {"correct": ["role=x"], "resolve": ["--over", "so"]}.get(words[0], [])
    for id in ("inn", "fix"):
        done = inside(known, *words, id, *change, "--reason", "r")
        assert done.code == 2 and "Traceback" not in done.err and "in" in done.err
    assert head(known) == 3


@pytest.mark.parametrize(
    ("line", "twice"),
    [
        ('{"story":"s","type":"happened","when":"2026","about":["x"],%s,"story":"t"}', "story"),
        ('{ "story" : "s", "type" : "happened", "when" : "2026", "when" : "2026", %s}', "when"),
        ('{"story":"s","type":"happened","about":["x"],%s,"\\u0073tory":"t"}', "story"),
        ('{"id":"\\u0022","story":"s","type":"happened","about":["x"],"about":["y"],%s}', "about"),
        ('{"story":"s","type":"happened","qualifiers":{"a":"b","a":"c"},%s}', "a"),
    ],
)  # fmt: skip
def test_a_key_that_is_given_twice_is_refused(room: Path, line: str, twice: str) -> None:
    given = line % '"sources":[{"url":"u"}]'
    for command in (["append", "--json", "-"], ["import", "-"]):
        done = inside(room, *command, given=given)
        assert done.code == 2 and f"-:1: {twice}: is given twice" in done.err and head(room) == 0


@pytest.mark.parametrize("text", ['"', '\\"', '":', "\u0022", '"a":"b","a":"c"'])
def test_quotation_marks_in_text_are_no_keys(room: Path, text: str) -> None:
    record = {"story": "s", "type": "happened", "when": "2026", "about": ["x"], "body": text}
    for line in (json.dumps(record | {"sources": [{"url": text}]}),) * 2:
        given = line.replace('\\"', "\\u0022") if head(room) else line
        assert inside(room, "append", "--json", "-", given=given).code == 0
    assert head(room) == 2
