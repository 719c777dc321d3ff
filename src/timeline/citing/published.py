"""When a page says it was published, as EDTF. What is not said is never guessed."""

from __future__ import annotations

import re

from timeline import temporal

_DATE = re.compile(
    r"(?P<day>[0-9]{4}(?:[-/][0-9]{2}(?:[-/][0-9]{2})?)?)"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
# What programs write that know no date: there were no newspapers yet, or no web.
_FIRST_YEAR = "1605"
_NO_DATE = re.compile(r"1970-01-01.00:00.*")


def published(text: str) -> str | None:
    """The date in a text that a page gives as its date, as EDTF; None where it is none.

    A time of day without an offset is left out, since nobody knows where it was so late. A
    fraction of a second is cut off.
    """
    found = _DATE.fullmatch(text.strip())
    if found is None or _NO_DATE.fullmatch(text.strip()):
        return None
    edtf = found["day"].replace("/", "-")
    if found["time"] and found["offset"]:
        edtf += f"T{found['time']}{_offset(found['offset'])}"
    try:
        temporal.read(edtf)
    except temporal.TimeError:
        return None
    return edtf if edtf >= _FIRST_YEAR else None


def _offset(text: str) -> str:
    """Z, or +08:00."""
    if text in "Zz":
        return "Z"
    digits = text[1:].replace(":", "").ljust(4, "0")
    return f"{text[0]}{digits[:2]}:{digits[2:]}"
