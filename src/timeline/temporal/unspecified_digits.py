"""Dates with unspecified digits: `198X`, `2004-XX`, `15XX-12-25`, `1XXX-X2-3X`.

Such a date is one of its instances, the days (months, years) whose digits match. Its bounds run
from the first instance to the last; days that do not exist, such as 30 February, do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from timeline.temporal.calendar import DAY, day_number, month_length
from timeline.temporal.errors import EdtfError
from timeline.temporal.units import (
    DAY_UNIT,
    MONTH_UNIT,
    YEAR_UNIT,
    Date,
    Unit,
    division_of_year,
    months_from,
    unit_of_years,
)


def masked_date(sign: str, year: str, month: str | None, day: str | None) -> Date:
    """The date of these digits, of which at least one is `X`.

    Its precision is the finest unit with a specified digit, coarsened by unspecified digits at the
    end of a year.

    Raises:
        EdtfError: no day, month or year matches.
    """
    instance = YEAR_UNIT if month is None else MONTH_UNIT if day is None else DAY_UNIT
    if month is not None and day is None and month.isdecimal() and int(month) > 20:
        instance, start = division_of_year(int(month))
        month = f"{start:02}"
    first = _extreme(sign, year, month or "01", day or "01", latest=False)
    last = _extreme(sign, year, month or "01", day or "01", latest=True)
    begins, ends = _instance(first, instance), _instance(last, instance)
    if day not in (None, "XX"):
        unit = DAY_UNIT
    elif month not in (None, "XX"):
        unit = MONTH_UNIT if day else instance
    else:
        unit = unit_of_years(10 ** (4 - len(year.rstrip("X"))))
    return Date(begins.first, ends.first, ends.end, unit)


def _instance(day: tuple[int, int, int], unit: Unit) -> Date:
    year, month, _ = day
    if unit.months:
        return months_from(12 * year + month - 1, unit)
    start = DAY * day_number(*day)
    return Date(start, start, start + DAY, unit)


def _extreme(sign: str, year: str, month: str, day: str, *, latest: bool) -> tuple[int, int, int]:
    """The first or last day that matches."""
    months = [number for number in _fillings(month, latest) if 1 <= number <= 12]
    days = [number for number in _fillings(day, latest) if 1 <= number <= 31]
    if not months:
        raise EdtfError(f"no month fits {month}", "01 to 12")
    for magnitude in _fillings(year, latest != bool(sign)):
        number = -magnitude if sign else magnitude
        if sign and not magnitude:
            continue
        for month_of_year in months:
            for day_of_month in days:
                if day_of_month <= month_length(number, month_of_year):
                    return number, month_of_year, day_of_month
    raise EdtfError(f"no day fits {sign}{year}-{month}-{day}", "a day that the month has")


def _fillings(digits: str, descending: bool) -> Iterator[int]:
    """The numbers that match, in order."""
    every = "9876543210" if descending else "0123456789"
    for filling in product(*(every if digit == "X" else digit for digit in digits)):
        yield int("".join(filling))
