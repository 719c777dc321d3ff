"""What has changed on a page, for those who follow it: what is new, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from timeline.publishing.addresses import CORRECTIONS, anchor
from timeline.publishing.corrections import Correction
from timeline.publishing.edition import Edition
from timeline.publishing.entries import Entry, Source
from timeline.render.markdown import prose
from timeline.render.text import clean

# A feed tells what is new: the changes before these are on the page.
MOST = 200


class Item(NamedTuple):
    """One change. `html` can do nothing; times are in microseconds since 1970, UTC.

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


def changes(edition: Edition) -> list[Item]:
    """The changes, the newest first: at most 200."""
    found = [*_events(edition), *_corrections(edition)]
    return sorted(found, key=lambda item: (item.updated, item.position), reverse=True)[:MOST]


def _events(edition: Edition) -> Iterator[Item]:
    for entry in edition.entries:
        record = entry.event.record
        yield Item(
            edition.id_of(f"event {record.id}"),
            record.position,
            clean(entry.headline),
            report_html(entry),
            edition.addresses.of_event(entry.position),
            record.recorded_by,
            record.recorded_at,
            entry.updated,
        )


def _corrections(edition: Edition) -> Iterator[Item]:
    for each in edition.corrections.log:
        record = each.record
        yield Item(
            edition.id_of(f"correction {record.id}"),
            record.position,
            clean(f"{each.title}: {each.cases[0].said.headline}"),
            correction_html(each),
            f"{edition.addresses.of(CORRECTIONS)}#{anchor(record.position)}",
            record.recorded_by,
            record.recorded_at,
            record.recorded_at,
        )


def report_html(entry: Entry) -> str:
    """An event in a few paragraphs: when, how sure, the text, the sources."""
    parts = [_paragraph("; ".join(filter(None, [entry.when or "No date is known", _doubt(entry)])))]
    if entry.body:
        parts.append(prose(entry.body))
    if entry.sources:
        sources = Markup("").join(map(_source, entry.sources))
        parts.append(Markup("<ul>{}</ul>").format(sources))
    return str(Markup("\n").join(parts))


def _doubt(entry: Entry) -> str:
    if entry.decided_against:
        return "decided against"
    return entry.doubt or (entry.standing if entry.standing != "reported" else "")


def correction_html(correction: Correction) -> str:
    """A correction in a few paragraphs: what the page said, what it says now, and why."""
    parts: list[Markup] = []
    for case in correction.cases:
        parts.append(_paragraph(f"Our page said: {case.said}"))
        parts.append(_paragraph(f"It says now: {case.now or 'nothing of it'}"))
        parts.append(_paragraph(" ".join(case.wrong)))
    if correction.reason:
        parts.append(_paragraph(f"Reason: {correction.reason}"))
    if correction.severity:
        parts.append(_paragraph(f"Severity: {correction.severity}"))
    return str(Markup("\n").join(parts))


def _source(source: Source) -> Markup:
    name = Markup("{}").format(clean(source.name))
    if source.url:
        name = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(source.url, name)
    about = Markup(" ({})").format(clean(source.about)) if source.about else ""
    quote = Markup("<blockquote>{}</blockquote>").format(clean(source.quote or ""))
    return Markup("<li>{}{}{}</li>").format(name, about, quote if source.quote else "")


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(clean(text))
