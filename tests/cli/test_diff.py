"""`timeline diff`: two points, as people type them, and what to print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append, inside
from timeline.projections.ranges import Sides, _sides

RECORDS = [
    event("joined", "2026-01", id="in", person="ann", organisation="lab"),
    {"story": "story", "type": "publication", "id": "p1", "name": "first"},
    {
        "story": "story",
        "type": "correction",
        "id": "later",
        "corrects": "in",
        "changes": {"when": "2026-02"},
        "reason": "her own post says so",
    },
    event("departed", "2026-05", id="out", person="ann", organisation="lab"),
    {
        **event("joined", "2026-01", id="bob-in", person="bob", organisation="desk"),
        "story": "b",
    },
]


@pytest.fixture
def told(room: Path) -> Path:
    append(room, *RECORDS)
    return room


def changed(room: Path, *words: object) -> list[tuple[str, list[str]]]:
    done = inside(room, "diff", *words, "--format", "json")
    assert done.code == 0, done.err
    return [(change["subject"], change["records"]) for change in done.json()["changes"]]


def test_it_says_what_has_changed_by_whom_and_what_to_correct(told: Path) -> None:
    done = inside(told, "diff", "ann", "--as-known", "1..", "--as-of", "2026-04")
    assert (done.code, done.err) == (0, "")
    assert all(len(line) <= 80 for line in done.out.splitlines())
    text = " ".join(done.out.split())
    assert "ann at the end of April 2026" in text
    assert "~ ann member-of lab: certain, since February 2026" in text
    assert "by later (correction, @3), tester," in text
    assert (
        "we reported “ann joins lab”. We dated it January 2026; the right date is "
        "February 2026. (Reason: her own post says so.)"
    ) in text


def test_from_a_publication_it_is_about_the_story_that_was_published(told: Path) -> None:
    assert changed(told, "--as-known", "publication:first..") == [("ann", ["later", "out"])]
    assert changed(told, "--as-known", "publication:first..3", "--as-of", "2026-04") == [
        ("ann", ["later"])
    ]
    # Her leaving is yet to come then, but since it is known there is an end to her time.
    whole = ["--as-known", "2..", "--as-of", "2026-04"]
    assert changed(told, *whole) == [("ann", ["later", "out"]), ("bob", ["bob-in"])]
    assert changed(told, "--as-known", "publication:first..", "--story", "b") == [
        ("bob", ["bob-in"])
    ]


def test_a_side_left_out_is_the_beginning_or_the_end(told: Path) -> None:
    assert changed(told, "ann", "--as-known", "..1") == [("ann", ["in"])]
    assert changed(told, "ann", "--as-known", "..") == []
    assert changed(told, "ann", "--as-of", "2026-03..") == [("ann", ["out"])]


def test_a_date_alone_is_that_of_both_sides(told: Path) -> None:
    done = inside(told, "diff", "--as-known", "1..3", "--as-of", "2026-04", "--format", "json")
    answer = done.json()
    assert (answer["from"]["as_of"], answer["to"]["as_of"]) == ("2026-04", "2026-04")
    done = inside(told, "diff", "--as-known", "3", "--as-of", "2026..2027", "--format", "json")
    answer = done.json()
    assert (answer["from"]["as_known"], answer["to"]["as_known"]) == (3, 3)


def test_now_is_the_same_at_both_ends(told: Path) -> None:
    answer = inside(told, "diff", "--as-known", "1..", "--format", "json").json()
    assert answer["from"]["as_of"] == answer["to"]["as_of"]


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("1..5", [("1", "5")]),
        ("..", [("", "")]),
        ("yesterday..", [("yesterday", "")]),
        ("[2026-01..2026-03]..2026-05", [("[2026-01..2026-03]", "2026-05")]),
        ("2026-01..{2026-02..2026-03}", [("2026-01", "{2026-02..2026-03}")]),
        ("2026/....2027", [("2026/..", "2027")]),
        ("2026..../2027", [("2026", "../2027")]),
        ("publication:v1..2..", [("publication:v1", "2.."), ("publication:v1..2", "")]),
        ("2026-03", []),
        ("[2026-01..2026-03]", []),
    ],
)
def test_the_two_sides_are_split_where_no_date_is(text, sides) -> None:
    assert list(_sides(text)) == [Sides(*each) for each in sides]


def test_a_publication_may_have_any_name(told: Path) -> None:
    append(told, {"story": "story", "type": "publication", "id": "p2", "name": "v1..2"})
    assert changed(told, "--as-known", "publication:v1..2..") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "between which two points?"),
        (["--as-known", "3"], "'3' is one point, with nothing to compare it with (3.. reaches"),
        (["--as-of", "2026"], "'2026' is one point"),
        (["--as-known", "3..1"], "the earlier one comes first"),
        (["--as-of", "2027..2026"], "the earlier one comes first"),
        (["--as-of", "..2026"], "has no beginning"),
        (["--as-known", "1..99"], "position 99 is beyond the head"),
        (["--as-known", "publication:frist.."], "did you mean first?"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_hint(told: Path, words, said) -> None:
    done = inside(told, "diff", *words)
    assert done.code == 2
    assert said in done.err


def test_with_exit_code_a_script_learns_whether_anything_changed(told: Path) -> None:
    assert inside(told, "diff", "--as-known", "1..", "--exit-code").code == 1
    done = inside(told, "diff", "--as-known", "5..", "--exit-code")
    assert (done.code, done.out.splitlines()[-1]) == (0, "nothing has changed")


def test_an_unknown_entity_is_remarked_on(told: Path) -> None:
    done = inside(told, "diff", "anm", "--as-known", "1..")
    assert (done.code, "nothing is recorded about 'anm'" in done.err) == (0, True)
