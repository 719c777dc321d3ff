"""The words of a drawing: dates and marks as text, and how wide text is."""

from __future__ import annotations

from wcwidth import wcswidth

from timeline import temporal
from timeline.projections.chronology import ChronologyEventJson
from timeline.render.drawing.scale import Scale
from timeline.temporal.wording import said_date, said_dated, said_zone

_CHARACTER = 6.6
"""Pixels of a character of 11 px text, on average; those of Chinese are twice as wide."""

MARKS = {
    "corrected": "corrected",
    "confirmed": "confirmed",
    "disputed": "disputed: may not have happened",
    "rival": "one of several accounts, of which one is so",
    "dissent": "decided against",
    "uncertain": "may not have happened yet",
    "approximate": "uncertain or approximate date",
    "unordered": "possibly not after the one listed before it",
}
"""What the marks of an event mean."""

_NOTES = {
    "corrected": "corrected",
    "confirmed": "confirmed",
    "disputed": "disputed",
    "rival": "rival account",
    "dissent": "decided against",
    "uncertain": "maybe not yet",
}


def said(entry: ChronologyEventJson) -> str:
    """When an event of a chronology happened, as its source has it."""
    return said_dated(entry, entry["zone"]) or "at no known time"


def said_marks(marks: tuple[str, ...]) -> str:
    """What the marks of an event mean, in one line; empty where it has none."""
    return "; ".join(MARKS[mark] for mark in marks)


def noted(marks: tuple[str, ...]) -> str:
    """The marks that a label names: " · corrected · disputed"."""
    return "".join(f" · {_NOTES[mark]}" for mark in marks if mark in _NOTES)


def said_day_of(instant: int, zone: str) -> str:
    """The day of an instant in a zone, for people; in UTC where the zone's calendar ends."""
    try:
        day = temporal.local_text(instant, zone).partition("T")[0]
    except OverflowError:
        return temporal.format_instant(instant).partition("T")[0]
    return said_date(temporal.read(day, zone)).removesuffix(said_zone(zone))


def said_days(scale: Scale, zone: str) -> str:
    """From which day to which a scale goes."""
    first, last = (said_day_of(side, zone) for side in (scale.start, scale.end))
    return f"from {first} to {last}"


def clipped(text: str, most: int) -> str:
    """The text on one line, cut off so that it takes `most` columns at most."""
    text = " ".join(text.split())
    if len(text) * 2 <= most or columns_of(text) <= most:
        return text
    kept = text[:most]
    while columns_of(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes; its length where it cannot be said."""
    if text.isascii():
        return len(text)
    found = wcswidth(text)
    return found if found >= 0 else len(text)


def width_of(label: str) -> float:
    """About how many pixels a label takes."""
    return columns_of(label) * _CHARACTER
