"""Dates as people type them on a command line: `yesterday 3pm`, `last summer`, `March 2026`.

A phrase becomes EDTF, no finer than the phrase. An ambiguous date is refused, with its meanings.
`dateparser` finds a date in almost any text, so it only sees phrases of the shapes below; anything
else is refused, too.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from timeline import temporal
from timeline.errors import InputError, Problem


class Interpretation(NamedTuple):
    """The EDTF that a text means."""

    edtf: str
    phrase: bool
    """Whether it was written in words, not in EDTF."""


class AmbiguousDate(temporal.EdtfError):
    """A date such as 03/04/2026, which countries read differently."""

    def __init__(self, text: str, readings: tuple[str, ...]) -> None:
        super().__init__(f"{text!r} could be {' or '.join(readings)}", "write the one you mean")
        self.readings = readings
        """The dates it could be, in EDTF."""


_EXAMPLES = 'such as "yesterday 3pm", "3 March 2026" or "last summer", or EDTF such as 2026-03~'
_LONGEST = 100
_ONLY_EDTF = re.compile(r"[0-9XYTZESX?~%/.,\[\]{}:+-]*")

_DAY_FORM = re.compile(
    r"(?<![0-9./-])(?P<a>[0-9]{1,4})(?P<mark>[/.])(?P<b>[0-9]{1,2})(?P=mark)(?P<c>[0-9]{1,4})"
    r"(?![0-9./-])"
)
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_SEASON = re.compile(
    rf"(?:in )?(?:the )?(?:(?P<which>last|this|next) )?(?P<season>{'|'.join(_SEASONS)})"
    r"(?:(?: of)? (?P<year>[0-9]{4})(?:[/-](?P<next_year>[0-9]{2}|[0-9]{4}))?)?"
)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNT = rf"(?:[0-9]{{1,4}}|an?|{'|'.join(_NUMBERS[1:])})"
# A night continues into the next day.
_NIGHTS = {"last night": "yesterday night", "tonight": "today night"}
_SECONDS = {"second": 1, "minute": 60, "hour": 3600}
_ELAPSED = re.compile(rf"(?P<count>{_COUNT}) (?P<unit>{'|'.join(_SECONDS)})s? ago")

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_THIS_WEEKDAY = tuple(
    re.compile(rf"(?<!last )(?<!next )\b(?:on )?(?={day}){_WEEKDAY}\b") for day in _WEEKDAYS
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,? [0-9]{4})?"
_DAY_OF_MONTH = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_DAY = (
    rf"(?:today|yesterday|tomorrow|(?:the )?day before yesterday|(?:on |last |next )?{_WEEKDAY}"
    rf"|(?:on )?(?:(?P<weekday>{_WEEKDAY}),? )?"
    rf"(?:{_MONTH} {_DAY_OF_MONTH}{_YEAR}|(?:the )?{_DAY_OF_MONTH} (?:of )?{_MONTH}{_YEAR})"
    r"|(?:on )?(?P<iso>[0-9]{4}-[0-9]{2}-[0-9]{2}))"
)
_TIME = (
    r"(?P<time>noon|(?:1[0-2]|0?[1-9])(?::[0-5][0-9](?::[0-5][0-9])?)? ?[ap]m"
    r"|(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)"
)
_OFFSET = r"(?P<offset> ?(?:utc|gmt|z|[+-][0-9]{2}:?[0-9]{2}))?"
_TIME_ALONE = re.compile(rf"(?:at )?{_TIME}")
_SHAPES = (
    _TIME_ALONE,
    *(
        re.compile(shape)
        for shape in (
            rf"{_DAY}(?: (?P<part>morning|afternoon|evening|night)|,? (?:at )?{_TIME}{_OFFSET})?",
            rf"(?:at )?{_TIME}{_OFFSET},? {_DAY}",
            r"this (?P<part>morning|afternoon|evening)|(?:last|this|next) (?:week|month|year)",
            rf"(?:in )?{_MONTH}{_YEAR}|{_COUNT} (?:day|week|month|year)s? ago",
            rf"in {_COUNT} (?:day|week|month|year)s?",
        )
    ),
)


def interpret_or_refuse(text: str, zone: str, now: int, option: str) -> str:
    """The EDTF meant by the text of an option.

    Raises:
        InputError: it is not understood, or ambiguous.
    """
    try:
        return interpret(text, zone, now).edtf
    except temporal.TimeError as error:
        raise InputError([Problem(error.message, error.hint, option)]) from error


def interpret(text: str, zone: str, now: int) -> Interpretation:
    """The EDTF meant by EDTF or a phrase, in a zone, at the instant `now`.

    A day or month without a year is the latest that is not in the future, since news is past.

    Raises:
        AmbiguousDate: it could be several dates.
        EdtfError: it is not understood.
        ZoneError: there is no such zone.
    """
    try:
        return Interpretation(temporal.read(text.strip(), zone).edtf, phrase=False)
    except temporal.EdtfError as error:
        not_edtf = error
    words = " ".join(text.casefold().split())
    if len(words) > _LONGEST:
        raise not_edtf
    if match := _DAY_FORM.search(words):
        words = words[: match.start()] + _day_form(match, now) + words[match.end() :]
    elif _ONLY_EDTF.fullmatch(text.strip()):
        raise not_edtf
    edtf = _read_words(words, zone, now)
    if edtf is None:
        hint = not_edtf.hint if (not_edtf.hint or "").startswith("write ") else _EXAMPLES
        raise temporal.EdtfError(f"{text!r} is not understood as a date", hint)
    return Interpretation(edtf, phrase=True)


def _day_form(match: re.Match[str], now: int) -> str:
    """A date such as 23/04/2026 as EDTF, if it can only mean one day."""
    a, b, c = match["a"], match["b"], match["c"]
    if len(a) == 4:
        orders = [(a, b, c)]
    elif len(a) == 2 and len(c) == 2:
        orders = [(c, b, a), (c, a, b), (a, b, c)]
    else:
        orders = [(c, b, a), (c, a, b)]
    readings = tuple(dict.fromkeys(day for order in orders if (day := _day(*order, now))))
    if len(readings) > 1:
        raise AmbiguousDate(match[0], readings)
    if not readings:
        raise temporal.EdtfError(f"{match[0]!r} is not a day", "such as 2026-04-03")
    return readings[0]


def _day(year: str, month: str, day: str, now: int) -> str | None:
    """The day in EDTF if it exists; a two-digit year is at most 20 years in the future."""
    if len(year) == 2:
        present = int(temporal.format_instant(now)[:4])
        number = present - present % 100 + int(year)
        year = str(number - 100 if number > present + 20 else number)
    try:
        return temporal.read(f"{year}-{month:0>2}-{day:0>2}").edtf
    except temporal.EdtfError:
        return None


def _read_words(words: str, zone: str, now: int) -> str | None:
    """The EDTF of a phrase in lower case, or None if it is not understood."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", words):
        return words
    words = _NIGHTS.get(words, words)
    if words == "now":
        return _minute(now, zone)
    if match := _ELAPSED.fullmatch(words):
        microseconds = 1_000_000 * _SECONDS[match["unit"]]
        return _minute(now - _number(match["count"]) * microseconds, zone)
    if match := _SEASON.fullmatch(words):
        return _season(match, zone, now)
    for shape in _SHAPES:
        if match := shape.fullmatch(words):
            return _calendar(words, match.groupdict(), zone, now)
    return None


def _number(count: str) -> int:
    if count.isdecimal():
        return int(count)
    return 1 if count in ("a", "an") else _NUMBERS.index(count)


def _minute(instant: int, zone: str) -> str:
    """The minute of an instant: `2026-03-03T15:00+08:00`."""
    text = temporal.local_text(instant, zone)
    return text[:16] + text[-6:].replace("+00:00", "Z")


def _season(match: re.Match[str], zone: str, now: int) -> str | None:
    """The season: without a year, the latest to have begun; `last` is the latest to have ended."""
    code = _SEASONS[match["season"]]
    if match["year"]:
        year, next_year = match["year"], match["next_year"]
        following = str(int(year) + 1)
        if match["which"] or (next_year and (code != 24 or not following.endswith(next_year))):
            return None
        return f"{year}-{code}"
    present = int(temporal.local_text(now, zone)[:4])
    seasons = [f"{year:04}-{code}" for year in range(present - 2, present + 3)]
    bounds = [temporal.read(season, zone).bounds for season in seasons]
    begun = sum(earliest is not None and earliest <= now for earliest, _ in bounds)
    over = sum(latest is not None and latest <= now for _, latest in bounds)
    match match["which"]:
        case "last":
            return seasons[over - 1]
        case "next":
            return seasons[begun]
        case "this":
            return seasons[over] if begun > over else f"{present:04}-{code}"
        case _:
            return seasons[begun - 1]


def _calendar(words: str, groups: dict[str, str | None], zone: str, now: int) -> str | None:
    """The date `dateparser` reads in a phrase of known shape, no finer than the phrase."""
    import dateparser.date

    if _TIME_ALONE.fullmatch(words):
        # The last such time; on the first of a month the parser takes one that is weeks ahead.
        today = _calendar(f"today {words}", groups, zone, now)
        is_to_come = today is not None and _edges(temporal.read(today, zone).strict)[0] > now
        return _calendar(f"yesterday {words}", groups, zone, now) if is_to_come else today
    offset, weekday, iso, time = map(groups.get, ("offset", "weekday", "iso", "time"))
    for removed in (offset, groups.get("part")):
        words = words.replace(removed, "") if removed else words
    wall_now = datetime.fromisoformat(temporal.local_text(now, zone)).replace(tzinfo=None)
    if not weekday:
        # For the parser, the weekday of today is a week ago.
        words = _THIS_WEEKDAY[wall_now.weekday()].sub("today", words)
    parser = dateparser.date.DateDataParser(
        languages=["en"],
        settings={
            "RELATIVE_BASE": wall_now,
            "PREFER_DATES_FROM": "past",
            "PREFER_DAY_OF_MONTH": "first",
        },
    )
    found = parser.get_date_data("today" if words.strip() == "this" else words.strip())
    wall: datetime | None = found.date_obj
    if wall is None or (iso and wall.date().isoformat() != iso):
        return None
    day = wall.date().isoformat()
    if weekday and weekday[:3] != _WEEKDAYS[wall.weekday()]:
        raise temporal.EdtfError(f"{day} is not a {weekday}", "leave out one of them")
    if time:
        precision = "seconds" if time.count(":") == 2 else "minutes"
        return _wall_time(wall.isoformat(timespec=precision), offset, zone)
    match found.period:
        case "year":
            return day[:4]
        case "month":
            return day[:7]
        case "week":
            monday = wall.date() - timedelta(days=wall.weekday())
            return f"[{monday}..{monday + timedelta(days=6)}]"
        case "day" if groups.get("part") == "night":
            return f"[{day}..{wall.date() + timedelta(days=1)}]"
        case "day":
            return day
    return None


def _wall_time(wall: str, offset: str | None, zone: str) -> str:
    """A time with its offset: the one in the text, else the zone's, unless it is ambiguous then."""
    if offset:
        said = re.sub(r"utc|gmt|z", "Z", offset.strip())
        return temporal.read(wall + re.sub(r"([0-9]{2})([0-9]{2})", r"\1:\2", said)).edtf
    bounds = temporal.read(wall, zone).strict
    first, last = (temporal.local_text(side, zone) for side in _edges(bounds))
    if first[-6:] != last[-6:] or len(first) != len("2026-03-03T15:00:00+08:00"):
        return wall
    return first[: len(wall)] + first[-6:].replace("+00:00", "Z")


def _edges(bounds: temporal.Bounds) -> tuple[int, int]:
    """The first and the last microsecond of bounds that are known."""
    assert bounds.earliest is not None and bounds.latest is not None
    return bounds.earliest, bounds.latest - 1
