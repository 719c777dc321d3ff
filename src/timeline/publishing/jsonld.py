"""The page as schema.org JSON-LD 1.1, for search engines and archives."""

from __future__ import annotations

from typing import Any

from timeline.publishing.addresses import CORRECTIONS, PAGE, anchor
from timeline.publishing.corrections import Correction
from timeline.publishing.edition import Edition
from timeline.publishing.entries import PageEntry, PageSource
from timeline.render.json_output import json_text
from timeline.render.text import clean

Linked = dict[str, Any]


def json_ld(edition: Edition) -> Linked:
    """An article about a list of events, with its corrections.

    An event has a `startDate` only if its date is exact; any other date is put in words in its
    `description`, since schema.org has no property for it.
    """
    entries = list(edition.entries)
    return {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": edition.id_of("page"),
        "url": edition.addresses.of(PAGE),
        "headline": clean(edition.title),
        "description": clean(edition.basis_line),
        "inLanguage": "en",
        "dateModified": edition.stamp(edition.updated),
        "version": edition.answer["digest"],
        "publisher": {"@type": "Organization", "name": clean(edition.newsroom)},
        "mainEntity": {
            "@type": "ItemList",
            "itemListOrder": "https://schema.org/ItemListOrderAscending",
            "numberOfItems": len(entries),
            "itemListElement": [
                {"@type": "ListItem", "position": number, "item": _event(entry, edition)}
                for number, entry in enumerate(entries, 1)
            ],
        },
        "correction": [_correction(each, edition) for each in edition.corrections.log],
    }


def script_text(linked: Linked) -> str:
    """JSON for a script element, escaped so that no text can end the element."""
    text = json_text(linked)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _event(entry: PageEntry, edition: Edition) -> Linked:
    doubts = ["decided against" if entry.decided_against else entry.doubt]
    text = "; ".join(filter(None, [entry.when or "no date is known", *doubts, entry.sourced]))
    found: Linked = {
        "@type": "Event",
        "@id": edition.id_of(f"event {entry.event.id}"),
        "url": edition.addresses.of_event(entry.position),
        "name": clean(entry.headline),
        "description": clean(text),
    }
    if entry.date:
        found["startDate"] = entry.date
    if entry.sources:
        found["subjectOf"] = [_work(each) for each in entry.sources]
    return found


def _work(source: PageSource) -> Linked:
    found: Linked = {"@type": "CreativeWork", "name": clean(source.name)}
    if source.url:
        found["url"] = source.url
    if source.quote:
        found["abstract"] = clean(source.quote)
    return found


def _correction(correction: Correction, edition: Edition) -> Linked:
    record = correction.record
    said = [" ".join([f"We said: {case.said}.", *case.wrong]) for case in correction.cases]
    why = [f"Reason: {correction.reason}"] if correction.reason else []
    found: Linked = {
        "@type": "CorrectionComment",
        "@id": edition.id_of(f"correction {record.id}"),
        "url": f"{edition.addresses.of(CORRECTIONS)}#{anchor(record.position)}",
        "text": clean(" ".join([*said, *why])),
        "datePublished": edition.stamp(record.recorded_at),
    }
    if record.recorded_by:
        found["author"] = {"@type": "Organization", "name": clean(record.recorded_by)}
    return found
