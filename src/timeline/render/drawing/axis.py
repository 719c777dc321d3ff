"""The time axis: a scale from instants to pixels, and ticks where years, months or hours begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from timeline.temporal import calendar
from timeline.temporal.wording import MONTHS
from timeline.temporal.zones import first_instant

_HOUR = 60 * calendar.MINUTE
_YEAR = calendar.CYCLE_DAYS * calendar.DAY // calendar.CYCLE_YEARS
_MONTH = _YEAR // 12
_FIRST_MONDAY = 4 * calendar.DAY
_SHORTEST = calendar.MINUTE


class Scale(NamedTuple):
    """From one instant to another on `width` pixels. Instants may have any size."""

    start: int
    end: int
    width: int

    @classmethod
    def of(cls, instants: Iterable[int], width: int) -> Scale:
        """A scale that contains all these instants, with some margin; a day if there are none."""
        found = sorted(instants) or [0, calendar.DAY]
        least, most = found[0], found[-1]
        room = max((most - least) // 40, (_SHORTEST - (most - least)) // 2, 1)
        return cls(least - room, most + room, width)

    def pixel(self, instant: int) -> float:
        """The place of an instant, in pixels from the left; it may be off the scale."""
        return (instant - self.start) * self.width / (self.end - self.start)

    def side(self, instant: int | None, otherwise: int) -> float:
        """Where a side of a band is drawn: an open side at `otherwise`, and always on the scale."""
        at = otherwise if instant is None else instant
        return self.pixel(min(max(at, self.start), self.end))


class Tick(NamedTuple):
    """A labelled place on the axis. A `major` one begins a longer unit than the others."""

    instant: int
    label: str
    major: bool


class TickStep(NamedTuple):
    """From one tick to the next: calendar months, or else microseconds of wall time."""

    months: int
    microseconds: int

    @property
    def length(self) -> int:
        """The average length, in microseconds."""
        return self.months * _MONTH or self.microseconds


_CLOCK = [
    *(count * calendar.SECOND for count in (1, 5, 15, 30)),
    *(count * calendar.MINUTE for count in (1, 5, 15, 30)),
    *(count * _HOUR for count in (1, 3, 6, 12)),
    calendar.DAY,
    7 * calendar.DAY,
]
_STEPS = [TickStep(0, length) for length in _CLOCK] + [TickStep(months, 0) for months in (1, 3, 6)]


def ticks(start: int, end: int, most: int, zone: str) -> list[Tick]:
    """Ticks at the beginnings of equal units in `[start, end)`, about `most` at most.

    Units are in the zone's time: a day begins at its midnight.
    """
    step = _step((end - start) // max(most, 1))
    found: list[Tick] = []
    ahead = [_ahead(instant, zone) for side in (start, end) for instant in _around(side)]
    for wall in _walls(start + min(ahead), end + max(ahead), step):
        instant = first_instant(wall, zone)
        # Wall times that a clock change skips give way to those that exist.
        while found and found[-1].instant >= instant:
            found.pop()
        if start <= instant < end:
            found.append(Tick(instant, _label(wall, step), _is_major(wall, step)))
    return found


def _around(instant: int) -> tuple[int, int]:
    """A day before and a day after, since no zone is further than that from UTC."""
    return instant - calendar.DAY, instant + calendar.DAY


def _ahead(wall: int, zone: str) -> int:
    """How far a zone is ahead of UTC at a wall time."""
    return wall - first_instant(wall, zone)


def _step(least: int) -> TickStep:
    """The shortest step of at least this length."""
    for step in _STEPS:
        if step.length >= least:
            return step
    years = 1
    while True:
        for factor in (1, 2, 5):
            if factor * years * _YEAR >= least:
                return TickStep(12 * factor * years, 0)
        years *= 10


def _walls(start: int, end: int, step: TickStep) -> Iterator[int]:
    if step.months:
        year, month, _ = calendar.civil_day(start // calendar.DAY)
        number = (12 * year + month - 1) // step.months * step.months
        while (wall := calendar.month_start(number + _shift(number, step))) < end:
            yield wall
            number += step.months
        return
    since = _FIRST_MONDAY if step.microseconds > calendar.DAY else 0
    wall = since + (start - since) // step.microseconds * step.microseconds
    while wall < end:
        yield wall
        wall += step.microseconds


def _shift(month_number: int, step: TickStep) -> int:
    """Decades and centuries BCE begin in 10 BCE, 100 BCE: a year after -10, -100."""
    return 12 if step.months > 12 and month_number <= 0 else 0


def _label(wall: int, step: TickStep) -> str:
    day, rest = divmod(wall, calendar.DAY)
    year, month, number = calendar.civil_day(day)
    if step.months >= 12:
        return _year_text(year)
    if step.months:
        return _year_text(year) if month == 1 else f"{MONTHS[month - 1][:3]} {_year_text(year)}"
    if rest == 0:
        return f"{number} {MONTHS[month - 1][:3]} {_year_text(year)}"
    hours, minutes = divmod(rest // calendar.MINUTE, 60)
    seconds = rest // calendar.SECOND % 60
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _is_major(wall: int, step: TickStep) -> bool:
    day, rest = divmod(wall, calendar.DAY)
    year, month, _ = calendar.civil_day(day)
    if step.months >= 12:
        return (year - 1 if year <= 1 else year) % (step.months // 12 * 10) == 0
    if step.months:
        return month == 1
    return rest == 0 and step.microseconds < calendar.DAY


def _year_text(year: int) -> str:
    """A year as people write it: 2026, 44 BCE for -43, 79 CE, 12,026."""
    if year <= 0:
        return f"{_grouped(1 - year)} BCE"
    return _grouped(year) if year > 99 else f"{year} CE"


def _grouped(year: int) -> str:
    return f"{year:,}" if year > 9999 else str(year)
