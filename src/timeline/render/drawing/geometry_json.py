"""The geometry of a chronology as JSON, for a page that draws it itself.

It is one array for each thing to know, an entry for each event, so that ten thousand of
them are small and quickly read. Instants are milliseconds since 1970, rounded outward: a
page's numbers have no room for the microseconds of far years. Rows are not in it, since they
depend on how far a page has zoomed in.
"""

from __future__ import annotations

from typing import Any

from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.render.drawing.chronology import Shown, blocks_of, links_of, scale_of, shown_of
from timeline.render.drawing.wording import MARKS

VERSION = 1
_MILLISECOND = 1000


def geometry_json(answer: ChronologyAnswer, zone: str) -> dict[str, Any]:
    """What is drawn of a chronology, in the order of the answer.

    `earliest` and `latest` are the bounds of each, null where open; `ends` maps the number of
    a spell to those of its end. `marks`, `entities` and `tags` are numbers into the lists of
    `names`. `rivals` are groups, and `links` pairs, of numbers of events.
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
    """Names by number, in the order in which they first come."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def listed(self) -> list[str]:
        return list(self._numbers)

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))


def _ends(shown: Shown) -> list[int | None]:
    assert shown.ends is not None
    return [_floor(shown.ends.earliest), _ceiling(shown.ends.latest)]


def _floor(instant: int | None) -> int | None:
    return None if instant is None else instant // _MILLISECOND


def _ceiling(instant: int | None) -> int | None:
    return None if instant is None else -(-instant // _MILLISECOND)
