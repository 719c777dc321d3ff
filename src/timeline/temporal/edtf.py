"""Parses whole EDTF expressions: a date, a period from one to another, or a set of dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

from timeline.temporal.dates import parse_date
from timeline.temporal.errors import EdtfError, quoted
from timeline.temporal.units import Date

LONGEST = 500
"""The most characters an expression may have."""

_EXAMPLES = "such as 2026-03-03, 2026-03, 2026~, 2026-03-04T00:11+08:00 or 2026-03/2026-05"

Side: TypeAlias = Literal["known", "open", "unknown"]


class Period(NamedTuple):
    """From one date to another, `a/b`; a side that is open or unknown is None."""

    begin: Date | None
    end: Date | None
    begin_is: Side
    end_is: Side
    level: int


class Range(NamedTuple):
    """A member of a set: from one date to another, or open; both sides of a single date are it."""

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
        EdtfError: it is not one; the hint says what was probably meant.
    """
    try:
        return _parse(text)
    except EdtfError as error:
        if error.hint is not None:
            raise
        raise EdtfError(error.message, _hint_for(text)) from None


def _parse(text: str) -> Expression:
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
            f"{quoted(text)} cannot be part of a period or set",
            "years of four digits, such as 1900",
        )
    return date


def _check_order(begin: Date, end: Date, text: str) -> None:
    """Refuse a period that ends before it begins; unspecified digits are read in its favour.

    If both sides have an offset, they are compared as instants, else as wall times.
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
        raise EdtfError(f"{quoted(text)} is a set without an end", f"end it with {closing}")
    commas = re.findall(r" *, *", text)
    if 0 < commas.count(",") < len(commas):
        raise EdtfError(f"{quoted(text)} has a space at some commas only", "no spaces at commas")
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
        raise EdtfError("a set needs a date", "[..2026-03] or [2026-03..]")
    elif (begin is None and part is not parts[0]) or (end is None and part is not parts[-1]):
        raise EdtfError("a set may be open only at its two ends", "[..1900,1950] or [1900,1950..]")
    return Range(begin, end)


def _hint_for(text: str) -> str:
    """What to write instead: a similar expression that is valid, or examples."""
    for guess in _guesses(text[:100].strip()):
        try:
            _parse(guess)
        except EdtfError:
            continue
        return f"write {guess}"
    if any(character.isdigit() and not character.isascii() for character in text[:100]):
        return "digits are 0 to 9"
    return _EXAMPLES


def _guesses(text: str) -> Iterator[str]:
    yield text
    yield re.sub(r"\s*([-/:,.])\s*", r"\1", text)
    yield text.upper()
    if match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})?", text):
        yield "-".join(part for part in match.groups() if part)
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", text):
        yield "-".join(part.zfill(2) for part in match.groups() if part)
    if match := re.fullmatch(r"([0-9-]{10}) ([0-9:.]+) ?(Z|[+-][0-9:]+)?", text):
        day, time, offset = match.groups()
        yield f"{day}T{time}{offset or ''}"
    if match := re.fullmatch(r"(-?)([0-9]{5,})", text):
        yield f"Y{text}"
    for dash in ("\u2013", "\u2014", " to ", " - "):
        yield text.replace(dash, "/")
