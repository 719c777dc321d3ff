"""`timeline why`: a tree that an editor can read aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import SOURCE, event
from tests.running import append, inside

ANN_AT_LAB = {"person": "ann", "organisation": "lab"}


@pytest.fixture
def disagreed(room: Path) -> Path:
    """A newsroom that was told two dates, has chosen one, and corrected the role."""
    citation = {
        "publisher": "X",
        "title": "post",
        "published": "2026-03-03",
        "quote": "stepping up",
        "url": "https://x.example/1",
    }
    append(
        room,
        {**event("joined", "2020", id="a", role="lead", **ANN_AT_LAB), "sources": [citation]},
        event("joined", "2021", id="b", role="lead", **ANN_AT_LAB),
        {"story": "story", "type": "conflict", "between": ["a", "b"], "reason": "Two years."},
        {
            "id": "choice",
            "story": "story",
            "type": "resolution",
            "chosen": "a",
            "over": ["b"],
            "reason": "Two outlets have seen the letter.",
            "recorded_by": "chief-editor",
        },
        {
            "story": "story",
            "type": "correction",
            "corrects": "a",
            "changes": {"role": "technical lead"},
            "reason": "Typo.",
        },
        event("departed", "2026-03", id="out", **ANN_AT_LAB),
    )
    return room


def plain(text: str) -> str:
    """The text without its lines: a sentence, however it was wrapped."""
    return " ".join(text.replace("│", " ").replace("├", " ").replace("└", " ").split())


def test_it_answers_as_a_tree_that_reads_as_sentences(disagreed: Path) -> None:
    done = inside(disagreed, "why", "ann", "--as-of", "2026-03-10")
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    read = plain(done.out)
    for sentence in (
        "○ ann member-of lab (role: technical lead)",
        "Only possible: “ann leaves lab” (out) may have come already, and ended it.",
        "Begun by: ann joins lab (a, @1)",
        "dated 2020",
        "Source: X, post, published 3 March 2026, UTC: “stepping up” https://x.example/1",
        "by tester: “Typo.”",
        "role: lead → technical lead",
        "Chosen over b",
        "by chief-editor: “Two outlets have seen the letter.” (choice, @4)",
        "Dissent, not counted: ann joins lab (b, @2)",
        "May have been ended by: ann leaves lab (out, @6)",
        "Not counted: a was chosen over “ann joins lab” (b).",
    ):
        assert sentence in read


def test_it_says_what_has_ended_and_what_ended_it(disagreed: Path) -> None:
    read = plain(inside(disagreed, "why", "ann").out)
    assert "no statement holds No longer × ann member-of lab (role: technical lead)" in read
    assert "Ended by: ann leaves lab (out, @6)" in read


def test_older_endings_are_counted(room: Path) -> None:
    users = {"subject": "app", "measure": "users"}
    append(room, *(event("measured", str(2000 + n), value=n, **users) for n in range(15)))
    read = plain(inside(room, "why", "app").out)
    assert read.count("No longer:") == 10
    assert "and 4 older statements that ended before; name a PROPERTY to see fewer" in read


def test_slugs_that_are_the_same_are_told_of(disagreed: Path) -> None:
    append(
        disagreed,
        {
            "id": "m",
            "story": "story",
            "type": "same-entity",
            "entities": ["ann", "ann-b"],
            "reason": "She married.",
        },
    )
    read = plain(inside(disagreed, "why", "ann-b").out)
    assert "ann-b is the same as ann m, " in read and "“She married.”" in read


def test_for_programs_it_answers_as_one_value_or_a_statement_a_line(disagreed: Path) -> None:
    asked = ("why", "lab", "member-of", "--as-of", "2024", "--format")
    answer = inside(disagreed, *asked, "json").json()
    assert list(answer) == [
        "projection", "version", "entity", "as_of", "as_known", "recorded_at", "property",
        "same_as", "statements", "ended", "ended_left_out", "not_counted", "findings", "digest",
    ]  # fmt: skip
    assert (answer["projection"], answer["property"]) == ("why", "member-of")
    assert inside(disagreed, *asked, "jsonl").lines() == answer["statements"]


def test_what_is_not_known_is_a_remark(disagreed: Path) -> None:
    done = inside(disagreed, "why", "anne")
    assert done.code == 0 and "nothing is recorded about 'anne'; did you mean ann" in done.err
    done = inside(disagreed, "why", "ann", "member-off")
    assert done.code == 0 and "ann has no 'member-off'; did you mean member-of?" in done.err


def test_nothing_recorded_can_draw_on_the_terminal(room: Path) -> None:
    nasty = "Ann\u202e\u001b[2J"
    source = [{**SOURCE[0], "quote": nasty, "publisher": nasty}]
    record = event("joined", "2020", id="a\u001b", headline=nasty, **ANN_AT_LAB)
    append(room, {**record, "sources": source})
    done = inside(room, "why", "ann")
    assert "\u001b" not in done.out and "\u202e" not in done.out
    assert "\\x1b" in done.out
