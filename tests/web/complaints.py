"""What a browser complains of while a page is tried: a page that works leaves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    WebError,
    WebSocket,
)

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
# What the page itself or the visitor gave up, as a question that a newer one overtakes.
GIVEN_UP = "net::ERR_ABORTED"


class Complaint(NamedTuple):
    """One thing that went wrong, and on which page."""

    kind: str
    text: str
    where: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text} (at {self.where})"


class Complaints:
    """Collects what the browser complains of, in all contexts that it watches.

    Complaints are: any line on the console, which is where violations of the Content Security
    Policy are said, too; an error that no script caught; a request to another host, whether it
    got through or not; a request that failed; an answer of 400 or above; and a dialogue that a
    script opened, as injected ones do.
    """

    def __init__(self) -> None:
        self._heard: list[Complaint] = []
        self._expected: list[re.Pattern[str]] = []
        self._asked: set[Request] = set()

    def expect(self, pattern: str) -> None:
        """This complaint will come and is right: a regular expression, found anywhere in it.

        One that never comes is a fault as well.
        """
        self._expected.append(re.compile(pattern))

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a context, those that it will open included."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)
        context.on("dialog", self._dialog)
        context.on("page", self._page)

    def settle(self, page: Page) -> None:
        """Wait until what the page has asked for is answered, so that nothing comes too late."""
        page.wait_for_load_state("load")
        page.evaluate("0")
        while self._asked:
            self._asked.pop().response()
            page.evaluate("0")

    def faults(self) -> list[str]:
        """The complaints that nobody expected, and the expected ones that did not come."""
        heard = [str(complaint) for complaint in self._heard]
        unexpected = [text for text in heard if not _any(self._expected, text)]
        absent = [
            f"expected, but never came: {pattern.pattern}"
            for pattern in self._expected
            if not any(map(pattern.search, heard))
        ]
        return [*unexpected, *absent]

    def _hear(self, kind: str, text: str, where: str) -> None:
        self._heard.append(Complaint(kind, text, where))

    def _console(self, message: ConsoleMessage) -> None:
        place = message.location
        where = f"{place['url']}:{place['lineNumber'] + 1}"
        self._hear(f"console {message.type}", message.text, where)

    def _error(self, error: WebError) -> None:
        page = error.page
        self._hear(
            "uncaught",
            f"{error.error.name}: {error.error.message}",
            page.url if page else "a worker",
        )

    def _request(self, request: Request) -> None:
        self._asked.add(request)
        self._address(request.url)

    def _address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOCAL:
            self._hear("request to another host", parts.netloc, address)

    def _failed(self, request: Request) -> None:
        self._asked.discard(request)
        if request.failure != GIVEN_UP:
            self._hear("failed request", f"{request.method} {request.failure}", request.url)

    def _response(self, response: Response) -> None:
        self._asked.discard(response.request)
        if response.status >= 400:
            self._hear(
                "refused request", f"{response.request.method} {response.status}", response.url
            )

    def _dialog(self, dialog: Dialog) -> None:
        page = dialog.page
        self._hear(f"dialogue {dialog.type}", dialog.message, page.url if page else "")
        if dialog.type == "beforeunload":
            dialog.accept()
        else:
            dialog.dismiss()

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)

    def _socket(self, socket: WebSocket) -> None:
        self._address(socket.url)


def _any(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
