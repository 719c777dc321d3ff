"""The units of precision, and `Date`, which has one."""

from __future__ import annotations

from typing import NamedTuple

from timeline.temporal.calendar import DAY, MINUTE, SECOND, civil_day, month_start
from timeline.temporal.errors import EdtfError


class Unit(NamedTuple):
    """A unit of precision: a number of calendar months, or else of microseconds."""

    precision: str
    months: int
    microseconds: int = 0

    @property
    def is_of_the_clock(self) -> bool:
        """Whether the unit is shorter than a day, and so unaffected by clock changes."""
        return not self.months and self.microseconds < DAY

    def before(self, wall: int) -> int:
        """The wall time one unit earlier; for months, the start of the month."""
        return _moved(wall, -self.months) if self.months else wall - self.microseconds

    def after(self, wall: int) -> int:
        """The wall time one unit later; for months, the start of the month."""
        return _moved(wall, self.months) if self.months else wall + self.microseconds


def _moved(wall: int, months: int) -> int:
    year, month, _ = civil_day(wall // DAY)
    return month_start(12 * year + month - 1 + months)


YEAR_UNIT = Unit("year", 12)
MONTH_UNIT = Unit("month", 1)
DAY_UNIT = Unit("day", 0, DAY)
MINUTE_UNIT = Unit("minute", 0, MINUTE)
SECOND_UNIT = Unit("second", 0, SECOND)

_SPANS_OF_YEARS = {1: "year", 10: "decade", 100: "century", 1000: "millennium"}

_CODES = "01 to 12; seasons 21 to 24; quarters 33 to 36"


def unit_of_years(years: int) -> Unit:
    """The unit of a power of ten of years; beyond a millennium it is called an era."""
    return Unit(_SPANS_OF_YEARS.get(years, "era"), 12 * years)


_SEASON, _QUARTER = Unit("season", 3), Unit("quarter", 3)
_QUADRIMESTER, _SEMESTER = Unit("quadrimester", 4), Unit("semester", 6)

_DIVISIONS_OF_YEARS: dict[int, tuple[Unit, int]] = {
    **dict(zip(range(21, 25), ((_SEASON, month) for month in (3, 6, 9, 12)), strict=True)),
    **dict(zip(range(25, 29), ((_SEASON, month) for month in (3, 6, 9, 12)), strict=True)),
    **dict(zip(range(29, 33), ((_SEASON, month) for month in (9, 12, 3, 6)), strict=True)),
    **dict(zip(range(33, 37), ((_QUARTER, month) for month in (1, 4, 7, 10)), strict=True)),
    **dict(zip(range(37, 40), ((_QUADRIMESTER, month) for month in (1, 5, 9)), strict=True)),
    **dict(zip(range(40, 42), ((_SEMESTER, month) for month in (1, 7)), strict=True)),
}


def division_of_year(code: int) -> tuple[Unit, int]:
    """A season, quarter, quadrimester or semester by its EDTF code, and the month it begins in.

    Seasons run from spring to winter: 21 to 24 without a hemisphere, read as northern; 25 to 28
    northern; 29 to 32 southern. They are meteorological seasons, in whole months. A season that
    runs into the next year belongs to the year in which it begins.

    Raises:
        EdtfError: the code is unknown.
    """
    if code not in _DIVISIONS_OF_YEARS:
        raise EdtfError(f"there is no month or season {code:02}", _CODES)
    return _DIVISIONS_OF_YEARS[code]


class Date(NamedTuple):
    """One date in wall time. With unspecified digits, it is one of several *instances*."""

    first: int
    """The wall time at which the first instance begins."""
    last: int
    """The wall time at which the last instance begins."""
    end: int
    """The wall time at which the last instance ends."""
    unit: Unit
    """The unit of precision; if it counts months, `first` and `end` begin a month."""
    level: int = 0
    """The least level of EDTF at which the date is valid."""
    level_in_period: int = 0
    """The least level of EDTF at which a period from or to the date is valid."""
    qualified: bool = False
    """Whether any part of it is uncertain or approximate."""
    offset: int | None = None
    """Microseconds ahead of UTC, if the text has an offset."""
    joins: bool = True
    """Whether the date may be part of a period or set."""


def months_from(month_number: int, unit: Unit) -> Date:
    """The date that fills one unit from the start of a month."""
    start = month_start(month_number)
    return Date(start, start, month_start(month_number + unit.months), unit)
