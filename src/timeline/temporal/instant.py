"""Instants: the only clock, and instants as text (RFC 3339, with ISO 8601's expanded years)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from timeline.temporal import calendar
from timeline.temporal.errors import InstantError, quoted

_LONGEST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EXAMPLE = "2026-03-03T16:11:00Z"
_INSTANT = re.compile(
    r"([0-9]{4}|-(?!0000-)[0-9]{4}|[+-][1-9][0-9]{4,})-([0-9]{2})-([0-9]{2})[Tt]"
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def now() -> int:
    """The present instant, by the system's clock.

    Only the edges of the program call this, and pass the result down as an argument; nothing else
    in the package reads a clock.
    """
    return (datetime.now(UTC) - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=65_536)
def format_instant(instant: int) -> str:
    """The instant in UTC, always with six digits of fraction: `2026-03-03T16:11:00.000000Z`.

    Years outside 0000 to 9999 have a sign and at least four digits, like the expanded years of
    ISO 8601-1:2019, 4.3.2: `-0044-03-15T…`, `+10000-01-01T…`.
    """
    days, rest = divmod(instant, calendar.DAY)
    year, month, day = calendar.civil_day(days)
    seconds, fraction = divmod(rest, calendar.SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return (
        f"{sign}{abs(year):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z"
    )


def parse_instant(text: str) -> int:
    """The instant that an RFC 3339 date-time names, or one with an expanded year.

    The offset is required; a fraction finer than a microsecond is truncated. An offset of `-00:00`
    means UTC (RFC 3339, 4.3).

    Raises:
        InstantError: the text is not such a date-time, or the day or time does not exist. Leap
            seconds are refused, since instants do not count them.
    """
    if (
        len(text) == 27
        and text[4] + text[7] + text[10] + text[19] + text[26] == "--T.Z"
        and text.isascii()
    ):
        # The form that `format_instant` writes, which is nearly all there are, is parsed in C.
        with suppress(ValueError):
            return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    match = _INSTANT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise InstantError(
            f"{quoted(text)} is not a date and time with an offset (RFC 3339)",
            f"such as {_EXAMPLE}",
        )
    year_text, *numbers = match.group(1, 2, 3, 4, 5, 6)
    fraction, sign, offset_hours, offset_minutes = match.group(7, 8, 9, 10)
    year = int(year_text)
    month, day, hour, minute, second = map(int, numbers)
    if not 1 <= month <= 12:
        raise InstantError(f"there is no month {month:02} in {quoted(text)}", "01 to 12")
    if not 1 <= day <= calendar.month_length(year, month):
        last = calendar.month_length(year, month)
        raise InstantError(f"there is no day {day:02} in {year_text}-{month:02}", f"01 to {last}")
    if second == 60:
        raise InstantError(
            f"{quoted(text)} is a leap second, which instants do not count",
            "second 59, or 00 of the next minute",
        )
    if hour > 23 or minute > 59 or second > 59:
        raise InstantError(
            f"there is no such time of day in {quoted(text)}", "00:00:00 to 23:59:59"
        )
    seconds = calendar.day_number(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    if sign:
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            raise InstantError(f"there is no such offset in {quoted(text)}", "-23:59 to +23:59")
        offset = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds += offset if sign == "-" else -offset
    return seconds * calendar.SECOND + int((fraction or "")[:6].ljust(6, "0"))
