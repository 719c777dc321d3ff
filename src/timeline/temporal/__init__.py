"""Time as sources tell it: EDTF in, exact bounds out, and the only clock.

An *instant* is an `int`: microseconds since 1970-01-01T00:00:00Z, on the proleptic Gregorian
calendar, of any size and either sign. A date is never an instant but a stretch of them, and often
a vague one; `read` gives the `Bounds` within which it lies::

    >>> reading = read("1984~")
    >>> [format_instant(side) for side in reading.bounds]
    ['1983-01-01T00:00:00.000000Z', '1986-01-01T00:00:00.000000Z']

From the ground up: `civil` counts days, `instant` writes instants as RFC 3339, `zones` knows
clocks that are put forward and back, `dates` reads one date, `edtf` reads whole expressions,
`reading` turns them into bounds, `hints` guesses what was meant, `durations` reads lengths of time.
"""

from __future__ import annotations

from timeline.temporal.clock import now
from timeline.temporal.durations import read_duration
from timeline.temporal.errors import DurationError, EdtfError, InstantError, TimeError, ZoneError
from timeline.temporal.instant import format_instant, parse_instant
from timeline.temporal.reading import Bounds, ParsedDate, read, reading_json
from timeline.temporal.zones import local_text

__all__ = [
    "Bounds",
    "DurationError",
    "EdtfError",
    "InstantError",
    "ParsedDate",
    "TimeError",
    "ZoneError",
    "format_instant",
    "local_text",
    "now",
    "parse_instant",
    "read",
    "read_duration",
    "reading_json",
]
