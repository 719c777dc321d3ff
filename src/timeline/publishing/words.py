"""What a page says of an event in a line."""

from __future__ import annotations

from typing import NamedTuple

from timeline.history.entity_resolution import Resolver
from timeline.history.history import Event
from timeline.projections.correction_notices import printed_headline
from timeline.render.wording import said_date


class Line(NamedTuple):
    """The headline of an event, and when it was, both in words; no date is no words."""

    headline: str
    when: str

    def __str__(self) -> str:
        return f"{self.headline} ({self.when})" if self.when else self.headline


def line_of(event: Event, names: Resolver) -> Line:
    """What a page says of an event in a line."""
    return Line(printed_headline(event, names), said_time(event))


def said_time(event: Event) -> str:
    """The date of an event in words; empty where it has none."""
    return said_date(event.when) if event.when else ""
