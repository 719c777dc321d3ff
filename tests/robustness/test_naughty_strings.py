"""The Big List of Naughty Strings, and worse: kept exactly, and shown without harm."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.naughty import HARMFUL, WORSE, naughty
from tests.rooms import event
from tests.running import append, inside, json_lines, records_of
from timeline.newsroom.newsroom import Newsroom

VIEWS = (
    ["log"],
    ["snapshot", "lab"],
    ["snapshot", "ada", "--depth", "2"],
    ["chronology", "story"],
    ["replay"],
    *(["log", "--format", format] for format in ("json", "jsonl")),
    *(["snapshot", "lab", "--format", format] for format in ("json", "jsonl")),
    *(["chronology", "story", "--format", format] for format in ("json", "jsonl")),
    *(["replay", "--format", format] for format in ("json", "jsonl")),
)


def records_with(text: str, number: int) -> list[dict[str, Any]]:
    """Records that carry a text wherever free text goes."""
    source = {"url": f"https://example.org/{number}", "title": text, "publisher": text}
    records = [
        event(
            "happened", "2026", about=["lab"], headline=text, body=text, tags=[text]
        ) | {"qualifiers": {text: text}},
        event("commented", "2026", speaker="ada", about=["lab"], quote=text),
        event("joined", "2026", person="ada", organisation=f"lab-{number}", role=text),
    ]  # fmt: skip
    if text.strip():
        records += [
            event("renamed", "2026", entity=f"lab-{number}", name=text),
            event("asked", "2026", question=text, about=["lab"]),
            event("began", "2026", subject="lab", property="motto", value=text),
        ]
    for record in records:
        record["sources"] = [{**source, "quote": text, "locator": text}]
    return records


@pytest.fixture(scope="module")
def given() -> list[dict[str, Any]]:
    """What is appended."""
    return [record for n, text in enumerate(naughty()) for record in records_with(text, n)]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, given: list[dict[str, Any]]) -> Path:
    """A newsroom full of naughty strings."""
    room = tmp_path_factory.mktemp("naughty") / "room"
    Newsroom.init(room)
    append(room, *given)
    return room


def test_every_string_survives_append_and_export(full: Path, given: list[dict[str, Any]]) -> None:
    kept = json_lines(records_of(inside(full, "export").out))
    assert len(kept) == len(given)
    for record, before in zip(kept, given, strict=True):
        assert {name: record[name] for name in before} == before


def test_every_string_survives_export_and_import(full: Path, tmp_path: Path) -> None:
    exported = inside(full, "export").out
    other = tmp_path / "room"
    Newsroom.init(other)
    assert inside(other, "import", "-", given=exported).code == 0
    assert inside(other, "export").out == exported


def test_every_string_survives_the_views_as_json(full: Path, given: list[dict[str, Any]]) -> None:
    for format in ("json", "jsonl"):
        done = inside(full, "log", "--format", format)
        shown = done.json()["records"] if format == "json" else done.lines()
        assert [record.get("body") for record in shown] == [record.get("body") for record in given]


def test_every_name_is_a_value_of_the_snapshot(full: Path) -> None:
    done = inside(full, "snapshot", "ada", "--depth", "2", "--format", "jsonl")
    named = {each["value"] for each in done.lines() if each["property"] == "named"}
    assert named == {text for text in naughty() if text.strip()}


@pytest.mark.parametrize("view", VIEWS, ids=" ".join)
def test_no_view_writes_what_acts_on_a_terminal(full: Path, view: list[str]) -> None:
    done = inside(full, *view)
    assert done.code == 0
    assert not HARMFUL.findall(done.out) and not HARMFUL.findall(done.err)


def test_what_is_hidden_is_shown_as_an_escape(room: Path) -> None:
    record = event("happened", "2026", id="x", about=["lab"], body="b\nc", headline="a\x1b[2J")
    append(room, {**record, "tags": ["\u202e"]})
    shown = inside(room, "show", "x").out
    assert "a\\x1b[2J" in shown and "b\\nc" in shown and "\\u202e" in shown


def test_each_record_can_be_shown(room: Path) -> None:
    for text in WORSE:
        record = records_with(text, 0)[0]
        append(room, {**record, "id": text})
        for format in ("table", "json"):
            done = inside(room, "show", "--format", format, "--", text)
            assert done.code == 0 and not HARMFUL.findall(done.out)


def test_every_string_is_refused_where_it_is_no_name(room: Path) -> None:
    texts = naughty()
    for chunk in (texts[n : n + 20] for n in range(0, len(texts), 20)):
        records = [
            record
            for text in chunk
            for record in (
                event("happened", "2026", about=["lab"]) | {text: text},
                event("happened", text, about=[f"{text} "], id=text),
                {"type": text},
            )
        ]
        done = inside(room, "append", "--json", "-", given="\n".join(map(json.dumps, records)))
        refused = {int(number) for number in re.findall(r"^(?:Error: )?-:(\d+):", done.err, re.M)}
        assert done.code == 2 and refused >= set(range(1, min(len(records), 30)))


def test_complaints_are_harmless_too(room: Path) -> None:
    worst = [event(text, text) | {text: text} for text in WORSE]
    for given in ("\n".join(map(json.dumps, worst)), "\n".join(map(json.dumps, WORSE))):
        done = inside(room, "append", "--json", "-", given=given)
        assert done.code == 2 and not HARMFUL.findall(done.err)


@pytest.mark.parametrize("command", ["snapshot", "show", "chronology", "when"])
def test_words_of_the_command_line_are_echoed_harmlessly(room: Path, command: str) -> None:
    for text in ("\x1b[2J", "a\u202eb", "line\nfeed"):
        done = inside(room, command, text)
        assert done.code in (0, 2) and "Traceback" not in done.err
        assert not HARMFUL.findall(done.out) and not HARMFUL.findall(done.err)
