"""What the page of an entity needs to draw its map."""

from __future__ import annotations

from typing import Any, NamedTuple

from timeline import temporal
from timeline.projections.answer import Answer, canonical
from timeline.web.pages.asking import link
from timeline.web.pages.grouping import HEADINGS, MEASURES, OTHERS


class Map(NamedTuple):
    """Where the map is asked for, the instant that the page asks about, and how it lists things.

    `at` is None where the date of the page has no upper bound.
    """

    address: str
    at: str | None
    zone: str
    headings: dict[str, Any]


def map_for(answer: Answer, zone: str) -> Map:
    """The map beside a snapshot."""
    latest = temporal.read(answer["as_of"], zone).bounds.latest
    headings = {
        "usual": [
            {"property": label, "side": side, "heading": heading}
            for (label, side), heading in HEADINGS.items()
        ],
        "otherwise": {"subject": MEASURES, "value": OTHERS},
        "order": [*HEADINGS.values(), MEASURES, OTHERS, "Comments", "Open questions"],
    }
    at = None if latest is None else temporal.format_instant(latest)
    return Map(link("api", "map", answer["entity"]), at, zone, headings)


def statement_key(entry: Answer) -> str:
    """By what a statement of the page is found on the map: RFC 8785 of its four parts."""
    parts = ("subject", "property", "value", "qualifiers")
    return canonical({part: entry[part] for part in parts}).decode()
