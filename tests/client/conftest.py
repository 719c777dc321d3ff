"""A service with the shipped story, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import timeline
from tests.running import inside
from tests.services import Service, serving
from timeline.newsroom.api import NewsroomApi
from timeline.newsroom.newsroom import Newsroom

STORY = Path(__file__).parents[2] / "events" / "qwen.jsonl"


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service of a newsroom that holds the shipped story, which nobody appends to."""
    room = tmp_path_factory.mktemp("shipped") / "room"
    Newsroom.init(room)
    assert inside(room, "import", STORY).code == 0
    with serving(room) as service:
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """The service of an empty newsroom."""
    Newsroom.init(tmp_path / "room")
    with serving(tmp_path / "room") as running:
        yield running


@pytest.fixture
def client(service: Service) -> Iterator[NewsroomApi]:
    """Asks the service of the empty newsroom, and waits for it as long as it takes to start."""
    with timeline.open(service.url, token=service.token, patience=60) as asking:
        yield asking
