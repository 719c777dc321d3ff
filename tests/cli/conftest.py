"""Newsrooms to try commands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import event
from tests.running import append
from timeline.newsroom.newsroom import Newsroom


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty newsroom."""
    directory = tmp_path / "room"
    Newsroom.init(directory)
    return directory


@pytest.fixture
def story(room: Path) -> Path:
    """A newsroom with a person who joined and spoke, a name, and a question."""
    append(
        room,
        event("joined", "2026-01", id="in", person="ada", organisation="lab", role="lead"),
        event("renamed", "2026-02-03", id="name", entity="lab", name="The Lab"),
        event("commented", "2026-02", id="said", speaker="ada", about=["lab"], quote="Onwards"),
        event("asked", "2026-03-01", id="why", question="Why so?", about=["lab"]),
    )
    return room
