"""Records that cannot be read are named and left out, and no question comes to a standstill."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.index.poison import mend, poison
from tests.rooms import event, file_newsroom, fill
from tests.running import inside
from timeline.newsroom.newsroom import Newsroom

JOINED = event("joined", "2020", id="in", person="ada", organisation="lab")
LEFT = event("departed", "2021", id="out", person="ada", organisation="lab")
BOB = event("joined", "2022", id="bob-in", person="bob", organisation="lab")

QUESTIONS = [
    ("snapshot", "lab"),
    ("chronology", "lab"),
    ("replay", "--entity", "lab"),
    ("why", "lab"),
    ("log",),
    ("check",),
    ("entities", "bob"),
    ("map", "lab"),
    ("holders", "lab", "chief"),
    ("diff", "--as-known", "0..4"),
    ("show", "in"),
]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    with file_newsroom(tmp_path / "room") as newsroom:
        fill(newsroom, JOINED, LEFT, BOB, event("happened", "2022", about=["lab"]))
    return tmp_path / "room"


def tamper(room: Path, *statements: str) -> None:
    """Change the log file, as no program of ours would."""
    with closing(sqlite3.connect(room / "log.sqlite")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question[0])
def test_a_record_of_an_unknown_type_is_named_and_left_out(room: Path, question) -> None:
    poison(room, 2)
    for _ in range(2):
        done = inside(room, *question)
        assert done.code == (question == ("check",)), done.err
        if question[0] != "show":
            assert "the record at position 2 cannot be read" in " ".join(done.err.split())
            assert "happened/9" in done.err


def test_a_record_that_was_mended_is_read_again(room: Path) -> None:
    before = inside(room, "snapshot", "lab", "--as-of", "2030").out
    topic = poison(room, 2)
    inside(room, "rebuild")
    assert inside(room, "snapshot", "lab", "--as-of", "2030").out != before
    mend(room, 2, topic)
    assert inside(room, "snapshot", "lab", "--as-of", "2030").out == before
    assert inside(room, "snapshot", "lab", "--as-of", "2030").err == ""


def test_what_was_known_before_it_is_answered_without_a_word(room: Path) -> None:
    poison(room, 2)
    assert inside(room, "snapshot", "lab", "--as-known", "1").err == ""


def test_bytes_that_are_not_a_record_are_left_out(room: Path) -> None:
    tamper(room, "UPDATE stored_events SET state = '{' WHERE position = 2")
    done = inside(room, "snapshot", "lab", "--as-of", "2030", "--format", "json")
    people = {each["subject"] for each in done.json()["statements"]}
    assert people == {"ada", "bob"}
    assert "position 2 cannot be read" in " ".join(done.err.split())
    assert inside(room, "verify").code != 0


def test_many_of_them_are_counted(room: Path) -> None:
    tamper(room, "UPDATE stored_events SET topic = 'docked/1'")
    said = " ".join(inside(room, "log").err.split())
    assert "position 3 cannot be read" in said and "position 4" not in said
    assert "and 1 more: `timeline verify` lists them" in said


def test_a_type_that_is_declared_again_is_read_again(room: Path) -> None:
    plain = (room / "timeline.toml").read_text()
    own = '\n[types.docked]\nfields.ship = "entity!"\nfields.port = "entity!"\n'
    (room / "timeline.toml").write_text(plain + own)
    with Newsroom.open(room) as newsroom:
        fill(newsroom, event("docked", "2020", id="dock", ship="ever-given", port="suez"))
    (room / "timeline.toml").write_text(plain)
    assert "unknown type 'docked'" in " ".join(inside(room, "snapshot", "lab").err.split())
    (room / "timeline.toml").write_text(plain + own)
    assert "ever-given" in inside(room, "chronology", "ever-given").out


@pytest.mark.parametrize(("event", "position"), [("in", 2), ("in", 9), ("in", 3)])
def test_the_table_of_amendments_is_not_believed(room: Path, event: str, position: int) -> None:
    later = ("--as-of", "2030")
    questions = [("show", "in"), ("snapshot", "lab", *later), ("check", *later)]
    before = [inside(room, *each).out for each in questions]
    tamper(room, f"INSERT INTO amended VALUES ('{event}', {position})")
    inside(room, "rebuild")
    assert [inside(room, *each).out for each in questions] == before
