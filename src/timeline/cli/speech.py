"""Dates and times as an editor would say them."""

from __future__ import annotations

from timeline import temporal
from timeline.history import Happening
from timeline.temporal.speech import said_date as said_date
from timeline.temporal.speech import said_dated as said_dated
from timeline.temporal.speech import said_zone


def said_when(happening: Happening) -> str:
    """When a happening happened: its date and, where it is known, its order."""
    return said_dated(happening.content, happening.zone)


def local(instant: int, zone: str) -> str:
    """A time of recording, to the minute, in the newsroom's zone."""
    try:
        wall = temporal.local_text(instant, zone)
    except OverflowError:
        wall, zone = temporal.format_instant(instant), "UTC"
    return f"{wall[:16].replace('T', ' ')}{said_zone(zone)}"


def count(number: int, word: str) -> str:
    """1 source, 2 sources."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"
