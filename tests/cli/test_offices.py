"""Offices on the command line: who held them, and whoever records one holder too many is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append, inside, timeline

OFFICE = {"story": "story", "type": "office", "id": "one", "organisation": "openai", "role": "CEO"}
CEO = {"organisation": "openai", "role": "CEO"}
BOB = ["append", "joined", "--person", "bob", "--organisation", "openai", "--role", "ceo"]


@pytest.fixture
def openai(room: Path) -> Path:
    """A newsroom with a chief executive, of whom there may be one."""
    named = {"story": "story", "type": "alias"}
    append(
        room,
        event("appointed", "2019-03-08", id="sam-in", person="sam-altman", **CEO),
        {**named, "entity": "sam-altman", "names": ["Sam Altman"]},
        {**named, "entity": "openai", "names": ["OpenAI"]},
        {**named, "entity": "bob", "names": ["Bob"]},
        OFFICE,
    )
    return room


def told(room: Path, *words: str) -> str:
    done = inside(room, *words, "--dry-run")
    assert done.code == 0, done.err
    return " ".join(done.err.split())


def test_who_held_an_office_is_printed_in_order(openai: Path) -> None:
    append(openai, event("departed", "2023-11-17", id="sam-out", person="sam-altman", **CEO))
    done = timeline(openai, "holders", "OpenAI", "ceo")
    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == "ceo of OpenAI"
    assert "at most 1 at once (one)" in done.out
    assert (
        "● Sam Altman\n"
        "  certain since 8 March 2019, UTC; until 17 November 2023, UTC; single source;\n"
        "    because sam-in, sam-out\n"
    ) in done.out


def test_whoever_records_one_holder_too_many_is_told(openai: Path) -> None:
    assert told(openai, *BOB, "--when", "2024-03", "--source", "u") == (
        "Bob would be the second CEO of OpenAI; Sam Altman still is, as far as is recorded"
    )
    append(openai, event("departed", "2023-11-17", id="sam-out", person="sam-altman", **CEO))
    assert told(openai, *BOB, "--when", "2024-03", "--source", "u") == ""
    assert told(openai, *BOB, "--when", "2023-11-01", "--source", "u") == (
        "Bob would be the second CEO of OpenAI from 1 November 2023 to 16 November 2023, "
        "beside Sam Altman"
    )


def test_whoever_is_possibly_a_holder_crowds_nobody(openai: Path) -> None:
    assert told(openai, *BOB, "--when", "[2024-03..]", "--source", "u") == ""


def test_a_crowd_that_is_known_is_not_told_again(openai: Path) -> None:
    append(openai, event("joined", "2024-03", id="bob-in", person="bob", **CEO))
    assert (
        told(openai, "append", "happened", "--about", "openai", "--when", "2024", "--source", "u")
        == ""
    )
    third = ["append", "joined", "--person", "cy", "--organisation", "openai", "--role", "CEO"]
    assert told(openai, *third, "--when", "2024-05", "--source", "u") == (
        "cy would be the third CEO of OpenAI; Sam Altman and Bob still are, as far as is recorded"
    )


def test_whoever_declares_an_office_that_too_many_hold_is_told(openai: Path) -> None:
    append(openai, {**OFFICE, "id": "two", "holders": 2})
    append(openai, event("joined", "2024-03-01", id="bob-in", person="bob", **CEO))
    office = ["append", "office", "--organisation", "openai", "--role", "CEO", "--id", "again"]
    assert told(openai, *office, "--holders", "2") == ""
    assert told(openai, *office) == (
        "Sam Altman and Bob would be CEO of OpenAI at once, from 1 March 2024 on, "
        "but again allows 1"
    )


def test_the_number_of_holders_is_a_whole_number(openai: Path) -> None:
    office = ["append", "office", "--organisation", "openai", "--role", "CEO", "--holders"]
    for wrong in ("0", "1.5", "two"):
        done = inside(openai, *office, wrong)
        assert done.code == 2
        assert "--holders: should be a whole number, at least 1" in " ".join(done.err.split())
