"""A guess at what somebody meant by a date that is not EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from timeline.temporal.edtf import parse
from timeline.temporal.errors import EdtfError

_EXAMPLES = "such as 2026-03-03, 2026-03, 2026~, 2026-03-04T00:11+08:00 or 2026-03/2026-05"


def hint_for(text: str) -> str:
    """What to write instead: the nearest expression that is one, or examples."""
    for guess in _guesses(text[:100].strip()):
        try:
            parse(guess)
        except EdtfError:
            continue
        return f"write {guess}"
    if any(character.isdigit() and not character.isascii() for character in text[:100]):
        return "digits are 0 to 9"
    return _EXAMPLES


def _guesses(text: str) -> Iterator[str]:
    yield text
    yield re.sub(r"\s*([-/:,.])\s*", r"\1", text)
    yield text.upper()
    if match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})?", text):
        yield "-".join(part for part in match.groups() if part)
    if match := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?", text):
        yield "-".join(part.zfill(2) for part in match.groups() if part)
    if match := re.fullmatch(r"([0-9-]{10}) ([0-9:.]+) ?(Z|[+-][0-9:]+)?", text):
        day, time, offset = match.groups()
        yield f"{day}T{time}{offset or ''}"
    if match := re.fullmatch(r"(-?)([0-9]{5,})", text):
        yield f"Y{text}"
    for dash in ("\u2013", "\u2014", " to ", " - "):
        yield text.replace(dash, "/")
