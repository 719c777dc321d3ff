"""The story as JSON for TimelineJS3 (https://timeline.knightlab.com/docs/json-format.html).

TimelineJS draws an event between two dates, and displays its date in our words. Its dates have no
zone; they are in the time of the source. Events without a date cannot be drawn; the title says how
many there are.
"""

from __future__ import annotations

import re
from typing import Any

from markupsafe import escape

from timeline import temporal
from timeline.publishing.addresses import anchor
from timeline.publishing.edition import Edition
from timeline.publishing.entries import PageEntry
from timeline.publishing.feeds import report_html
from timeline.render.json_output import json_text
from timeline.render.text import clean
from timeline.render.wording import count

Parts = dict[str, int]

_WALL = re.compile(r"(-?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")
_UNITS = ("year", "month", "day", "hour", "minute", "second")

# The range of JavaScript dates; beyond it, TimelineJS has another scale.
_FIRST_YEAR, _LAST_YEAR = -271_820, 275_759


def timeline_js(edition: Edition) -> str:
    """The story as JSON text."""
    events = [found for entry in edition.entries if (found := _event(entry))]
    left_out = len(list(edition.entries)) - len(events)
    about = [clean(edition.basis_line)]
    about += [f"{count(left_out, 'event')} without a date cannot be shown."] * bool(left_out)
    years = [event["start_date"]["year"] for event in events]
    story = {
        "scale": "human"
        if all(_FIRST_YEAR <= year <= _LAST_YEAR for year in years)
        else "cosmological",
        "title": {
            "unique_id": "title",
            "text": {
                "headline": str(escape(clean(edition.title))),
                "text": f"<p>{escape(' '.join(about))}</p>",
            },
        },
        "events": events,
    }
    return f"{json_text(story)}\n"


def _event(entry: PageEntry) -> dict[str, Any] | None:
    """One event; None if nothing is known about its date."""
    start, end = _exact(entry) or _between(entry)
    if start is None:
        return None
    found: dict[str, Any] = {"unique_id": anchor(entry.position), "start_date": start}
    if end is not None and end != start:
        found["end_date"] = end
    if entry.when:
        found["display_date"] = clean(entry.when)
    headline = str(escape(clean(entry.headline)))
    found["text"] = {"headline": headline, "text": report_html(entry)}
    return found


def _exact(entry: PageEntry) -> tuple[Parts, None] | None:
    """An exact date as it was written."""
    if entry.date is None:
        return None
    numbers = re.split(r"[-T:]", re.sub(r"(Z|[+-]\d\d:\d\d|\.\d+)+$", "", entry.date))
    return dict(zip(_UNITS, map(int, numbers), strict=False)), None


def _between(entry: PageEntry) -> tuple[Parts | None, Parts | None]:
    """The first and last moments at which it may have happened, if known."""
    (earliest, latest), ended = entry.listed["bounds"], entry.listed.get("until")
    latest = ended[1] if ended else latest
    first = _wall(temporal.parse_instant(earliest), entry) if earliest else None
    last = _wall(temporal.parse_instant(latest) - 1, entry) if latest else None
    return (first, last) if first else (last, None)


def _wall(instant: int, entry: PageEntry) -> Parts:
    """An instant in the source's time, to the second; to the day if it begins or ends a day."""
    try:
        wall = temporal.local_text(instant, entry.event.zone)
    except OverflowError:
        wall = temporal.format_instant(instant)
    found = _WALL.match(wall)
    assert found is not None
    parts = dict(zip(_UNITS, map(int, found.groups()), strict=True))
    if found.group(4, 5, 6) in (("00", "00", "00"), ("23", "59", "59")):
        return {unit: parts[unit] for unit in _UNITS[:3]}
    return parts
