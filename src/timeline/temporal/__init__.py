"""Time as sources give it: EDTF in, exact bounds out, and the only clock.

An *instant* is an `int`: microseconds since 1970-01-01T00:00:00Z, on the proleptic Gregorian
calendar, of any size and either sign. A date is never an instant but a stretch of time, often a
vague one; `read` gives its `Bounds`::

    >>> reading = read("1984~")
    >>> [format_instant(side) for side in reading.bounds]
    ['1983-01-01T00:00:00.000000Z', '1986-01-01T00:00:00.000000Z']

From the bottom up: `calendar` counts days, `instant` is the clock and RFC 3339, `zones` knows
clock changes, `dates` parses one date, `edtf` whole expressions, `parsed_date` gives them bounds,
`durations` reads ISO 8601 durations, `wording` puts dates in words, and `natural_dates` reads words
as dates.
"""

from __future__ import annotations

from timeline.temporal.durations import read_duration, read_length
from timeline.temporal.errors import DurationError, EdtfError, InstantError, TimeError, ZoneError
from timeline.temporal.instant import format_instant, now, parse_instant
from timeline.temporal.parsed_date import Bounds, ParsedDate, read
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
    "read_length",
]
