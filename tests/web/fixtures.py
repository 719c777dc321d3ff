"""Fixtures for all tests that look at a page in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

# The driver and the checker take time to import; most tests need neither.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.web.complaints import Complaints
    from tests.web.visitors import Visitors


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one module, which is gone before others need a loop."""
    from tests.web.chromium import launched

    with launched() as browser:
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
