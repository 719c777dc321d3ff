"""`timeline rebuild`, and what `timeline status` says of the index."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.index.poison import mend, poison
from tests.running import inside
from timeline.index.effects_index import VERSION


def index(room: Path) -> dict[str, object]:
    (found,) = inside(room, "status", "--format", "json").json()["projections"]
    return found


def test_status_says_how_far_the_index_is_behind(story: Path) -> None:
    for path in (story / "derived").glob("*"):
        path.unlink()
    assert index(story)["checkpoint"] is None and index(story)["lag"] == 4
    assert "the first question builds it" in inside(story, "status").out
    inside(story, "snapshot", "lab")
    assert (index(story)["checkpoint"], index(story)["lag"]) == (4, 0)
    assert f"effects {VERSION}: up to date, at 4" in inside(story, "status").out


def test_rebuild_says_how_far_it_came(story: Path) -> None:
    done = inside(story, "rebuild", "--jobs", "1")
    assert (done.code, done.out) == (0, f"effects {VERSION}: built up to 4\n")
    (built,) = inside(story, "rebuild", "--format", "json").json()["projections"]
    assert built == {
        "projection": "effects",
        "version": VERSION,
        "checkpoint": 4,
        "problem": None,
        "difference": None,
    }


def test_rebuild_leaves_the_answers_as_they_are(story: Path) -> None:
    question = ("snapshot", "lab", "--as-of", "2027", "--format", "json")
    before = inside(story, *question).json()
    assert inside(story, "rebuild").code == 0
    assert inside(story, *question).json() == before


def test_status_names_a_record_that_cannot_be_read_until_it_can_be(story: Path) -> None:
    topic = poison(story, 3)
    done = inside(story, "rebuild")
    assert done.code == 0
    assert "built up to 4" in done.out and "the first at position 3" in done.out
    assert (index(story)["checkpoint"], index(story)["lag"]) == (4, 0)
    assert "the first at position 3" in " ".join(inside(story, "status").out.split())
    mend(story, 3, topic)
    assert inside(story, "snapshot", "lab").code == 0
    assert index(story)["problem"] is None and index(story)["lag"] == 0


def test_rows_that_are_not_what_the_log_gives_are_replaced_and_named(story: Path) -> None:
    inside(story, "snapshot", "lab")
    (rows,) = (story / "derived").glob("*.sqlite")
    with closing(sqlite3.connect(rows)) as connection, connection:
        connection.execute("UPDATE rows SET until = 4 WHERE key = 'eada' AND event = 1")
    done = inside(story, "rebuild")
    assert done.code == 0
    assert "the previous index was wrong: the row 'eada'" in done.out
    assert "was wrong" not in inside(story, "rebuild").out
