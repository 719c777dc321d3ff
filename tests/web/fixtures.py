"""Fixtures for all tests that look at a page in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# The driver and the checker take time to import; most tests need neither.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.chromium import Driven
    from tests.web.complaints import Complaints
    from tests.web.serving import Cookie, Service
    from tests.web.visitors import Visitors


@pytest.fixture(scope="session")
def driven() -> Iterator[Driven]:
    """The browser of this run, which lives until its end."""
    from tests.web.chromium import driven

    with driven() as found:
        yield found


@pytest.fixture
def chromium(driven: Driven) -> Iterator[Browser]:
    """The browser, for one test; between two of them others can have loops of their own."""
    with driven.awake() as browser:
        yield browser


@pytest.fixture
def visitors(chromium: Browser) -> Iterator[Visitors]:
    """Makes visitors, each with a browser of their own; none may have cause to complain."""
    from tests.web.visitors import Visitors

    made = Visitors(chromium)
    yield made
    made.leave()


@pytest.fixture
def complaints(visitors: Visitors) -> Complaints:
    """What the visitors complain of: say here what a test expects."""
    return visitors.complaints


@pytest.fixture
def page(visitors: Visitors) -> Page:
    """The window of one visitor who comes from nowhere; for others, ask `visitors`."""
    return visitors.new()


@pytest.fixture
def page_without_script(visitors: Visitors) -> Page:
    """The window of a visitor whose browser runs no script."""
    return visitors.new(java_script_enabled=False)


@pytest.fixture(scope="session")
def story_room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom that holds the shipped story, and is never written to."""
    from tests.web.serving import make_story_room

    return make_story_room(tmp_path_factory.mktemp("story") / "room")


@pytest.fixture(scope="module")
def service(story_room: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of the shipped story for tests that only read."""
    from tests.web.serving import serving

    with serving(_copy(story_room, tmp_path_factory.mktemp("service") / "room")) as running:
        yield running


@pytest.fixture
def own_service(story_room: Path, tmp_path: Path) -> Iterator[Service]:
    """A service of the shipped story for one test, which may write to it."""
    from tests.web.serving import serving

    with serving(_copy(story_room, tmp_path / "served")) as running:
        yield running


@pytest.fixture(scope="module")
def reader_token(service: Service) -> str:
    """The secret of a reader of `service`."""
    return service.token("reader", "reader")


@pytest.fixture(scope="module")
def reader_cookie(service: Service, reader_token: str) -> Cookie:
    """The cookie of a reader of `service`."""
    return service.cookie(reader_token)


@pytest.fixture
def reader(visitors: Visitors, service: Service, reader_cookie: Cookie) -> Page:
    """The window of a reader at `service`: `reader.goto("/")` is the front page."""
    return visitors.new(service.address, reader_cookie)


@pytest.fixture
def editor(visitors: Visitors, own_service: Service) -> Page:
    """The window of an editor at `own_service`."""
    cookie = own_service.cookie(own_service.token("editor", "editor"))
    return visitors.new(own_service.address, cookie)


def _copy(room: Path, directory: Path) -> Path:
    return Path(shutil.copytree(room, directory))
