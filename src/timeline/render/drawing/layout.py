"""The layout of a chronology: the band, row and marks of each event, brackets and links."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from timeline import temporal
from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.drawing.axis import Scale, Tick, ticks
from timeline.render.drawing.lanes import Lanes
from timeline.render.width import cells, clipped
from timeline.render.wording import said_entry_date, said_mark_notes

THINNEST = 5.0
"""The least width of a band in pixels, so that an instant can be seen."""
GAP = 10.0
"""The least space in pixels between two events in a row."""
_NARROW_GAP = 2.0
_BETWEEN_TICKS = 96
_LONGEST_LABEL = 46
_CHARACTER = 6.6
"""The average width in pixels of a character of an 11 px label; a CJK character takes two."""
_STRETCH_SHARE = 0.5
_STRETCH_FACTOR = 6


class Band(NamedTuple):
    """The instants `[earliest, latest)`; None if a side is open or unknown."""

    earliest: int | None
    latest: int | None


class DrawnEvent(NamedTuple):
    """What a drawing shows of one event, wherever it is placed.

    `band` is when it happened, or when a spell began; `ends` is when a spell ended. `label` is
    its headline, truncated, and `note` the marks named in its label.
    """

    entry: ChronologyEventJson
    said: str
    label: str
    note: str
    band: Band
    ends: Band | None
    marks: tuple[str, ...]


class PlacedEvent(NamedTuple):
    """One event at its place in a drawing.

    `left` and `right` are its extent in its row, in pixels, with its label, which begins at
    `label_left`; None if there was no room for the label.
    """

    shown: DrawnEvent
    row: int
    left: float
    right: float
    label_left: float | None

    @property
    def id(self) -> str:
        """The id of the event."""
        id: str = self.shown.entry["id"]
        return id


class Bracket(NamedTuple):
    """Joins rival accounts of one event, in adjacent rows from `first_row` to `last_row`."""

    first_row: int
    last_row: int
    left: float
    ids: tuple[str, ...]


class DrawnLink(NamedTuple):
    """A link between two drawn events: one was before the other."""

    earlier: str
    later: str


class Drawing(NamedTuple):
    """A chronology laid out, in its own order. Only the first `labelled_rows` have labels."""

    scale: Scale
    zone: str
    placed: list[PlacedEvent]
    labelled_rows: int
    rows: int
    brackets: list[Bracket]
    links: list[DrawnLink]
    ticks: list[Tick]


class BusyStretch(NamedTuple):
    """A stretch of time, and an answer with the events that may have happened in it."""

    scale: Scale
    answer: ChronologyAnswer


def drawing(
    answer: ChronologyAnswer,
    zone: str,
    width: int,
    labelled_rows: int | None = None,
    scale: Scale | None = None,
) -> Drawing:
    """Lays out a chronology on `width` pixels, with ticks in a zone's time.

    Events that do not fit into `labelled_rows` are placed in further rows, without labels. The
    scale contains all bands, unless one is given, at whose edges bands are cut off.
    """
    entries: list[ChronologyEventJson] = answer["events"]
    shown = [shown_of(entry) for entry in entries]
    scale = scale or scale_of(shown, width)
    blocks = blocks_of(entries)
    placed, rows = pack([place(each, scale) for each in shown], blocks)
    if labelled_rows is not None and rows > labelled_rows:
        placed, rows = _without_labels(placed, blocks, scale, labelled_rows)
    return Drawing(
        scale,
        zone,
        placed,
        rows if labelled_rows is None else min(rows, labelled_rows),
        rows,
        [_bracket([placed[number] for number in block]) for block in blocks if len(block) > 1],
        links_of(entries),
        ticks(scale.start, scale.end, width // _BETWEEN_TICKS, zone),
    )


def scale_of(shown: Sequence[DrawnEvent], width: int) -> Scale:
    """A scale that contains all known sides of bands."""
    return scale_of_bands((band for each in shown for band in (each.band, each.ends)), width)


def scale_of_bands(bands: Iterable[Band | None], width: int) -> Scale:
    """A scale that contains all known sides of these bands."""
    known = (side for band in bands if band is not None for side in band if side is not None)
    return Scale.of(known, width)


def bands_of(entry: ChronologyEventJson) -> tuple[Band, Band | None]:
    """When an event happened, and when it ended, if it is a spell with a known end."""
    ends = entry.get("until")
    return _band(entry["bounds"]), _band(ends) if ends else None


def shown_of(entry: ChronologyEventJson) -> DrawnEvent:
    """What a drawing shows of an entry of a chronology."""
    band, ends = bands_of(entry)
    marks = marks_of(entry)
    label = ("○ " if "unordered" in marks else "") + clipped(entry["headline"], _LONGEST_LABEL)
    return DrawnEvent(
        entry, said_entry_date(entry), label, said_mark_notes(marks), band, ends, marks
    )


def place(shown: DrawnEvent, scale: Scale, labelled: bool = True) -> PlacedEvent:
    """The extent of an event in its row, which is not chosen yet."""
    first = scale.side(shown.band.earliest, scale.start)
    last = max(scale.side((shown.ends or shown.band).latest, scale.end), first + THINNEST)
    if not labelled:
        return PlacedEvent(shown, 0, first, last, None)
    width = _CHARACTER * cells(shown.label + shown.note)
    label_left = max(min(first, scale.width - width), 0.0)
    return PlacedEvent(shown, 0, min(first, label_left), max(last, label_left + width), label_left)


def pack(
    placed: list[PlacedEvent], blocks: Iterable[Sequence[int]], gap: float = GAP
) -> tuple[list[PlacedEvent], int]:
    """Each event in the first free row, a block in adjacent rows; and the number of rows."""
    placed, lanes = list(placed), Lanes()
    lefts = [(min(placed[number].left for number in block), block) for block in blocks]
    for left, block in sorted(lefts):
        first = lanes.put(left, [placed[number].right + gap for number in block])
        for row, number in enumerate(block, first):
            placed[number] = placed[number]._replace(row=row)
    return placed, lanes.count


def _without_labels(
    placed: list[PlacedEvent], blocks: Sequence[list[int]], scale: Scale, labelled_rows: int
) -> tuple[list[PlacedEvent], int]:
    """The layout with what is beyond the labelled rows packed again, without labels."""
    beyond = [
        block for block in blocks if any(placed[number].row >= labelled_rows for number in block)
    ]
    for number in (number for block in beyond for number in block):
        placed[number] = place(placed[number].shown, scale, labelled=False)
    packed, rows = pack(placed, beyond, _NARROW_GAP)
    for number in (number for block in beyond for number in block):
        placed[number] = packed[number]._replace(row=packed[number].row + labelled_rows)
    return placed, labelled_rows + rows


def marks_of(entry: ChronologyEventJson) -> tuple[str, ...]:
    """The marks of an event, such as `corrected`, which are names of CSS classes."""
    certain = entry["certainty"] == "certain"
    found = {
        "corrected": "corrections" in entry,
        "confirmed": entry["standing"] in ("confirmed", "contested"),
        "disputed": entry["standing"] in ("disputed", "contested"),
        "rival": "rivals" in entry,
        "dissent": "decided_against" in entry,
        "uncertain": not certain
        and entry["standing"] not in ("disputed", "contested")
        and not {"rivals", "decided_against"} & entry.keys(),
        "approximate": not {*"?~%"}.isdisjoint(entry.get("when") or ""),
        "unordered": entry["order"] == "possible",
    }
    return tuple(name for name, so in found.items() if so)


def _band(bounds: Sequence[str | None]) -> Band:
    return Band(*(None if side is None else temporal.parse_instant(side) for side in bounds))


def blocks_of(entries: Sequence[ChronologyEventJson]) -> list[list[int]]:
    """The indices of events that are drawn in adjacent rows: rivals; any other is alone."""
    number_of = {entry["id"]: number for number, entry in enumerate(entries)}
    blocks: list[list[int]] = []
    taken: set[int] = set()
    for number, entry in enumerate(entries):
        if number in taken:
            continue
        others = (number_of.get(rival["id"]) for rival in entry.get("rivals", ()))
        block = sorted({number, *(other for other in others if other is not None)} - taken)
        taken.update(block)
        blocks.append(block)
    return blocks


def _bracket(rivals: Sequence[PlacedEvent]) -> Bracket:
    rows = [each.row for each in rivals]
    ids = tuple(each.id for each in rivals)
    return Bracket(min(rows), max(rows), min(each.left for each in rivals), ids)


def links_of(entries: Sequence[ChronologyEventJson]) -> list[DrawnLink]:
    drawn = {entry["id"] for entry in entries}
    found: dict[DrawnLink, None] = {}
    for entry in entries:
        for link in entry.get("after", ()):
            found[DrawnLink(link["id"], entry["id"])] = None
        for link in entry.get("before", ()):
            found[DrawnLink(entry["id"], link["id"])] = None
    return [link for link in found if {*link} <= drawn]


def busiest_stretch(whole: Drawing, answer: ChronologyAnswer) -> BusyStretch | None:
    """The shortest stretch with half of the dated events, to be drawn larger.

    None if all labels have room already, or if the stretch is not much shorter than the whole.
    """
    if all(placed.label_left is not None for placed in whole.placed):
        return None
    sides = sorted(found for found in map(_sides, whole.placed) if found is not None)
    size = math.ceil(len(sides) * _STRETCH_SHARE)
    if size < 2:
        return None
    stretches = (
        (max(end for _, end in sides[first : first + size]), sides[first][0])
        for first in range(len(sides) - size + 1)
    )
    end, start = min(stretches, key=lambda stretch: (stretch[0] - stretch[1], stretch[1]))
    if (end - start) * _STRETCH_FACTOR > whole.scale.end - whole.scale.start:
        return None
    scale = Scale.of((start, end), whole.scale.width)
    entries = [placed.shown.entry for placed in whole.placed if _may_be_in(placed, scale)]
    return BusyStretch(scale, {**answer, "events": entries})


def _sides(placed: PlacedEvent) -> tuple[int, int] | None:
    """The bounds of an event, if both are known."""
    earliest, latest = placed.shown.band
    return None if earliest is None or latest is None else (earliest, latest)


def _may_be_in(placed: PlacedEvent, scale: Scale) -> bool:
    shown = placed.shown
    earliest, latest = shown.band.earliest, (shown.ends or shown.band).latest
    return (earliest is None or earliest < scale.end) and (latest is None or latest > scale.start)
