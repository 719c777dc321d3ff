"""The proleptic Gregorian calendar, for years of any size.

`datetime` covers only the years 1 to 9999. Year 0 is 1 BCE, year -1 is
2 BCE (ISO 8601-1:2019, 4.2.1). Days are counted from 1970-01-01; a *month number* counts months
from January of year 0. The arithmetic is that of Howard Hinnant, "chrono-compatible low-level
date algorithms": if a year begins in March, its leap day is its last day.
"""

from __future__ import annotations

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
CYCLE_YEARS = 400
CYCLE_DAYS = 146_097
"""The calendar, with its days of the week, repeats every 400 years."""

_MONTH_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """How many days the month has; months run from 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month]


def day_number(year: int, month: int, day: int) -> int:
    """The day, counted from 1970-01-01; the inverse of `civil_day`."""
    if month <= 2:
        year -= 1
        month += 12
    leap_days = year // 4 - year // 100 + year // 400
    return 365 * year + leap_days + (153 * month - 457) // 5 + day - 719_469


def civil_day(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day counted from 1970-01-01; the inverse of `day_number`."""
    cycle, day = divmod(number + 719_468, CYCLE_DAYS)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    year += CYCLE_YEARS * cycle
    return (year, month + 3, day + 1) if month < 10 else (year + 1, month - 9, day + 1)


def month_start(month_number: int) -> int:
    """The first microsecond of a month, in microseconds since 1970-01-01T00:00 by the same clock.

    A month number is `12 * year + month - 1`.
    """
    year, month = divmod(month_number, 12)
    return day_number(year, month + 1, 1) * DAY
