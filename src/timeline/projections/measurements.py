"""Measurements of one thing as a dated series, the latest first.

A measurement holds for its date: that 203 million people used something in February says nothing
about March. So a statement that was measured is shown with the date of the measurement, and with
those before it.
"""

from __future__ import annotations

from collections.abc import Iterable

from typing_extensions import TypedDict

from timeline.certainty.effects import Effects, Value
from timeline.certainty.evaluate import Certainty
from timeline.history.event import Event
from timeline.projections.accounts import independent_sources
from timeline.projections.answer import Count, NumberRange, TimeRange, time_range
from timeline.projections.listings import place
from timeline.records import numbers

LATEST = 5
"""How many measurements a snapshot lists of one measure."""


class NumberJson(TypedDict, total=False):
    """What a number allows that is vague, or was written with a unit."""

    bounds: NumberRange


class _OptionalJson(NumberJson, total=False):
    written: str
    """The number as it was written, if that is not how `value` reads."""
    of: Value
    """The whole that it is a part of."""
    unit: str
    attributed_to: str
    when: str


class MeasurementJson(_OptionalJson):
    """What a measure was, on one date, by one record."""

    id: str
    value: Value
    zone: str
    dated: TimeRange | None
    """The bounds of its date."""
    certainty: Certainty
    sources: Count


def series(openings: Iterable[Effects], label: str, at: int) -> list[MeasurementJson]:
    """The latest measurements that may have happened before `at`, the last first.

    `openings` are the effects that began any value of one property, of whatever type.
    """
    found: list[MeasurementJson] = []
    happened = (each for each in openings if each.at.maybe_before(at))
    for effects in sorted(happened, key=lambda each: place(each.at), reverse=True):
        if len(found) == LATEST:
            break
        if is_measured(effects.event):
            value = next(each.value for each in effects.opens if each.property == label)
            found.append(_measurement(effects, value, at))
    return found


def is_measured(event: Event) -> bool:
    """Whether an event is a measurement."""
    return event.type.name == "measured"


def number_json(value: Value) -> NumberJson:
    """The bounds of a number that is vague, or was written with a unit."""
    bounds = numbers.read(value) if isinstance(value, str) else None
    return {} if bounds is None else {"bounds": bounds.as_json()}


def _measurement(effects: Effects, value: Value, at: int) -> MeasurementJson:
    event = effects.event
    content = event.content
    certain = effects.at.surely_before(at) and not effects.doubtful
    entry: MeasurementJson = {
        "id": event.id,
        "value": value,
        "zone": event.zone,
        "dated": time_range(effects.at[:2]),
        "certainty": "certain" if certain else "possible",
        "sources": independent_sources([event]),
    }
    if bounds := number_json(value):
        entry["bounds"] = bounds["bounds"]
    if isinstance(content["value"], str) and content["value"] != value:
        entry["written"] = content["value"]
    for name in ("of", "unit", "attributed_to", "when"):
        if name in content:
            entry[name] = content[name]
    return entry
