"""What people read of how far an answer reaches."""

from __future__ import annotations

from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.rooms import event
from tests.running import append, inside


@pytest.fixture
def desk(room: Path) -> Path:
    """A newsroom that knows when Ann and Bob joined, but of Zoe only that she left in 2027."""
    append(
        room,
        event("departed", "2027", person="zoe", organisation="desk", id="zoe-leaves"),
        event("joined", "[2026-01-01..2026-12-31]", person="bob", organisation="desk", id="bob"),
        event("joined", "[..2025]", person="ann", organisation="desk", id="ann"),
    )
    return room


@pytest.mark.parametrize("command", ["snapshot", "why"])
def test_what_began_nobody_knows_when_is_shown_last_as_not_ruled_out(desk: Path, command: str):
    said = inside(desk, command, "desk", "--as-of", "2026-06").out
    shown = ("ann member-of", "bob member-of", "Not ruled out", "zoe member-of")
    assert sorted(map(said.index, shown)) == list(map(said.index, shown))


def test_a_certain_statement_stays_in_its_place_however_long_ago_it_began(desk: Path):
    said = inside(desk, "snapshot", "ann", "--as-of", "2026-06").out
    assert "● ann member-of desk" in said
    assert "Not ruled out" not in said


@pytest.fixture
def march(room: Path) -> Path:
    """A newsroom whose last record is of 4 March 2026."""
    with freeze_time("2026-03-04T10:00:00Z"):
        append(room, event("joined", "2026-01", person="ann", organisation="desk"))
    return room


@pytest.mark.parametrize(
    ("as_of", "beyond"),
    [
        ("2026-02", False),
        ("2026-03-04T09:59", False),
        ("2026-03-04T10:00", True),
        ("2026-03-04", True),
        ("2030", True),
    ],
)
def test_an_answer_about_a_time_after_all_that_was_recorded_says_so(
    march: Path, as_of: str, beyond: bool
):
    for command in ("snapshot", "why", "chronology"):
        where = ["--entity", "ann"] if command == "chronology" else ["ann"]
        asked = [command, *where, "--as-of", as_of]
        answer = inside(march, *asked, "--format", "json").json()
        assert answer.get("beyond", False) is beyond
        said = inside(march, *asked).out
        assert ("as last known on 4 March 2026" in said) is beyond


def test_an_answer_about_now_is_not_beyond_and_neither_is_the_same_question_again(march: Path):
    with freeze_time("2026-05-01T10:00:00Z"):
        answer = inside(march, "snapshot", "ann", "--format", "json").json()
    assert "beyond" not in answer
    again = inside(march, "snapshot", "ann", "--as-of", answer["as_of"], "--format", "json")
    assert again.json() == answer


def test_an_answer_says_what_its_time_means(march: Path):
    def read(as_of: str) -> str:
        return inside(march, "snapshot", "ann", "--as-of", as_of).out.splitlines()[1]

    assert read("2025").startswith("at the end of 2025; as known at")
    assert read("2026-03-03").startswith("at the end of 3 March 2026, UTC; as known at")
    assert read("2026-03-03T12:00").startswith("as of 3 March 2026, 12:00, UTC; as known at")


def test_a_period_is_asked_for_in_words_and_said_in_words(march: Path, tmp_path: Path):
    done = inside(march, "snapshot", "ann", "--during", "March 2026")
    assert "'March 2026' is read as 2026-03" in done.err
    second = done.out.splitlines()[1]
    assert second.startswith("at any time in March 2026, as last known on 4 March 2026; as known")
    both = inside(march, "snapshot", "ann", "--during", "2026", "--as-of", "2026")
    assert both.code == 2 and "leave out --as-of or --during" in both.err


def test_an_answer_about_a_period_can_be_saved_and_asked_again(march: Path, tmp_path: Path):
    saved = tmp_path / "period.json"
    saved.write_text(inside(march, "snapshot", "ann", "--during", "2026", "--format", "json").out)
    done = inside(march, "replay", "--assert", saved)
    assert done.code == 0 and "history is unchanged" in done.out
