"""Newsrooms to mistreat."""

from __future__ import annotations

from pathlib import Path

import pytest

from timeline.newsroom.newsroom import Newsroom


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """An empty newsroom."""
    directory = tmp_path / "room"
    Newsroom.init(directory)
    return directory
