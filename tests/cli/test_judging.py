"""`confirm`, `dispute`, `conflict` and `resolve`; amendments and orders through `append`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rooms import event
from tests.running import append, head, inside

IN = event("joined", "2026-01", id="in", person="ada", organisation="lab", role="lead")


@pytest.fixture
def rivals(story: Path) -> Path:
    """A newsroom with three accounts of when somebody joined: `in`, `late` and `later`."""
    append(story, {**IN, "id": "late", "when": "2026-02"}, {**IN, "id": "later", "when": "2026-03"})
    return story


def last(room: Path) -> dict[str, Any]:
    """The record at the head, without its place and times."""
    record: dict[str, Any] = inside(room, "log", "--format", "jsonl").lines()[-1]
    for stamp in ("id", "position", "recorded_at", "recorded_by"):
        del record[stamp]
    return record


def test_a_event_is_confirmed_with_a_source(story: Path) -> None:
    done = inside(
        story, "confirm", "in", "--reason", "Seen.", "--source", "https://example.org/1",
        "--quote", "She did.", "--publisher", "Example", "--published", "2026-02-01",
    )  # fmt: skip
    assert done.code == 0, done.err
    source = {"url": "https://example.org/1", "publisher": "Example", "published": "2026-02-01"}
    assert last(story) == {
        "story": "story", "type": "confirmation", "confirms": "in", "reason": "Seen.",
        "sources": [{**source, "quote": "She did."}],
    }  # fmt: skip
    shown = inside(story, "show", "in").out
    assert "stands · confirmed" in shown and "https://example.org/1" in shown


def test_a_event_is_disputed_without_a_word_more(story: Path) -> None:
    done = inside(story, "dispute", "in")
    assert done.code == 0, done.err
    assert last(story) == {"story": "story", "type": "dispute", "disputes": "in"}
    assert inside(story, "show", "in", "--format", "json").json()["standing"] == "disputed"


def test_accounts_are_in_conflict_and_one_is_chosen(rivals: Path) -> None:
    done = inside(rivals, "conflict", "in", "late", "later", "--reason", "Three dates.")
    assert done.code == 0, done.err
    assert last(rivals)["between"] == ["in", "late", "later"]
    done = inside(
        rivals, "resolve", "late", "--over", "in", "--over", "later", "--reason", "The minutes."
    )
    assert done.code == 0, done.err
    assert last(rivals) == {
        "story": "story", "type": "resolution", "chosen": "late", "over": ["in", "later"],
        "reason": "The minutes.",
    }  # fmt: skip
    shown = inside(rivals, "show", "in").out
    assert "dissent: late was chosen" in shown and "over         in, later" in shown


def test_amendments_that_change_nothing_are_remarked_upon(rivals: Path) -> None:
    def said(*words: str) -> str:
        done = inside(rivals, *words)
        assert done.code == 0, done.err
        return done.err

    assert "nothing to resolve" in said("resolve", "in", "--reason", "r")
    assert said("confirm", "in", "--reason", "r") == ""
    assert "in is confirmed already" in said("confirm", "in", "--reason", "r")
    assert said("dispute", "in") == ""
    assert "in is disputed already" in said("dispute", "in")
    assert said("conflict", "in", "late", "--reason", "r") == ""
    assert "in, late are in conflict already" in said("conflict", "in", "late", "--reason", "r")
    assert said("conflict", "in", "later", "--reason", "r") == ""
    chosen = ["resolve", "in", "--over", "late", "--over", "later", "--reason", "r"]
    assert said(*chosen) == ""
    assert "chosen over late, later already" in said(*chosen)
    assert said("resolve", "late", "--over", "in", "--reason", "r") == ""
    assert said("retract", "late", "--reason", "r") == ""
    for words in (
        ["confirm", "late", "--reason", "r"],
        ["conflict", "in", "late", "--reason", "r"],
    ):
        assert "late is retracted" in said(*words)


@pytest.mark.parametrize(
    "words",
    [
        ["confirm", "in", "--reason", "r"],
        ["dispute", "in"],
        ["conflict", "in", "late", "--reason", "r"],
        ["resolve", "in", "--over", "late", "--reason", "r"],
    ],
)
def test_they_have_the_choices_of_every_amendment(rivals: Path, words: list[str]) -> None:
    assert "would append" in inside(rivals, *words, "--dry-run", "--yes").out
    assert inside(rivals, *words, "--expect", "3").code == 3
    answer = inside(rivals, *words, "--by", "desk", "--expect", "6", "--format", "json").json()
    assert (answer["position"], answer["story"]) == (7, "story")
    assert inside(rivals, "log", "--format", "jsonl").lines()[-1]["recorded_by"] == "desk"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["confirm", "inn"], "did you mean in?"),
        (["dispute", "in", "--published", "03/04/2026", "--source", "u"], "--published"),
        (["dispute", "in", "--quote", "q"], "a url, a title or a publisher"),
        (["conflict", "in", "--reason", "r"], "2 or more"),
        (["conflict", "in", "in", "--reason", "r"], "names 'in' twice"),
        (["conflict", "in", "late"], "--reason"),
        (["conflict", "in", "x", "y", "--reason", "r"], "no record 'y'"),
        (["confirm", "in"], "needs a source or a reason"),
        (["resolve", "in", "--over", "late", "--agrees", "late", "--reason", "r"], "name it once"),
        (["resolve", "in", "--over", "in", "--reason", "r"], "is what was chosen"),
    ],
)
def test_what_cannot_be_is_refused(rivals: Path, words: list[str], message: str) -> None:
    done = inside(rivals, *words)
    assert done.code == 2 and message in done.err and head(rivals) == 6
    assert "already" not in done.err


@pytest.mark.parametrize(
    ("type", "command"),
    [
        ("correction", "correct"),
        ("retraction", "retract"),
        ("restoration", "restore"),
        ("confirmation", "confirm"),
        ("dispute", "dispute"),
        ("conflict", "conflict"),
        ("resolution", "resolve"),
    ],
)
def test_a_type_with_a_command_of_its_own_names_it(story: Path, type: str, command: str) -> None:
    done = inside(story, "append", type)
    assert done.code == 2 and f"timeline {command}" in done.err


@pytest.mark.parametrize(
    ("words", "record"),
    [
        (
            ["same-entity", "--entities", "ada,ada-l", "--as", "ada-l", "--reason", "One."],
            {"entities": ["ada", "ada-l"], "as": "ada-l", "reason": "One."},
        ),
        (
            ["alias", "--entity", "lab", "--names", "Lab, The", "--names", "L", "--kind", "place"],
            {"entity": "lab", "names": ["Lab, The", "L"], "kind": "place"},
        ),
        (
            ["office", "--organisation", "lab", "--role", "Co-CEO", "--holders", "2"],
            {"organisation": "lab", "role": "Co-CEO", "holders": 2},
        ),
        (
            ["publication", "--name", "Report", "--url", "https://example.org/report"],
            {"name": "Report", "url": "https://example.org/report"},
        ),
    ],
)
def test_amendments_of_no_event_are_appended_by_their_type(
    story: Path, words: list[str], record: dict[str, Any]
) -> None:
    done = inside(story, "append", *words)
    assert done.code == 0, done.err
    assert last(story) == {"story": "story", "type": words[0], **record}
    shown = inside(story, "append", words[0], "--help").out
    assert "--when" not in shown and "--after" not in shown and "--source" in shown


def test_entities_are_told_apart_again(story: Path) -> None:
    words = ["--entities", "ada", "--entities", "ada-l", "--reason", "r"]
    early = inside(story, "append", "not-same-entity", *words)
    assert early.code == 0 and "they are different entities already" in early.err
    assert inside(story, "append", "same-entity", *words).code == 0
    assert len(inside(story, "log", "--entity", "ada-l", "--format", "jsonl").lines()) > 1
    assert inside(story, "append", "not-same-entity", *words).code == 0


def test_who_tells_apart_what_others_hold_together_is_told_so(story: Path) -> None:
    for pair in (["ada", "ada-l"], ["ada-l", "al"]):
        words = [word for slug in pair for word in ("--entities", slug)]
        inside(story, "append", "same-entity", *words, "--reason", "r")
    words = ["--entities", "ada", "--entities", "al", "--reason", "r"]
    done = inside(story, "append", "not-same-entity", *words)
    assert done.code == 0 and "'ada' and 'al' are still one, by way of 'ada-l'" in done.err


def test_a_publication_says_as_known_when(story: Path) -> None:
    inside(story, "append", "publication", "--name", "First report")
    inside(story, "retract", "in", "--reason", "Not so.")
    words = ["snapshot", "ada", "--as-known", "publication:First report", "--format", "json"]
    answer = inside(story, *words).json()
    assert answer["as_known"] == 5 and len(answer["statements"]) == 1
    done = inside(story, "snapshot", "ada", "--as-known", "publication:Second")
    assert done.code == 2 and "there is no publication 'Second'" in done.err


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("in", {"id": "in"}),
        ("in=", {"id": "in"}),
        ("in=PT48H", {"id": "in", "within": "PT48H"}),
        ("in=48h", {"id": "in", "within": "PT48H"}),
        ("in=2 days", {"id": "in", "within": "P2D"}),
        ("in=1 week", {"id": "in", "within": "P1W"}),
        ("in=30 min", {"id": "in", "within": "PT30M"}),
    ],
)
def test_a_event_has_its_place_beside_others(story: Path, typed: str, kept: dict[str, str]) -> None:
    words = ["append", "departed", "--person", "ada", "--organisation", "lab", "--source", "u"]
    done = inside(story, *words, "--after", typed, "--before", "why", "--before", typed)
    assert done.code == 0, done.err
    assert (last(story)["after"], last(story)["before"]) == ([kept], [{"id": "why"}, kept])
    assert "when" not in last(story)


def test_a_event_without_a_date_is_shown_and_corrected(story: Path) -> None:
    words = ["append", "happened", "--about", "lab", "--source", "u", "--id", "so"]
    assert "when: is required" in inside(story, *words).err
    assert "P30D" in inside(story, *words, "--after", "in=P1M").err
    assert inside(story, *words, "--after", "in=P1W").code == 0
    shown = inside(story, "show", "so").out
    assert "not dated" in shown and "after        in (within 1 week)" in shown
    done = inside(story, "correct", "so", "after=name=2d", "when=2026-02", "--reason", "r")
    assert done.code == 0, done.err
    shown = inside(story, "show", "so").out
    assert "February 2026" in shown and "after: in (within 1 week) → name (within 2 days)" in shown
    assert inside(story, "correct", "so", "after:=null", "--reason", "r").code == 0
    assert inside(story, "correct", "so", "when:=null", "--reason", "r").code == 2
    assert inside(story, "correct", "so", "before=so", "--reason", "r").code == 2


def test_choosing_among_what_was_never_in_conflict_is_remarked_upon(rivals: Path) -> None:
    done = inside(rivals, "resolve", "in", "--over", "late", "--reason", "r")
    assert done.code == 0, done.err
    assert "late is in no conflict: is it an account of the same thing?" in done.err
    append(rivals, event("released", "2026", id="out", product="x", organisation="lab"))
    done = inside(rivals, "conflict", "in", "out", "--reason", "r")
    assert "they are of different types (joined, released)" in done.err


def test_what_an_amendment_changes_in_the_past_is_shown(rivals: Path) -> None:
    gone = event("departed", "2026-06", id="gone", person="ada", organisation="lab")
    append(rivals, gone)
    said = inside(rivals, "retract", "in", "--reason", "r").out
    assert "No change to the current state; at the date of the record:" in said
    assert "- ada member-of lab (role: lead): no longer" in said


def test_a_contradiction_is_told_before_it_is_written(rivals: Path) -> None:
    said = inside(
        rivals, "append", "happened", "--when", "2025", "--after", "in", "--about", "lab",
        "--source", "u", "--id", "early",
    ).out  # fmt: skip
    assert "! the dates contradict one another" in said and "early" in said


def test_a_misspelt_entity_in_a_correction_is_pointed_out(story: Path) -> None:
    done = inside(story, "correct", "in", "organisation=labb", "--reason", "r", "--dry-run")
    assert "'labb' is new; did you mean lab?" in done.err
