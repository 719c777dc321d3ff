"""An EDTF expression read in a zone: its bounds, strict and widened by its qualifiers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from timeline.temporal.calendar import month_length
from timeline.temporal.errors import EdtfError, quoted
from timeline.temporal.units import DAY_UNIT, MINUTE_UNIT, MONTH_UNIT, SECOND_UNIT, Date
from timeline.temporal.zones import end_instant, first_instant, zone_named

if TYPE_CHECKING:
    from timeline.temporal.edtf import DateSet, Period, Side

Qualifier = Literal["uncertain", "approximate"]


class Bounds(NamedTuple):
    """From `earliest` up to but excluding `latest`; None if a side is open or unknown."""

    earliest: int | None
    latest: int | None


_ANY_TIME = Bounds(None, None)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_FARTHEST_EAST = "14:00"


class ParsedDate(NamedTuple):
    """An EDTF expression, read in a zone."""

    edtf: str
    """The expression as it was written."""
    zone: str
    """The IANA zone in which times without an offset are read."""
    level: int
    """The least level of EDTF at which the expression is valid: 0, 1 or 2."""
    precision: str
    """A unit from `subsecond` to `era` (more than a millennium), or `period` or `set`."""
    qualifiers: tuple[Qualifier, ...]
    """`approximate` and `uncertain`, each if any part of the expression is."""
    strict: Bounds
    """The bounds of the expression without its qualifiers."""
    bounds: Bounds
    """The bounds; a qualified date is wider by one unit of its own precision on each side."""
    kind: Literal["date", "period", "one-of", "all-of"]
    begin: Bounds | None = None
    """Of a period: the bounds within which it begins, if that is known."""
    end: Bounds | None = None
    """Of a period: the bounds within which it ends, if that is known."""
    begin_is: Side | None = None
    """Of a period: whether its beginning is known, open (`..`) or unknown (empty)."""
    end_is: Side | None = None
    """Of a period: whether its end is known, open (`..`) or unknown (empty)."""


@lru_cache(maxsize=16_384)
def read(edtf: str, zone: str = "UTC") -> ParsedDate:
    """Read an EDTF expression; times without an offset are in the zone.

    Raises:
        EdtfError: the text is not an expression, or names a date that does not exist.
        ZoneError: there is no such zone.
    """
    if zone == "UTC" and (plain := _read_plain(edtf)):
        return plain
    # Most questions read only plain dates, and start faster without the parser.
    from timeline.temporal.edtf import Period, parse

    expression = parse(edtf)
    if zone != "UTC":
        zone_named(zone)
    if isinstance(expression, Date):
        strict, bounds = _bounds(expression, zone)
        precision = expression.unit.precision
        qualifiers = _qualifiers(edtf) if expression.qualified else ()
        return ParsedDate(
            edtf, zone, expression.level, precision, qualifiers, strict, bounds, "date"
        )
    if isinstance(expression, Period):
        return _read_period(edtf, zone, expression)
    return _read_set(edtf, zone, expression)


def _read_plain(edtf: str) -> ParsedDate | None:
    """A date parsed in C, if it has one of the forms of most dates in a log.

    They are a day, a month, a second with `Z`, and a minute with an offset to the east.
    """
    try:
        if len(edtf) == 10 and edtf[4] + edtf[7] == "--":
            unit, first = DAY_UNIT, _first_of(date.fromisoformat(edtf))
            end = first + unit.microseconds
        elif len(edtf) == 7 and edtf[4] == "-" and edtf[5] in "01":
            day = date.fromisoformat(edtf + "-01")
            unit, first = MONTH_UNIT, _first_of(day)
            end = first + month_length(day.year, day.month) * DAY_UNIT.microseconds
        elif (len(edtf) == 20 and edtf[4::3][:5] == "--T::") or (
            len(edtf) == 22 and edtf[4::3] == "--T:+:" and edtf[17:] <= _FARTHEST_EAST
        ):
            unit = SECOND_UNIT if len(edtf) == 20 else MINUTE_UNIT
            first = (datetime.fromisoformat(edtf) - _EPOCH) // _MICROSECOND
            end = first + unit.microseconds
        else:
            return None
    except (ValueError, TypeError):
        return None
    bounds = Bounds(first, end)
    return ParsedDate(edtf, "UTC", 0, unit.precision, (), bounds, bounds, "date")


def _first_of(day: date) -> int:
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_UNIT.microseconds


def _read_period(edtf: str, zone: str, period: Period) -> ParsedDate:
    strict_begin, begin = _bounds(period.begin, zone)
    strict_end, end = _bounds(period.end, zone)
    return ParsedDate(
        edtf,
        zone,
        period.level,
        "period",
        _qualifiers(edtf),
        _spanned(strict_begin, strict_end, edtf, zone),
        Bounds(begin.earliest, end.latest),
        "period",
        begin if period.begin else None,
        end if period.end else None,
        period.begin_is,
        period.end_is,
    )


def _read_set(edtf: str, zone: str, dates: DateSet) -> ParsedDate:
    strict: list[Bounds] = []
    widened: list[Bounds] = []
    for member in dates.members:
        strict_begin, begin = _bounds(member.begin, zone)
        strict_end, end = _bounds(member.end, zone)
        strict.append(_spanned(strict_begin, strict_end, edtf, zone))
        widened.append(Bounds(begin.earliest, end.latest))
    return ParsedDate(
        edtf, zone, 2, "set", _qualifiers(edtf), _hull(strict), _hull(widened), dates.kind
    )


def _bounds(date: Date | None, zone: str) -> tuple[Bounds, Bounds]:
    """The bounds of a date, strict and widened; open if there is no date."""
    if date is None:
        return _ANY_TIME, _ANY_TIME
    first, end = _instants(date.first, date.end, date.offset, zone)
    strict = Bounds(first, end)
    if not date.qualified:
        return strict, strict
    unit = date.unit
    if unit.is_of_the_clock:
        return strict, Bounds(first - unit.microseconds, end + unit.microseconds)
    wall = unit.before(date.first), unit.after(date.end)
    return strict, Bounds(*_instants(*wall, date.offset, zone))


def _instants(first: int, end: int, offset: int | None, zone: str) -> tuple[int, int]:
    """A stretch of wall time as one of instants."""
    if offset is not None:
        return first - offset, end - offset
    return first_instant(first, zone), end_instant(end, zone)


def _spanned(begin: Bounds, end: Bounds, edtf: str, zone: str) -> Bounds:
    """From one side to the other; an offset on only one side may reverse them."""
    span = Bounds(begin.earliest, end.latest)
    if span.earliest is not None and span.latest is not None and span.earliest >= span.latest:
        raise EdtfError(
            f"{quoted(edtf)} ends before it begins in {zone}", "write an offset on both sides"
        )
    return span


def _hull(members: list[Bounds]) -> Bounds:
    """The least bounds that hold all members."""
    earliest = [member.earliest for member in members if member.earliest is not None]
    latest = [member.latest for member in members if member.latest is not None]
    return Bounds(
        min(earliest) if len(earliest) == len(members) else None,
        max(latest) if len(latest) == len(members) else None,
    )


def _qualifiers(edtf: str) -> tuple[Qualifier, ...]:
    both = "%" in edtf
    found: list[Qualifier] = []
    if both or "~" in edtf:
        found.append("approximate")
    if both or "?" in edtf:
        found.append("uncertain")
    return tuple(found)
