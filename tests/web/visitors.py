"""Visitors of pages: each has cookies and a window of their own, in one browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.complaints import Complaints
from tests.web.serving import Cookie


class Visitors:
    """Makes visitors and watches over what they see."""

    def __init__(self, browser: Browser):
        self.complaints = Complaints()
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def new(self, address: str | None = None, cookie: Cookie | None = None, **options: Any) -> Page:
        """The empty window of another visitor.

        Paths are at `address`, and `cookie` is what the visitor got on signing in there. Other
        options are those of `Browser.new_context`.
        """
        given = {"locale": "en-GB", "timezone_id": "UTC", "base_url": address, **options}
        context = self._browser.new_context(**given)
        if cookie is not None:
            context.add_cookies([{**cookie._asdict(), "url": address}])
        self._contexts.append(context)
        self.complaints.watch(context)
        return context.new_page()

    def leave(self) -> None:
        """Close all windows; raises where a visitor had cause to complain."""
        for context in self._contexts:
            for page in context.pages:
                self.complaints.settle(page)
            context.close()
        faults = self.complaints.faults()
        assert not faults, "in the browser:\n" + "\n".join(faults)
