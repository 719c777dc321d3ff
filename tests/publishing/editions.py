"""Stories published by the program, and their files as others read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import orjson

from tests.rooms import fill
from tests.running import inside
from timeline.newsroom.newsroom import Newsroom

HTML = "{http://www.w3.org/1999/xhtml}"
PAGES = ("index.html", "corrections.html", "embed.html")


def publication(name: str, story: str = "story", **more: Any) -> dict[str, Any]:
    return {"story": story, "type": "publication", "name": name, **more}


def amendment(type: str, **fields: Any) -> dict[str, Any]:
    return {"story": "story", "type": type, "reason": "the desk erred", **fields}


def filled(directory: Path, *records: dict[str, Any], zone: str = "UTC") -> Path:
    """A newsroom in a directory, with records; those that bring their times keep them."""
    Newsroom.init(directory, zone=zone)
    with Newsroom.open(directory) as newsroom:
        fill(newsroom, *records, importing=True)
    return directory


def published(room: Path, into: Path, *options: object, story: str = "story") -> Path:
    """Publish a story; the program must be content."""
    done = inside(room, "publish", story, into, *options)
    assert done.code == 0, done.err
    return into


def parsed(html: str) -> Element:
    """A page as browsers read it, but for errors, which none of them forgives here."""
    return html5lib.HTMLParser(strict=True).parse(html)


def page(directory: Path, name: str = "index.html") -> Element:
    return parsed((directory / name).read_text("utf-8"))


def json_file(directory: Path, name: str) -> Any:
    return orjson.loads((directory / name).read_bytes())


def text_of(element: Element) -> str:
    """What a reader sees of an element, with single spaces; parts apart are told apart."""
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield " " if child.tag in (f"{HTML}dt", f"{HTML}dd") else ""
        yield child.tail or ""


def all_of(element: Element, tag: str, kind: str | None = None) -> Iterator[Element]:
    """The elements of a name, and of a class."""
    for each in element.iter(f"{HTML}{tag}"):
        if kind is None or kind in each.get("class", "").split():
            yield each
