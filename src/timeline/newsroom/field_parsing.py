"""What people type into the fields of a record, as the values that the log keeps."""

from __future__ import annotations

from typing import Any

import orjson

from timeline.errors import InputError
from timeline.newsroom.dates import read_length
from timeline.records.declaration import Field, Kind


def field_value(field: Field, typed: Any) -> Any:
    """The JSON value that somebody typed for a field: numbers where they read as numbers."""
    match field.kind:
        case Kind.ENTITIES:
            parts = [typed] if isinstance(typed, str) else typed
            slugs = [slug.strip() for part in parts for slug in part.split(",")]
            return [slug for slug in slugs if slug] or None
        case Kind.SENTENCES:
            return list(typed) or None
        case Kind.VALUE if typed is not None:
            try:
                number = orjson.loads(typed)
            except orjson.JSONDecodeError:
                return typed
            return number if type(number) in (int, float) else typed
        case _:
            return typed


def link(typed: str) -> dict[str, str]:
    """The place beside another event that somebody typed: ID, or ID=WITHIN.

    An id that has a `=` itself is typed with one more at its end.
    """
    id, equals, within = typed.rpartition("=")
    if not within:
        return {"id": id}
    return {"id": id, "within": read_length(within)} if equals else {"id": typed}


def pair(text: str) -> tuple[str, str]:
    """A qualifier that somebody typed: NAME=TEXT.

    Raises:
        InputError: it is none.
    """
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InputError(f"--qualifier {text!r} is no pair", "NAME=TEXT, such as desk=asia")
    return name, value
