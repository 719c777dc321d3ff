"""The geometry of a chronology as JSON, for a page that draws it on a canvas.

It has one array per property with an entry per event, so that ten thousand events are small and
quick to parse. Instants are milliseconds since 1970, rounded outward, since JavaScript numbers
cannot hold the microseconds of distant years. Rows are left out, since they depend on the zoom.
"""

from __future__ import annotations

from typing import Any

from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.drawing.layout import DrawnEvent, blocks_of, links_of, scale_of, shown_of
from timeline.render.wording import MARKS

VERSION = 1
_MILLISECOND = 1000


def geometry_json(answer: ChronologyAnswer, zone: str) -> dict[str, Any]:
    """The geometry of a chronology, in the order of the answer.

    `earliest` and `latest` are bounds, null if open; `ends` maps the index of a spell to the
    bounds of its end. `marks`, `entities` and `tags` are indices into the lists in `names`.
    `rivals` are groups, and `links` pairs, of indices of events.
    """
    entries: list[ChronologyEventJson] = answer["events"]
    shown = [shown_of(entry) for entry in entries]
    scale = scale_of(shown, 1)
    number_of = {entry["id"]: number for number, entry in enumerate(entries)}
    marks, entities, tags, types, standings = (_Names() for _ in range(5))
    for mark in MARKS:
        marks.number(mark)
    columns = {
        "id": [entry["id"] for entry in entries],
        "headline": [entry["headline"] for entry in entries],
        "said": [each.said for each in shown],
        "type": [types.number(entry["type"]) for entry in entries],
        "standing": [standings.number(entry["standing"]) for entry in entries],
        "earliest": [_floor(each.band.earliest) for each in shown],
        "latest": [_ceiling(each.band.latest) for each in shown],
        "marks": [[marks.number(mark) for mark in each.marks] for each in shown],
        "entities": [list(map(entities.number, entry["entities"])) for entry in entries],
        "tags": [list(map(tags.number, entry.get("tags", ()))) for entry in entries],
    }
    blocks = (block for block in blocks_of(entries) if len(block) > 1)
    return {
        "drawing": "chronology",
        "version": VERSION,
        "story": answer["story"],
        "entity": answer["entity"],
        "as_of": answer["as_of"],
        "as_known": answer["as_known"],
        "answer": answer["digest"],
        "zone": zone,
        "start": _floor(scale.start),
        "end": _ceiling(scale.end),
        "events": columns,
        "ends": {str(number): _ends(each) for number, each in enumerate(shown) if each.ends},
        "rivals": list(blocks),
        "links": [[number_of[id] for id in link] for link in links_of(entries)],
        "names": {
            "marks": list(MARKS.values()),
            "classes": marks.listed,
            "entities": entities.listed,
            "tags": tags.listed,
            "types": types.listed,
            "standings": standings.listed,
        },
    }


class _Names:
    """Numbers names in the order in which they first occur."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def listed(self) -> list[str]:
        return list(self._numbers)

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))


def _ends(shown: DrawnEvent) -> list[int | None]:
    assert shown.ends is not None
    return [_floor(shown.ends.earliest), _ceiling(shown.ends.latest)]


def _floor(instant: int | None) -> int | None:
    return None if instant is None else instant // _MILLISECOND


def _ceiling(instant: int | None) -> int | None:
    return None if instant is None else -(-instant // _MILLISECOND)
