"""The files of an edition, and their addresses."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from timeline.errors import InputError, Problem
from timeline.render.text import web_address

PAGE = "index.html"
CORRECTIONS = "corrections.html"
EMBED = "embed.html"
STYLE = "style.css"
JSON_FEED = "feed.json"
ATOM = "feed.atom"
JSON_LD = "timeline.jsonld"
TIMELINE_JS = "timelinejs.json"
ANSWER = "answer.json"
SNIPPET = "embed.txt"

FILES = (
    PAGE,
    CORRECTIONS,
    EMBED,
    SNIPPET,
    STYLE,
    JSON_FEED,
    ATOM,
    JSON_LD,
    TIMELINE_JS,
    ANSWER,
)


class Addresses(NamedTuple):
    """`base` is the URL of the directory of the files, with a slash at its end, if known.

    Without it, links are relative.
    """

    base: str | None = None

    def of(self, file: str) -> str:
        """The address of a file."""
        if self.base is None:
            return file
        return self.base if file == PAGE else self.base + file

    def of_event(self, position: int) -> str:
        """The address of the event at a position, on the page."""
        return f"{self.of(PAGE)}#{anchor(position)}"


def anchor(position: int) -> str:
    """The fragment of an event on a page; its position never changes."""
    return f"at-{position}"


def addresses_at(url: str | None) -> Addresses:
    """The addresses below a URL.

    Raises:
        InputError: it is not the URL of a directory on the web.
    """
    if url is None:
        return Addresses()
    parts = urlsplit(url) if web_address(url) else None
    if parts is None or parts.query or parts.fragment:
        raise InputError(
            [
                Problem(
                    f"{url!r} is not an http or https URL",
                    "such as https://example.org/qwen/",
                    "--url",
                )
            ]
        )
    return Addresses(url if url.endswith("/") else f"{url}/")
