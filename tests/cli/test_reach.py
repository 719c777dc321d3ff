"""What people read of how far an answer reaches."""

from __future__ import annotations

from pathlib import Path

import pytest

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
