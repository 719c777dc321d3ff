"""Dates and times as an editor would say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from timeline import temporal
from timeline.history import Happening
from timeline.temporal.speech import said_date as said_date
from timeline.temporal.speech import said_dated as said_dated
from timeline.temporal.speech import said_zone


def said_when(happening: Happening) -> str:
    """When a happening happened: its date and, where it is known, its order."""
    return said_dated(happening.content, happening.zone)


def local(instant: int, zone: str) -> str:
    """A time of recording, to the minute, in the newsroom's zone."""
    try:
        wall = temporal.local_text(instant, zone)
    except OverflowError:
        wall, zone = temporal.format_instant(instant), "UTC"
    return f"{wall[:16].replace('T', ' ')}{said_zone(zone)}"


def said_known(answer: Mapping[str, Any], zone: str) -> str:
    """Up to where the log was read."""
    if answer["recorded_at"] is None:
        return "as known before anything was recorded"
    recorded = local(temporal.parse_instant(answer["recorded_at"]), zone)
    return f"as known at {answer['as_known']} ({recorded})"


def said_sources(number: int) -> str:
    """How many independent sources say so."""
    return "single source" if number == 1 else count(number, "source")


def doubt(entry: Mapping[str, Any]) -> str:
    """Why it is not certain that an entry of a chronology has happened; nothing if it is."""
    if entry["certainty"] != "possible" or "decided_against" in entry:
        return ""
    if "rivals" in entry:
        return "one of several accounts"
    if entry["standing"] == "disputed":
        return "may not have happened"
    return "may not have happened yet"


def count(number: int, word: str) -> str:
    """1 source, 2 sources."""
    return f"{number} {word}" if number == 1 else f"{number:,} {word}s"
