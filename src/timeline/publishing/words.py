"""What a page says of a happening in a line."""

from __future__ import annotations

from typing import NamedTuple

from timeline.history import Happening
from timeline.names import Names
from timeline.projections.notices import printed_headline
from timeline.speech import said_date


class Line(NamedTuple):
    """The headline of a happening, and when it was, both in words; no date is no words."""

    headline: str
    when: str

    def __str__(self) -> str:
        return f"{self.headline} ({self.when})" if self.when else self.headline


def line_of(happening: Happening, names: Names) -> Line:
    """What a page says of a happening in a line."""
    return Line(printed_headline(happening, names), said_time(happening))


def said_time(happening: Happening) -> str:
    """The date of a happening in words; empty where it has none."""
    return said_date(happening.when) if happening.when else ""
