"""Where each event of a chronology is drawn: its band, its row, its marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from timeline import temporal
from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.drawing.lanes import Lanes
from timeline.render.drawing.scale import Scale
from timeline.render.drawing.ticks import Tick, ticks
from timeline.render.drawing.wording import clipped, noted, said, width_of

THINNEST = 5.0
"""How many pixels a band has at least, so that an instant can be seen."""
GAP = 10.0
"""How many pixels there are at least between two in a row."""
_NARROW_GAP = 2.0
_BETWEEN_TICKS = 96
_LONGEST_LABEL = 46


class Band(NamedTuple):
    """Within `[earliest, latest)`, two instants; None where a side is open or unknown."""

    earliest: int | None
    latest: int | None


class Shown(NamedTuple):
    """What is shown of one event, wherever it is drawn.

    `band` is when it happened, or when it began if it is a spell; `ends` is when a spell
    ended. `label` is its headline, cut off, and `note` what its label says of its marks.
    """

    entry: ChronologyEventJson
    said: str
    label: str
    note: str
    band: Band
    ends: Band | None
    marks: tuple[str, ...]


class Placed(NamedTuple):
    """One event where it is drawn.

    `left` and `right` are the pixels that it takes in its row, with its label, which begins
    at `label_left`; None where there was no room for one.
    """

    shown: Shown
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
    """Rival accounts of one event, in adjacent rows from `first_row` to `last_row`."""

    first_row: int
    last_row: int
    left: float
    ids: tuple[str, ...]


class Link(NamedTuple):
    """What a date says of its order: one event was before another. Both are drawn."""

    earlier: str
    later: str


class Drawing(NamedTuple):
    """A chronology as it is drawn, in its own order. Labels are in the first rows only."""

    scale: Scale
    zone: str
    placed: list[Placed]
    labelled_rows: int
    rows: int
    brackets: list[Bracket]
    links: list[Link]
    ticks: list[Tick]


def drawing(
    answer: ChronologyAnswer,
    zone: str,
    width: int,
    labelled_rows: int | None = None,
    scale: Scale | None = None,
) -> Drawing:
    """The geometry of a chronology on so many pixels, its ticks those of a zone.

    What does not fit into `labelled_rows` loses its label, and stands in further rows. The
    scale is that of all bands, or another, at whose edges bands are cut off.
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


def scale_of(shown: Sequence[Shown], width: int) -> Scale:
    """A scale on which all known sides of bands lie."""
    return scale_of_bands((band for each in shown for band in (each.band, each.ends)), width)


def scale_of_bands(bands: Iterable[Band | None], width: int) -> Scale:
    """The same, of the bands themselves."""
    known = (side for band in bands if band is not None for side in band if side is not None)
    return Scale.of(known, width)


def bands_of(entry: ChronologyEventJson) -> tuple[Band, Band | None]:
    """When an event happened, and when it ended if it is a spell with a known end."""
    ends = entry.get("ends")
    return _band(entry["bounds"]), _band(ends) if ends else None


def shown_of(entry: ChronologyEventJson) -> Shown:
    """What is shown of an entry of a chronology."""
    band, ends = bands_of(entry)
    marks = marks_of(entry)
    label = ("○ " if "unordered" in marks else "") + clipped(entry["headline"], _LONGEST_LABEL)
    return Shown(entry, said(entry), label, noted(marks), band, ends, marks)


def place(shown: Shown, scale: Scale, labelled: bool = True) -> Placed:
    """What an event takes in its row; which one that is, is not known yet."""
    first = scale.side(shown.band.earliest, scale.start)
    last = max(scale.side((shown.ends or shown.band).latest, scale.end), first + THINNEST)
    if not labelled:
        return Placed(shown, 0, first, last, None)
    width = width_of(shown.label + shown.note)
    label_left = max(min(first, scale.width - width), 0.0)
    return Placed(shown, 0, min(first, label_left), max(last, label_left + width), label_left)


def pack(
    placed: list[Placed], blocks: Iterable[Sequence[int]], gap: float = GAP
) -> tuple[list[Placed], int]:
    """Each in the first row in which it is free, a block in adjacent ones; and how many rows."""
    placed, lanes = list(placed), Lanes()
    lefts = [(min(placed[number].left for number in block), block) for block in blocks]
    for left, block in sorted(lefts):
        first = lanes.put(left, [placed[number].right + gap for number in block])
        for row, number in enumerate(block, first):
            placed[number] = placed[number]._replace(row=row)
    return placed, lanes.count


def _without_labels(
    placed: list[Placed], blocks: Sequence[list[int]], scale: Scale, labelled_rows: int
) -> tuple[list[Placed], int]:
    """The same, but what stands beyond the labelled rows packed anew, without labels."""
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
    """What a reader should see of an event besides its date, as names of classes."""
    certain = entry["certainty"] == "certain"
    found = {
        "corrected": "corrections" in entry,
        "confirmed": entry["standing"] == "confirmed",
        "disputed": entry["standing"] == "disputed",
        "rival": "rivals" in entry,
        "dissent": "decided_against" in entry,
        "uncertain": not certain
        and entry["standing"] != "disputed"
        and not {"rivals", "decided_against"} & entry.keys(),
        "approximate": not {*"?~%"}.isdisjoint(entry.get("when") or ""),
        "unordered": entry["order"] == "possible",
    }
    return tuple(name for name, so in found.items() if so)


def _band(bounds: Sequence[str | None]) -> Band:
    return Band(*(None if side is None else temporal.parse_instant(side) for side in bounds))


def blocks_of(entries: Sequence[ChronologyEventJson]) -> list[list[int]]:
    """The numbers of what is drawn side by side: rivals, and each other event by itself."""
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


def _bracket(rivals: Sequence[Placed]) -> Bracket:
    rows = [each.row for each in rivals]
    ids = tuple(each.id for each in rivals)
    return Bracket(min(rows), max(rows), min(each.left for each in rivals), ids)


def links_of(entries: Sequence[ChronologyEventJson]) -> list[Link]:
    drawn = {entry["id"] for entry in entries}
    found: dict[Link, None] = {}
    for entry in entries:
        for link in entry.get("after", ()):
            found[Link(link["id"], entry["id"])] = None
        for link in entry.get("before", ()):
            found[Link(entry["id"], link["id"])] = None
    return [link for link in found if {*link} <= drawn]
