"""The feeds of a story: what is new on its page, and what was corrected.

The same changes as Atom (RFC 4287) and as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from markupsafe import Markup

from timeline.publishing.addresses import ATOM, CORRECTIONS, JSON_FEED, PAGE, anchor
from timeline.publishing.corrections import Correction
from timeline.publishing.edition import Edition
from timeline.publishing.entries import PageEntry, PageSource
from timeline.render.json_output import json_text
from timeline.render.markdown import prose
from timeline.render.text import clean

_ATOM = "http://www.w3.org/2005/Atom"

# The most changes in a feed; the page has all of them.
MOST = 200


class PageChange(NamedTuple):
    """One change. `html` is safe; times are in microseconds since 1970, UTC.

    `position` is that of the record.
    """

    id: str
    position: int
    title: str
    html: str
    url: str
    by: str | None
    published: int
    updated: int


def changes(edition: Edition) -> list[PageChange]:
    """The newest `MOST` changes, the newest first."""
    found = [*_events(edition), *_corrections(edition)]
    return sorted(found, key=lambda item: (item.updated, item.position), reverse=True)[:MOST]


def _events(edition: Edition) -> Iterator[PageChange]:
    for entry in edition.entries:
        record = entry.event.record
        yield PageChange(
            edition.id_of(f"event {record.id}"),
            record.position,
            clean(entry.headline),
            report_html(entry),
            edition.addresses.of_event(entry.position),
            record.recorded_by,
            record.recorded_at,
            entry.updated,
        )


def _corrections(edition: Edition) -> Iterator[PageChange]:
    for each in edition.corrections.log:
        record = each.record
        yield PageChange(
            edition.id_of(f"correction {record.id}"),
            record.position,
            clean(f"{each.title}: {each.cases[0].said.headline}"),
            correction_html(each),
            f"{edition.addresses.of(CORRECTIONS)}#{anchor(record.position)}",
            record.recorded_by,
            record.recorded_at,
            record.recorded_at,
        )


def report_html(entry: PageEntry) -> str:
    """An event in a few paragraphs: its date and certainty, its text, its sources."""
    parts = [_paragraph("; ".join(filter(None, [entry.when or "No date is known", _doubt(entry)])))]
    if entry.body:
        parts.append(prose(entry.body))
    if entry.sources:
        sources = Markup("").join(map(_source, entry.sources))
        parts.append(Markup("<ul>{}</ul>").format(sources))
    return str(Markup("\n").join(parts))


def _doubt(entry: PageEntry) -> str:
    if entry.decided_against:
        return "decided against"
    return entry.doubt or (entry.standing if entry.standing != "reported" else "")


def correction_html(correction: Correction) -> str:
    """A correction in a few paragraphs: what the page said, what it says now, and why."""
    parts: list[Markup] = []
    for case in correction.cases:
        parts.append(_paragraph(f"Our page said: {case.said}"))
        parts.append(_paragraph(f"It now says: {case.now or 'nothing about this'}"))
        parts.append(_paragraph(" ".join(case.wrong)))
    if correction.reason:
        parts.append(_paragraph(f"Reason: {correction.reason}"))
    if correction.severity:
        parts.append(_paragraph(f"Severity: {correction.severity}"))
    return str(Markup("\n").join(parts))


def _source(source: PageSource) -> Markup:
    name = Markup("{}").format(clean(source.name))
    if source.url:
        name = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(source.url, name)
    about = Markup(" ({})").format(clean(source.about)) if source.about else ""
    quote = Markup("<blockquote>{}</blockquote>").format(clean(source.quote or ""))
    return Markup("<li>{}{}{}</li>").format(name, about, quote if source.quote else "")


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(clean(text))


def atom_feed(edition: Edition) -> str:
    """The changes as an Atom feed."""
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _add_text(feed, "id", edition.id_of("feed"))
    _add_text(feed, "title", edition.title)
    _add_text(feed, "subtitle", edition.basis_line)
    _add_text(feed, "updated", edition.stamp(edition.updated))
    _add_text(SubElement(feed, "author"), "name", edition.newsroom or "The newsroom")
    page, itself = (edition.addresses.of(file) for file in (PAGE, ATOM))
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=itself)
    SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    for item in changes(edition):
        _atom_entry(SubElement(feed, "entry"), item, edition)
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def _atom_entry(entry: Element, item: PageChange, edition: Edition) -> None:
    _add_text(entry, "id", item.id)
    _add_text(entry, "title", item.title)
    _add_text(entry, "published", edition.stamp(item.published))
    _add_text(entry, "updated", edition.stamp(item.updated))
    if item.by:
        _add_text(SubElement(entry, "author"), "name", item.by)
    SubElement(entry, "link", rel="alternate", type="text/html", href=item.url)
    SubElement(entry, "content", type="html").text = item.html


def _add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = clean(text)


def json_feed(edition: Edition) -> str:
    """The changes as a JSON Feed."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(edition.title),
        "home_page_url": edition.addresses.of(PAGE),
        "feed_url": edition.addresses.of(JSON_FEED),
        "description": clean(edition.basis_line),
        "authors": [{"name": clean(edition.newsroom)}],
        "language": "en",
        "items": [_json_item(each, edition) for each in changes(edition)],
    }
    return f"{json_text(feed)}\n"


def _json_item(item: PageChange, edition: Edition) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": edition.stamp(item.published),
        "date_modified": edition.stamp(item.updated),
    }
    if item.by:
        found["authors"] = [{"name": clean(item.by)}]
    return found
