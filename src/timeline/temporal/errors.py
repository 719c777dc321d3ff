"""Errors in a date, time, duration or zone that a user wrote."""

from __future__ import annotations


class TimeError(ValueError):
    """A text cannot be read as the kind of time expected.

    Attributes:
        message: what is wrong.
        hint: what would be right, or None if unknown.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class EdtfError(TimeError):
    """A text is not EDTF, or names a date that does not exist."""


class InstantError(TimeError):
    """A text is not an RFC 3339 date-time."""


class DurationError(TimeError):
    """A text is not an ISO 8601 duration, or not one of a fixed length."""


class ZoneError(TimeError):
    """A name is not an IANA time zone."""


def quoted(text: str) -> str:
    """The text as an error message shows it: quoted, escaped, and not too long."""
    return ascii(text) if len(text) <= 60 else ascii(text[:57]) + "…"
