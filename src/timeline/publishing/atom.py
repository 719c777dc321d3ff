"""The changes of a story as an Atom feed (RFC 4287)."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from timeline.publishing.addresses import ATOM, PAGE
from timeline.publishing.changes import Item, changes
from timeline.publishing.edition import Edition
from timeline.render.text import clean

_ATOM = "http://www.w3.org/2005/Atom"


def atom_feed(edition: Edition) -> str:
    """The feed as text."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _told(feed, "id", edition.id_of("feed"))
    _told(feed, "title", edition.title)
    _told(feed, "subtitle", edition.basis_line)
    _told(feed, "updated", edition.stamp(edition.updated))
    _told(SubElement(feed, "author"), "name", edition.newsroom or "The newsroom")
    page, itself = (edition.addresses.of(file) for file in (PAGE, ATOM))
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=itself)
    SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    for item in changes(edition):
        _entry(SubElement(feed, "entry"), item, edition)
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _entry(entry: Element, item: Item, edition: Edition) -> None:
    _told(entry, "id", item.id)
    _told(entry, "title", item.title)
    _told(entry, "published", edition.stamp(item.published))
    _told(entry, "updated", edition.stamp(item.updated))
    if item.by:
        _told(SubElement(entry, "author"), "name", item.by)
    SubElement(entry, "link", rel="alternate", type="text/html", href=item.url)
    SubElement(entry, "content", type="html").text = item.html


def _told(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)
