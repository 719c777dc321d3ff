"""Positions in the log as people type and read them: @71."""

from __future__ import annotations

from timeline.errors import InputError, NotFoundError, Problem


def written(position: int) -> str:
    """A position as it can be typed, whatever the log."""
    return f"@{position}"


def is_position(text: str) -> bool:
    """Whether a text can only be a position: `@71`, or digits that are no year."""
    digits = text.removeprefix("@")
    return digits.isascii() and digits.isdecimal() and (digits != text or not _may_be_year(text))


def read_position(text: str, head: int) -> int | None:
    """The position that a text means in a log with this head; None if it is not one.

    Four digits that may be a year are one if the log has no such position.

    Raises:
        InputError: it may be a year as well as a position.
        NotFoundError: it is beyond the head.
    """
    if is_position(text):
        digits = text.removeprefix("@")
        if len(digits) > 18 or int(digits) > head:
            raise NotFoundError(
                f"position {digits[:18]} is beyond the head of the log", f"the head is {head}"
            )
        return int(digits)
    if _may_be_year(text) and int(text) <= head:
        message = f"{text} could be the year or position {text}"
        raise InputError([Problem(message, f"write @{text} or {text}-12-31", "--as-known")])
    return None


def _may_be_year(text: str) -> bool:
    digits = text.isascii() and text.isdecimal()
    return digits and len(text) == 4 and "1000" <= text <= "2999"
