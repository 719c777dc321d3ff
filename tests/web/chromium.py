"""The browser that pages are tried in: the Chromium that the system brings.

Playwright's wheel brings its driver only; no browser is ever downloaded. A developer's machine
without Chromium skips these tests. CI does not: it would pass without having looked.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

# The first has no windows, which nobody looks at here: it takes a third of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ABSENT = "no Chromium here: apt-get install chromium-headless-shell, or have one of {} on the PATH"
SWITCHES = (
    # A name that is not this machine's leads nowhere, so that no test can depend on a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    # Letters look the same on every machine, as far as its fonts allow.
    "--font-render-hinting=none",
    # Two processors are shared with the tests themselves.
    "--renderer-process-limit=2",
)


def executable() -> str:
    """The path of the browser; without one the test is skipped, and in CI it fails."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        absent = ABSENT.format(", ".join(NAMES))
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    return found


class Driven:
    """A running browser, whose driver sleeps while nobody asks it for anything.

    The driver has a loop in this thread and leaves it marked as the one that runs, so that
    `asyncio.run` refuses to work. Between two calls the loop stands still: the mark is taken away
    for as long as others want to have a loop, and put back before the next call.
    """

    def __init__(self, browser: Browser, loop: asyncio.AbstractEventLoop):
        self._browser = browser
        self._loop = loop

    @contextmanager
    def awake(self) -> Iterator[Browser]:
        """The browser, to be used in the block only."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            asyncio._set_running_loop(None)


@contextmanager
def driven() -> Iterator[Driven]:
    """A running browser that is asleep, gone when the block ends."""
    with launched() as browser:
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            yield Driven(browser, loop)
        finally:
            asyncio._set_running_loop(loop)


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser, gone when the block ends.

    While it runs, `asyncio.run` refuses to work in this thread: the driver has a loop here.
    """
    path = executable()
    # The sandbox of Chromium does not work for root.
    switches = [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=switches)
        try:
            yield browser
        finally:
            browser.close()
