"""Whole EDTF expressions: a date, a period from one to another, or a set of dates."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from timeline.temporal.dates import parse_date
from timeline.temporal.errors import EdtfError, quoted
from timeline.temporal.units import Date

LONGEST = 500
"""How many characters an expression may have."""

Side: TypeAlias = Literal["known", "open", "unknown"]


class Period(NamedTuple):
    """From one date to another, `a/b`; a side that is not known has no date."""

    begin: Date | None
    end: Date | None
    begin_is: Side
    end_is: Side
    level: int


class Range(NamedTuple):
    """A member of a set: from one date to another, or open; a single date is both its sides."""

    begin: Date | None
    end: Date | None


class DateSet(NamedTuple):
    """One of several dates, `[a,b..c]`, or all of them, `{a,b..c}`."""

    kind: Literal["one-of", "all-of"]
    members: tuple[Range, ...]


Expression: TypeAlias = Date | Period | DateSet


def parse(text: str) -> Expression:
    """Read an expression at any level of EDTF.

    Raises:
        EdtfError: it is not one.
    """
    if len(text) > LONGEST:
        raise EdtfError(
            f"an expression of {len(text)} characters is too long", f"at most {LONGEST}"
        )
    if text[:1] in ("[", "{"):
        return _parse_set(text)
    if "/" in text:
        return _parse_period(text)
    return parse_date(text)


def _parse_period(text: str) -> Period:
    sides = text.split("/")
    if len(sides) != 2:
        raise EdtfError(f"{quoted(text)} has more than one slash", "from/to")
    begin, begin_is = _parse_side(sides[0])
    end, end_is = _parse_side(sides[1])
    if begin and end:
        _check_order(begin, end, text)
    level = max(1 if date is None else date.level_in_period for date in (begin, end))
    return Period(begin, end, begin_is, end_is, level)


def _parse_side(text: str) -> tuple[Date | None, Side]:
    if text == "":
        return None, "unknown"
    if text == "..":
        return None, "open"
    return _parse_part(text), "known"


def _parse_part(text: str) -> Date:
    date = parse_date(text)
    if not date.joins:
        raise EdtfError(
            f"{quoted(text)} stands alone: it cannot be part of a period or set",
            "years of four digits, such as 1900",
        )
    return date


def _check_order(begin: Date, end: Date, text: str) -> None:
    """Refuse what ends before it begins, by the first moments of both, masks read kindly.

    Where both have an offset, those moments are instants; else both are wall times.
    """
    begins, ends = begin.first, end.last
    if begin.offset is not None and end.offset is not None:
        begins, ends = begins - begin.offset, ends - end.offset
    if ends < begins:
        raise EdtfError(f"{quoted(text)} ends before it begins", "earlier/later")


def _parse_set(text: str) -> DateSet:
    kind: Literal["one-of", "all-of"] = "one-of" if text[0] == "[" else "all-of"
    closing = "]" if text[0] == "[" else "}"
    if text[-1] != closing:
        raise EdtfError(f"{quoted(text)} is a set without an end", f"{closing} at the end")
    commas = re.findall(r" *, *", text)
    if 0 < commas.count(",") < len(commas):
        raise EdtfError(f"{quoted(text)} has a space at some commas only", "none at any comma")
    parts = re.split(r" *, *", text[1:-1])
    return DateSet(kind, tuple(_parse_member(part, parts) for part in parts))


def _parse_member(part: str, parts: list[str]) -> Range:
    if ".." not in part:
        date = _parse_part(part)
        return Range(date, date)
    begin_text, end_text = part.split("..", 1)
    begin = _parse_part(begin_text) if begin_text else None
    end = _parse_part(end_text) if end_text else None
    if begin and end:
        _check_order(begin, end, part)
    elif not (begin or end):
        raise EdtfError("a set without any date says nothing", "[..2026-03] or [2026-03..]")
    elif (begin is None and part is not parts[0]) or (end is None and part is not parts[-1]):
        raise EdtfError("a set is open only at its two ends", "[..1900,1950] or [1900,1950..]")
    return Range(begin, end)
