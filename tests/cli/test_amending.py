"""`correct`, `retract` and `restore`: the words of the command line become amendments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from tests.running import head, inside


def reads(room: Path, id: str) -> dict[str, Any]:
    """How an event reads now."""
    found: dict[str, Any] = inside(room, "show", id, "--format", "json").json()["reads"]["content"]
    return found


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ("role=chief", "role", "chief"),
        ("role=a=b", "role", "a=b"),
        ("when=2026-02-03~", "when", "2026-02-03~"),
        ("headline=Ada joins", "headline", "Ada joins"),
        ('tags:=["a","b"]', "tags", ["a", "b"]),
        ('sources:=[{"title":"Other"}]', "sources", [{"title": "Other"}]),
        ('qualifiers:={"desk":"asia"}', "qualifiers", {"desk": "asia"}),
    ],
)
def test_a_field_reads_as_it_was_corrected(
    story: Path, change: str, field: str, value: object
) -> None:
    done = inside(story, "correct", "in", change, "--reason", "Heard again.")
    assert done.code == 0, done.err
    assert reads(story, "in")[field] == value


def test_null_removes_a_field(story: Path) -> None:
    assert inside(story, "correct", "in", "role:=null", "--reason", "Unsure.").code == 0
    assert "role" not in reads(story, "in")
    snapshot = inside(story, "snapshot", "ada", "--format", "json").json()
    assert snapshot["statements"][0]["qualifiers"] == {}


def test_several_fields_are_corrected_at_once(story: Path) -> None:
    done = inside(story, "correct", "said", "speaker=bob", "about=lab,ada", "--reason", "Misheard.")
    assert done.code == 0
    assert (reads(story, "said")["speaker"], reads(story, "said")["about"]) == (
        "bob",
        ["lab", "ada"],
    )


@freeze_time("2026-03-04T09:00:00Z")
def test_a_corrected_date_may_be_said_in_words(story: Path) -> None:
    done = inside(story, "correct", "in", "when=yesterday", "--reason", "It was yesterday.")
    assert done.code == 0 and "is read as 2026-03-03" in done.err
    assert reads(story, "in")["when"] == "2026-03-03"


@pytest.mark.parametrize("change", ["role", "=x", ":=1", "role:={", "rol=x", "when=03/04/2026"])
def test_a_change_that_is_none_is_refused(story: Path, change: str) -> None:
    done = inside(story, "correct", "in", change, "--reason", "r")
    assert done.code == 2 and head(story) == 4


@pytest.mark.parametrize("command", [["correct", "in", "role=x"], ["retract", "in"]])
def test_an_amendment_needs_a_reason(story: Path, command: list[str]) -> None:
    done = inside(story, *command)
    assert done.code == 2 and "--reason" in done.err
    assert inside(story, *command, "--reason", " ").code == 2 and head(story) == 4


def test_retracting_and_restoring_change_the_state_and_keep_the_past(story: Path) -> None:
    def members(*words: str) -> list[str]:
        done = inside(story, "snapshot", "ada", *words, "--format", "json")
        return [each["value"] for each in done.json()["statements"]]

    inside(story, "retract", "in", "--reason", "Not so.")
    assert members() == []
    inside(story, "restore", "in", "--reason", "So.")
    assert members() == ["lab"]
    assert [members("--as-known", str(known)) for known in (4, 5, 6)] == [["lab"], [], ["lab"]]


def test_an_amendment_belongs_to_the_story_of_what_it_amends(story: Path) -> None:
    inside(story, "retract", "in", "--reason", "Not so.", "--id", "off")
    lines = inside(story, "log", "--format", "jsonl").lines()
    assert lines[-1]["story"] == "story" and lines[-1]["recorded_by"] == "tester"


def test_the_types_of_amendments_are_no_types_to_append(story: Path) -> None:
    done = inside(story, "append", "correction")
    assert done.code == 2 and "timeline correct" in done.err


def test_a_correction_says_where_it_is_from(story: Path) -> None:
    done = inside(
        story, "correct", "in", "when=2026-02", "--reason", "The minutes say so.",
        "--source", "https://example.org/minutes", "--quote", "since February",
    )  # fmt: skip
    assert done.code == 0, done.err
    shown = inside(story, "show", "in").out
    assert "https://example.org/minutes" in shown and "“since February”" in shown
