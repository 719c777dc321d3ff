"""Measurements in words: more than 650 of 770 employees · 20 November 2023."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from timeline.projections.measurements import MeasurementJson
from timeline.projections.snapshot import SnapshotStatementJson
from timeline.records.numbers import said
from timeline.render.wording import Words, said_bounds
from timeline.temporal.wording import said_dated, said_zone


class MeasuredStatement(NamedTuple):
    """A statement's own measurement; after the last value of a measure, also those before."""

    now: MeasurementJson
    earlier: list[MeasurementJson]


def measured(entries: Sequence[SnapshotStatementJson]) -> list[MeasuredStatement | None]:
    """For each statement its measurement; None if it was not measured.

    Where several values of a measure hold, what was measured before is listed after the last.
    """
    found: list[MeasuredStatement | None] = []
    shown: set[str] = set()
    last: dict[tuple[str, str], int] = {}
    for number, entry in enumerate(entries):
        series = entry.get("series", [])
        now = next((each for each in series if each["value"] == entry["value"]), None)
        found.append(now and MeasuredStatement(now, []))
        if now is not None:
            shown.add(now["id"])
            last[entry["subject"], entry["property"]] = number
    for number in last.values():
        statement = found[number]
        assert statement is not None
        statement.earlier.extend(
            each for each in entries[number]["series"] if each["id"] not in shown
        )
    return found


def said_number(entry: MeasurementJson) -> str:
    """The number as it was written, with the whole and the unit."""
    parts = [entry.get("written") or said(entry["value"])]
    if "of" in entry:
        parts.append(f"of {said(entry['of'])}")
    return " ".join([*parts, entry.get("unit", "")]).rstrip()


def said_measurement(entry: MeasurementJson, words: Words) -> str:
    """The number and its date."""
    date = said_dated(entry, entry["zone"]).removesuffix(said_zone(words.zone))
    if not date:
        date = said_bounds(entry["dated"], []) if entry["dated"] else "at an unknown time"
    return f"{said_number(entry)} · {date}"


def said_reservations(entry: MeasurementJson, words: Words) -> list[str]:
    """Whether it is only possible, and whose figure it is."""
    notes: list[str] = [] if entry["certainty"] == "certain" else [entry["certainty"]]
    if "attributed_to" in entry:
        notes.append(f"according to {words.name(entry['attributed_to'])}")
    return notes
