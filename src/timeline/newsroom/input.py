"""What people type: dates in EDTF or words, and the fields of a record."""

from __future__ import annotations

from typing import Any

import orjson

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.newsroom.api import Note
from timeline.records import numbers
from timeline.records.declaration import Field, Kind
from timeline.records.vocabulary import Vocabulary


def read_date(text: str, zone: str, now: int, option: str, note: Note) -> str:
    """The EDTF that a typed date means.

    Text that is not EDTF is parsed as words, with a note on how it was read.

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


def said_bounds(bounds: temporal.Bounds) -> str:
    """Bounds in a line."""
    earliest, latest = (
        "open" if side is None else temporal.format_instant(side) for side in bounds
    )
    return f"from {earliest} to before {latest}"


class Dates:
    """Reads the dates of a record, and collects their problems."""

    def __init__(self, vocabulary: Vocabulary, note: Note, zone: str | None = None):
        self._vocabulary = vocabulary
        self._note = note
        self._zone = zone or vocabulary.zone
        self._now = temporal.now()
        self._problems: list[Problem] = []
        try:
            temporal.read("2000", self._zone)
        except temporal.ZoneError as error:
            self._problems.append(Problem(error.message, error.hint, "--zone"))
            self._zone = vocabulary.zone

    def read(self, text: str | None, option: str) -> str | None:
        """The EDTF of a typed date; the text itself where it is wrong."""
        if text is None:
            return None
        try:
            return read_date(text, self._zone, self._now, option, self._note)
        except InputError as error:
            self._problems += error.problems
            return text

    def refuse_if_wrong(self, content: dict[str, Any]) -> None:
        """Raise the problems of the dates, together with all other problems of the record."""
        if not self._problems:
            return
        from timeline.records.validation import validate

        found = validate(content, self._vocabulary)
        others = [] if not isinstance(found, list) else [each for each in found if not _dated(each)]
        raise InputError([*self._problems, *others])


def _dated(problem: Problem) -> bool:
    """Whether a problem is one of those that `Dates` has found itself."""
    return (problem.field or "").rpartition(".")[2] in ("when", "published", "zone")


def field_value(field: Field, typed: Any) -> Any:
    """The JSON value that a typed text means for a field: a number where it reads as one."""
    match field.kind:
        case Kind.ENTITIES:
            parts = [typed] if isinstance(typed, str) else typed
            slugs = [slug.strip() for part in parts for slug in part.split(",")]
            return [slug for slug in slugs if slug] or None
        case Kind.SENTENCES:
            return list(typed) or None
        case Kind.VALUE | Kind.QUANTITY | Kind.COUNT if typed is not None:
            try:
                number = orjson.loads(typed)
            except orjson.JSONDecodeError:
                return typed
            kept = field.kind is not Kind.QUANTITY or numbers.why_text(typed) is None
            return number if kept and type(number) in (int, float) else typed
        case _:
            return typed


def note_text(name: str, field: Field, value: Any, note: Note) -> None:
    """Note that a value that looks like a number is kept as text, and what to write."""
    if field.kind is not Kind.QUANTITY or not isinstance(value, str):
        return
    hint = numbers.why_text(value)
    if hint is not None:
        note(f"{name} {value!r} is kept as text, not read as a number: {hint}")


def link(typed: str) -> dict[str, str]:
    """The link to another event that a typed text means: ID, or ID=WITHIN.

    An id that contains `=` is typed with another `=` at its end.
    """
    id, equals, within = typed.rpartition("=")
    if not within:
        return {"id": id}
    return {"id": id, "within": temporal.read_length(within)} if equals else {"id": typed}


def pair(text: str) -> tuple[str, str]:
    """A typed qualifier: NAME=TEXT.

    Raises:
        InputError: it has no name, or no `=`.
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--qualifier {text!r} is not a pair", "NAME=TEXT, such as desk=asia")
    return name, value
