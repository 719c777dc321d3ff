"""Converts wall time to UTC and back.

A *wall time* is an `int`: microseconds from 1970-01-01T00:00 to the local date and time, as if
clocks were never changed. When clocks are set back, an hour occurs twice (an *overlap*): a stretch
of wall time covers both, since the text does not say which is meant. When they are set forward, an
hour is skipped (a *gap*): a time in it is read with the offset from before the gap, as `zoneinfo`
does (PEP 495, `fold=0`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from timeline.temporal import calendar
from timeline.temporal.errors import ZoneError, quoted

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_FIRST_WALL = (datetime.min - _EPOCH) // _MICROSECOND
_END_WALL = (datetime.max - _EPOCH) // _MICROSECOND + 1
_CYCLE = calendar.CYCLE_DAYS * calendar.DAY
_OTHER_ON_OTHER_MACHINES = ("localtime", "posixrules", "Factory")


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The IANA time zone of that name.

    Raises:
        ZoneError: there is none. Names whose meaning depends on the machine (`localtime`) or that
            count leap seconds (`right/…`) are refused too.
    """
    from zoneinfo import ZoneInfo

    if name not in _OTHER_ON_OTHER_MACHINES and not name.startswith(("right/", "posix/")):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    raise ZoneError(f"there is no time zone {quoted(name)}", _close_matches(name))


def zone_names() -> list[str]:
    """The names of all zones, sorted."""
    from zoneinfo import available_timezones

    return sorted(available_timezones() - {*_OTHER_ON_OTHER_MACHINES})


def _close_matches(name: str) -> str:
    from difflib import get_close_matches

    cities = {zone.rpartition("/")[2].casefold(): zone for zone in zone_names()}
    city = name[-60:].strip().rpartition("/")[2].replace(" ", "_").casefold()
    found = [cities[near] for near in get_close_matches(city, cities, 3, 0.75)]
    return " or ".join(found) or "an IANA name such as Europe/Berlin, Asia/Shanghai or UTC"


def first_instant(wall: int, zone: str) -> int:
    """The instant at which a stretch of wall time begins; in an overlap, the first one."""
    return wall if zone == "UTC" else wall - _offset(wall, zone_named(zone), 0)


def end_instant(wall: int, zone: str) -> int:
    """The instant at which a stretch that ends before `wall` is over; in an overlap, the second.

    The last microsecond decides, so that a day at whose end clocks are set back from midnight
    lasts 25 hours.
    """
    if zone == "UTC":
        return wall
    info, last = zone_named(zone), wall - 1
    return wall - min(_offset(last, info, 0), _offset(last, info, 1))


def local_text(instant: int, zone: str) -> str:
    """The wall time of an instant, for people: `2026-03-04T00:11:00+08:00`.

    Raises:
        ZoneError: there is no such zone.
        OverflowError: the year is not within 1 to 9999.
    """
    info = UTC if zone == "UTC" else zone_named(zone)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
    return moment.astimezone(info).isoformat()


def _offset(wall: int, zone: ZoneInfo, fold: int) -> int:
    """How far wall time is ahead of UTC, in microseconds.

    Years beyond `datetime` take the offset of the same day in the nearest 400-year cycle, in which
    days of the week, and so clock changes, are the same.
    """
    if wall >= _END_WALL:
        wall = _END_WALL - _CYCLE + (wall - _END_WALL) % _CYCLE
    elif wall < _FIRST_WALL:
        wall = _FIRST_WALL + (wall - _FIRST_WALL) % _CYCLE
    moment = _EPOCH + timedelta(microseconds=wall)
    offset = zone.utcoffset(moment.replace(fold=fold) if fold else moment)
    return 0 if offset is None else offset // _MICROSECOND
