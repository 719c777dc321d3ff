"""Parses one date of EDTF: a year, month, day, season, decade, century, or a time of day.

A text becomes a `Date`: its beginning and end in wall time (see `zones`), whatever the zone.
EDTF is the extended date-time format of ISO 8601-2:2019 as profiled by the Library of Congress
(https://www.loc.gov/standards/datetime/). Times without seconds and qualified times are ours.
"""

from __future__ import annotations

import re

from timeline.temporal.calendar import DAY, MINUTE, SECOND, day_number, month_length
from timeline.temporal.errors import EdtfError, quoted
from timeline.temporal.units import (
    DAY_UNIT,
    MINUTE_UNIT,
    MONTH_UNIT,
    SECOND_UNIT,
    YEAR_UNIT,
    Date,
    Unit,
    division_of_year,
    months_from,
    unit_of_years,
)
from timeline.temporal.unspecified_digits import masked_date

QUALIFIERS = frozenset("?~%")
_DATE = re.compile(
    r"[?~%]?(-?)([0-9X]{4})[?~%]?(?:-[?~%]?([0-9X]{2})[?~%]?(?:-[?~%]?([0-9X]{2})[?~%]?)?)?"
)
_TIMED = re.compile(
    r"(-?)([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(?:(Z)|([+-][0-9]{2})(?::?([0-9]{2}))?)?[?~%]?"
)
_LONG_YEAR = r"(?:Y|(?=-?[0-9]{4}S))(-?)([0-9]+)(?:E([0-9]+))?(?:S([1-9][0-9]*))?[?~%]?"
_SHORT_YEAR = r"(-?)([0-9]{2,3})[?~%]?"
_MASKED_AT_LEVEL_1 = r"-?(?:[0-9]{4}(?:-[0-9]{2})?(?:-XX)+|[0-9]{2}[0-9X]X|XXXX(?:-XX)*)"
_MOST_DIGITS_OF_A_YEAR = 15


def parse_date(text: str) -> Date:
    """Read one date.

    Raises:
        EdtfError: it is not a date, or there is no such day or time.
    """
    if match := _DATE.fullmatch(text):
        return _calendar_date(text, *match.groups())
    if match := _TIMED.fullmatch(text):
        return _time_of_day(text, *match.groups())
    if match := re.fullmatch(_LONG_YEAR, text):
        return _long_year(text, *match.groups())
    if match := re.fullmatch(_SHORT_YEAR, text):
        return _century_or_decade(text, *match.groups())
    raise EdtfError(f"{quoted(text)} is not an EDTF date" if text else "a date is missing")


def _calendar_date(text: str, sign: str, year: str, month: str | None, day: str | None) -> Date:
    qualified = not QUALIFIERS.isdisjoint(text)
    if sign:
        _refuse_minus_zero(year)
    if "X" in text:
        level = 1 if re.fullmatch(_MASKED_AT_LEVEL_1, text) else 2
        return masked_date(sign, year, month, day)._replace(
            level=level, level_in_period=2, qualified=qualified
        )
    number = int(sign + year)
    if month is None:
        date = months_from(12 * number, YEAR_UNIT)
    elif day is None and int(month) > 20:
        unit, start = division_of_year(int(month))
        date = months_from(12 * number + start - 1, unit)
        level = 1 if int(month) < 25 else 2
        date = date._replace(level=2 if qualified else level, level_in_period=level)
    elif day is None:
        _check_month(int(month), text)
        date = months_from(12 * number + int(month) - 1, MONTH_UNIT)
    else:
        start_of_day = DAY * _real_day(number, int(month), int(day), text)
        date = Date(start_of_day, start_of_day, start_of_day + DAY, DAY_UNIT)
    if not (sign or qualified):
        return date
    level = 1 if QUALIFIERS.isdisjoint(text[:-1]) else 2
    return date._replace(
        level=max(level, date.level),
        level_in_period=max(level, date.level_in_period),
        qualified=qualified,
    )


def _time_of_day(
    text: str,
    sign: str,
    year: str,
    month: str,
    day: str,
    hour: str,
    minute: str,
    second: str | None,
    fraction: str | None,
    zulu: str | None,
    offset_hours: str | None,
    offset_minutes: str | None,
) -> Date:
    if sign:
        _refuse_minus_zero(year)
    midnight = DAY * _real_day(int(sign + year), int(month), int(day), text)
    start = midnight + _since_midnight(int(hour), int(minute), int(second or 0), fraction, text)
    unit = MINUTE_UNIT if second is None else SECOND_UNIT
    if fraction is not None:
        unit = Unit("subsecond", 0, max(1, SECOND // 10 ** len(fraction)))
    qualified = text[-1] in QUALIFIERS
    level = 1 if sign or qualified else 0
    offset = 0 if zulu else None
    if offset_hours is not None:
        offset = _offset(offset_hours, offset_minutes or "00")
    end = start + unit.microseconds
    return Date(start, start, end, unit, level, level, qualified, offset)


def _since_midnight(hour: int, minute: int, second: int, fraction: str | None, text: str) -> int:
    microseconds = ((hour * 60 + minute) * 60 + second) * SECOND
    if fraction is not None:
        microseconds += int(fraction[:6].ljust(6, "0"))
    if hour < 24 and minute < 60 and second < 60:
        return microseconds
    if hour == 24 and microseconds == DAY and not (fraction or "").strip("0"):
        return DAY
    if second == 60:
        raise EdtfError(
            f"{quoted(text)} is a leap second, which instants do not count",
            "second 59, or 00 of the next minute",
        )
    raise EdtfError(f"there is no such time of day: {quoted(text)}", "00:00:00 to 24:00:00")


def _offset(hours: str, minutes: str) -> int:
    east = hours[0] == "+"
    size = 60 * int(hours[1:]) + int(minutes)
    if int(minutes) > 59 or size > (14 if east else 12) * 60:
        raise EdtfError(f"there is no offset {hours}:{minutes}", "-12:00 to +14:00")
    if not (east or size):
        raise EdtfError(
            "an offset of -00:00 says that the offset is unknown", "Z or +00:00 for UTC"
        )
    return (size if east else -size) * MINUTE


def _long_year(
    text: str, sign: str, digits: str, exponent: str | None, significant: str | None
) -> Date:
    plain = text[0] != "Y"
    if len(digits) + int(exponent or 0) > _MOST_DIGITS_OF_A_YEAR:
        raise EdtfError(f"the year {quoted(text)} is out of range", "years within ±10^15")
    magnitude = int(digits) * 10 ** int(exponent or 0)
    if plain and sign:
        _refuse_minus_zero(digits)
    if not plain and (magnitude < 10_000 or digits[0] == "0"):
        raise EdtfError(
            f"{quoted(text)} has Y, but not a year of more than four digits", "1984 or Y12345"
        )
    block = 10 ** max(0, len(str(magnitude)) - int(significant or len(str(magnitude))))
    least = magnitude - magnitude % block
    first_year = -(least + block - 1) if sign else least
    date = months_from(12 * first_year, unit_of_years(block))
    qualified = text[-1] in QUALIFIERS
    level = 2 if significant or exponent or qualified else 1
    return date._replace(level=level, qualified=qualified, joins=False)


def _century_or_decade(text: str, sign: str, digits: str) -> Date:
    """ISO 8601-1:2019, 3.1.1: a century begins with a year divisible by a hundred, before 0 too."""
    if sign:
        _refuse_minus_zero(digits)
    unit = unit_of_years(100 if len(digits) == 2 else 10)
    qualified = text[-1] in QUALIFIERS
    level = 0 if len(digits) == 2 and not qualified else 2
    date = months_from(int(sign + digits) * unit.months, unit)
    return date._replace(level=level, qualified=qualified, joins=False)


def _refuse_minus_zero(digits: str) -> None:
    if not digits.strip("0"):
        raise EdtfError(f"there is no -{digits}", f"{digits}; year 0000 is 1 BCE, -0001 is 2 BCE")


def _check_month(month: int, text: str) -> None:
    if not 1 <= month <= 12:
        raise EdtfError(f"there is no month {month:02} in {quoted(text)}", "01 to 12")


def _real_day(year: int, month: int, day: int, text: str) -> int:
    _check_month(month, text)
    last = month_length(year, month)
    if not 1 <= day <= last:
        raise EdtfError(f"there is no day {day:02} in the month of {quoted(text)}", f"01 to {last}")
    return day_number(year, month, day)
