"""Durations, as ISO 8601 writes them: `PT48H`, `P2D`, `P1W`, `PT1M30.5S`."""

from __future__ import annotations

import re

from timeline.temporal import calendar
from timeline.temporal.errors import DurationError, quoted

_LONGEST_TEXT = 100
_EXAMPLES = "such as PT48H, P2D, P1W or PT1H30M"
_DURATION = re.compile(
    r"P(?=[0-9T])(?:([0-9]+)W)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]+))?S)?)?"
)
_UNITS = (7 * calendar.DAY, calendar.DAY, 60 * calendar.MINUTE, calendar.MINUTE, calendar.SECOND)
# Years, or months: an M without a T before it.
_CALENDAR = re.compile(r"P[^T]*[0-9][YM].*")

# A length of time as people type it: 48h, 2 days.
_TYPED = re.compile(r"([0-9]+) ?(weeks?|days?|hours?|minutes?|min|seconds?|[wdhs])")

# The range of a store's 64-bit instants: about 292,000 years.
_LONGEST = 2**63 - 1


def read_duration(text: str) -> int:
    """The microseconds of a duration of weeks, days, hours, minutes and seconds.

    A day has 24 hours, a week seven days. Seconds may have a fraction, truncated to
    microseconds.

    Raises:
        DurationError: the text is not a duration, or it is zero, negative or too long, or has
            years or months, which differ in length.
    """
    match = _DURATION.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if match is None:
        raise _refusal(text)
    *numbers, fraction = match.groups(default="0")
    length = sum(int(number) * unit for number, unit in zip(numbers, _UNITS, strict=True))
    length += int(fraction[:6].ljust(6, "0"))
    if length == 0:
        raise DurationError(f"{quoted(text)} is zero", _EXAMPLES)
    if length > _LONGEST:
        raise DurationError(f"{quoted(text)} is too long", "at most P106751991D")
    return length


def _refusal(text: str) -> DurationError:
    """Why a text is not a duration, and what to write instead."""
    if _CALENDAR.fullmatch(text):
        message = f"{quoted(text)} has years or months, which differ in length"
        return DurationError(message, "write days, such as P30D or P365D")
    if text.startswith(("-P", "+P")):
        return DurationError(f"{quoted(text)} has a sign", "a duration has none: PT48H")
    upper = text[:_LONGEST_TEXT].strip().upper()
    hint = f"write {upper}" if upper != text and _DURATION.fullmatch(upper) else _EXAMPLES
    return DurationError(f"{quoted(text)} is not a duration (ISO 8601)", hint)


def read_length(typed: str) -> str:
    """The ISO 8601 form of a typed length of time: `48h`, `2 days`. Other text is unchanged."""
    found = _TYPED.fullmatch(typed.strip().casefold())
    if found is None:
        return typed
    number, unit = found[1], found[2][0].upper()
    return f"P{number}{unit}" if unit in "WD" else f"PT{number}{unit}"
