"""Dates and durations in words, as an editor would write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from timeline.temporal.instant import format_instant
from timeline.temporal.parsed_date import ParsedDate, read
from timeline.temporal.zones import local_text

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}

# Quarters and other parts of years, which have no simple words.
_PARTS_OF_YEARS = frozenset(str(code) for code in range(25, 42))

# Zones commonly named after another city than their identifier.
PLACES = {"Asia/Shanghai": "Beijing", "America/New_York": "New York"}

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<time>\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)?)?)?)?(?P<mark>[?~%]?)"
)
_WITHIN = re.compile(r"\[([0-9-]{4,10})?\.\.([0-9-]{4,10})?\]")
_SET = re.compile(r"(?P<open>[\[{])(?P<dates>[^.\[\]{}]+)[\]}]")
_DECADE = re.compile(r"\d{3}(?=X?$)")
_CENTURY = re.compile(r"\d\d(?=(XX)?$)")
_SOME = re.compile(r"(?P<known>\d{4}(?:-\d\d)?)(?:-XX)+")
_ABOUT = {"": "", "?": "probably ", "~": "about ", "%": "probably about "}


def said_date(reading: ParsedDate) -> str:
    """A date as it was written, in words if it has simple ones: 3 March 2026, Beijing time."""
    if within := _WITHIN.fullmatch(reading.edtf):
        return f"some time {_said_range(*within.groups())}{said_zone(reading.zone)}"
    found = _DATE.fullmatch(reading.edtf)
    if found is None or found["month"] in _PARTS_OF_YEARS:
        zone = said_zone(reading.zone)
        return _said_span(reading) or _said_unspecified(reading.edtf) or f"{reading.edtf}{zone}"
    if found["mark"]:
        return _said_qualified(reading, found)
    year, month, day = found["year"].lstrip("0") or "0", found["month"], found["day"]
    if month in SEASONS:
        words = f"{SEASONS[month]} {year}"
    else:
        parts = [str(int(day))] if day else []
        parts += [MONTHS[int(month) - 1]] if month else []
        words = " ".join([*parts, year])
    if found["time"]:
        words += f", {found['time']}"
    return f"{words}{_said_where(found, reading.zone)}"


def _said_where(found: re.Match[str], zone: str) -> str:
    """The offset or the zone of a date, to put after it; empty for months and years."""
    if offset := found["offset"]:
        return f" UTC{'' if offset == 'Z' else offset}"
    return said_zone(zone) if found["day"] else ""


def _said_qualified(reading: ParsedDate, found: re.Match[str]) -> str:
    """Such as "some time between 5 and 7 March 2026 (reported as about 6 March)".

    The words name what the bounds hold, since readers would take "about" for less or for more.
    """
    plain = read(reading.edtf[:-1], reading.zone)
    where = _said_where(found, reading.zone)
    reported = f"{_ABOUT[found['mark']]}{said_date(plain).removesuffix(where)}"
    earliest, latest = reading.bounds
    if found["time"] or earliest is None or latest is None:
        # A minute more or less on each side needs no words.
        return f"{reported}{where}"
    digits = {"year": 4, "day": 10}.get(reading.precision, 7)
    try:
        texts = [local_text(each, reading.zone)[:digits] for each in (earliest, latest - 1)]
    except OverflowError:
        return f"{reported}{where}"
    first, last = (said_day(text).split() for text in texts)
    year = last[-1]
    if digits > 4 and first[-1] == year:
        reported = reported.removesuffix(f" {year}")
        # What both end with is said once.
        while first[-1] == last[len(first) - 1]:
            first.pop()
    return (
        f"some time between {' '.join(first)} and {' '.join(last)} (reported as {reported}){where}"
    )


def said_end(edtf: str, zone: str) -> str:
    """What a date means as a point in time: "at the end of 2025"; a time of day means itself."""
    reading = read(edtf, zone)
    if reading.precision in ("minute", "second", "subsecond"):
        return f"as of {said_date(reading)}"
    found = _DATE.fullmatch(edtf)
    if found and not found["mark"] and found["month"] not in _PARTS_OF_YEARS:
        return f"at the end of {said_date(reading)}"
    if reading.bounds.latest is None:
        return "after all dates"
    try:
        last_day = local_text(reading.bounds.latest - 1, zone)[:10]
    except OverflowError:
        return f"at the end of {edtf}"
    digits = {"year": 4, "month": 7}.get(reading.precision, 10)
    return f"at the end of {said_date(read(last_day[:digits], zone))}"


def _said_span(reading: ParsedDate) -> str | None:
    """A period or a set of dates, if each of its dates has simple words."""
    chosen = _SET.fullmatch(reading.edtf)
    dates = chosen["dates"].split(",") if chosen else reading.edtf.split("/")
    simple = [each for each in dates if each not in ("", "..")]
    if len(dates) < 2 or not simple or not all(map(_DATE.fullmatch, simple)):
        return None
    zone = said_zone(reading.zone)
    said = {each: said_date(read(each, reading.zone)) for each in simple}
    zone = zone if any(each.endswith(zone) for each in said.values()) else ""
    words = {"": "an unknown time"} | {each: text.removesuffix(zone) for each, text in said.items()}
    if chosen:
        *most, last = (words[each] for each in dates)
        return f"{', '.join(most)} {'or' if chosen['open'] == '[' else 'and'} {last}{zone}"
    first, last = dates
    if first == "..":
        return f"up to {words[last]}{zone}"
    if last == "..":
        return f"from {words[first]} on{zone}"
    return f"from {words[first]} to {words[last]}{zone}"


def _said_unspecified(edtf: str) -> str | None:
    """A date of which only the first digits or the larger units are specified."""
    if found := _SOME.fullmatch(edtf):
        return f"some time in {said_day(found['known'])}"
    if found := _DECADE.match(edtf):
        return f"the {found[0]}0s"
    if found := _CENTURY.match(edtf):
        return f"some time from {found[0]}00 to {found[0]}99"
    return None


def said_dated(content: Mapping[str, Any], zone: str) -> str:
    """The date of an event, and its order relative to others: "3 March 2026, after x"."""
    parts = [said_date(read(content["when"], zone))] if content.get("when") else []
    for side in ("after", "before", "during"):
        for link in content.get(side) or ():
            within = f" (within {said_duration(link['within'])})" if "within" in link else ""
            parts.append(f"{side} {link['id']}{within}")
    return ", ".join(parts)


def _said_range(first: str | None, last: str | None) -> str:
    begin, end = (said_day(side) if side else None for side in (first, last))
    if begin is None:
        return f"up to {end}"
    return f"between {begin} and {end}" if end else f"from {begin} on"


def said_day(edtf: str) -> str:
    """A date without a zone: 3 March 2026."""
    return said_date(read(edtf)).removesuffix(", UTC")


def said_day_of(instant: int, zone: str) -> str:
    """The day of an instant in a zone; in UTC beyond the years of `datetime`."""
    try:
        day = local_text(instant, zone).partition("T")[0]
    except OverflowError:
        return format_instant(instant).partition("T")[0]
    return said_date(read(day, zone)).removesuffix(said_zone(zone))


def said_zone(zone: str) -> str:
    """The zone as a suffix: ", UTC", ", Beijing time"."""
    if zone == "UTC":
        return ", UTC"
    return f", {PLACES.get(zone, zone.rpartition('/')[2].replace('_', ' '))} time"


def said_duration(text: str) -> str:
    """An ISO 8601 duration in words: 24 hours; 1 day 12 hours."""
    units = {"W": "week", "D": "day", "H": "hour", "M": "minute", "S": "second"}
    parts = re.findall(r"([0-9.,]+)([WDHMS])", text)
    return " ".join(f"{n} {units[unit]}{'' if n == '1' else 's'}" for n, unit in parts)
