"""Dates and lengths of time as people type them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.newsroom.newsroom import Newsroom

_LENGTH = re.compile(r"([0-9]+) ?(weeks?|days?|hours?|minutes?|min|seconds?|[wdhs])")


Note = Callable[[str], None]
"""Takes a remark to whoever asks, which is no part of the answer."""


def read_date(text: str, zone: str, now: int, option: str, note: Note) -> str:
    """The EDTF that somebody means by what they typed.

    What is not EDTF is read as words, and what it was read as is noted.

    Raises:
        InputError: it cannot be read, or can be read in two ways.
    """
    try:
        reading = temporal.read(text, zone)
        if reading.precision in ("century", "decade") and text.isdecimal():
            said = said_bounds(reading.bounds)
            note(f"{option} {text!r} is read as a {reading.precision}: {said}")
        return reading.edtf
    except temporal.EdtfError:
        from timeline.temporal import natural_dates

        edtf = natural_dates.interpret_or_refuse(text, zone, now, option)
        reading = temporal.read(edtf, zone)
        note(f"{option} {text!r} is read as {edtf}: {said_bounds(reading.bounds)}")
        return edtf


def read_when(expression: str, zone: str, now: int, note: Note) -> temporal.ParsedDate:
    """How a date is read in a zone: EDTF, or words.

    Raises:
        InputError: it cannot be read, or there is no such zone.
    """
    try:
        temporal.read("2000", zone)
    except temporal.ZoneError as error:
        raise InputError([Problem(error.message, error.hint, "--zone")]) from error
    return temporal.read(read_date(expression, zone, now, "when", note), zone)


def said_bounds(bounds: temporal.Bounds) -> str:
    """Bounds in a line."""
    earliest, latest = (
        "open" if side is None else temporal.format_instant(side) for side in bounds
    )
    return f"from {earliest} to before {latest}"


def read_length(typed: str) -> str:
    """The ISO 8601 of a length of time: `48h`, `2 days`; any other text as it is."""
    found = _LENGTH.fullmatch(typed.strip().casefold())
    if found is None:
        return typed
    number, unit = found[1], found[2][0].upper()
    return f"P{number}{unit}" if unit in "WD" else f"PT{number}{unit}"


class Dates:
    """Reads the dates among the options, and keeps what is wrong with them for the end."""

    def __init__(self, newsroom: Newsroom, note: Note, zone: str | None = None):
        self._newsroom = newsroom
        self._note = note
        self._zone = zone or newsroom.settings.zone
        self._now = temporal.now()
        self._problems: list[Problem] = []
        try:
            temporal.read("2000", self._zone)
        except temporal.ZoneError as error:
            self._problems.append(Problem(error.message, error.hint, "--zone"))
            self._zone = newsroom.settings.zone

    def read(self, text: str | None, option: str) -> str | None:
        """The EDTF of what was typed; the text itself where it is wrong."""
        if text is None:
            return None
        try:
            return read_date(text, self._zone, self._now, option, self._note)
        except InputError as error:
            self._problems += error.problems
            return text

    def refuse_if_wrong(self, content: dict[str, Any]) -> None:
        """Raise what was wrong with the dates, along with all else that is wrong."""
        if not self._problems:
            return
        from timeline.records.validation import validate

        found = validate(content, self._newsroom.settings.vocabulary)
        others = [] if not isinstance(found, list) else [each for each in found if not _dated(each)]
        raise InputError([*self._problems, *others])


def _dated(problem: Problem) -> bool:
    """Whether a problem is one of those that `Dates` has found itself."""
    return (problem.field or "").rpartition(".")[2] in ("when", "published", "zone")
